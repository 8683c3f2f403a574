/** A file in the jail that `APT_CONFIG` names. */
export const APT = { path: '/run/agent-jail/apt.conf', text: 'Acquire::Retries::Delay "false";\n' } as const;

/**
 * Well-known tools take a name that does not exist for a failure that passes, and wait: npm for a minute, pip and apt for 8 s
 * (docs/network.md). In a jail they try again as well, and soon. An image, the policy and a step can set other values.
 */
export const RETRIES: Readonly<Record<string, string>> = {
  npm_config_fetch_retry_mintimeout: '100',
  npm_config_fetch_retry_maxtimeout: '1000',
  PIP_RETRIES: '1',
  APT_CONFIG: APT.path,
};

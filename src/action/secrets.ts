import type { Policy } from '../model/policy.ts';
import type { Environment } from './environment.ts';

/** Names of the secrets that the policy uses, in the agent's steps or in setup. */
export function secretNames(policy: Policy): readonly string[] {
  return [...new Set([...policy.agent.secrets, ...policy.setup.secrets].map((secret) => secret.name))];
}

/** Tells the runner to mask their values in all logs of the job. Values passed by `secrets.` are masked already; others may not be. */
export async function maskSecrets(policy: Policy, env: Environment): Promise<void> {
  const values = secretNames(policy)
    .flatMap((name) => env[name] ?? [])
    .filter((value) => value !== '');
  if (values.length === 0) return;
  const core = await import('@actions/core');
  for (const value of values) core.setSecret(value);
}

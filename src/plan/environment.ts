import type { Problem } from '../model/errors.ts';
import type { Place } from '../model/names.ts';
import type { StepRules } from '../model/policy.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the jail itself sets: a value of the policy's would be without effect. */
const OWN: ReadonlySet<string> = new Set(['HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'AGENT_JAIL', 'AGENT_JAIL_RESULT']);

/** Variables of the caller that are never handed on, and why. */
const REFUSED: readonly { readonly name: RegExp; readonly why: string; readonly asSecret: boolean }[] = [
  { name: /^ACTIONS_/, why: "it is one of the runner's own tokens and addresses", asSecret: false },
  {
    name: /^GITHUB_(?:ENV|PATH|OUTPUT|STATE|STEP_SUMMARY|ARTIFACTS|ARTIFACTS_LIST)$/,
    why: 'by that file the runner is told what later steps do',
    asSecret: false,
  },
  { name: /^GITHUB_EVENT_PATH$/, why: 'the jail does not see that file', asSecret: false },
  { name: /^RUNNER_(?!(?:OS|ARCH|ENVIRONMENT|DEBUG)$)/, why: 'it names what the jail does not see of the runner', asSecret: false },
  { name: /^INPUT_/, why: "it is an input of the action's, and may be a token", asSecret: false },
  { name: /^STATE_/, why: "it is the action's own state", asSecret: false },
  {
    name: /^(?:SSH_AUTH_SOCK|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR)$/,
    why: 'it names a socket, which the jail does not see',
    asSecret: false,
  },
  { name: /^(?:GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN)$/, why: 'it is a token', asSecret: true },
];

/** What the jail holds in place of a secret that the gateway puts in. A header can carry it, and no two runs have the same. */
export const placeholderOf = (run: string, secret: string): string => `agent-jail-placeholder-${secret}-${run}`;

export interface EnvironmentWish {
  /** Id of the run. */
  readonly id: string;
  readonly rules: Pick<StepRules, 'env' | 'passEnv' | 'secrets'>;
  readonly step: { readonly env: Readonly<Record<string, string>>; readonly tty: object | null; readonly place: Place | null };
  /** The caller's; nothing of it is taken but what the rules name. */
  readonly caller: Environment;
}

/**
 * A step's environment, made from nothing: what every step has, the policy's `env`, `pass-env` (names that the caller does not have
 * are left out), exposed secrets and placeholders of the others, and the step's own `env`, which wins. The warden puts LANG, PATH, the toolchain and an image's
 * variables below these, and what is the jail's above.
 */
export function stepEnvironment({ id, rules, step, caller }: EnvironmentWish): {
  readonly env: Record<string, string>;
  readonly problems: Problem[];
} {
  const env: Record<string, string> = {
    TERM: step.tty === null ? 'dumb' : 'xterm-256color',
    CI: 'true',
    AGENT_JAIL: '1',
  };
  const problems: Problem[] = [];
  const refuse = (what: string, name: string, why: string, place: Place | null, remedy: string): void => {
    problems.push({ message: `${what}: ${name} cannot be used: ${why}`, place, remedy });
  };
  const literals = (what: string, values: Readonly<Record<string, string>>, place: Place | null): void => {
    for (const [name, value] of Object.entries(values)) {
      if (OWN.has(name)) refuse(what, name, 'the jail sets it itself', place, 'leave it out, or set it in the script');
      else if (name === '' || /[=\0]/.test(name) || value.includes('\0'))
        refuse(what, JSON.stringify(name), 'no process can have such a variable', place, 'give it another name or value');
      else env[name] = value;
    }
  };

  literals('env', rules.env, null);
  for (const name of rules.passEnv) {
    const refused = REFUSED.find((row) => row.name.test(name));
    if (OWN.has(name) || name === 'PATH')
      refuse(
        'pass-env',
        name,
        'the jail has its own',
        null,
        name === 'PATH' ? '`jail.toolchain: auto` brings what is on yours' : 'leave it out',
      );
    else if (refused !== undefined)
      refuse('pass-env', name, refused.why, null, refused.asSecret ? 'name it under `secrets`' : 'leave it out');
    else if (caller[name] !== undefined) env[name] = caller[name];
  }
  for (const { name, use, place } of rules.secrets) {
    const refused = REFUSED.find((row) => !row.asSecret && row.name.test(name));
    if (OWN.has(name) || name === 'PATH') refuse('secrets', name, 'the jail has its own', place, 'give the secret another name');
    else if (refused !== undefined) refuse('secrets', name, refused.why, place, 'set a secret of another name');
    else if (use === 'inject') env[name] = placeholderOf(id, name);
    else if (caller[name] !== undefined) env[name] = caller[name];
  }
  literals('env of the step', step.env, step.place);
  return { env, problems };
}

/** Variables of an image, as it writes them: `NAME=value`. What no shell could name is left out; the backends would refuse it. */
export function imageEnvironment(lines: readonly string[]): { readonly env: Record<string, string>; readonly left: string[] } {
  const env: Record<string, string> = {};
  const left: string[] = [];
  for (const line of lines) {
    const [, name, value = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0]*)$/.exec(line) ?? [];
    if (name === undefined) left.push(JSON.stringify(line.split('=')[0]));
    else if (name !== 'PATH' || value !== '') env[name] = value;
  }
  return { env, left };
}

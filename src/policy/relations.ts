import type { Problem } from '../model/errors.ts';
import { covers } from '../model/hosts.ts';
import type { Policy, StepRules } from '../model/policy.ts';
import { spell } from './check.ts';
import type { Locate } from './resolve.ts';
import type { UserPolicy } from './schema.ts';
import type { Path } from './yaml.ts';

/** What is wrong only together with something else. */
export function relations(user: UserPolicy, policy: Policy, at: Locate): Problem[] {
  return [
    ...rootProblems(user.jail.root, at),
    ...runtimeProblems(policy, at),
    ...mountProblems(policy),
    ...passedSecrets(policy, at),
    ...rulesProblems(policy.agent, [], at),
    ...rulesProblems(policy.setup, ['setup'], at, policy.agent),
  ];
}

function rootProblems(root: UserPolicy['jail']['root'], at: Locate): Problem[] {
  if (typeof root === 'string') return [];
  const place = at(['jail', 'root']);
  const kinds = (['image', 'directory', 'archive'] as const).filter((kind) => root[kind] !== undefined);
  if (kinds.length !== 1) {
    const given = kinds.length === 0 ? 'none' : kinds.join(', ');
    return [{ message: `jail.root: exactly one of image, directory, archive is needed, not ${given}`, remedy: '', place }];
  }
  if (root.sha256 !== undefined && root.archive === undefined) {
    const remedy = kinds[0] === 'image' ? 'Pin an image by its digest: NAME@sha256:….' : 'Leave it out.';
    return [{ message: 'jail.root: sha256 is for an archive', remedy, place: at(['jail', 'root', 'sha256'], 'key') }];
  }
  return [];
}

function runtimeProblems({ jail }: Policy, at: Locate): Problem[] {
  if (jail.runtime === undefined || jail.backend === 'docker' || jail.backend === 'auto') return [];
  const message = `jail.docker.runtime: the backend ${jail.backend} has no runtime of an engine's`;
  return [{ message, remedy: 'Use `jail.backend: docker`, or take it out.', place: at(['jail', 'docker', 'runtime']) }];
}

function mountProblems({ mounts }: Policy): Problem[] {
  const twice = mounts.filter((mount, i) => mounts.findIndex((other) => other.target === mount.target) < i);
  return twice.map(({ target, place }) => ({
    message: `mounts: ${JSON.stringify(target)} is mounted twice`,
    remedy: 'Give each its own target.',
    place,
  }));
}

/** A secret goes in by `secrets` or not at all: passed on by `pass-env` it would be an ordinary value. */
function passedSecrets({ agent, setup }: Policy, at: Locate): Problem[] {
  const secrets = new Set([...agent.secrets, ...setup.secrets].map(({ name }) => name));
  const find = (names: readonly string[], path: Path): Problem[] =>
    names.flatMap((name, i) =>
      secrets.has(name) ? [clash(`${spell(path)}: ${name} is a secret of this policy as well`, at([...path, i]))] : [],
    );
  return [...find(agent.passEnv, ['pass-env']), ...(setup.passEnv === agent.passEnv ? [] : find(setup.passEnv, ['setup', 'pass-env']))];
}

/** `inherited`: the rules that these began as; what is still theirs has been looked at there. */
function rulesProblems(rules: StepRules, section: Path, at: Locate, inherited?: StepRules): Problem[] {
  const prefix = section.length === 0 ? '' : `${spell(section)}.`;
  const { env, passEnv, secrets, network } = rules;
  const problems: Problem[] = [];

  if (env !== inherited?.env || passEnv !== inherited.passEnv) {
    for (const [i, name] of passEnv.entries()) {
      const twice = Object.hasOwn(env, name) || passEnv.indexOf(name) < i;
      if (twice) problems.push(clash(`${prefix}pass-env: ${name} has a value already`, at([...section, 'pass-env', i])));
    }
  }
  for (const { name, place } of secrets) {
    if (Object.hasOwn(env, name)) problems.push(clash(`${prefix}secrets: ${name} is also in env`, place));
  }
  if (network !== inherited?.network) {
    for (const { name, place } of network.services) {
      const host = network.allow.some(({ pattern }) => covers(pattern, name));
      if (host) problems.push(clash(`${prefix}network: ${name} is a host and a service`, place));
    }
  }
  if (network.mode === 'observe' && (secrets.length > 0 || (network.services.length > 0 && network !== inherited?.network))) {
    problems.push({
      message: `${prefix}network.observe cannot be used with secrets or services: they could go to any host`,
      remedy: 'List the hosts under `allow` instead, or take the secrets and services out.',
      place: at([...section, 'network', 'observe'], 'key'),
    });
  }
  if (network.mode === 'allow') problems.push(...uselessSecrets(rules, prefix));
  return problems;
}

function uselessSecrets({ secrets, network }: StepRules, prefix: string): Problem[] {
  const problems: Problem[] = [];
  for (const secret of secrets) {
    if (secret.use !== 'inject') continue;
    const missing = secret.hosts.filter((host) => !network.allow.some(({ pattern }) => covers(pattern, host)));
    if (missing.length === 0) continue;
    problems.push({
      message: `${prefix}secrets.${secret.name}: ${missing.join(', ')} is not reachable, so the secret could never be used`,
      remedy: `Add it to \`${prefix}network\`.`,
      place: secret.place,
    });
  }
  return problems;
}

function clash(message: string, place: Problem['place']): Problem {
  return { message, remedy: 'Keep one of them.', place };
}

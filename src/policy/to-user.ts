import type { GuardRule, HostRule, Network, Policy, Root, SecretUse, StepLimits, StepRules } from '../model/policy.ts';
import { formatSize, formatTime } from './units.ts';

/** A policy as a user would write it with nothing left to defaults, but for what comes from the machine. */
export function toUser(policy: Policy): object {
  const { version, jail, workspace, mounts, agent, setup, limits, record, guards } = policy;
  const { denied, result, ...rest } = guardMaps(guards);
  return {
    version,
    jail: {
      backend: jail.backend,
      root: root(jail.root),
      toolchain: jail.toolchain,
      ...(jail.runtime === undefined ? {} : { docker: { runtime: jail.runtime } }),
      vm: jail.vm,
    },
    workspace,
    mounts: mounts.map(({ source, target, access }) => ({ source, target, access })),
    ...stepRules(agent),
    limits: {
      ...stepLimits(agent.limits),
      ...(limits.disk === null ? {} : { disk: formatSize(limits.disk) }),
      files: limits.files,
      upload: limits.upload === null ? 'none' : formatSize(limits.upload),
      download: limits.download === null ? 'none' : formatSize(limits.download),
      ...(limits.connections === null ? {} : { connections: limits.connections }),
      ...(limits.requests === null ? {} : { requests: limits.requests }),
    },
    guards: { ...rest, network: { denied: denied ?? 'ignore' } },
    ...(result === undefined ? {} : { result }),
    record,
    setup: { ...stepRules(setup), limits: stepLimits(setup.limits) },
  };
}

function root(from: Root): string | object {
  if (from.kind === 'host') return 'host';
  if (from.kind === 'image') return { image: from.ref };
  if (from.kind === 'directory') return { directory: from.path };
  return { archive: from.path, ...(from.sha256 === null ? {} : { sha256: from.sha256 }) };
}

function stepRules({ env, passEnv, secrets, network }: StepRules): object {
  return {
    env,
    'pass-env': passEnv,
    secrets: Object.fromEntries(secrets.map((secret) => [secret.name, secretUse(secret)])),
    network: net(network),
  };
}

function secretUse(secret: SecretUse): string | object {
  if (secret.use === 'env') return 'expose';
  const { hosts, methods, paths } = secret;
  return { inject: hosts, methods, paths };
}

function net({ mode, allow, services }: Network): object {
  return {
    allow: allow.map(({ pattern, ports, methods, paths, tls }: HostRule) => ({ host: pattern, ports, methods, paths, tls })),
    services: Object.fromEntries(services.map(({ name, port }) => [name, port])),
    observe: mode === 'observe',
  };
}

function stepLimits({ memory, cpus, processes, time, idle, output }: StepLimits): object {
  return {
    ...(memory === null ? {} : { memory: formatSize(memory) }),
    ...(cpus === null ? {} : { cpus }),
    processes,
    time: formatTime(time),
    idle: idle === null ? 'off' : formatTime(idle),
    output: formatSize(output),
  };
}

interface GuardMaps {
  readonly changes: Record<string, unknown>;
  readonly output: { readonly require: string[]; readonly forbid: string[] };
  denied?: string;
  result?: { readonly schema: object };
}

function guardMaps(guards: readonly GuardRule[]): GuardMaps {
  const maps: GuardMaps = { changes: { forbid: [] }, output: { require: [], forbid: [] } };
  for (const { test, action, name } of guards) {
    if (test.kind === 'denied') maps.denied = action;
    else if (test.kind === 'schema') maps.result = { schema: test.schema };
    else if ('pattern' in test) maps.output[test.kind].push(test.pattern);
    else maps.changes[name.slice('guards.changes.'.length)] = changeValue(test);
  }
  return maps;
}

function changeValue(test: Extract<GuardRule, { on: 'changes' }>['test']): unknown {
  if ('globs' in test) return test.globs;
  if (test.kind === 'forbid') return test.flags;
  return test.kind === 'root' ? test.allowed : test.max;
}

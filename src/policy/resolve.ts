import type { HostPath, JailPath, Place, Sha256 } from '../model/names.ts';
import type { HostRule, Network, Policy, PolicyMount, Root, RunLimits, SecretUse, StepLimits, StepRules } from '../model/policy.ts';
import { digest } from './digest.ts';
import { guardRules } from './guards.ts';
import { parseHostName, parseHosts } from './hosts.ts';
import { presetRules } from './presets.ts';
import * as rule from './rules.ts';
import type { UserNetwork, UserPolicy, UserSecrets } from './schema.ts';
import { isMap } from './shape.ts';
import type { Path, Source } from './yaml.ts';

export type Locate = Source['place'];

/** The policy that is in force: every default filled in, every short form written out. `at` tells where each part stands. */
export function resolve(user: UserPolicy, at: Locate): Policy {
  const agent: StepRules = {
    env: user.env,
    passEnv: user['pass-env'],
    secrets: secretUses(user.secrets, ['secrets'], at),
    network: networkOf(user.network, ['network'], at),
    limits: stepLimits(user.limits),
  };
  const policy: Omit<Policy, 'digest'> = {
    version: 1,
    jail: {
      backend: user.jail.backend,
      root: rootOf(user.jail.root),
      toolchain: user.jail.toolchain,
      // Left out where nobody asks for one, so that digests of policies from before it are the same.
      ...(user.jail.docker?.runtime === undefined ? {} : { runtime: user.jail.docker.runtime }),
      vm: user.jail.vm,
    },
    workspace: typeof user.workspace === 'string' ? { access: user.workspace, hide: [] } : user.workspace,
    mounts: user.mounts.map((mount, i) => mountOf(mount, at(['mounts', i]))),
    agent,
    setup: setupRules(user.setup, agent, at),
    limits: runLimits(user.limits),
    record: user.record,
    guards: guardRules(user.guards, user.result.schema, at),
  };
  return { ...policy, digest: digest(policy) };
}

/** What a setup step may: the run's rules, but for secrets, and for what the section says itself. */
function setupRules(user: UserPolicy['setup'], run: StepRules, at: Locate): StepRules {
  return {
    env: user.env ?? run.env,
    passEnv: user['pass-env'] ?? run.passEnv,
    secrets: secretUses(user.secrets, ['setup', 'secrets'], at),
    network: user.network === undefined ? run.network : networkOf(user.network, ['setup', 'network'], at),
    limits: setupLimits(user.limits, run.limits),
  };
}

function stepLimits(user: UserPolicy['limits']): StepLimits {
  return {
    memory: user.memory === undefined ? null : rule.size(user.memory),
    cpus: user.cpus ?? null,
    processes: user.processes,
    time: rule.time(user.time),
    idle: rule.timeOrOff(user.idle),
    output: rule.size(user.output),
  };
}

function setupLimits(user: UserPolicy['setup']['limits'], run: StepLimits): StepLimits {
  return {
    memory: user.memory === undefined ? run.memory : rule.size(user.memory),
    cpus: user.cpus ?? run.cpus,
    processes: user.processes ?? run.processes,
    time: user.time === undefined ? run.time : rule.time(user.time),
    idle: user.idle === undefined ? run.idle : rule.timeOrOff(user.idle),
    output: user.output === undefined ? run.output : rule.size(user.output),
  };
}

function runLimits(user: UserPolicy['limits']): RunLimits {
  return {
    disk: user.disk === undefined ? null : rule.size(user.disk),
    files: user.files,
    upload: rule.sizeOrNone(user.upload),
    download: rule.sizeOrNone(user.download),
    connections: user.connections ?? null,
    requests: user.requests ?? null,
  };
}

function rootOf(user: UserPolicy['jail']['root']): Root {
  if (typeof user === 'string') return { kind: 'host' };
  if (user.image !== undefined) return { kind: 'image', ref: user.image };
  if (user.directory !== undefined) return { kind: 'directory', path: user.directory as HostPath };
  return { kind: 'archive', path: (user.archive ?? '') as HostPath, sha256: (user.sha256 ?? null) as Sha256 | null };
}

function mountOf(user: UserPolicy['mounts'][number], place: Place): PolicyMount {
  const full = typeof user === 'string' ? { source: user, access: 'read-only' as const } : user;
  const target = 'target' in full ? full.target : undefined;
  return { source: full.source as HostPath, target: (target ?? full.source) as JailPath, access: full.access, place };
}

function secretUses(user: UserSecrets, path: Path, at: Locate): SecretUse[] {
  return Object.entries(user).map(([name, use]) => {
    const place = at([...path, name], 'key');
    if (use === 'expose') return { name, use: 'env', place };
    const hosts = typeof use.inject === 'string' ? [use.inject] : use.inject;
    return { name, use: 'inject', hosts: hosts.map(parseHostName), methods: use.methods.map(rule.method), paths: use.paths, place };
  });
}

function networkOf(user: UserNetwork, path: Path, at: Locate): Network {
  if (user === 'none') return { mode: 'allow', allow: [], services: [] };
  const isList = Array.isArray(user);
  const allow = isList ? user : user.allow;
  const allowPath = isList ? path : [...path, 'allow'];
  return {
    mode: !isList && user.observe ? 'observe' : 'allow',
    allow: allow.flatMap((one, i) => hostRules(one, at([...allowPath, i]))),
    services: isList
      ? []
      : Object.entries(user.services).map(([name, port]) => ({ name, port, place: at([...path, 'services', name], 'key') })),
  };
}

type UserHostRule = Extract<UserNetwork, readonly unknown[]>[number];

function hostRules(user: UserHostRule, place: Place): HostRule[] {
  const full = isMap(user) ? user : { host: user as string, ports: [80, 443], methods: [], paths: [], tls: undefined };
  const { host, ports } = full;
  const said = { methods: full.methods.map(rule.method), paths: full.paths };
  const narrow = said.methods.length + said.paths.length > 0;
  const tls = full.tls ?? (narrow ? 'visible' : 'named');
  if (isMap(user) && narrow) return parseHosts(host).map((pattern) => ({ pattern, ports, ...said, tls, place }));
  // What a preset says of methods is for where they are seen; its clients speak TLS.
  return (presetRules(host) ?? parseHosts(host).map((pattern) => ({ pattern, ...said }))).map((one) => ({ ...one, ports, tls, place }));
}

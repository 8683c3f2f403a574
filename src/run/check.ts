import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { cgroupLayout, cgroupRefusal, type CgroupLayout } from '../host/cgroup-layout.ts';
import { knownUids, lookAt, readMachine, type Machine } from '../host/machine.ts';
import { STATE } from '../host/places.ts';
import { freeBytes, scratchFiles, scratchSize } from '../host/scratch.ts';
import { type Architecture, LARGEST_PAGE } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import type { Identity } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { StepLimits } from '../model/policy.ts';
import type { RunRequest } from '../model/protocol.ts';
import { visiblePaths } from '../plan/toolchain.ts';
import { SYSTEM_PATH } from '../system/exec.ts';
import { requireArchitecture } from './architecture.ts';
import type { Root } from './root.ts';
import { TRUST } from './trust.ts';
import { RETRIES } from '../plan/retries.ts';
import { type Found, type OverlayPlan, planView, within } from '../plan/view.ts';

/** Neither root nor the runner's, so that a jail cannot use up what the kernel counts by user. */
const AGENT_UID = 61_001;

/** Everything that is known before anything is made. */
export interface Checked {
  readonly machine: Machine;
  readonly architecture: Architecture;
  readonly layout: CgroupLayout;
  readonly identity: Identity;
  readonly overlays: readonly OverlayPlan[];
  /** Root links such as `bin` → `usr/bin`; for a root that is a tree, those that it lacks. */
  readonly links: readonly { readonly name: string; readonly target: string }[];
  /** PATH and toolchain variables of the jail. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: { readonly setup: Numbers; readonly agent: Numbers };
  readonly notices: readonly string[];
}
/** Of the disk that takes what the jail writes. */
export interface Scratch {
  readonly size: number;
  readonly files: number;
}
type Numbers = StepLimits & { readonly memory: number; readonly cpus: number };

/** Bytes and inodes of the scratch disk. Throws JailError where there is no room for it. */
export function scratchOf({ policy, steps }: RunRequest): Scratch {
  const output = Math.max(policy.agent.limits.output, policy.setup.limits.output) * steps.length;
  const size = scratchSize(policy.limits.disk, output, freeBytes(STATE));
  return { size, files: scratchFiles(policy.limits.files, size) };
}

/** Reads the machine, decides; makes nothing. Throws JailError. */
export function check(request: RunRequest, { tree, env }: Pick<Root, 'tree' | 'env'>): Checked {
  const machine = readMachine();
  const architecture = requireArchitecture(machine.arch);
  const layout = cgroupLayout(machine.mounts);
  const refusal = cgroupRefusal(layout);
  if (refusal !== null)
    throw new JailError(
      `limits cannot be kept on this machine: ${refusal}`,
      'run on a host with cgroup v2, or v1 with memory, pids and cpu',
    );

  const { policy, workspace } = request;
  const notices: string[] = [];
  const { surroundings } = request;
  const brought = policy.jail.toolchain === 'none' ? { ...surroundings, path: [], toolchain: {} } : surroundings;
  const visible =
    tree === null
      ? visiblePaths({ ...brought, workspace, exists: existsSync, realpath })
      : { paths: [], env: {}, path: SYSTEM_PATH.split(':'), notices: [] };
  notices.push(...visible.notices);
  for (const [who, { network }] of Object.entries({ agent: policy.agent, setup: policy.setup }))
    if (network.mode === 'observe') notices.push(`weak: ${who} can reach every public host (\`network.observe\`)`);
  const owner = lookAt(workspace, machine.mounts)?.owner;
  if (owner === undefined)
    throw new JailError(`the workspace ${workspace} is not a directory`, 'check out a repository first, or give another workspace');
  const idmap = kernelAtLeast(machine.kernel, 5, 12);
  if (!idmap) {
    if (owner.uid === 0)
      throw new JailError(
        `this kernel (${machine.kernel}) cannot map ids, and the workspace is root's`,
        'use Linux 5.12 or later, or give the workspace to another user',
      );
    notices.push(`this kernel cannot map ids: the agent runs with the id of the workspace's owner (${owner.uid})`);
  }
  const identity = idmap ? agentIdentity(request.caller.uid) : { ...agentIdentity(request.caller.uid), ...owner };
  const mounts = [
    ...policy.mounts,
    ...(policy.workspace.access === 'none'
      ? []
      : [{ source: workspace, target: workspace as string as JailPath, access: policy.workspace.access }]),
  ];
  const found = new Map<HostPath, Found>();
  const find = (path: HostPath, what: string): void => {
    if (found.has(path)) return;
    const seen = lookAt(path, machine.mounts);
    if (seen === null) throw new JailError(`${what} ${path} is not a directory`, 'list directories that are there');
    if (within(STATE, path)) throw new JailError(`${what} ${path} contains agent-jail's own state`, 'list a directory below it');
    found.set(path, seen);
    for (const mount of seen.submounts) if (mount.directory) find(mount.target, 'the mount');
  };
  for (const path of visible.paths) find(path, 'the directory');
  for (const mount of mounts) find(mount.source, mount.source === workspace ? 'the workspace' : 'the mount');
  const overlays = planView({
    tree,
    ownRoot: request.ownRoot,
    paths: visible.paths,
    workspace: policy.workspace.access === 'none' ? null : { path: workspace, access: policy.workspace.access },
    mounts: policy.mounts,
    home: identity.home,
    agent: identity,
    caller: request.caller,
    idmap,
    found,
  });
  return {
    machine,
    architecture,
    layout,
    identity,
    overlays,
    links: tree === null ? rootLinks() : treeLinks(tree),
    env: {
      LANG: 'C.UTF-8',
      ...RETRIES,
      ...visible.env,
      PATH: visible.path.join(':'),
      ...env,
      ...(request.interception === null ? {} : TRUST),
    },
    limits: {
      setup: numbers(policy.setup.limits, machine, request.backend),
      agent: numbers(policy.agent.limits, machine, request.backend),
    },
    notices,
  };
}

/** All memory of a virtual machine has a price before it is used: a policy that leaves it open gets no more. */
const MOST_OF_A_MACHINE = 4 * 1024 ** 3;

/** 75 % of the machine's memory and all its cpus, where the policy leaves it open. */
function numbers(limits: StepLimits, machine: Machine, backend: RunRequest['backend']): Numbers {
  const most = backend === 'vm' ? MOST_OF_A_MACHINE : Number.POSITIVE_INFINITY;
  const memory = limits.memory ?? Math.min(most, Math.floor(machine.memory * 0.75));
  return { ...limits, memory: Math.floor(memory / LARGEST_PAGE) * LARGEST_PAGE, cpus: limits.cpus ?? machine.cpus };
}

function agentIdentity(caller: number): Identity {
  const taken = knownUids();
  let uid = AGENT_UID;
  while (taken.has(uid) || uid === caller) uid += 1;
  return { uid, gid: uid, name: 'agent', home: '/home/agent' as JailPath };
}

/** Merged-usr: `/bin` and others are links; where they are directories, `visiblePaths` lists them. */
function rootLinks(): { name: string; target: string }[] {
  return ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].flatMap((name) => {
    try {
      return lstatSync(`/${name}`).isSymbolicLink() ? [{ name, target: `usr/${name}` }] : [];
    } catch {
      return [];
    }
  });
}

/** What backends would make for themselves in a tree without them, and the jail's changes would show: nspawn does, wherever it can. */
function treeLinks(tree: HostPath): { name: string; target: string }[] {
  const lacks = (path: string): boolean => lstatSync(`${tree}/${path}`, { throwIfNoEntry: false }) === undefined;
  return ['bin', 'sbin', 'lib'].filter((name) => lacks(name) && !lacks(`usr/${name}`)).map((name) => ({ name, target: `usr/${name}` }));
}

/** Pure: `release` is that of uname(2). */
export function kernelAtLeast(release: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = release.split(/[.-]/).map(Number);
  return a > major || (a === major && b >= minor);
}

function realpath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

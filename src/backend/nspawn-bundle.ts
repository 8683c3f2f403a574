import type { JailSpec, Mount, StepStart } from '../model/jail.ts';
import { openFiles } from './open-files.ts';
import type { Masks } from './proc-masks.ts';

/** Of /sys nspawn shows block, bus, class, dev, devices and kernel alone: the rest is not there to be hidden. */
const NOT_MADE = /^\/sys\/(?!(?:block|bus|class|dev|devices|kernel)\/)/;
const CAPABILITY_SETS = ['bounding', 'effective', 'inheritable', 'permitted', 'ambient'] as const;

/** Pure: the OCI runtime configuration as far as nspawn understands it (OCI runtime spec 1.0.0, config.md). */
export function bundle(spec: JailSpec, start: StepStart): object {
  const { id, root, view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest satisfies Record<string, never>;
  void id; // the machine name, on the command line
  void cgroup; // joined before nspawn starts
  // What is in the view is mounted below root already; binds are on the command line, where `ro` exists.
  if (netns === null) throw new Error('nspawn joins a network namespace that is there');
  return {
    ociVersion: '1.0.0',
    root: { path: root, readonly: readOnly(view) },
    process: {
      terminal: false,
      user: { uid: identity.uid, gid: identity.gid, additionalGids: [identity.gid] },
      args: start.argv, // ignored with --as-pid2: the command line has it again
      cwd: start.cwd,
      env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
      noNewPrivileges: true,
      capabilities: Object.fromEntries(CAPABILITY_SETS.map((set) => [set, []])),
      rlimits: [
        { type: 'RLIMIT_CORE', soft: 0, hard: 0 },
        { type: 'RLIMIT_NOFILE', ...openFiles() },
      ],
      oomScoreAdj: 900, // the payload dies for memory, not nspawn
    },
    hostname,
    mounts: [],
    linux: {
      namespaces: [
        { type: 'pid' },
        { type: 'ipc' },
        { type: 'uts' },
        { type: 'mount' },
        { type: 'cgroup' },
        { type: 'network', path: netns },
      ],
      seccomp,
    },
  };
}

/** Pure: argv of nspawn for one step; `machine` differs per step. systemd-nspawn(1). */
export function nspawnArgv(program: string, spec: JailSpec, start: StepStart, directory: string, masks: Masks): [string, ...string[]] {
  return [
    program,
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--pipe',
    ...(readOnly(spec.view) ? ['--read-only'] : []),
    '--as-pid2', // process 1 is nspawn's own, whose memory and environment the agent may not open
    `--machine=${machine(spec.id, start.index)}`,
    `--oci-bundle=${directory}`,
    // Over a directory and a file of the host; nspawn's own socket in it is root's alone.
    '--tmpfs=/run/host:mode=700',
    '--tmpfs=/run/host/incoming:mode=700', // newer ones (257) set what is mounted here apart after that, and end where nothing is
    '--tmpfs=/dev/net:ro,mode=555,nr_inodes=1', // nspawn makes tun there, which everybody may open
    ...masks.files.map((path) => `--bind-ro=/dev/null:${path}`), // the source is looked up inside the jail
    ...masks.directories.filter((path) => !NOT_MADE.test(path)).map((path) => `--tmpfs=${late(path)}:ro,mode=555,nr_inodes=1`),
    ...spec.view.filter((m) => (m.kind === 'bind' || m.kind === 'device') && m.source !== null).map(bind),
    '--',
    ...start.argv,
  ];
}

/** A root that is no layer of the run's. */
const readOnly = (view: readonly Mount[]): boolean =>
  view.some(({ target, kind, writable }) => target === '/' && kind === 'bind' && !writable);

/** At most 64 characters, lower case: a valid host name (RFC 1123). */
export const machine = (id: string, step: number): string => `agent-jail-${id.toLowerCase()}-${step}`;

const bind = (mount: Mount): string => `--bind${mount.writable ? '' : '-ro'}=${quote(mount.source ?? '')}:${quote(mount.target)}`;
/**
 * What lies below /proc nspawn mounts last; all else before /sys, which then covers it (nspawn-mount.c, custom_mount_prepare_all). The links are
 * followed inside the jail, by a process of nspawn's whose root is the jail's.
 */
const late = (path: string): string => (path.startsWith('/proc/') ? path : `/proc/self/root${path}`);
/** nspawn splits at colons; a backslash escapes one. */
const quote = (path: string): string => path.replace(/[\\:]/g, '\\$&');

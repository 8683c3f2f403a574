import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { GroupLimits, JailSpec, Mount, StepStart } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import { openFiles } from './open-files.ts';
import { MASKED_DIRECTORIES, MASKED_FILES, masksHere } from './proc-masks.ts';

/** An entry of the jail's `/`, as it lies there. */
export type RootEntry =
  | { readonly name: string; readonly kind: 'directory' | 'file' }
  | { readonly name: string; readonly kind: 'link'; readonly target: string };

/** What a container makes for itself. */
const OWN = ['proc', 'sys', 'dev', 'run'];
/** The engine binds files of its own over these, unless others are mounted there. */
const NETWORK_FILES = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'] as const;
/** As the kernel has them: the engine opens two of them up, and takes `::1` away. */
const SYSCTLS = {
  'net.ipv4.ip_unprivileged_port_start': '1024',
  'net.ipv4.ping_group_range': '1 0',
  ...(existsSync('/proc/sys/net/ipv6') ? { 'net.ipv6.conf.lo.disable_ipv6': '0' } : {}),
} as const;
/** As nspawn makes them: shared memory of 64 MiB, the engine's default, is too little for a browser. What is in them counts as memory. */
const part = (of: number): string => `size=${Math.floor(totalmem() / of / 1024)}k`;
const TMPFS = { '/run': `rw,nosuid,nodev,exec,mode=755,${part(5)}`, '/dev/shm': `rw,nosuid,nodev,exec,mode=1777,${part(10)}` } as const;
const LABEL = 'agent-jail.run';

/**
 * Pure: the jail's file system as a container can have it. A container's `/` is its image's and cannot be mounted, so that each entry of
 * the jail's `/` is mounted in it; what is mounted below them comes along. Links stand in the image itself.
 */
export function containerView({ root, view }: JailSpec, entries: readonly RootEntry[]): Mount[] {
  const top = view.find(({ target }) => target === '/');
  const writable = top?.writable ?? false;
  const overlay = (target: string): Mount => {
    const source = `${root}${target}` as HostPath;
    return { target: target as JailPath, kind: 'overlay', source, writable };
  };
  const mounted = entries.flatMap(({ name, kind }) => (kind === 'link' || OWN.includes(name) ? [] : [overlay(`/${name}`)]));
  const own = new Map(view.map((mount) => [mount.target as string, mount]));
  return [
    // One that is listed itself says more of itself; its source is the place it is mounted at.
    ...mounted.map((mount) => ({ ...mount, ...pick(own.get(mount.target)) })),
    ...NETWORK_FILES.map(overlay),
    ...view.filter(({ target, source }) => source !== null || !/^\/[^/]*$/.test(target)),
  ];
}
const pick = (mount: Mount | undefined) => (mount === undefined ? {} : { kind: mount.kind, writable: mount.writable });

/** What of a view the engine is asked for: the rest is mounted below it already. */
export const containerMounts = (view: readonly Mount[]): Mount[] => view.filter(({ source }) => source !== null);

export interface ContainerHost {
  readonly image: string;
  /** Name of an OCI runtime of the engine's; null: its default. */
  readonly runtime: string | null;
  /** As `HostConfig.CgroupParent`. */
  readonly cgroupParent: string;
  /** systemd is the engine's driver. */
  readonly systemd: boolean;
  /** Where the engine sees a path of the warden's. */
  seen(path: string): string;
}

/** Pure: the body of `POST /containers/create` for one step (Docker Engine API 1.41 and later). */
export function container(spec: JailSpec, view: readonly Mount[], start: StepStart, host: ContainerHost): object {
  const { id, root, view: _view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest satisfies Record<string, never>;
  void root; // its entries are mounted
  void cgroup; // as the engine's driver names it: host.cgroupParent
  void netns; // the engine makes one; the gateway's sockets are made in it
  const files = openFiles();
  return {
    Image: host.image,
    Cmd: start.argv,
    Entrypoint: null,
    User: `${identity.uid}:${identity.gid}`,
    WorkingDir: start.cwd,
    Env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    Hostname: hostname,
    Labels: { [LABEL]: id },
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    OpenStdin: false,
    Tty: false,
    // The namespace is as new without it. With it the engine has its own network for `none`, to which it joins the container by a hook that
    // starts the engine's program again: half of all that a start takes.
    NetworkDisabled: true,
    HostConfig: {
      ...(host.runtime === null ? {} : { Runtime: host.runtime }),
      NetworkMode: 'none',
      IpcMode: 'private',
      CgroupnsMode: 'private',
      UsernsMode: 'host', // where the engine maps ids for all containers: the layers have theirs mapped
      CgroupParent: host.cgroupParent,
      ...(host.systemd ? keptLimits(start.limits) : {}),
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${JSON.stringify(seccomp)}`],
      LogConfig: { Type: 'none' },
      Mounts: containerMounts(view).map((mount) => ({
        Type: 'bind',
        Source: host.seen(mount.source ?? ''),
        Target: mount.target,
        ReadOnly: false, // what is to be read-only is so itself
        BindOptions: { Propagation: 'rprivate' },
      })),
      Tmpfs: TMPFS,
      // This takes the place of the engine's own list.
      MaskedPaths: [...new Set([...MASKED_FILES, ...MASKED_DIRECTORIES, ...masksHere().directories])],
      Sysctls: SYSCTLS,
      Ulimits: [
        { Name: 'core', Soft: 0, Hard: 0 },
        { Name: 'nofile', Soft: files.soft, Hard: files.hard },
      ],
      OomScoreAdj: 900,
      RestartPolicy: { Name: 'no' },
      AutoRemove: false, // its end is asked for
    },
  };
}

/** Bytes; an engine takes no less. The group above may have less. */
const LEAST_MEMORY = 6 << 20;
/** µs. */
const PERIOD = 100_000;
/**
 * The run's group is a slice of systemd's then, which writes into it what it knows of that slice (no limits) when it reloads, as it does
 * for every package with a service that is installed. So the limits are the container's own as well: these systemd was told.
 */
const keptLimits = ({ memory, cpus, processes }: GroupLimits) => ({
  Memory: Math.max(LEAST_MEMORY, memory),
  // Both together. No swap at all is not told to systemd (runc, systemd/v2.go); a byte of it is, and for the kernel it is no page.
  MemorySwap: Math.max(LEAST_MEMORY, memory) + 1,
  CpuPeriod: PERIOD,
  CpuQuota: Math.max(1000, Math.round(cpus * PERIOD)),
  PidsLimit: processes,
});

/** Name of a step's container. */
export const containerName = (id: string, step: number): string => `agent-jail-${id}-${step}`;
/** Query of `GET /containers/json`: everything that a run left. */
export const containersOf = (id: string): string =>
  `/containers/json?all=1&filters=${encodeURIComponent(JSON.stringify({ label: [`${LABEL}=${id}`] }))}`;

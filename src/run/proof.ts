import type { JailSpec, Mount, Property, SeccompProfile } from '../model/jail.ts';
import type { MountInfo } from '../system/proc.ts';

/** What was read of the held process and its namespaces, from outside. */
export interface Held {
  readonly status: ReadonlyMap<string, string>;
  /** Name of each namespace to its identity, such as `net:[4026531840]`. */
  readonly namespaces: ReadonlyMap<string, string | null>;
  /** The same of the warden, and of the machine: an engine could have put it there. null: it could not be read. */
  readonly ours: ReadonlyMap<string, string | null>;
  readonly machine: ReadonlyMap<string, string | null>;
  /** `net:[…]` of the namespace made for this run. */
  readonly netns: string;
  readonly mounts: readonly MountInfo[];
  /** What this machine has in /proc and /sys that no jail may see. */
  readonly masks: readonly string[];
  /** Groups of `/proc/PID/cgroup`, one path a hierarchy that carries a limit. */
  readonly groups: readonly string[];
  /** Limits as the kernel has them: file to value. */
  readonly limits: ReadonlyMap<string, string | null>;
  readonly wantedLimits: ReadonlyMap<string, string>;
  /** Device and inode of its root directory and of the warden's; null: it is gone. */
  readonly root: string | null;
  readonly ourRoot: string | null;
  /** Network interfaces and routes that are not local. */
  readonly interfaces: readonly string[];
  readonly routes: readonly string[];
}

const SETS = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'] as const;
const SEPARATE = ['mnt', 'pid', 'ipc', 'uts', 'cgroup', 'net'] as const;

/**
 * File systems that a backend mounts for itself, by mount point; everything else must be in the specification. What is not read-only
 * here belongs to root or to the jail's own namespaces, and the agent is neither root nor has a capability.
 */
const OWN: readonly { readonly target: RegExp; readonly types: readonly string[] | null; readonly readOnly: boolean }[] = [
  { target: /^\/proc$/, types: ['proc'], readOnly: false },
  { target: /^\/proc\/(sys\/net|sys\/kernel\/random\/boot_id|kmsg)$/, types: ['proc', 'tmpfs'], readOnly: false },
  // A container's own root: nothing but links and the places where the jail's file system is mounted.
  { target: /^\/$/, types: null, readOnly: true },
  { target: /^\/proc\/.+$/, types: ['proc', 'tmpfs', 'devtmpfs'], readOnly: true },
  { target: /^\/sys\/fs\/cgroup(\/.+)?$/, types: ['cgroup', 'cgroup2', 'tmpfs'], readOnly: false },
  { target: /^\/sys(\/.*)?$/, types: ['sysfs', 'tmpfs', 'cgroup', 'cgroup2'], readOnly: true },
  { target: /^\/dev$/, types: ['tmpfs'], readOnly: false },
  {
    target: /^\/dev\/(shm|pts|mqueue|console|null|zero|full|random|urandom|tty)$/,
    types: ['tmpfs', 'devpts', 'mqueue', 'devtmpfs'],
    readOnly: false,
  },
  { target: /^\/dev\/net$/, types: ['tmpfs'], readOnly: true },
  { target: /^\/run$/, types: ['tmpfs'], readOnly: false },
  { target: /^\/run\/host(\/incoming)?$/, types: ['tmpfs'], readOnly: false },
];

/** Pure: compares what the held process is with what the specification says. Every property must be right before the gate opens. */
export function prove(spec: Pick<JailSpec, 'identity' | 'cgroup' | 'view' | 'seccomp'>, held: Held): Property[] {
  return [...user(spec, held), ...isolation(spec, held), ...confines(spec, held)];
}

/** Pure: the same for a backend that isolates nothing. What is not isolated is said and not claimed. */
export function proveWeak(spec: Pick<JailSpec, 'identity' | 'cgroup' | 'view'>, held: Held): Property[] {
  const shared = [...held.namespaces].flatMap(([name, seen]) => (seen === held.ours.get(name) ? [name] : []));
  return [
    ...user(spec, held),
    { property: 'isolation', seen: `none; shared with the warden: ${shared.join(' ')}`, wrong: null },
    {
      property: 'root',
      seen: held.root ?? 'absent',
      wrong: held.root === null || held.root === held.ourRoot ? 'should be the tree of the run' : null,
    },
    ...confines(spec, held),
  ];
}

const equal = (property: string, seen: string, wanted: string): Property => ({
  property,
  seen,
  wrong: seen === wanted ? null : `should be ${wanted}`,
});

/** Who the held process is, and what it can gain. */
function user(spec: Pick<JailSpec, 'identity'>, held: Held): Property[] {
  const { uid, gid } = spec.identity;
  const status = (name: string) => held.status.get(name) ?? 'absent';
  return [
    equal('uid', status('Uid'), [uid, uid, uid, uid].join('\t')),
    equal('gid', status('Gid'), [gid, gid, gid, gid].join('\t')),
    { property: 'groups', seen: status('Groups'), wrong: ['', String(gid)].includes(status('Groups')) ? null : 'should be none' },
    ...SETS.map((set) => equal(`capabilities ${set}`, status(set), '0000000000000000')),
    equal('no new privileges', status('NoNewPrivs'), '1'),
  ];
}

/** What it shares with nobody. */
function isolation(spec: Pick<JailSpec, 'seccomp'>, held: Held): Property[] {
  const status = (name: string) => held.status.get(name) ?? 'absent';
  return [
    equal('seccomp', status('Seccomp'), '2'),
    {
      property: 'seccomp filters',
      seen: status('Seccomp_filters'),
      wrong: Number(status('Seccomp_filters')) >= filters(spec.seccomp) ? null : `should be ${filters(spec.seccomp)} or more`,
    },
    ...SEPARATE.map((name): Property => {
      const seen = held.namespaces.get(name) ?? 'absent';
      const others = [held.ours, held.machine].map((of) => of.get(name) ?? null);
      return {
        property: `namespace ${name}`,
        seen,
        wrong: others.includes(seen) || others.includes(null) || seen === 'absent' ? "should be the jail's own" : null,
      };
    }),
    equal('network namespace', held.namespaces.get('net') ?? 'absent', held.netns),
    equal('network interfaces', held.interfaces.join(' '), 'lo'),
    { property: 'routes', seen: held.routes.join(', ') || 'local only', wrong: held.routes.length === 0 ? null : 'should be local only' },
    masked(held),
  ];
}

/** What it may use, and which files there are for it. */
function confines(spec: Pick<JailSpec, 'cgroup' | 'view'>, held: Held): Property[] {
  return [
    {
      property: 'cgroup',
      seen: held.groups.join(' '),
      wrong: held.groups.length > 0 && held.groups.every((g) => g.split('/').includes(spec.cgroup)) ? null : `should be ${spec.cgroup}`,
    },
    ...[...held.wantedLimits].map(([file, wanted]) => equal(`limit ${file.split('/').at(-1)}`, held.limits.get(file) ?? 'absent', wanted)),
    ...mountProperties(spec, held.mounts),
  ];
}

/** Something else is mounted there, or the kernel's files are not mounted where it would be. */
function masked({ masks, mounts }: Held): Property {
  const isSeen = (path: string): boolean => {
    const on = mounts.findLast(({ target }) => target === path || target === '/' || path.startsWith(`${target}/`));
    return on !== undefined && on.target !== path && ['proc', 'sysfs'].includes(on.type);
  };
  const seen = masks.filter(isSeen);
  return {
    property: 'masks',
    seen: `${masks.length - seen.length} of ${masks.length}`,
    wrong: seen.length === 0 ? null : `should cover ${seen.join(', ')}`,
  };
}

/** The profile; and unless that refuses clone3 itself, the outer filter without which clone3 would let user namespaces through. */
const filters = ({ syscalls }: SeccompProfile): number =>
  syscalls.some(({ names, action }) => names.includes('clone3') && action === 'SCMP_ACT_ERRNO') ? 1 : 2;

function mountProperties(spec: Pick<JailSpec, 'view'>, mounts: readonly MountInfo[]): Property[] {
  const properties: Property[] = [];
  for (const wanted of spec.view) {
    const seen = mounts.findLast((m) => m.target === wanted.target);
    const text = seen === undefined ? 'absent' : `${seen.type} ${seen.options.join(',')}`;
    const wrong =
      seen === undefined
        ? 'is not mounted'
        : wanted.kind === 'overlay' && seen.type !== 'overlay'
          ? 'should be an overlay'
          : !wanted.writable && !seen.options.includes('ro') && !seen.superOptions.includes('ro')
            ? 'should be read-only'
            : wanted.kind === 'device'
              ? isNode(wanted, seen)
                ? null
                : "should be the run's own node"
              : ['nosuid', 'nodev'].some((option) => !seen.options.includes(option))
                ? 'should be nosuid,nodev'
                : null;
    properties.push({ property: `mount ${wanted.target}`, seen: text, wrong });
  }
  const listed = new Set<string>(spec.view.map((m) => m.target));
  for (const [index, mount] of mounts.entries()) {
    if (listed.has(mount.target) || mounts.slice(index + 1).some((later) => covers(later, mount))) continue;
    const own = OWN.find((rule) => rule.target.test(mount.target) && (rule.types?.includes(mount.type) ?? true));
    const wrong =
      own === undefined
        ? 'is not in the specification'
        : own.readOnly && !mount.options.includes('ro') && mount.root !== NULL_DEVICE
          ? 'should be read-only'
          : null;
    if (wrong !== null) properties.push({ property: `mount ${mount.target}`, seen: `${mount.type} ${mount.options.join(',')}`, wrong });
  }
  return properties;
}

/** What is mounted is the node itself, by its name where it was made. */
const isNode = ({ source }: Mount, { root }: MountInfo): boolean => source !== null && root === `/${source.split('/').at(-1)}`;

/** An engine covers files with the null device of the jail's own /dev. */
const NULL_DEVICE = '/null';
/** A later mount at the same place, or above it, hides an earlier one. */
const covers = (later: MountInfo, earlier: MountInfo): boolean =>
  later.target !== '/' && (later.target === earlier.target || earlier.target.startsWith(`${later.target}/`));

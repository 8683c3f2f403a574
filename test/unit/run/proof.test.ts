import { describe, expect, test } from 'vitest';
import type { JailSpec } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { type Held, prove, proveWeak } from '../../../src/run/proof.ts';
import type { MountInfo } from '../../../src/system/proc.ts';

const mount = (target: string, type: string, options = 'rw,nosuid,nodev', superOptions = 'rw'): MountInfo => ({
  id: 0,
  parent: 0,
  target,
  type,
  root: '/',
  source: type,
  options: options.split(','),
  superOptions: superOptions.split(','),
});
const spec: JailSpec = {
  id: '01JD000000000000000000ABCD',
  root: '/w/root' as HostPath,
  view: [
    { target: '/' as JailPath, kind: 'overlay', source: null, writable: true },
    { target: '/ws' as JailPath, kind: 'overlay', source: null, writable: false },
  ],
  identity: { uid: 61001, gid: 61001, name: 'agent', home: '/home/agent' as JailPath },
  cgroup: 'agent-jail-x',
  netns: '/w/netns' as HostPath,
  seccomp: { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], syscalls: [] },
  hostname: 'jail',
};
const namespaces = (n: number) => new Map(['mnt', 'pid', 'ipc', 'uts', 'cgroup', 'net'].map((name) => [name, `${name}:[${n}]`]));
const status = (change: Record<string, string> = {}) =>
  new Map(
    Object.entries({
      Uid: '61001\t61001\t61001\t61001',
      Gid: '61001\t61001\t61001\t61001',
      Groups: '',
      CapInh: '0000000000000000',
      CapPrm: '0000000000000000',
      CapEff: '0000000000000000',
      CapBnd: '0000000000000000',
      CapAmb: '0000000000000000',
      NoNewPrivs: '1',
      Seccomp: '2',
      Seccomp_filters: '2',
      ...change,
    }),
  );
const held = (change: Partial<Held> = {}): Held => ({
  status: status(),
  namespaces: namespaces(2),
  ours: namespaces(1),
  machine: namespaces(0),
  netns: 'net:[2]',
  mounts: [mount('/', 'overlay'), mount('/ws', 'overlay', 'ro,nosuid,nodev'), mount('/proc', 'proc'), mount('/proc/sys', 'proc', 'ro')],
  masks: [],
  groups: ['/agent-jail-x/payload'],
  root: '40:2',
  ourRoot: '1:2',
  limits: new Map([['/sys/fs/cgroup/pids/agent-jail-x/pids.max', '100']]),
  wantedLimits: new Map([['/sys/fs/cgroup/pids/agent-jail-x/pids.max', '100']]),
  interfaces: ['lo'],
  routes: [],
  ...change,
});
const wrong = (h: Held) => prove(spec, h).flatMap((p) => (p.wrong === null ? [] : [p.property]));

test('a jail as specified passes every property', () => {
  expect(wrong(held())).toEqual([]);
  expect(prove(spec, held()).length).toBeGreaterThan(20);
});

describe('each broken property is named', () => {
  const broken: [string, Partial<Held>, string][] = [
    ['root', { status: status({ Uid: '0\t0\t0\t0' }) }, 'uid'],
    ['a saved root id', { status: status({ Uid: '61001\t61001\t0\t61001' }) }, 'uid'],
    ['a group', { status: status({ Groups: '0 61001' }) }, 'groups'],
    ['a capability', { status: status({ CapBnd: '0000000000000001' }) }, 'capabilities CapBnd'],
    ['new privileges', { status: status({ NoNewPrivs: '0' }) }, 'no new privileges'],
    ['no filter', { status: status({ Seccomp: '0', Seccomp_filters: '0' }) }, 'seccomp'],
    ['no outer filter', { status: status({ Seccomp_filters: '1' }) }, 'seccomp filters'],
    ['the host’s processes', { namespaces: new Map([...namespaces(2), ['pid', 'pid:[1]']]) }, 'namespace pid'],
    ['the processes of the machine', { namespaces: new Map([...namespaces(2), ['pid', 'pid:[0]']]) }, 'namespace pid'],
    ['a machine that could not be looked at', { machine: new Map() }, 'namespace mnt'],
    ['another network', { namespaces: new Map([...namespaces(2), ['net', 'net:[3]']]) }, 'network namespace'],
    ['an interface', { interfaces: ['lo', 'eth0'] }, 'network interfaces'],
    ['a route', { routes: ['eth0 00000000'] }, 'routes'],
    ['another cgroup', { groups: ['/'] }, 'cgroup'],
    ['one hierarchy outside', { groups: ['/agent-jail-x', '/'] }, 'cgroup'],
    ['a limit that was not taken', { limits: new Map([['/sys/fs/cgroup/pids/agent-jail-x/pids.max', 'max']]) }, 'limit pids.max'],
    ['a writable workspace', { mounts: [mount('/', 'overlay'), mount('/ws', 'overlay')] }, 'mount /ws'],
    ['a bind in place of an overlay', { mounts: [mount('/', 'overlay'), mount('/ws', 'ext4', 'ro,nosuid,nodev')] }, 'mount /ws'],
    ['setuid allowed', { mounts: [mount('/', 'overlay', 'rw,nodev'), mount('/ws', 'overlay', 'ro,nosuid,nodev')] }, 'mount /'],
    ['a mount nobody asked for', { mounts: [...held().mounts, mount('/host', 'ext4')] }, 'mount /host'],
    ['a writable /proc/sys', { mounts: [...held().mounts.slice(0, 3), mount('/proc/sys', 'proc', 'rw')] }, 'mount /proc/sys'],
    ['a process that is gone', { status: new Map() }, 'uid'],
  ];
  test.each(broken)('%s', (_, change, property) => {
    expect(wrong(held(change))).toContain(property);
  });
});

describe('a container', () => {
  const clone3 = { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 };
  const own: JailSpec = { ...spec, view: spec.view.slice(1), seccomp: { ...spec.seccomp, syscalls: [clone3] } };
  const inside = (change: Partial<Held> = {}) =>
    prove(own, held({ status: status({ Seccomp_filters: '1' }), mounts, ...change })).flatMap((p) =>
      p.wrong === null ? [] : [p.property],
    );
  const mounts = [mount('/', 'overlay', 'ro,relatime'), mount('/ws', 'overlay', 'ro,nosuid,nodev'), mount('/proc', 'proc')];
  const masked = { ...mount('/proc/keys', 'tmpfs', 'rw,nosuid'), root: '/null' };

  test('has a root of its own that is read-only, one filter that refuses clone3, and files under the null device', () => {
    expect(inside({ mounts: [...mounts, masked, mount('/sys/fs/cgroup', 'tmpfs')] })).toEqual([]);
  });
  test.each([
    ['a writable root', { mounts: [mount('/', 'overlay', 'rw'), ...mounts.slice(1)] }, 'mount /'],
    ['a file of the host', { mounts: [...mounts, { ...masked, root: '/keys' }] }, 'mount /proc/keys'],
    ['no filter', { status: status({ Seccomp_filters: '0' }) }, 'seccomp filters'],
  ] as [string, Partial<Held>, string][])('%s is named', (_, change, property) => {
    expect(inside(change)).toEqual([property]);
  });
});

test('a device is the node that was made for the run, whatever its options; another one is named', () => {
  const kvm = { target: '/dev/kvm' as JailPath, kind: 'device', source: '/run/systemd/own-kvm' as HostPath, writable: true } as const;
  const seen = (root: string) =>
    prove({ ...spec, view: [...spec.view, kvm] }, held({ mounts: [...held().mounts, { ...mount('/dev/kvm', 'tmpfs', 'rw'), root }] }));
  expect(seen('/own-kvm').flatMap((p) => (p.wrong === null ? [] : [p.property]))).toEqual([]);
  expect(seen('/kvm').find(({ property }) => property === 'mount /dev/kvm')?.wrong).toBe("should be the run's own node");
});

test('what a later mount covers does not count', () => {
  const mounts = [...held().mounts, mount('/run/host/os-release', 'ext4', 'rw'), mount('/run/host', 'tmpfs')];
  expect(wrong(held({ mounts }))).toEqual([]);
});

describe('without isolation', () => {
  const shared = {
    namespaces: namespaces(1),
    status: status({ Seccomp: '0', Seccomp_filters: '0' }),
    interfaces: ['lo', 'eth0'],
    routes: ['eth0 0'],
  };
  const weak = (change: Partial<Held> = {}) => proveWeak(spec, held({ ...shared, ...change }));
  const named = (change: Partial<Held>) => weak(change).flatMap(({ property, wrong: why }) => (why === null ? [] : [property]));

  test('nothing is claimed but who it is, where its root is, what it may use and what is mounted', () => {
    expect(weak().filter((p) => p.wrong !== null)).toEqual([]);
    expect(weak().map(({ property }) => property)).toEqual([
      'uid', 'gid', 'groups', ...['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => `capabilities Cap${set}`), 'no new privileges',
      'isolation', 'root', 'cgroup', 'limit pids.max', 'mount /', 'mount /ws',
    ]); // biome-ignore format: a list
    expect(weak().find(({ property }) => property === 'isolation')?.seen).toBe('none; shared with the warden: mnt pid ipc uts cgroup net');
  });
  test.each([
    ['root', { status: status({ Uid: '0\t0\t0\t0' }) }, 'uid'],
    ['a capability', { status: status({ CapBnd: '0000000000000001' }) }, 'capabilities CapBnd'],
    ['new privileges', { status: status({ NoNewPrivs: '0' }) }, 'no new privileges'],
    ['the root of the machine', { root: '1:2' }, 'root'],
    ['a root that is gone', { root: null }, 'root'],
    ['another cgroup', { groups: ['/'] }, 'cgroup'],
    ['a mount nobody asked for', { mounts: [...held().mounts, mount('/host', 'ext4')] }, 'mount /host'],
  ] as [string, Partial<Held>, string][])('%s is named', (_, change, property) => {
    expect(named(change)).toContain(property);
  });
});

describe('what no jail may see of /proc and /sys', () => {
  const masks = ['/proc/keys', '/proc/acpi', '/sys/firmware', '/sys/devices/virtual/powercap'];
  const tree = [...held().mounts, mount('/sys', 'sysfs', 'ro'), mount('/proc/keys', 'tmpfs', 'ro')];
  const masksOf = (mounts: readonly MountInfo[]) => prove(spec, held({ masks, mounts })).find(({ property }) => property === 'masks');

  test('is covered, one by one', () => {
    const covered = masks.map((path) => mount(path, 'tmpfs', 'ro'));
    expect(masksOf([...tree, ...covered])).toEqual({ property: 'masks', seen: '4 of 4', wrong: null });
  });
  test('or its place is not of the kernel’s files', () => {
    const sys = [mount('/sys', 'tmpfs', 'ro'), mount('/sys/devices', 'sysfs', 'ro'), mount('/sys/devices/virtual/powercap', 'tmpfs', 'ro')];
    expect(masksOf([...tree, mount('/proc/acpi', 'tmpfs', 'ro'), ...sys])?.wrong).toBeNull();
  });
  test('is told by name where it shows', () => {
    expect(masksOf(tree)).toEqual({
      property: 'masks',
      seen: '1 of 4',
      wrong: 'should cover /proc/acpi, /sys/firmware, /sys/devices/virtual/powercap',
    });
    // Covered, and then the kernel's files were mounted over that: as nspawn does with what is below /sys.
    const over = [...masks.map((path) => mount(path, 'tmpfs', 'ro')), mount('/sys/devices', 'sysfs', 'ro')];
    expect(masksOf([...tree, ...over])?.wrong).toBe('should cover /sys/devices/virtual/powercap');
  });
});

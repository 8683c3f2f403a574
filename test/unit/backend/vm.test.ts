import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installOf, VM_ARCHITECTURES } from '../../../src/backend/vm-architecture.ts';
import { guestConfig, limitsAsHere, OVERHEAD, qemuArgv, relayArgv } from '../../../src/backend/vm-machine.ts';
import { moduleName, modulesOf } from '../../../src/backend/vm-modules.ts';
import { byPreference, findKernel, type VmProgram } from '../../../src/backend/vm-program.ts';
import { entriesOf } from '../../../src/backend/vm-ramdisk.ts';
import { Said } from '../../../src/backend/vm-said.ts';
import type { JailSpec, StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { seccompProfile } from '../../../src/plan/seccomp.ts';

const MIB = 1 << 20;
const program: VmProgram = {
  architecture: 'x64',
  qemu: '/usr/bin/qemu' as HostPath,
  version: '7.2',
  files: { path: '/usr/lib/files' as HostPath, kind: 'c', version: '7.2' },
  kernel: '/boot/vmlinuz-1' as HostPath,
  release: '1',
  modules: [],
  emulated: 'no KVM',
};
const start: StepStart = {
  index: 3,
  argv: ['/bin/sh', '-c', 'a\nb', ''],
  cwd: '/' as JailPath,
  env: { A: 'x=y\n', B: '' },
  split: false,
  tty: null,
  limits: { memory: 100 * MIB + 1, cpus: 1.5, processes: 20 },
};
const option = (argv: readonly string[], name: string): string | undefined => argv[argv.indexOf(name) + 1];

describe('the machine', () => {
  it('has the step’s memory and its kernel’s, whole processors, and nothing of the network', () => {
    const argv = qemuArgv(program, start);
    expect(option(argv, '-m')).toBe('293M');
    expect(option(argv, '-smp')).toBe('2');
    expect(option(argv, '-accel')).toMatch(/^tcg,/);
    expect(argv.join(' ')).not.toMatch(/netdev|-nic|-drive|-usb|-vnc|-monitor|-qmp/);
    expect(argv.filter((one) => ['-nodefaults', '-no-user-config', '-sandbox'].includes(one))).toHaveLength(3);
    expect(option(qemuArgv({ ...program, emulated: null }, start), '-accel')).toBe('kvm');
    expect(OVERHEAD.memory).toBeGreaterThan(192 * MIB);
  });
  it('is one of its architecture: devices, processor, console', () => {
    const [x64, arm64] = (['x64', 'arm64'] as const).map((architecture) => qemuArgv({ ...program, architecture }, start));
    const told = (argv: readonly string[] = []): (string | undefined)[] =>
      ['-machine', '-cpu', '-append'].map((name) => option(argv, name));
    expect(told(x64)).toEqual([
      'q35,usb=off,vmport=off,memory-backend=memory',
      'max',
      'console=ttyS0 quiet panic=-1 random.trust_cpu=on maxcpus=1 cryptomgr.notests reboot=t no_timer_check i8042.nokbd i8042.noaux mitigations=off',
    ]);
    expect(told(arm64)).toEqual([
      'virt,gic-version=max,memory-backend=memory',
      'max,pauth-impdef=on',
      'console=ttyAMA0 quiet panic=-1 random.trust_cpu=on maxcpus=1 cryptomgr.notests mitigations=off',
    ]);
    // All else is the same.
    const rest = (argv: readonly string[] = []): string[] => argv.filter((one) => !told(argv).includes(one));
    expect(rest(arm64)).toEqual(rest(x64));
  });
  it('is installed by packages of its architecture', () => {
    expect(['x64', 'arm64'].map((name) => installOf(VM_ARCHITECTURES[name as 'x64' | 'arm64']))).toEqual([
      'run `apt-get install qemu-system-x86 linux-image-cloud-amd64`, on Ubuntu `apt-get install qemu-system-x86 virtiofsd linux-image-virtual`',
      'run `apt-get install qemu-system-arm linux-image-cloud-arm64`, on Ubuntu `apt-get install qemu-system-arm virtiofsd linux-image-virtual`',
    ]);
  });
  it('is started by the relay, which is told where the step’s output goes', () => {
    const argv = relayArgv(program, start, { out: '/o', err: '' });
    expect(argv.slice(0, 7)).toEqual(['/usr/bin/perl', '/vm/vm-relay.pl', '/vm/vm-mux.pl', '/vm/step-3/config', '/o', '', '--']);
    expect(argv.slice(7)).toEqual(qemuArgv(program, start));
  });
  it('tells its guest everything as strings with their lengths', () => {
    const spec = {
      id: 'x',
      root: '/r' as HostPath,
      view: [
        { target: '/' as JailPath, kind: 'overlay', source: null, writable: true },
        { target: '/ro' as JailPath, kind: 'overlay', source: null, writable: false },
      ],
      identity: { uid: 5, gid: 6, name: 'agent', home: '/h' as JailPath },
      cgroup: 'c',
      netns: null,
      seccomp: seccompProfile('x64', 'nspawn'),
      hostname: 'jail',
    } satisfies JailSpec;
    const bytes = guestConfig(spec, start, [{ protocol: 'udp', address: '127.0.0.1', port: 53 }], 20_001);
    const groups = groupsOf(bytes);
    expect(Object.fromEntries([...groups].filter(([name]) => !['filter', 'masks', 'limits'].includes(name)))).toEqual({
      ids: ['5', '6'],
      hostname: ['jail'],
      cwd: ['/'],
      argv: start.argv,
      terminal: [],
      env: ['A=x=y\n', 'B='],
      processes: ['20'],
      memory: [String(100 * MIB + 1)],
      remember: ['10000'],
      mounts: ['/', '/ro'],
      'read-only': ['/ro'],
      sockets: ['udp:127.0.0.1:53'],
    });
    expect(groups.get('limits')?.slice(0, 1)).toEqual(['4 0 0']);
    expect(limitsAsHere('Max processes    12   34   processes\nMax pending signals  unlimited unlimited signals\n')).toEqual(['6 12 34']);
    expect(groups.get('filter')?.[0]?.length).toBeGreaterThan(800);
    const onTerminal = groupsOf(guestConfig(spec, { ...start, tty: { rows: 24, columns: 80 } }, [], 20_001));
    expect(onTerminal.get('terminal')).toEqual(['24', '80']);
  });
});

/** As the guest reads it. */
function groupsOf(bytes: Buffer): Map<string, string[]> {
  const strings: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    strings.push(bytes.toString('latin1', at + 4, at + 4 + length));
    at += 4 + length;
  }
  const groups = new Map<string, string[]>();
  while (strings.length > 0) {
    const [name = '', count = ''] = strings.splice(0, 2);
    groups.set(name, strings.splice(0, Number(count)));
  }
  return groups;
}

describe('the guest’s kernel', () => {
  const DEPENDENCIES =
    'kernel/a/virtiofs.ko: kernel/a/fuse.ko kernel/b/virtio.ko\nkernel/a/fuse.ko:\nkernel/b/virtio.ko: kernel/b/ring.ko\nkernel/b/ring.ko:\n';
  it('has its modules loaded after what they need', () => {
    expect(modulesOf(['virtiofs'], DEPENDENCIES, '')).toEqual({
      modules: ['kernel/b/ring.ko', 'kernel/b/virtio.ko', 'kernel/a/fuse.ko', 'kernel/a/virtiofs.ko'],
      missing: [],
    });
  });
  it('may have them in itself; what it has not is named', () => {
    expect(modulesOf(['virtio_pci', 'virtiofs', 'none'], DEPENDENCIES, 'kernel/drivers/virtio/virtio-pci.ko\n')).toMatchObject({
      missing: ['none'],
    });
    expect(moduleName('kernel/x/virtio-pci.ko.zst')).toBe('virtio_pci');
  });
  it('is one made for machines where there is one, then the newest', () => {
    expect(byPreference(['6.1.0-9-amd64', '6.1.0-10-cloud-amd64', '6.1.0-57-cloud-amd64', '7.0.0-1-amd64'])).toEqual([
      '6.1.0-57-cloud-amd64',
      '6.1.0-10-cloud-amd64',
      '7.0.0-1-amd64',
      '6.1.0-9-amd64',
    ]);
  });
  it('is refused by name, with the remedy, where it is not there or lacks something', () => {
    const root = `${mkdtempSync(join(tmpdir(), 'aj-vm-'))}/`;
    const remedy = 'install one';
    try {
      expect(() => findKernel(root, remedy)).toThrow(
        expect.objectContaining({
          message: `there is no kernel for a virtual machine: no kernel with its modules is in ${root}boot`,
          remedy,
        }),
      );
      mkdirSync(join(root, 'boot'));
      mkdirSync(join(root, 'lib/modules/1-cloud'), { recursive: true });
      writeFileSync(join(root, 'boot/vmlinuz-1-cloud'), '');
      writeFileSync(join(root, 'lib/modules/1-cloud/modules.dep'), DEPENDENCIES);
      expect(() => findKernel(root, remedy)).toThrow('the kernel 1-cloud has no virtio_pci, virtio_console');
      writeFileSync(join(root, 'lib/modules/1-cloud/modules.builtin'), 'k/virtio_pci.ko\nk/virtio_console.ko\n');
      expect(findKernel(root, remedy)).toMatchObject({ kernel: `${root}boot/vmlinuz-1-cloud`, release: '1-cloud' });
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

it('a ramdisk has every directory on the way to its files, before them', () => {
  const entries = entriesOf(new Map([['lib/x/y.so', { mode: 0o755, bytes: Buffer.from('1') }]]));
  expect(entries.map(({ path }) => path)).toEqual(['dev', 'lib', 'lib/x', 'modules', 'proc', 'root', 'sys', 'lib/x/y.so']);
});

describe('what the relay says', () => {
  const ID = '0b4c2c1e-3a5a-4f0e-9d0e-0123456789ab';
  it('counts by whole lines of three kinds', async () => {
    const said = new Said();
    const hits: string[] = [];
    said.begin();
    said.onHit = (name) => hits.push(name);
    for (const part of ['ready 6.1.0-x', ` ${ID}\nhit mem`, 'ory\nhit everything\nnonsense\nhit processes\n']) said.take(Buffer.from(part));
    expect(await said.ready(new Promise(() => {}), 1000)).toEqual({ release: '6.1.0-x', bootId: ID });
    expect(hits).toEqual(['memory', 'processes']);
    expect(said.failed).toBe(false);
    said.take(Buffer.from('failed\n'));
    expect(said.failed).toBe(true);
  });
  it('of programs is handed on, and is not for the log', () => {
    const said = new Said();
    const told: string[] = [];
    said.begin();
    said.onTold = (line) => told.push(line);
    const left = ['hit memory\nprogram {"a', '":1}\nprogram x\nfailed\nrest'].map((part) => said.take(Buffer.from(part)).toString());
    expect(told).toEqual(['{"a":1}', 'x']);
    expect(left).toEqual(['hit memory\n', 'failed\n']);
  });
  it('is an error with a remedy where it never comes', async () => {
    const remedy = 'see backend.log in the record, which has what its kernel printed';
    const said = new Said();
    await expect(said.ready(Promise.resolve(), 1000)).rejects.toMatchObject({
      message: 'the virtual machine ended before the step could start',
      remedy,
    });
    await expect(said.ready(new Promise(() => {}), 5)).rejects.toMatchObject({
      message: 'the virtual machine did not come up in time',
      remedy,
    });
  });
});

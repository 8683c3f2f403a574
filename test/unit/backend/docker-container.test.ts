import { describe, expect, test } from 'vitest';
import {
  container,
  containerMounts,
  containerName,
  containersOf,
  containerView,
  type RootEntry,
} from '../../../src/backend/docker-container.ts';
import type { JailSpec, Mount, StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';

const mount = (target: string, kind: Mount['kind'], source: string | null, writable: boolean): Mount => ({
  target: target as JailPath,
  kind,
  source: source as HostPath | null,
  writable,
});
const spec: JailSpec = {
  id: '01JD000000000000000000ABCD',
  root: '/w/root' as HostPath,
  view: [
    mount('/', 'overlay', null, true),
    mount('/opt', 'overlay', null, false),
    mount('/srv/ä, b:c"', 'overlay', null, true),
    mount('/run/agent-jail', 'bind', '/w/runtime', false),
    mount('/run/agent-jail/result', 'bind', '/w/scratch/result', true),
  ],
  identity: { uid: 61001, gid: 61002, name: 'agent', home: '/home/agent' as JailPath },
  cgroup: 'agent-jail-x',
  netns: null,
  seccomp: { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls: [] },
  hostname: 'jail',
};
const limits = { memory: 64 << 20, cpus: 0.5, processes: 9 };
const start: StepStart = {
  index: 2,
  argv: ['/bin/sh', '-c', 'echo "$1"', 'sh', ''],
  cwd: '/' as JailPath,
  env: { A: 'x=y\n', B: '' },
  split: false,
  tty: null,
  limits,
};
const entries: readonly RootEntry[] = [
  { name: 'bin', kind: 'link', target: 'usr/bin' },
  ...['dev', 'etc', 'opt', 'proc', 'run', 'srv', 'sys'].map((name) => ({ name, kind: 'directory' as const })),
  { name: 'init', kind: 'file' },
];
const view = containerView(spec, entries);
const host = { image: 'image:tag', runtime: null, cgroupParent: '/agent-jail-x', systemd: false, seen: (path: string) => `/seen${path}` };
const body = container(spec, view, start, host) as { HostConfig: Record<string, unknown> } & Record<string, unknown>;

describe('containerView', () => {
  test('every entry of the root is mounted; links are the image’s, and proc, sys, dev and run the container’s own', () => {
    expect(view.map(({ target, source }) => `${target} ${source}`)).toEqual([
      '/etc /w/root/etc',
      '/opt /w/root/opt',
      '/srv /w/root/srv',
      '/init /w/root/init',
      '/etc/hosts /w/root/etc/hosts',
      '/etc/hostname /w/root/etc/hostname',
      '/etc/resolv.conf /w/root/etc/resolv.conf',
      '/srv/ä, b:c" null', // comes along with /srv
      '/run/agent-jail /w/runtime',
      '/run/agent-jail/result /w/scratch/result',
    ]);
  });
  test('what is listed itself keeps what the list says of it; the rest is as the root is', () => {
    const writable = Object.fromEntries(view.map((m) => [m.target, m.writable]));
    expect([writable['/opt'], writable['/etc'], writable['/srv/ä, b:c"'], writable['/run/agent-jail']]).toEqual([false, true, true, false]);
  });
});

describe('container', () => {
  test('has the runtime that was asked for; else it names none, and the engine takes its own', () => {
    expect(body.HostConfig).not.toHaveProperty('Runtime');
    expect(container(spec, view, start, { ...host, runtime: 'crun' })).toMatchObject({ HostConfig: { Runtime: 'crun' } });
  });

  test('takes every isolation there is, and no default of the engine’s', () => {
    expect(body.HostConfig).toMatchObject({
      NetworkMode: 'none',
      IpcMode: 'private',
      CgroupnsMode: 'private',
      UsernsMode: 'host',
      CgroupParent: '/agent-jail-x',
      ReadonlyRootfs: true,
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges', `seccomp=${JSON.stringify(spec.seccomp)}`],
      LogConfig: { Type: 'none' },
      AutoRemove: false,
    });
    for (const absent of ['CapAdd', 'Devices', 'Binds', 'PidMode', 'UTSMode', 'VolumesFrom', 'Runtime', 'ExtraHosts'])
      expect(body.HostConfig).not.toHaveProperty(absent);
    expect(body.HostConfig['MaskedPaths']).toEqual(expect.arrayContaining(['/proc/keys', '/proc/pressure/cpu', '/sys/firmware']));
  });
  test('says what the step is, word for word', () => {
    expect(body).toMatchObject({
      Image: 'image:tag',
      Cmd: start.argv,
      Entrypoint: null,
      User: '61001:61002',
      WorkingDir: '/',
      Env: ['A=x=y\n', 'B='],
      Hostname: 'jail',
      Labels: { 'agent-jail.run': spec.id },
      AttachStdout: false,
      Tty: false,
      NetworkDisabled: true,
    });
  });
  test('has the limits itself where systemd may take away those of its slice, and no less memory than an engine takes', () => {
    const limited = (systemd: boolean, memory = limits.memory) =>
      (container(spec, view, { ...start, limits: { ...limits, memory } }, { ...host, systemd }) as typeof body).HostConfig;
    const all = { Memory: 64 << 20, MemorySwap: (64 << 20) + 1, CpuPeriod: 100_000, CpuQuota: 50_000, PidsLimit: 9 };
    expect(limited(true)).toMatchObject(all);
    expect(limited(true, 4 << 20)).toMatchObject({ Memory: 6 << 20, MemorySwap: (6 << 20) + 1 });
    for (const name of Object.keys(all)) expect(limited(false)).not.toHaveProperty(name);
  });
  test('mounts what the engine has to bring, by the path that the engine sees, whatever characters are in it', () => {
    const odd = containerView({ ...spec, view: [mount('/x, "y":z\\', 'bind', '/w/ä,:"', true)] }, []);
    const { HostConfig } = container(spec, odd, start, host) as typeof body;
    expect(containerMounts(view)).toHaveLength(9);
    expect(HostConfig['Mounts']).toContainEqual({
      Type: 'bind',
      Source: '/seen/w/ä,:"',
      Target: '/x, "y":z\\',
      ReadOnly: false,
      BindOptions: { Propagation: 'rprivate' },
    });
  });
});

test('containers are named and found by the run', () => {
  expect(containerName(spec.id, 3)).toBe(`agent-jail-${spec.id}-3`);
  const query = new URL(containersOf(spec.id), 'http://x').searchParams;
  expect([query.get('all'), JSON.parse(query.get('filters') ?? '')]).toEqual(['1', { label: [`agent-jail.run=${spec.id}`] }]);
});

import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/backend/nspawn.ts';
import { bundle, machine, nspawnArgv } from '../../../src/backend/nspawn-bundle.ts';
import type { JailSpec, StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';

const spec: JailSpec = {
  id: '01JD000000000000000000ABCD',
  root: '/w/root' as HostPath,
  view: [
    { target: '/' as JailPath, kind: 'overlay', source: null, writable: true },
    { target: '/run/agent-jail' as JailPath, kind: 'bind', source: '/w/run:time' as HostPath, writable: false },
    { target: '/run/agent-jail/result' as JailPath, kind: 'bind', source: '/w/result' as HostPath, writable: true },
  ],
  identity: { uid: 61001, gid: 61001, name: 'agent', home: '/home/agent' as JailPath },
  cgroup: 'agent-jail-x',
  netns: '/w/netns' as HostPath,
  seccomp: { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls: [] },
  hostname: 'jail-abcd',
};
const start: StepStart = {
  index: 2,
  argv: ['/bin/sh', '-c', 'x'],
  cwd: '/ws' as JailPath,
  env: { A: '1', B: 'a=b\nc' },
  split: false,
  tty: null,
  limits: { memory: 1 << 30, cpus: 1, processes: 9 },
};

describe('bundle', () => {
  test('an unprivileged process without capabilities, in the run’s network namespace', () => {
    expect(bundle(spec, start)).toMatchObject({
      ociVersion: '1.0.0',
      root: { path: '/w/root', readonly: false },
      process: {
        user: { uid: 61001, gid: 61001, additionalGids: [61001] },
        noNewPrivileges: true,
        capabilities: { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] },
        env: ['A=1', 'B=a=b\nc'],
        cwd: '/ws',
      },
      linux: { seccomp: spec.seccomp },
    });
    expect(JSON.stringify(bundle(spec, start))).toContain('{"type":"network","path":"/w/netns"}');
  });
  test('without a network namespace there is no bundle', () => {
    expect(() => bundle({ ...spec, netns: null }, start)).toThrow('joins a network namespace');
  });
});

const masks = { files: ['/proc/keys'], directories: ['/proc/acpi', '/sys/firmware', '/sys/devices/virtual/powercap'] };
test('argv: read-only binds stay read-only, colons are escaped, the command stands last', () => {
  expect(nspawnArgv('/usr/bin/systemd-nspawn', spec, start, '/w/b', masks)).toEqual([
    '/usr/bin/systemd-nspawn',
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--pipe',
    '--as-pid2',
    '--machine=agent-jail-01jd000000000000000000abcd-2',
    '--oci-bundle=/w/b',
    '--tmpfs=/run/host:mode=700',
    '--tmpfs=/run/host/incoming:mode=700',
    '--tmpfs=/dev/net:ro,mode=555,nr_inodes=1',
    '--bind-ro=/dev/null:/proc/keys',
    '--tmpfs=/proc/acpi:ro,mode=555,nr_inodes=1',
    '--tmpfs=/proc/self/root/sys/devices/virtual/powercap:ro,mode=555,nr_inodes=1',
    '--bind-ro=/w/run\\:time:/run/agent-jail',
    '--bind=/w/result:/run/agent-jail/result',
    '--',
    '/bin/sh',
    '-c',
    'x',
  ]);
  expect(machine(spec.id, 99).length).toBeLessThanOrEqual(64);
});

describe('exitOf', () => {
  test.each([
    [0, null, '', { code: 0, signal: null }],
    [255, null, '', { code: 255, signal: null }],
    [255, null, 'Container x terminated by signal KILL.\n', { code: null, signal: 'SIGKILL' }],
    [7, null, 'Container x terminated by signal KILL.\n', { code: 7, signal: null }],
    [null, 'SIGKILL', '', 'backend'],
  ])('%s %s %j', (code, signal, said, wanted) => {
    expect(exitOf(code, signal, said)).toEqual(wanted);
  });
});

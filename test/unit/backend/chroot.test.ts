import { describe, expect, test } from 'vitest';
import { CHROOT_LACKS, chrootArgv, endOf } from '../../../src/backend/chroot.ts';
import { openFiles } from '../../../src/backend/open-files.ts';
import type { JailSpec, StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';

const spec: JailSpec = {
  id: '01JD000000000000000000ABCD',
  root: '/w/root' as HostPath,
  view: [
    { target: '/' as JailPath, kind: 'overlay', source: null, writable: true },
    { target: '/run/agent-jail' as JailPath, kind: 'bind', source: '/w/run' as HostPath, writable: false },
    { target: '/run/agent-jail/result' as JailPath, kind: 'bind', source: '/w/result' as HostPath, writable: true },
  ],
  identity: { uid: 61001, gid: 61002, name: 'agent', home: '/home/agent' as JailPath },
  cgroup: 'agent-jail-x',
  netns: null,
  seccomp: { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls: [] },
  hostname: 'jail-abcd',
};
const limits = { memory: 1 << 30, cpus: 1, processes: 9 };
const start: StepStart = {
  index: 2,
  argv: ['/bin/sh', '-c', 'x'],
  cwd: '/' as JailPath,
  env: { PERL5OPT: '-Mevil' },
  split: false,
  tty: null,
  limits,
};

test('argv: who, where, how much, the binds, and nothing of the step’s variables', () => {
  const { soft, hard } = openFiles();
  expect(chrootArgv(spec, start, { launcher: '/d/chroot.pl', doors: ['/cg/a', '/cg/b'], environ: '/s/environ' })).toEqual([
    'perl', '/d/chroot.pl', '/w/root', '61001', '61002', String(soft), String(hard), '/s/environ',
    '--cgroup', '/cg/a', '--cgroup', '/cg/b',
    '--bind', 'ro', '/w/run', '/run/agent-jail', '--bind', 'rw', '/w/result', '/run/agent-jail/result',
    '--', '/bin/sh', '-c', 'x',
  ]); // biome-ignore format: a command line
});

describe('the end of a step', () => {
  test.each([
    ['exit 0\n', { code: 0, signal: null }],
    ['exit 143\n', { code: 143, signal: null }],
    ['signal 9\n', { code: null, signal: 'SIGKILL' }],
    ['', 'backend'],
    ['exit 1', 'backend'],
    ['signal 999\n', 'backend'],
  ])('%j', (said, end) => {
    expect(endOf(said)).toEqual(end);
  });
});

test('the warning is whole in a summary, which cuts notices at 300 characters', () => {
  expect(CHROOT_LACKS.length).toBeLessThanOrEqual(300);
});

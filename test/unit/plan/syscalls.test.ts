import { describe, expect, it } from 'vitest';
import { seccompProfile } from '../../../src/plan/seccomp.ts';
import { ALLOWED_SYSCALLS } from '../../../src/plan/syscalls.ts';
import { REFUSED, SYSCALLS } from '../../support/syscalls.ts';

const refused = Object.values(REFUSED).flat();
const byArguments = [
  ...new Set(
    seccompProfile('arm64', 'nspawn')
      .syscalls.slice(1)
      .flatMap(({ names }) => names),
  ),
];
/** Calls of before there were ones with a directory, flags or a longer number, which is all that arm64 has; and what does the same there. */
const INSTEAD: Readonly<Record<string, string>> = {
  access: 'faccessat', alarm: 'setitimer', chmod: 'fchmodat', chown: 'fchownat', creat: 'openat', dup2: 'dup3', epoll_create: 'epoll_create1',
  epoll_wait: 'epoll_pwait', eventfd: 'eventfd2', fork: 'clone', futimesat: 'utimensat', getdents: 'getdents64', getpgrp: 'getpgid',
  inotify_init: 'inotify_init1', lchown: 'fchownat', link: 'linkat', lstat: 'newfstatat', mkdir: 'mkdirat', mknod: 'mknodat', open: 'openat',
  pause: 'ppoll', pipe: 'pipe2', poll: 'ppoll', readlink: 'readlinkat', rename: 'renameat', rmdir: 'unlinkat', select: 'pselect6',
  signalfd: 'signalfd4', stat: 'newfstatat', symlink: 'symlinkat', time: 'gettimeofday', unlink: 'unlinkat', utime: 'utimensat',
  utimes: 'utimensat', vfork: 'clone',
}; // biome-ignore format: a table
/** Of the processor's own: segments and the like. */
const X86_ONLY = ['arch_prctl', 'get_thread_area', 'set_thread_area'];

describe('the system calls of a jail', () => {
  it('are all known, and each is allowed, looked at or refused: none is left to chance', () => {
    const decided = [...ALLOWED_SYSCALLS, ...byArguments, ...refused];
    expect(new Set(decided).size).toBe(decided.length);
    const known = new Set([...SYSCALLS.x64.keys(), ...SYSCALLS.arm64.keys()]);
    expect(decided.filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !decided.includes(name))).toEqual([]);
    expect(known.size).toBeGreaterThan(370);
  });

  it('have numbers: both machines share those that came since 2018', () => {
    for (const numbers of Object.values(SYSCALLS)) expect(new Set(numbers.values()).size).toBe(numbers.size);
    const late = [...SYSCALLS.x64].filter(([, number]) => number >= 424);
    expect(late.length).toBeGreaterThan(40);
    for (const [name, number] of late) expect([name, SYSCALLS.arm64.get(name)]).toEqual([name, number]);
  });

  it('of arm64 do all that those of x64 do', () => {
    const without = [...ALLOWED_SYSCALLS, ...byArguments].filter((name) => !SYSCALLS.arm64.has(name));
    expect(without.filter((name) => !X86_ONLY.includes(name)).toSorted()).toEqual(Object.keys(INSTEAD).toSorted());
    const profile = [...ALLOWED_SYSCALLS, ...byArguments];
    for (const [name, other] of Object.entries(INSTEAD)) {
      expect([name, other, SYSCALLS.arm64.has(other), profile.includes(other)]).toEqual([name, other, true, true]);
    }
  });

  it('that arguments decide about have a rule for each machine', () => {
    expect(byArguments.toSorted()).toEqual(['clone', 'clone3', 'mknod', 'mknodat', 'personality', 'socket', 'socketpair', 'unshare']);
    for (const form of ['oci', 'nspawn'] as const) {
      const [x64, arm64] = [seccompProfile('x64', form), seccompProfile('arm64', form)];
      expect(arm64.syscalls).toEqual(x64.syscalls);
      expect([x64.architectures, arm64.architectures]).toEqual([['SCMP_ARCH_X86_64'], ['SCMP_ARCH_AARCH64']]);
    }
  });
});

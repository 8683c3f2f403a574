import { describe, expect, test } from 'vitest';
import type { SeccompProfile } from '../../../src/model/jail.ts';
import { seccompProfile } from '../../../src/plan/seccomp.ts';
import { ALLOWED_SYSCALLS } from '../../../src/plan/syscalls.ts';

/** What libseccomp makes of a call: the action of the first rule that matches, else the default. */
function decide(profile: SeccompProfile, name: string, ...args: number[]): string {
  const matches = (rule: SeccompProfile['syscalls'][number]) =>
    rule.names.includes(name) &&
    (rule.args ?? []).every(({ index, value, valueTwo = 0, op }) => {
      const given = BigInt(args[index] ?? 0);
      return op === 'SCMP_CMP_MASKED_EQ' ? (given & BigInt(value)) === BigInt(valueTwo) : given === BigInt(value);
    });
  const rule = profile.syscalls.find(matches);
  const action = rule?.action ?? profile.defaultAction;
  return `${action.replace('SCMP_ACT_', '')}${rule?.errnoRet === undefined ? '' : ` ${rule.errnoRet}`}`;
}

const CLONE_THREAD = 0x3d0f00; // what pthread_create(3) asks for
const SIGCHLD = 17;
const [UNIX, INET, NETLINK, INET6, PACKET, ALG, VSOCK] = [1, 2, 16, 10, 17, 38, 40];
const CALLS: readonly [allowed: boolean, name: string, ...args: number[]][] = [
  [true, 'read'], [true, 'execve'], [true, 'openat2'], [true, 'ioctl'], [true, 'memfd_create'],
  [true, 'clone', CLONE_THREAD], [true, 'clone', SIGCHLD],
  ...[0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000].flatMap((flag): [boolean, string, number][] => [
    [false, 'clone', flag | SIGCHLD], [false, 'unshare', flag],
  ]),
  [false, 'unshare', 0x80], [true, 'unshare', 0x400], // CLONE_NEWTIME, CLONE_FILES
  [true, 'socket', UNIX, 1, 0], [true, 'socket', INET, 1, 0], [true, 'socket', INET, 1, 6], [true, 'socket', INET6, 2, 17],
  [false, 'socket', INET, 3, 1], [false, 'socket', INET, 3, 255], [false, 'socket', INET6, 1, 132], [false, 'socket', INET, 1, 262],
  [false, 'socket', VSOCK, 1, 0], [false, 'socket', PACKET, 3, 0], [false, 'socket', ALG, 5, 0], [false, 'socket', 2 ** 32 + VSOCK, 1, 0],
  [true, 'socket', NETLINK, 3, 0], [false, 'socket', NETLINK, 3, 12], [false, 'socket', NETLINK, 3, 15],
  [true, 'socketpair', UNIX], [false, 'socketpair', VSOCK],
  [true, 'personality', 0], [true, 'personality', 0xffffffff], [false, 'personality', 0x40000], [false, 'personality', 8],
  [true, 'mknod', 0, 0o100644], [true, 'mknod', 0, 0o010644], [true, 'mknod', 0, 0o140644], [true, 'mknod', 0, 0o644],
  [false, 'mknod', 0, 0o020644], [false, 'mknod', 0, 0o060644], [false, 'mknodat', 0, 0, 0o020000], [true, 'mknodat', 0, 0, 0o010600],
  ...['mount', 'umount2', 'pivot_root', 'chroot', 'setns', 'fsopen', 'fsmount', 'open_tree', 'move_mount', 'mount_setattr', 'bpf', 'keyctl',
    'add_key', 'request_key', 'userfaultfd', 'io_uring_setup', 'io_uring_enter', 'perf_event_open', 'ptrace', 'process_vm_readv',
    'process_vm_writev', 'pidfd_getfd', 'kcmp', 'open_by_handle_at', 'syslog', 'quotactl', 'swapon', 'reboot', 'kexec_load', 'init_module',
    'finit_module', 'delete_module', 'acct', 'settimeofday', 'clock_settime', 'iopl', 'ioperm', 'sethostname', 'fanotify_init', 'modify_ldt',
    'a_call_of_tomorrow'].map((name): [boolean, string] => [false, name]),
]; // biome-ignore format: a table

describe.each(['oci', 'nspawn'] as const)('seccompProfile, %s', (form) => {
  test.each(CALLS)('allowed %s: %s %i %i %i', (allowed, name, ...args) => {
    for (const arch of ['x64', 'arm64'] as const)
      expect(decide(seccompProfile(arch, form), name, ...args)).toBe(allowed ? 'ALLOW' : 'ERRNO');
  });
});

test('clone3 is ENOSYS, or left to the filter around nspawn', () => {
  expect(decide(seccompProfile('x64', 'oci'), 'clone3')).toBe('ERRNO 38');
  expect(decide(seccompProfile('x64', 'nspawn'), 'clone3')).toBe('ALLOW');
});

test('nspawn refuses a profile with anything but names, action and args', () => {
  const { defaultAction, architectures, syscalls, ...rest } = seccompProfile('x64', 'nspawn');
  expect([defaultAction, architectures, rest]).toEqual(['SCMP_ACT_ERRNO', ['SCMP_ARCH_X86_64'], {}]);
  expect([...new Set(syscalls.flatMap((rule) => Object.keys(rule)))].sort()).toEqual(['action', 'args', 'names']);
});

test('one architecture, the one that is asked for', () => {
  expect(seccompProfile('arm64', 'oci').architectures).toEqual(['SCMP_ARCH_AARCH64']);
});

test('libseccomp takes one comparison per argument in a rule', () => {
  for (const { args = [] } of seccompProfile('x64', 'oci').syscalls) expect(new Set(args.map((a) => a.index)).size).toBe(args.length);
});

test('the list of names has no duplicates and nothing that also depends on arguments', () => {
  expect(new Set(ALLOWED_SYSCALLS).size).toBe(ALLOWED_SYSCALLS.length);
  expect(ALLOWED_SYSCALLS.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  const others = seccompProfile('x64', 'oci')
    .syscalls.slice(1)
    .flatMap((rule) => rule.names);
  expect(others.filter((name) => ALLOWED_SYSCALLS.includes(name))).toEqual([]);
});

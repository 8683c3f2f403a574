import { ARCHITECTURES, type Architecture } from '../model/architecture.ts';
import type { SeccompProfile } from '../model/jail.ts';
import { ALLOWED_SYSCALLS } from './syscalls.ts';

type Rule = SeccompProfile['syscalls'][number];
type Argument = NonNullable<Rule['args']>[number];

/** Flags of clone(2), linux/sched.h: mount, cgroup, UTS, IPC, user, PID and network namespaces. */
const NAMESPACES = 0x7e02_0000;
/** Only unshare(2) has it as a flag; in clone(2) the bit belongs to the exit signal. */
const TIME_NAMESPACE = 0x80;
/** Address families, bits/socket.h. */
const UNIX = 1;
const IP_FAMILIES = [2, 10];
const NETLINK = 16;
/** The family's default, TCP, UDP: no raw sockets, ICMP, SCTP or MPTCP. */
const IP_PROTOCOLS = [0, 6, 17];
/** NETLINK_ROUTE, which getifaddrs(3) and `ip` read. */
const NETLINK_ROUTE = 0;
/** personality(2): Linux, Linux that says it is 2.6, and the query. */
const PERSONALITIES = [0, 0x2_0000, 0xffff_ffff];
/** stat(2) S_IFMT and what mknod(2) may make: a regular file, written in two ways, FIFO, socket. No device, so no forged whiteout. */
const FILE_TYPE = 0xf000;
const FILE_TYPES = [0, 0x8000, 0x1000, 0xc000];
const ENOSYS = 38;

/**
 * The one system call filter of all backends: default-deny, argument-aware, in the form of the OCI runtime specification.
 * `oci` answers clone3 with ENOSYS, so that libraries fall back to clone, whose flags a filter can see. systemd-nspawn knows no other
 * error than EPERM, and would break threads: in the form `nspawn` clone3 is allowed, and **a filter around nspawn has to refuse it**.
 * ioctl is not looked into: pushing characters into a terminal (TIOCSTI) reaches nobody, since a step's terminal is the jail's alone.
 */
export function seccompProfile(arch: Architecture, form: 'oci' | 'nspawn'): SeccompProfile {
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    // One architecture: calls by another ABI (32-bit, x32) are killed.
    architectures: [ARCHITECTURES[arch].seccomp],
    syscalls: [
      allow(ALLOWED_SYSCALLS),
      allow(['clone'], masked(0, NAMESPACES, 0)),
      allow(['unshare'], masked(0, NAMESPACES | TIME_NAMESPACE, 0)),
      allow(['socket'], equal(0, UNIX)),
      ...IP_FAMILIES.flatMap((family) => IP_PROTOCOLS.map((protocol) => allow(['socket'], equal(0, family), equal(2, protocol)))),
      allow(['socket'], equal(0, NETLINK), equal(2, NETLINK_ROUTE)),
      allow(['socketpair'], equal(0, UNIX)),
      ...PERSONALITIES.map((value) => allow(['personality'], equal(0, value))),
      ...FILE_TYPES.flatMap((type) => [allow(['mknod'], masked(1, FILE_TYPE, type)), allow(['mknodat'], masked(2, FILE_TYPE, type))]),
      form === 'oci' ? { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: ENOSYS } : allow(['clone3']),
    ],
  };
}

function allow(names: readonly string[], ...args: readonly Argument[]): Rule {
  return { names, action: 'SCMP_ACT_ALLOW', ...(args.length === 0 ? {} : { args }) };
}
const equal = (index: number, value: number): Argument => ({ index, value, op: 'SCMP_CMP_EQ' });
/** The argument's bits under `mask` are `value`. */
const masked = (index: number, mask: number, value: number): Argument => ({
  index,
  value: mask,
  valueTwo: value,
  op: 'SCMP_CMP_MASKED_EQ',
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jailed, repository, temporary } from '../support/jail.ts';
import { type Arch, REFUSED, SYSCALLS } from '../support/syscalls.ts';

// What the filter answers to real calls by their numbers, on both backends. What hostile agents try of it is in the red team; here it is whole.

/** Reads `LABEL NUMBER ARGUMENT…` and calls; prints `LABEL ERROR`, `LABEL ok` for what worked. */
const CALL = `
use strict; use warnings;
while (<STDIN>) {
  my ($label, $number, @arguments) = split ' ';
  # As the kernel takes them: numbers of 64 bits; $NAME is the place of a text.
  my @words = map { /^\\$(.*)/ ? "$1\\0" : $_ + 0 } @arguments;
  my $pid = fork() // die "fork: $!";
  if (!$pid) {
    $! = 0;
    my $done = syscall($number, @words, (0) x (6 - @words));
    my $error = $! + 0;
    exit($done == -1 ? $error : 200);
  }
  waitpid $pid, 0;
  print "$label ", ($? & 127 ? 'signal ' . ($? & 127) : $? >> 8 == 200 ? 'ok' : $? >> 8), "\\n";
}`;
const [EPERM, EFAULT, ENOTTY, ENOSYS, EOPNOTSUPP] = ['1', '14', '25', '38', '95'];
const numbers = SYSCALLS[process.arch as Arch];
interface Call {
  readonly label: string;
  readonly name: string;
  readonly arguments: readonly (number | bigint | string)[];
  readonly answers: readonly string[];
}
const call = (answers: readonly string[], label: string, name: string, ...given: Call['arguments']): Call => ({
  label,
  name,
  arguments: given,
  answers,
});

/** By address family; what the kernel itself does not have it would refuse with another error: this is the filter's. */
const FAMILIES = Array.from({ length: 46 }, (_, family) => family).filter((family) => ![1, 2, 10, 16].includes(family));
const [UNIX, INET, NETLINK, INET6, VSOCK] = [1, 2, 16, 10, 40];
const [STREAM, DGRAM, RAW] = [1, 2, 3];
const NAMESPACES = {
  mount: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
};
const SIGCHLD = 17;
const AT_FDCWD = -100;
const CALLS: readonly Call[] = [
  // Refused, whatever the arguments. A name that libseccomp, or the kernel, does not know yet may be answered with ENOSYS by an engine.
  ...Object.values(REFUSED).flat().filter((name) => numbers.has(name)).map((name) => call([EPERM, ENOSYS], name, name)),
  ...FAMILIES.map((family) => call([EPERM], `socket:${family}`, 'socket', family, DGRAM, 0)),
  ...FAMILIES.map((family) => call([EPERM], `socketpair:${family}`, 'socketpair', family, DGRAM, 0)),
  ...Array.from({ length: 22 }, (_, at) => call([EPERM], `netlink:${at + 1}`, 'socket', NETLINK, RAW, at + 1)),
  ...[INET, INET6].flatMap((family) => [1, 2, 4, 41, 47, 50, 58, 89, 132, 255, 262].map((protocol) => call([EPERM], `ip:${family}:${protocol}`, 'socket', family, RAW, protocol))),
  call([EPERM], 'socket:high', 'socket', 2n ** 32n + BigInt(VSOCK), STREAM, 0),
  call([EPERM], 'socketpair:inet', 'socketpair', INET, STREAM, 0),
  ...Object.entries(NAMESPACES).flatMap(([name, flag]) => [
    call([EPERM], `clone:${name}`, 'clone', flag + SIGCHLD),
    call([EPERM], `unshare:${name}`, 'unshare', flag),
    call([EPERM], `unshare:${name}:high`, 'unshare', 2n ** 32n + BigInt(flag)),
  ]),
  call([EPERM], 'unshare:time', 'unshare', 0x80),
  call([ENOSYS], 'clone3', 'clone3', 0, 0),
  ...[0x40000, 0x400000, 8, 0x2000000].map((persona) => call([EPERM], `personality:${persona}`, 'personality', persona)),
  call([EPERM], 'mknodat:character', 'mknodat', AT_FDCWD, '$/tmp/node', 0o020666, 0x103),
  call([EPERM], 'mknodat:block', 'mknodat', AT_FDCWD, '$/tmp/node', 0o060666, 0x700),
  call([EPERM], 'mknodat:whiteout', 'mknodat', AT_FDCWD, '$/tmp/node', 0o020000, 0),
  call([EPERM], 'mknodat:high', 'mknodat', AT_FDCWD, '$/tmp/node', 2n ** 32n + 0o020666n, 0x103),
  // Let through: these reach the kernel.
  call(['ok'], 'socket:unix', 'socket', UNIX, STREAM, 0),
  call(['ok'], 'socket:tcp', 'socket', INET, STREAM, 6),
  call(['ok'], 'socket:udp', 'socket', INET, DGRAM, 17),
  call(['ok'], 'socket:tcp6', 'socket', INET6, STREAM, 0),
  call(['ok'], 'socket:route', 'socket', NETLINK, RAW, 0),
  call([EFAULT], 'socketpair:unix', 'socketpair', UNIX, STREAM, 0, 0),
  call(['ok'], 'unshare:files', 'unshare', 0x400),
  call(['ok'], 'personality:asked', 'personality', 0xffff_ffff),
  call(['ok'], 'mknodat:fifo', 'mknodat', AT_FDCWD, '$/tmp/fifo', 0o010600, 0),
  call(['ok'], 'mknodat:file', 'mknodat', AT_FDCWD, '$/tmp/file', 0o100600, 0),
  call([EFAULT, EOPNOTSUPP], 'name_to_handle_at', 'name_to_handle_at', AT_FDCWD, '$/tmp', 0, 0, 0),
  // Where the kernel was started without secret memory, it says so itself.
  call(['ok', ENOSYS], 'memfd_secret', 'memfd_secret', 0),
  // Every step has a terminal of its own, or none: pushing a character there reaches nobody else.
  call([ENOTTY], 'ioctl:TIOCSTI', 'ioctl', 0, 0x5412, '$x'),
  call([ENOTTY], 'ioctl:TIOCLINUX', 'ioctl', 0, 0x541c, '$\x03'),
]; // biome-ignore format: a table

describe.each(['nspawn', 'docker'] as const)('%s: the filter of system calls', (backend) => {
  let answers: ReadonlyMap<string, string>;
  const place = temporary();
  beforeAll(async () => {
    repository(place.path);
    const lines = CALLS.map(({ label, name, arguments: given }) => [label, numbers.get(name), ...given].join(' '));
    const script = `perl -e '${CALL.replaceAll("'", "'\\''")}' <<'END' 2>&1 | cat\n${lines.join('\n')}\nEND\n`;
    const ran = await jailed(place.path, script, { args: ['--backend', backend] });
    answers = new Map(ran.transcript.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
    if (!answers.has('ioctl:TIOCLINUX')) throw new Error(`${ran.stderr}${ran.transcript}`);
  }, 120_000);
  afterAll(() => place[Symbol.dispose]());

  test('answers every call as it should', () => {
    expect(new Set(CALLS.map(({ label }) => label)).size).toBe(CALLS.length);
    expect(CALLS.length).toBeGreaterThan(240);
    const wrong = CALLS.filter(({ label, answers: wanted }) => !wanted.includes(answers.get(label) ?? 'nothing'));
    expect(wrong.map(({ label, answers: wanted }) => `${label}: ${answers.get(label)}, not ${wanted.join(' or ')}`)).toEqual([]);
  });

  test('refuses what it knows with EPERM: libraries do not take that for a kernel of long ago', () => {
    const old = CALLS.filter(({ name, answers: wanted }) => wanted.includes(EPERM) && (numbers.get(name) ?? 0) <= 334);
    expect(old.length).toBeGreaterThan(200);
    expect(old.filter(({ label }) => answers.get(label) !== EPERM).map(({ label }) => `${label}: ${answers.get(label)}`)).toEqual([]);
  });
});

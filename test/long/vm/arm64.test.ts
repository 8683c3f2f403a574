import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { REPOSITORY, temporary } from '../../support/jail.ts';
import { SYSCALLS } from '../../support/syscalls.ts';
import { arm64, boot } from './arm64.ts';

let directory = '';
beforeAll(() => {
  execFileSync(process.execPath, [join(REPOSITORY, 'scripts/setup.mjs'), '--for', 'vm'], { stdio: 'inherit' });
  directory = arm64();
}, 15 * 60_000);

/** A call, and what it is answered. */
const call = (name: string, ...args: readonly (string | number)[]): string =>
  `$! = 0; syscall(${SYSCALLS.arm64.get(name)}, ${args.join(', ')}); print "${name}: $!\\n";`;

test('a guest of arm64 runs a step as its agent, under its filter, and ends as it does', async () => {
  using place = temporary();
  const calls = [
    call('mount', '$none', '$none', '$none', 0, '$none'),
    call('clone3', 0, 0),
    call('unshare', 0x1000_0000),
    call('getpid'),
  ].join(' ');
  const script = `cat /proc/sys/kernel/osrelease /proc/sys/kernel/hostname; id -u; stat -c '%u %a %n' / /tmp; echo kept > /tmp/x; cat /tmp/x; rm /tmp/x
while read name value; do case $name in NoNewPrivs:|Seccomp:|CapEff:) echo "$name $value";; esac; done < /proc/self/status
perl -e 'my $none = "none\\0"; ${calls} socket(my $raw, 2, 3, 1) or print "raw: $!\\n"; socket($raw, 2, 1, 6) and print "tcp\\n"'
sleep 0.2 & wait; exit 7`;
  const { said, code, log } = await boot(directory, place.path, script);
  const wanted = `jail
61001
0 755 /
0 1777 /tmp
kept
CapEff: 0000000000000000
NoNewPrivs: 1
Seccomp: 2
mount: Operation not permitted
clone3: Function not implemented
unshare: Operation not permitted
getpid: 
raw: Operation not permitted
tcp
`;
  expect([said.slice(said.indexOf('\n') + 1), code], log).toEqual([wanted, 7]);
  expect(said).toMatch(/^6\.1\.0-\d+-cloud-arm64\n/);
});

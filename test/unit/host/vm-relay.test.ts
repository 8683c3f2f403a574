import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY, temporary } from '../../support/jail.ts';

const HOST = join(REPOSITORY, 'src/host');
const BOOT = '01234567-89ab-cdef-0123-456789abcdef';
/** In place of QEMU: what a guest says that was broken into, after it was ready like any other. Frames as `vm-mux.pl` has them, a line each. */
const GUEST = `my ($number, @frames) = @ARGV;
open(my $channel, '+<&=', $number) or die;
sub frame { my ($kind, $bytes) = @_; syswrite $channel, pack('a N N', $kind, 0, length $bytes) . $bytes }
frame('r', '6.1.0 ${BOOT}');
my $got = '';
until ($got =~ /G/) { sysread $channel, $got, 65536, length $got or exit }
frame(/^(.)(.*)/s) for map { pack 'H*', $_ } @frames;
1 while sysread $channel, $got, 65536;`;

/** What the relay says, and what comes out of it as the step's output. */
function relayed(frames: readonly string[]): { readonly said: string[]; readonly out: string; readonly code: number | null } {
  using place = temporary();
  const at = (name: string): string => join(place.path, name);
  for (const name of ['config', 'out']) writeFileSync(at(name), '');
  const machine = ['perl', '-e', GUEST, '{channel}', ...frames.map((frame) => Buffer.from(frame, 'latin1').toString('hex'))];
  const argv = [join(HOST, 'vm-relay.pl'), join(HOST, 'vm-mux.pl'), at('config'), at('out'), '', '--', ...machine];
  const { status, stdout } = spawnSync('perl', argv, { timeout: 20_000, encoding: 'latin1' });
  return { said: stdout.split('\n').slice(0, -1), out: readFileSync(at('out'), 'latin1'), code: status };
}

test('a guest that was broken into says nothing in the relay’s name', () => {
  const ran = relayed([
    'p{"kind":"done","lost":0}',
    'px\nfailed',
    'p\x1b[31m',
    'p',
    `p${'x'.repeat(32_769)}`,
    'hmemory\nfailed',
    'hdisk',
    'r6.2.0 other',
    `r6.2.0 ${BOOT}`,
    'f\n',
    'xcode -1',
    'xcode 3\n4',
    'oprinted',
    'xcode 3',
  ]);
  expect(ran).toEqual({ said: [`ready 6.1.0 ${BOOT}`, 'program {"kind":"done","lost":0}'], out: 'printed', code: 3 });
});

test('what it may say of its step is handed on', () => {
  expect(relayed(['hmemory', 'hprocesses', 'xcode 0']).said).toEqual([`ready 6.1.0 ${BOOT}`, 'hit memory', 'hit processes']);
  expect(relayed(['fno room']).said.at(-1)).toBe('failed');
});

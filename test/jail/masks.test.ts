import { existsSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { masksHere } from '../../src/backend/proc-masks.ts';
import { MOBY_MASKED, MOBY_READ_ONLY } from '../support/moby.ts';
import { jailed, repository, temporary } from '../support/jail.ts';

/** Prints of each path: absent, empty, or what is in it; and whether the mount that it is on is read-only. */
const LOOK = `
use strict; use warnings;
sub names { opendir(my $names, $_[0]) or return "$!"; return grep({ !/^\\.\\.?$/ } readdir $names) ? 'names' : 'empty' }
sub bytes { sysopen(my $file, $_[0], 0x800) or return "$!"; return sysread($file, my $byte, 1) ? 'bytes' : 'empty' }
my %mounts; # by place: options of the last one there
open(my $file, '<', '/proc/self/mountinfo') or die;
while (<$file>) { my @fields = split ' '; $mounts{$fields[4]} = $fields[5] }
for my $path (@ARGV) {
  my $what = !-e $path ? 'absent' : -d _ ? names($path) : bytes($path);
  my ($place) = sort { length $b <=> length $a } grep { $path eq $_ or $_ eq '/' or index($path, "$_/") == 0 } keys %mounts;
  print "$path $what ", ($mounts{$place} =~ /\\bro\\b/ ? 'ro' : 'rw'), "\\n";
}`;

describe.each(['nspawn', 'docker'] as const)('%s', (backend) => {
  test('hides all of /proc and /sys that the Docker engine hides by itself, and what more there is', async () => {
    using place = temporary();
    repository(place.path);
    const { files, directories } = masksHere();
    // The machine has some of it, of both kinds: else nothing was shown.
    const masked = [...new Set([...MOBY_MASKED, ...files, ...directories])];
    const full = masked.filter((path) => existsSync(path) && (!statSync(path).isDirectory() || readdirSync(path).length > 0));
    expect(full.length).toBeGreaterThan(10);
    expect(full).toEqual(expect.arrayContaining(['/sys/dev/block', '/sys/firmware']));

    const paths = [...masked, ...MOBY_READ_ONLY, '/proc/stat', '/proc/self/maps'];
    const script = `perl -e '${LOOK.replaceAll("'", "'\\''")}' ${paths.join(' ')}`;
    const ran = await jailed(place.path, script, { args: ['--backend', backend] });
    const seen = new Map(
      ran.transcript
        .trim()
        .split('\n')
        .map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
    );
    expect([...seen.keys()], ran.stderr).toEqual(paths);
    // What is not hidden is seen: the method works.
    expect([seen.get('/proc/stat'), seen.get('/proc/self/maps')]).toEqual(['bytes rw', 'bytes rw']);
    const wrong = masked.filter((path) => !/^(?:absent|empty|Permission denied) /.test(seen.get(path) ?? ''));
    expect(wrong.map((path) => `${path} ${seen.get(path)}`)).toEqual([]);
    const writable = MOBY_READ_ONLY.filter((path) => !/^absent |ro$|^empty /.test(seen.get(path) ?? ''));
    expect(writable.map((path) => `${path} ${seen.get(path)}`)).toEqual([]);
  });
});

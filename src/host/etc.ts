import type { HostPath } from '../model/names.ts';
import { must } from './scratch.ts';

/** One process copies the allowed entries of /etc (names and globs relative to it) below `target`; links stay links. */
export async function copyEtc(target: HostPath, allowed: readonly string[]): Promise<void> {
  await must(['perl', '-e', COPY, target], '/etc could not be copied', allowed.join('\n'));
}
/** Expands the names without a shell and hands those that are there to cp(1). */
const COPY = `mkdir $ARGV[0], 0755 or die $!; chdir '/etc' or die $!; my @n = map { chomp; grep { -e $_ || -l $_ } glob $_ } <STDIN>;
exec 'cp', '-a', '--parents', '--', @n, $ARGV[0] if @n;`;

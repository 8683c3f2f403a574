import { readFileSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { cpio, type RamdiskEntry } from '../system/cpio.ts';
import { exec, failure } from '../system/exec.ts';
import { linkedLibraries } from './vm-libraries.ts';
import { moduleBytes, type Module } from './vm-modules.ts';

const PERL = '/usr/bin/perl';
/** What the guest's process 1 mounts something at, or needs as it is. */
const PLACES = ['proc', 'sys', 'dev', 'root', 'modules'];

/** Beside its process 1, by their names. */
const OWN = ['calls', 'mux', 'network', 'step', 'programs', 'trace', 'pty'] as const;

export interface GuestPrograms {
  readonly guest: HostPath;
  readonly calls: HostPath;
  readonly mux: HostPath;
  readonly network: HostPath;
  readonly step: HostPath;
  readonly programs: HostPath;
  readonly trace: HostPath;
  readonly pty: HostPath;
}

/**
 * The initial file system of a guest: this machine's perl, which is on every Debian and Ubuntu, with its libraries, the modules that lead to the
 * run's files, and the program that does the rest. Made anew for each run: it takes less time than to find out whether an older one still fits.
 */
export async function ramdisk(modules: readonly Module[], { guest, ...scripts }: GuestPrograms): Promise<Buffer> {
  const [libraries, files] = await Promise.all([linkedLibraries(PERL), loaded()]);
  const bytes = new Map<string, { mode: number; bytes: Uint8Array }>();
  const add = (path: string, mode: number, from = path): void =>
    void bytes.set(path.slice(1), { mode, bytes: readFileSync(realpathSync(from)) });
  add('/bin/perl', 0o755, PERL);
  for (const path of libraries) add(path, 0o755);
  for (const path of files) add(path, 0o644);
  add('/init', 0o755, guest);
  for (const name of OWN) add(`/${basename(scripts[name])}`, 0o644, scripts[name]);
  for (const [index, module] of modules.entries())
    bytes.set(`modules/${String(index).padStart(3, '0')}.ko`, { mode: 0o644, bytes: await moduleBytes(module) });
  return cpio(entriesOf(bytes));
}

/** Pure: with every directory on the way, and those of the guest. */
export function entriesOf(files: ReadonlyMap<string, { readonly mode: number; readonly bytes: Uint8Array }>): RamdiskEntry[] {
  const directories = new Set(PLACES);
  for (const path of files.keys()) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length += 1) directories.add(parts.slice(0, length).join('/'));
  }
  return [
    ...[...directories].sort().map((path) => ({ path, kind: 'directory' }) as const),
    ...[...files].map(([path, file]) => ({ path, kind: 'file', ...file }) as const),
  ];
}

/** Files of perl that the guest's program uses. */
async function loaded(): Promise<string[]> {
  const argv = [PERL, '-Mstrict', '-Mwarnings', '-e', 'print "$_\\n" for values %INC'] as const;
  const result = await exec(argv);
  if (result.code !== 0) throw new JailError(`perl does not work: ${failure(argv, result)}`, 'see `agent-jail doctor`');
  return result.stdout.split('\n').filter((line) => line !== '');
}

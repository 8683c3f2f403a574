import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { JailError } from '../model/errors.ts';
import { SYSTEM_PATH } from '../system/exec.ts';

/** Programs of the machine that a jail needs, and the Debian package that brings each. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  perl: 'perl-base',
  git: 'git',
  tar: 'tar',
  'mkfs.ext4': 'e2fsprogs',
  mount: 'mount',
  losetup: 'mount',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  ip: 'iproute2',
};

/** Where the machine has a program; null: nowhere that counts. */
export function findProgram(name: string): string | null {
  return (
    SYSTEM_PATH.split(':')
      .map((directory) => join(directory, name))
      .find(executable) ?? null
  );
}

/** Some are used only when the agent is done, which is too late to find out. Throws JailError with all that are missing. */
export function requirePrograms(find: (name: string) => string | null = findProgram): void {
  const missing = Object.keys(PROGRAMS).filter((name) => find(name) === null);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))].join(' ');
  throw new JailError(`missing on this machine: ${missing.join(', ')}`, `install what is missing: \`apt-get install ${packages}\``);
}

/** An exception for each place where a program is not would cost more than all the looking. */
function executable(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

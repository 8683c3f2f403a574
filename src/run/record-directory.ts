import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { UserError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { Platform } from '../system/platform.ts';

/** Makes the directory of a record, 0700, where it is not there. One that is there must be the caller's, and empty. Throws UserError. */
export function recordDirectory(written: string, here: Platform): HostPath {
  const wrong = (why: string): UserError =>
    new UserError([
      {
        message: `${JSON.stringify(written)} cannot take the record: ${why}`,
        place: null,
        remedy: 'name a directory that is empty, or not there yet',
      },
    ]);
  if (!isAbsolute(written)) throw wrong('it is not an absolute path');
  try {
    mkdirSync(written, { recursive: true, mode: 0o700 });
    const stat = lstatSync(written);
    if (!stat.isDirectory()) throw wrong('it is not a directory');
    if (process.getuid !== undefined && stat.uid !== process.getuid()) throw wrong('it belongs to another user');
    if (readdirSync(written).length > 0) throw wrong('it is not empty');
    chmodSync(written, 0o700);
    return here.real(written);
  } catch (error) {
    throw error instanceof UserError ? error : wrong((error as Error).message);
  }
}

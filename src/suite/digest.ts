import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { canonicalJson } from '../policy/digest.ts';

const MOST_FILES = 10_000;
const MOST_BYTES = 256 << 20;

/** Of anything that JSON has. */
export const digestOf = (value: unknown): Sha256 => createHash('sha256').update(canonicalJson(value)).digest('hex') as Sha256;

/** Of names, kinds and contents of what lies in a directory. Throws UserError where it is none, or holds more than verifiers do. */
export function treeDigest(directory: HostPath, what: string): Sha256 {
  const fail = (message: string, remedy: string): UserError => new UserError([{ message: `${what}: ${message}`, remedy, place: null }]);
  const lines: [string, string][] = [];
  let bytes = 0;
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(directory, relative)).sort()) {
      const path = relative === '' ? name : `${relative}/${name}`;
      const seen = lstatSync(join(directory, path));
      if (seen.isDirectory()) {
        walk(path);
        continue;
      }
      bytes += seen.size;
      if (lines.length >= MOST_FILES || bytes > MOST_BYTES)
        throw fail(
          `${directory} holds more than ${MOST_FILES} files or ${MOST_BYTES >> 20} MiB`,
          'Keep what verifiers need, and nothing else.',
        );
      if (seen.isSymbolicLink()) lines.push([path, `link ${readlinkSync(join(directory, path))}`]);
      else if (seen.isFile())
        lines.push([
          path,
          `${(seen.mode & 0o111) === 0 ? 'file' : 'program'} ${createHash('sha256')
            .update(readFileSync(join(directory, path)))
            .digest('hex')}`,
        ]);
      else throw fail(`${join(directory, path)} is neither file, directory nor link`, 'Remove it.');
    }
  };
  try {
    walk('');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw fail((error as Error).message, 'Give a directory that is there.');
  }
  return digestOf(lines);
}

import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Everything about a tree that a write could change, one line a path: kind, mode, owner, links, size, both times, content. */
export function inventory(path: string, name = '.'): string[] {
  const stat = lstatSync(path, { bigint: true });
  const hash = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const content = stat.isFile() ? hash(readFileSync(path)) : stat.isSymbolicLink() ? readlinkSync(path) : '';
  const fields = [stat.mode.toString(8), stat.uid, stat.gid, stat.nlink, stat.rdev, stat.size, stat.mtimeNs, stat.ctimeNs, content];
  const below = stat.isDirectory() ? readdirSync(path).toSorted() : [];
  return [`${name} ${fields.join(' ')}`, ...below.flatMap((entry) => inventory(join(path, entry), join(name, entry)))];
}

import type { BigIntStats } from 'node:fs';
import { join, key } from './bytes.ts';
import type { BaseDirectory } from './lower.ts';
import type { Tree } from './tree.ts';

/** Names of a directory that are looked at. */
const TRIES = 16;
const DEEP = 64;
/** overlayfs may put the number of the layer into the high bits of an inode number (xino). */
const LOW = 0xffff_ffffn;

/**
 * Is the merged directory the base directory of the same path? `names`: some of the base, none of them in the upper directory. It is another
 * one where it was removed and made again (overlayfs: opaque), or renamed into place (redirect) with names that may be the same. One file of
 * the base is proof enough, since a directory comes from one place as a whole. False when in doubt: then everything is compared by content.
 */
export function isUntouched(merged: Tree, path: Buffer, base: BaseDirectory, names: Iterable<Buffer>): boolean {
  return probe(merged, path, base, names, DEEP) === 'same';
}

type Verdict = 'same' | 'other' | 'unknown';

function probe(merged: Tree, path: Buffer, base: BaseDirectory, names: Iterable<Buffer>, deep: number): Verdict {
  const directories: Buffer[] = [];
  let left = TRIES;
  for (const name of names) {
    if (left-- === 0) break;
    const seen = merged.lstatExact(join(path, name));
    const entry = base.child(name);
    const expected = entry?.tree.lstatExact(entry.path) ?? null;
    if (seen === null || expected === null) return 'other';
    if (seen.isDirectory() && expected.isDirectory()) directories.push(name);
    else if (!isSame(seen, expected)) return 'other';
    // Two names of one file prove nothing about the directory they are in.
    else if (seen.nlink === 1n) return 'same';
  }
  if (deep === 0) return 'unknown';
  for (const name of directories.slice(0, 2)) {
    const verdict = below(merged, join(path, name), base.child(name)?.directory ?? null, deep - 1);
    if (verdict !== 'unknown') return verdict;
  }
  return 'unknown';
}

function below(merged: Tree, path: Buffer, base: BaseDirectory | null, deep: number): Verdict {
  if (base === null) return 'other';
  const names = merged.list(path);
  const expected = base.names();
  if (names.length !== expected.size || names.some((name) => !expected.has(key(name)))) return 'other';
  return probe(merged, path, base, names, deep);
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return (a.ino & LOW) === (b.ino & LOW) && a.ctimeNs === b.ctimeNs && a.mtimeNs === b.mtimeNs && a.size === b.size && a.mode === b.mode;
}

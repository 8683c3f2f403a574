import type { Stats } from 'node:fs';
import { join, key } from './bytes.ts';
import type { BaseDirectory } from './lower.ts';
import type { Tree } from './tree.ts';
import type { View } from './view.ts';
import type { Doubt } from './walk.ts';

/** Names of a directory that are looked at. */
const TRIES = 16;
const DEEP = 64;
/** overlayfs may put the number of the layer into the high bits of an inode number (xino). */
const LOW = 0xffff_ffffn;
const LOWER = 2 ** 32;

/**
 * Is the merged directory the base directory of the same path? It is another one where it was removed and made again (overlayfs: opaque), or
 * renamed into place (redirect) with names that may be the same. One file of the base, under a name that the upper directory does not have, is
 * proof enough, since a directory comes from one place as a whole. False when in doubt: then everything is compared by content.
 */
export function isOwn({ merged, upper }: View, { path, base }: Doubt): boolean {
  const own = new Set(upper.list(path).map(key));
  return probe(merged, path, base, base.others(own), DEEP) === 'same';
}

type Verdict = 'same' | 'other' | 'unknown';

function probe(merged: Tree, path: Buffer, base: BaseDirectory, names: Iterable<Buffer>, deep: number): Verdict {
  const directories: Buffer[] = [];
  let left = TRIES;
  for (const name of names) {
    if (left-- === 0) break;
    const seen = merged.lstat(join(path, name));
    const expected = base.child(name)?.stat ?? null;
    if (seen === null || expected === null) return 'other';
    if (seen.isDirectory() && expected.isDirectory()) directories.push(name);
    else if (!isSame(seen, expected) || low(merged, join(path, name), seen) !== expected.ino % LOWER) return 'other';
    // Two names of one file prove nothing about the directory they are in.
    else if (seen.nlink === 1) return 'same';
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

/** But for their inode numbers. */
function isSame(a: Stats, b: Stats): boolean {
  return a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.mode === b.mode;
}

/** The low bits of an inode number, which a number of JavaScript loses where the high ones are in use. */
function low(tree: Tree, path: Buffer, { ino }: Stats): number {
  return Number.isSafeInteger(ino) ? ino % LOWER : Number((tree.lstatExact(path)?.ino ?? 0n) & LOW);
}

import { lstatSync, rmSync } from 'node:fs';
import { displayPath } from '../record/display.ts';
import { same } from './compare.ts';
import { ancestorsOf, bytesOf } from './paths.ts';
import type { Path } from './paths.ts';
import type { Place } from './plan.ts';
import { Refusal } from './refusal.ts';
import type { Journal, Stage } from './stage.ts';
import { Blocked, contentAt } from './tree.ts';
import type { Tree } from './tree.ts';

/** Puts what is staged into the tree, after the journal is written. Whatever it throws, {@link takeBack} makes good. */
export function swap(tree: Tree, stage: Stage, places: readonly Place[]): void {
  const taken: Path[] = [];
  for (const [index, { path, before }] of places.entries()) {
    if (before === null) continue;
    guarded(path, () => tree.take(path, stage.taken(index)));
    const now = contentAt(stage.taken(index));
    if (now === null || now === 'other' || !same(before, now)) throw moved(path);
    taken.push(path);
  }
  const files = new Set(places.flatMap(({ path, after }) => (after === null ? [] : [path])));
  // Directories that a file or a link takes the place of.
  for (const path of taken) if ([...ancestorsOf(path)].some((above) => files.has(above))) tree.prune(path);
  for (const [index, { path, after }] of places.entries()) {
    if (after !== null) guarded(path, () => tree.put(path, stage.added(index)));
  }
  for (const path of taken) tree.prune(path);
}

/** Makes the tree what it was, as far as the journal tells that this program changed it. Idempotent. */
export function takeBack(tree: Tree, stage: Stage, { places }: Journal): void {
  for (const [index, { path, after }] of places.entries()) {
    if (!after || !isSameEntry(tree, path, stage.added(index))) continue;
    tree.remove(path);
    tree.prune(path);
  }
  for (const [index, { path, before }] of places.entries()) {
    const old = stage.taken(index);
    if (!before || contentAt(old) === null) continue;
    if (!isSameEntry(tree, path, old)) tree.put(path, old);
    rmSync(old);
  }
}

/** Both are names of one file or link: then this program made the one in the tree. */
function isSameEntry(tree: Tree, path: Path, staged: string): boolean {
  const ours = lstatSync(staged, { throwIfNoEntry: false });
  if (ours === undefined) return false;
  try {
    const there = tree.stat(path);
    return there !== null && there.ino === ours.ino && there.dev === ours.dev;
  } catch {
    return false; // something else is on the way
  }
}

function guarded(path: Path, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EXDEV') {
      throw new Refusal(`${shown(path)} is on another file system than the repository`, 'apply to a checkout without mounts in it');
    }
    if (code === 'EEXIST' || code === 'ENOENT' || code === 'ENOTDIR' || error instanceof Blocked) throw moved(path);
    throw error;
  }
}

const shown = (path: Path): string => displayPath(bytesOf(path));
function moved(path: Path): Refusal {
  return new Refusal(`${shown(path)} is not, or did not stay, what the run saw`, 'let nothing else write to the checkout, and try again');
}

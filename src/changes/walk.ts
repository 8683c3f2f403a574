import { join, key } from './bytes.ts';
import { type Side, sameMetadata, side } from './entry.ts';
import type { BaseDirectory, BaseEntry } from './lower.ts';
import { isUntouched } from './origin.ts';
import type { View } from './view.ts';

/** What may differ at one path, relative to the view. Files are pairs until their content is compared: an upper directory over-reports. */
export interface Pair {
  readonly path: Buffer;
  readonly before: Side | null;
  readonly after: Side | null;
}
interface Todo {
  readonly path: Buffer;
  readonly base: BaseDirectory | null;
  /** The upper directory has this directory: only then can its entries come from the base unchanged. */
  readonly upper: boolean;
}

/**
 * Compares the merged view with the base wherever the upper directory has something. Three listings a directory tell it all without
 * extended attributes: a name of the base that the merged view lacks is deleted (whiteout, opaque directory), a name that only the merged
 * view has is new, and a directory that was renamed shows entries that are not the base's own. Order is not defined.
 */
export function* walk(view: View): Generator<Pair> {
  const todo: Todo[] = [{ path: Buffer.alloc(0), base: view.base, upper: true }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) yield* directory(view, next, todo);
}

function* directory(view: View, here: Todo, todo: Todo[]): Generator<Pair> {
  const { base } = here;
  const merged = namesOf(view.merged.list(here.path));
  const before = base?.names() ?? new Map<string, Buffer>();
  for (const [id, name] of before) {
    const entry = merged.has(id) ? null : (base?.child(name) ?? null);
    if (entry !== null) yield* gone(view, join(here.path, name), entry);
  }
  const own = here.upper && base !== null ? namesOf(view.upper.list(here.path)) : null;
  if (own === null || base === null) {
    for (const name of merged.values()) yield* compare(view, join(here.path, name), base?.child(name) ?? null, here.upper, todo);
    return;
  }
  const rest = [...merged].filter(([id]) => !own.has(id));
  const untouched =
    rest.every(([id]) => before.has(id)) &&
    // Nobody can put another directory in the place of a mount.
    (here.path.length === 0 ||
      isUntouched(
        view.merged,
        here.path,
        base,
        rest.map(([, name]) => name),
      ));
  for (const [id, name] of merged) {
    if (!own.has(id) && untouched) continue;
    yield* compare(view, join(here.path, name), before.has(id) ? base.child(name) : null, own.has(id), todo);
  }
}

function* compare(view: View, path: Buffer, base: BaseEntry | null, upper: boolean, todo: Todo[]): Generator<Pair> {
  const stat = view.merged.lstat(path);
  if (stat === null) throw new Error('an entry vanished while the changes were read');
  if (stat.isDirectory() && stat.dev !== view.device) return;
  const several = stat.nlink > 1 && !stat.isDirectory() && upper;
  const inode = several ? `${view.target} ${view.upper.lstat(path)?.ino ?? key(path)}` : null;
  const after = side(view.merged, path, stat, view.swapped, inode);
  const before = base === null ? null : sideOf(view, base);
  if (!stat.isDirectory()) {
    yield { path, before, after };
    if (base?.directory) yield* children(view, path, base.directory);
    return;
  }
  todo.push({ path, base: base?.directory ?? null, upper });
  if (before === null || before.entry.type !== 'directory' || !sameMetadata(before.entry, after.entry)) yield { path, before, after };
}

/** A deleted entry and all below it. */
function* gone(view: View, path: Buffer, base: BaseEntry): Generator<Pair> {
  const todo = [{ path, base }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    yield { path: next.path, before: sideOf(view, next.base), after: null };
    const { directory } = next.base;
    if (directory === null) continue;
    for (const name of directory.names().values()) {
      const child = directory.child(name);
      if (child !== null) todo.push({ path: join(next.path, name), base: child });
    }
  }
}

function* children(view: View, path: Buffer, base: BaseDirectory): Generator<Pair> {
  for (const name of base.names().values()) {
    const child = base.child(name);
    if (child !== null) yield* gone(view, join(path, name), child);
  }
}

function sideOf(view: View, base: BaseEntry): Side {
  return side(base.tree, base.path, base.stat, view.swapped, null);
}

function namesOf(entries: readonly { readonly name: Buffer }[]): Map<string, Buffer> {
  return new Map(entries.map((entry) => [key(entry.name), entry.name]));
}

import { join, key } from './bytes.ts';
import { type Side, side } from './entry.ts';
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
 * Compares the merged view with the base wherever the upper directory has something, without extended attributes. Where a directory is the
 * base's own with changes on top, the names of the upper directory are all there is to look at: one that the merged view lacks is deleted.
 * Any other one (new, made again, put in the place of another) is listed in full. Order is not defined.
 */
export function* walk(view: View): Generator<Pair> {
  const todo: Todo[] = [{ path: Buffer.alloc(0), base: view.base, upper: true }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) yield* directory(view, next, todo);
}

function* directory(view: View, here: Todo, todo: Todo[]): Generator<Pair> {
  const { base, path } = here;
  const own = here.upper && base !== null ? namesOf(view.upper.list(path)) : null;
  // Nobody can put another directory in the place of a mount.
  if (own !== null && base !== null && (path.length === 0 || isUntouched(view.merged, path, base, base.others(own)))) {
    for (const name of own.values()) yield* compare(view, join(path, name), base.child(name), true, todo);
    return;
  }
  const merged = namesOf(view.merged.list(path));
  const before = base?.names() ?? new Map<string, Buffer>();
  for (const [id, name] of before) if (!merged.has(id)) yield* compare(view, join(path, name), base?.child(name) ?? null, false, todo);
  for (const [id, name] of merged) {
    const entry = before.has(id) ? (base?.child(name) ?? null) : null;
    yield* compare(view, join(path, name), entry, own?.has(id) ?? here.upper, todo);
  }
}

function* compare(view: View, path: Buffer, base: BaseEntry | null, upper: boolean, todo: Todo[]): Generator<Pair> {
  const stat = view.merged.lstat(path);
  if (stat === null) {
    if (base !== null) yield* gone(view, path, base);
    return;
  }
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
  yield { path, before, after };
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

function namesOf(names: readonly Buffer[]): Map<string, Buffer> {
  return new Map(names.map((name) => [key(name), name]));
}

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
  /** Entries below it that are gone as well, and pairs of none. */
  readonly more?: number;
}
/** Entries that are listed of what went with one directory; further ones are counted, as far as nobody misses them. */
const LISTED = 1000;
/** Of the base. */
export type Missed = (path: Buffer, directory: boolean) => boolean;
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
 * `missed`: whether a deleted path has to be listed however many there are.
 */
export function* walk(view: View, missed: Missed = () => true): Generator<Pair> {
  const todo: Todo[] = [{ path: Buffer.alloc(0), base: view.base, upper: true }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) yield* directory(view, next, todo, missed);
}

function* directory(view: View, here: Todo, todo: Todo[], missed: Missed): Generator<Pair> {
  const { base, path } = here;
  const own = here.upper && base !== null ? namesOf(view.upper.list(path)) : null;
  // Nobody can put another directory in the place of a mount.
  if (own !== null && base !== null && (path.length === 0 || isUntouched(view.merged, path, base, base.others(own)))) {
    for (const name of own.values()) yield* compare(view, join(path, name), base.child(name), true, todo, missed);
    return;
  }
  const merged = namesOf(view.merged.list(path));
  const before = base?.names() ?? new Map<string, Buffer>();
  for (const [id, name] of before)
    if (!merged.has(id)) yield* compare(view, join(path, name), base?.child(name) ?? null, false, todo, missed);
  for (const [id, name] of merged) {
    const entry = before.has(id) ? (base?.child(name) ?? null) : null;
    yield* compare(view, join(path, name), entry, own?.has(id) ?? here.upper, todo, missed);
  }
}

function* compare(view: View, path: Buffer, base: BaseEntry | null, upper: boolean, todo: Todo[], missed: Missed): Generator<Pair> {
  const stat = view.merged.lstat(path);
  const before = base === null ? null : sideOf(view, base);
  if (stat === null) {
    if (base !== null) yield { path, before, after: null, ...more(yield* gone(view, path, base.directory, missed)) };
    return;
  }
  if (stat.isDirectory() && stat.dev !== view.device) return;
  const several = stat.nlink > 1 && !stat.isDirectory() && upper;
  const inode = several ? `${view.target} ${view.upper.lstat(path)?.ino ?? key(path)}` : null;
  const after = side(view.merged, path, stat, view.swapped, inode);
  if (!stat.isDirectory()) {
    yield { path, before, after, ...more(yield* gone(view, path, base?.directory ?? null, missed)) };
    return;
  }
  todo.push({ path, base: base?.directory ?? null, upper });
  yield { path, before, after };
}

const more = (count: number): { readonly more?: number } => (count === 0 ? {} : { more: count });

/** What went with a directory. Returns how much of it is not listed. */
function* gone(view: View, path: Buffer, base: BaseDirectory | null, missed: Missed): Generator<Pair, number> {
  const todo = base === null ? [] : [{ path, directory: base }];
  let listed = 0;
  let unlisted = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const name of next.directory.names().values()) {
      const child = next.directory.child(name);
      if (child === null) continue;
      const at = join(next.path, name);
      if (child.directory !== null) todo.push({ path: at, directory: child.directory });
      if (listed >= LISTED && !missed(at, child.directory !== null)) unlisted += 1;
      else yield { path: at, before: sideOf(view, child), after: null };
      listed += 1;
    }
  }
  return unlisted;
}

function sideOf(view: View, base: BaseEntry): Side {
  return side(base.tree, base.path, base.stat, view.swapped, null);
}

function namesOf(names: readonly Buffer[]): Map<string, Buffer> {
  return new Map(names.map((name) => [key(name), name]));
}

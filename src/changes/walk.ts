import type { Stats } from 'node:fs';
import { join, key } from './bytes.ts';
import { holesOf, type Side, side } from './entry.ts';
import { type BaseDirectory, type BaseEntry, isWhiteout } from './lower.ts';
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
/**
 * A directory of both the base and the upper directory. Where it is the base's own with changes on top, there is no more to look at than the
 * names of the upper directory, which are pairs already.
 */
export interface Doubt {
  readonly path: Buffer;
  readonly base: BaseDirectory;
}
/** What the upper directory has of a path; some: perhaps, and perhaps a directory. */
type Has = 'none' | 'directory' | 'some';
interface Todo {
  readonly path: Buffer;
  readonly base: BaseDirectory | null;
  /** The upper directory has this directory: only then can its entries come from the base unchanged. */
  readonly upper: boolean;
  /** It is another directory than the base's: what the upper directory does not have is to be looked at as well. */
  readonly other: boolean;
}

/**
 * Compares the merged view with the base wherever the upper directory has something, without extended attributes. Of a directory of both,
 * the names of the upper directory are compared: one that the merged view lacks is deleted. Any other directory (new, below such a one) is
 * listed in full. Order is not defined.
 */
export class Walk {
  readonly view: View;
  readonly #missed: Missed;
  readonly #doubted: (doubt: Doubt) => void;
  readonly #todo: Todo[];

  /** `missed`: whether a deleted path has to be listed however many there are. `doubted`: `again` where it was right to doubt. */
  constructor(view: View, missed: Missed, doubted: (doubt: Doubt) => void) {
    this.view = view;
    this.#missed = missed;
    this.#doubted = doubted;
    this.#todo = [{ path: Buffer.alloc(0), base: view.base, upper: true, other: false }];
  }

  get ended(): boolean {
    return this.#todo.length === 0;
  }

  /** Until nothing is left to do. */
  *pairs(): Generator<Pair> {
    for (let next = this.#todo.pop(); next !== undefined; next = this.#todo.pop()) yield* this.#directory(next);
  }

  /** It was removed and made again, or another one renamed into its place: there are further pairs. */
  again({ path, base }: Doubt): void {
    this.#todo.push({ path, base, upper: true, other: true });
  }

  *#directory({ path, base, upper, other }: Todo): Generator<Pair> {
    const { view } = this;
    const own = upper && base !== null ? view.upper.entries(path) : null;
    if (own !== null && base !== null && !other) {
      for (const entry of own)
        yield* this.#compare(join(path, entry.name), base.child(entry.name), entry.isDirectory() ? 'directory' : 'some');
      // Nobody can put another directory in the place of a mount.
      if (path.length > 0) this.#doubted({ path, base });
      return;
    }
    const known = new Set(own?.map(({ name }) => key(name)));
    const merged = namesOf(view.merged.list(path));
    const before = base?.names() ?? new Map<string, Buffer>();
    for (const [id, name] of before)
      if (!merged.has(id) && !known.has(id)) yield* this.#compare(join(path, name), base?.child(name) ?? null, 'none');
    for (const [id, name] of merged) {
      if (known.has(id)) continue;
      const entry = before.has(id) ? (base?.child(name) ?? null) : null;
      yield* this.#compare(join(path, name), entry, own === null && upper ? 'some' : 'none');
    }
  }

  *#compare(path: Buffer, base: BaseEntry | null, has: Has): Generator<Pair> {
    const { view } = this;
    const own = has === 'some' ? view.upper.lstat(path) : null;
    const whole = own !== null && isWhole(own);
    const stat = whole ? own : own !== null && view.base !== null && isWhiteout(own) ? null : view.merged.lstat(path);
    const before = base === null ? null : sideOf(view, base);
    if (stat === null) {
      if (base !== null) yield { path, before, after: null, ...more(yield* gone(view, path, base.directory, this.#missed)) };
      return;
    }
    if (stat.isDirectory() && stat.dev !== view.device) return;
    const inode = own !== null && own.nlink > 1 && !own.isDirectory() ? `${view.target} ${own.ino}` : null;
    const after = side(whole ? view.upper : view.merged, path, stat, view.swapped, inode);
    if (!stat.isDirectory()) {
      yield { path, before, after, ...more(yield* gone(view, path, base?.directory ?? null, this.#missed)) };
      return;
    }
    this.#todo.push({ path, base: base?.directory ?? null, upper: has !== 'none', other: false });
    yield { path, before, after };
  }
}

/**
 * The merged view shows an entry of the upper directory as it is there, where looking costs less: but for a directory, a whiteout, and a file
 * without all of its bytes (overlayfs can keep metadata alone there, which our mounts do not have it do).
 */
function isWhole(stat: Stats): boolean {
  return !stat.isDirectory() && !isWhiteout(stat) && holesOf(stat) === 0;
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

import type { Stats } from 'node:fs';
import { join, key } from './bytes.ts';
import type { Tree } from './tree.ts';

/** An entry of the base: what the jail saw before its first step. */
export interface BaseEntry {
  readonly stat: Stats;
  /** The lower that shows it. */
  readonly tree: Tree;
  readonly path: Buffer;
  /** For a directory: the lowers that make it up. */
  readonly directory: BaseDirectory | null;
}

/** overlayfs marks a deletion by a character device 0:0 (Documentation/filesystems/overlayfs.rst). */
export function isWhiteout(stat: Stats): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0;
}

/**
 * A directory of the base, seen through lowers stacked topmost first. The setup layer hides by whiteouts; it has no opaque directories,
 * which nobody without CAP_SYS_ADMIN could see.
 */
export class BaseDirectory {
  readonly path: Buffer;
  readonly #trees: readonly Tree[];
  /** The walk goes through them, and whoever asks for the rules that hold below. */
  readonly #directories = new Map<string, BaseEntry>();
  #lacking: readonly string[] = [];

  constructor(path: Buffer, trees: readonly Tree[]) {
    this.path = path;
    this.#trees = trees;
  }

  /** What its lowest lower is known not to have. */
  lacks(names: readonly string[]): void {
    if (this.#trees.length === 1) this.#lacking = names;
  }

  get lowest(): Tree {
    return this.#trees.at(-1) as Tree;
  }

  child(name: Uint8Array): BaseEntry | null {
    const id = key(name);
    if (this.#lacking.includes(id)) return null;
    const known = this.#directories.get(id);
    if (known !== undefined) return known;
    const entry = this.#look(join(this.path, name));
    if (entry !== null && entry.directory !== null) this.#directories.set(id, entry);
    return entry;
  }

  #look(path: Buffer): BaseEntry | null {
    const trees: Tree[] = [];
    let top: Stats | null = null;
    for (const tree of this.#trees) {
      const stat = tree.lstat(path);
      if (stat === null) continue;
      if (isWhiteout(stat)) break;
      if (!stat.isDirectory()) {
        if (top === null) return { stat, tree, path, directory: null };
        break;
      }
      top ??= stat;
      trees.push(tree);
    }
    const [tree] = trees;
    return top === null || tree === undefined ? null : { stat: top, tree, path, directory: new BaseDirectory(path, trees) };
  }

  /** Names that `except` lacks, as far as they are asked for. One that an upper lower hides is among them, and there is no such child. */
  *others(except: ReadonlySet<string>): Generator<Buffer> {
    for (const tree of this.#trees) for (const name of tree.names(this.path)) if (!except.has(key(name))) yield name;
  }

  /** Names by `key`. */
  names(): Map<string, Buffer> {
    const names = new Map<string, Buffer>();
    const hidden = new Set<string>();
    for (const tree of this.#trees) {
      for (const entry of tree.entries(this.path)) {
        const id = key(entry.name);
        if (hidden.has(id)) continue;
        const stat = entry.isCharacterDevice() ? tree.lstat(join(this.path, entry.name)) : null;
        if (stat !== null && isWhiteout(stat)) hidden.add(id);
        else names.set(id, entry.name);
      }
    }
    return names;
  }
}

import { closeSync } from 'node:fs';
import { basename, key, parent, split } from './bytes.ts';
import { readAll } from './content.ts';
import type { BaseDirectory, BaseEntry } from './lower.ts';

/** A directory that was looked up, once for all that is asked for in it. null: there is none. */
interface Known {
  readonly directory: BaseDirectory;
  readonly below: Map<string, Known | null>;
}

/** What a workspace was, by path. Goes down by directories only: no link of it is followed. */
export class Base {
  readonly #root: Known | null;

  constructor(root: BaseDirectory | null) {
    this.#root = known(root);
  }

  get empty(): boolean {
    return this.#root === null;
  }

  /** null: there was nothing. */
  find(path: Uint8Array): BaseEntry | null {
    let at = this.#root;
    for (const name of split(parent(path))) {
      if (at === null) return null;
      const id = key(name);
      let next = at.below.get(id);
      if (next === undefined) {
        next = known(at.directory.child(name)?.directory ?? null);
        at.below.set(id, next);
      }
      at = next;
    }
    return at?.directory.child(basename(path)) ?? null;
  }

  /** Of a regular file of at most `most` bytes. */
  read(path: Uint8Array, most: number): Buffer | null {
    const entry = this.find(path);
    if (entry === null || !entry.stat.isFile() || entry.stat.size > most) return null;
    const fd = entry.tree.open(entry.path);
    try {
      return readAll(fd, entry.stat.size);
    } finally {
      closeSync(fd);
    }
  }
}

const known = (directory: BaseDirectory | null): Known | null => (directory === null ? null : { directory, below: new Map() });

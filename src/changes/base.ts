import { closeSync } from 'node:fs';
import { basename, parent, split } from './bytes.ts';
import { readAll } from './content.ts';
import type { BaseDirectory, BaseEntry } from './lower.ts';

/** What a workspace was, by path. Goes down by directories only: no link of it is followed. */
export class Base {
  readonly #root: BaseDirectory | null;

  constructor(root: BaseDirectory | null) {
    this.#root = root;
  }

  get empty(): boolean {
    return this.#root === null;
  }

  /** null: there was nothing. */
  find(path: Uint8Array): BaseEntry | null {
    let at = this.#root;
    for (const name of split(parent(path))) at = at?.child(name)?.directory ?? null;
    return at?.child(basename(path)) ?? null;
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

import { key } from './bytes.ts';
import type { Id, Pack } from './pack.ts';

interface Leaf {
  readonly mode: '100644' | '100755' | '120000';
  readonly id: Id;
}
type Directory = Map<string, Leaf | Directory>;

/** A git tree in the making. */
export class GitTree {
  readonly #root: Directory = new Map();

  add(path: Uint8Array, leaf: Leaf): void {
    const names = key(path).split('/');
    let directory = this.#root;
    for (const name of names.slice(0, -1)) {
      const there = directory.get(name);
      const next: Directory = there instanceof Map ? there : new Map();
      directory.set(name, next);
      directory = next;
    }
    directory.set(names.at(-1) ?? '', leaf);
  }

  write(pack: Pack): Id {
    return write(this.#root, pack);
  }
}

function write(directory: Directory, pack: Pack): Id {
  // git sorts a directory as if its name ended with a slash.
  const sortable = [...directory].map(([name, entry]) => ({ by: entry instanceof Map ? `${name}/` : name, name, entry }));
  const entries = sortable
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .map(({ name, entry }) => {
      const [mode, id] = entry instanceof Map ? ['40000', write(entry, pack)] : [entry.mode, entry.id];
      return `${mode} ${name}\0${id}`;
    });
  return pack.add('tree', Buffer.from(entries.join(''), 'latin1'));
}

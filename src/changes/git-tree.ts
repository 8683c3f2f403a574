import { key } from './bytes.ts';
import type { Id } from './pack.ts';

/** A file or link of a tree, by its whole path. */
export interface Leaf {
  readonly path: Uint8Array;
  readonly mode: '100644' | '100755' | '120000';
  readonly id: Id;
}

/**
 * A git tree (gitformat-pack, git-mktree(1)) of whole paths, which spares thousands of objects: git compares the names of entries and never
 * looks for slashes in them, but for `git fsck`. The order is that of the paths in as many trees as there are directories, too: git sorts
 * a directory as if its name ended with a slash.
 */
export function treeOf(leaves: readonly Leaf[]): Buffer {
  const sorted = leaves.map(({ path, mode, id }) => ({ name: key(path), mode, id })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return Buffer.from(sorted.map(({ name, mode, id }) => `${mode} ${name}\0${id}`).join(''), 'latin1');
}

import type { Stats } from 'node:fs';
import type { Entry } from '../model/changes.ts';
import type { LayerView } from '../model/collector.ts';
import { asPath } from './bytes.ts';
import type { Tree } from './tree.ts';
import { sameXattrs } from './xattrs.ts';

/** One side of a difference: an entry and where its content is read. */
export interface Side {
  readonly tree: Tree;
  readonly path: Buffer;
  /** Without `sha256`, which only reading gives. */
  readonly entry: Entry;
  /** ms since 1970. */
  readonly ctime: number;
  /** Bytes of the file that have no block behind them. */
  readonly holes: number;
  /** Same for all names of one file of a layer; null: this is its only name. */
  readonly inode: string | null;
}

export function side(tree: Tree, path: Buffer, stat: Stats, swapped: LayerView['swapped'], inode: string | null): Side {
  const link = stat.isSymbolicLink() ? tree.readlink(path) : null;
  return {
    tree,
    path,
    entry: entryOf(stat, link, swapped),
    ctime: stat.ctimeMs,
    holes: holesOf(stat),
    inode,
  };
}

/** `size` is 0 for what has no content of its own, so that it does not differ between file systems. */
export function entryOf(stat: Stats, link: Buffer | null, swapped: LayerView['swapped']): Entry {
  return {
    type: typeOf(stat),
    mode: stat.mode & 0o7777,
    uid: swapped === null ? stat.uid : swap(stat.uid, swapped.host.uid, swapped.jail.uid),
    gid: swapped === null ? stat.gid : swap(stat.gid, swapped.host.gid, swapped.jail.gid),
    size: stat.isFile() ? stat.size : (link?.length ?? 0),
    sha256: null,
    link: link === null ? null : asPath(link),
    mtime: Math.floor(stat.mtimeMs / 1000),
    ...(stat.isFile() && stat.nlink > 1 ? { names: stat.nlink } : {}),
    ...(holesOf(stat) >= HOLE ? { stored: stat.blocks * 512 } : {}),
  };
}

/** Smaller ones say more of the file system than of the file. */
const HOLE = 1 << 16;

/** Bytes that have no block behind them. */
export function holesOf(stat: Stats): number {
  return stat.isFile() ? Math.max(0, stat.size - stat.blocks * 512) : 0;
}

function typeOf(stat: Stats): Entry['type'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isFIFO()) return 'fifo';
  if (stat.isSocket()) return 'socket';
  return 'device';
}

function swap(id: number, a: number, b: number): number {
  if (id === a) return b;
  return id === b ? a : id;
}

/** Mode, owner, extended attributes; times are not a change. A link's mode means nothing. */
export function sameMetadata(a: Entry, b: Entry): boolean {
  return a.uid === b.uid && a.gid === b.gid && (a.mode === b.mode || a.type === 'symlink') && sameXattrs(a.xattrs, b.xattrs);
}

import { closeSync, createWriteStream, readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { basename, join, key, parent, split } from './bytes.ts';
import type { Item } from './compare.ts';
import type { Side } from './entry.ts';
import { isWhiteoutName } from './flags.ts';
import type { LeftOut } from './manifest.ts';
import { BLOCK, padding, type TarEntry, tarHeader } from '../system/tar.ts';

const CHUNK = 1 << 18;
const WHITEOUT = Buffer.from('.wh.');

/**
 * Writes `changes.tar.gz`: one OCI image layer (image-spec, layer.md) with the changes of all layers, names from `/` without the slash.
 * Deletions are explicit whiteouts, before everything else.
 */
export async function writeArchive(fd: number, items: readonly Item[]): Promise<{ entries: number; leftOut: LeftOut[] }> {
  const plan = planArchive(items);
  const blocks = Readable.from(batches(layer(plan)), { objectMode: true, highWaterMark: 2 });
  await pipeline(blocks, createGzip({ level: 1 }), createWriteStream('', { fd, autoClose: false }));
  return { entries: plan.whiteouts.length + plan.entries.length, leftOut: plan.leftOut };
}

interface Plan {
  readonly whiteouts: readonly Buffer[];
  readonly entries: readonly { readonly name: Buffer; readonly side: Side; readonly bytes: Buffer | null }[];
  readonly leftOut: LeftOut[];
}

/** What goes in, in order; pure. */
function planArchive(items: readonly Item[]): Plan {
  const placed = items.map((item) => ({ item, name: join(item.view.place, item.path) })).sort((a, b) => Buffer.compare(a.name, b.name));
  const gone = new Set(placed.filter(({ item }) => isGone(item)).map(({ name }) => key(name)));
  const plan = { whiteouts: [] as Buffer[], entries: [] as { name: Buffer; side: Side; bytes: Buffer | null }[], leftOut: [] as LeftOut[] };
  for (const { item, name } of placed) {
    const why = reason(item, name);
    if (why !== null) plan.leftOut.push({ path: item.change.path, why });
    // A socket in place of a file is not kept, but the file is gone all the same.
    if (why !== null && why !== 'special') continue;
    if (isGone(item) && !gone.has(key(parent(name)))) plan.whiteouts.push(join(parent(name), Buffer.concat([WHITEOUT, basename(name)])));
    if (item.after !== null && why === null) plan.entries.push({ name, side: item.after, bytes: item.bytes.after });
  }
  return plan;
}

/** What stood there is to be removed before anything is put in its place. */
function isGone({ change }: Item): boolean {
  return change.op === 'deleted' || change.op === 'retyped';
}

function reason({ withheld, after, change }: Item, name: Buffer): string | null {
  if (withheld) return change.flags.includes('secret') ? 'secret' : 'unread';
  if (name.includes(WHITEOUT) && split(name).some(isWhiteoutName)) return 'whiteout-name';
  return after?.entry.type === 'socket' || after?.entry.type === 'device' ? 'special' : null;
}

function* layer({ whiteouts, entries }: Plan): Generator<Buffer> {
  for (const name of whiteouts) yield tarHeader({ name, type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0, link: null });
  const first = new Map<string, Buffer>();
  for (const { name, side, bytes } of entries) {
    const original = side.inode === null ? undefined : first.get(side.inode);
    if (side.inode !== null && original === undefined) first.set(side.inode, name);
    // Further names of one file are links, or a file of 1 GiB with 1,000 names would fill the disk.
    yield tarHeader(original === undefined ? entryOf(name, side) : { ...entryOf(name, side), type: 'link', size: 0, link: original });
    if (original === undefined && side.entry.type === 'file') yield* fileBlocks(side, bytes);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function entryOf(name: Buffer, { entry }: Side): TarEntry {
  const type = entry.type as TarEntry['type'];
  return {
    name,
    type,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: type === 'file' ? entry.size : 0,
    mtime: entry.mtime ?? 0,
    xattrs: entry.xattrs ?? {},
    link: entry.link,
  };
}

function* fileBlocks(side: Side, bytes: Buffer | null): Generator<Buffer> {
  const { size } = side.entry;
  if (bytes !== null) {
    yield bytes;
    yield padding(size);
    return;
  }
  const fd = side.tree.open(side.path);
  try {
    for (let done = 0; done < size; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - done));
      const got = readSync(fd, chunk, 0, chunk.length, done);
      if (got === 0) throw new Error('a file became shorter while it was archived');
      yield chunk.subarray(0, got);
      done += got;
    }
  } finally {
    closeSync(fd);
  }
  yield padding(size);
}

/** Joins small pieces: a stream has a cost for each. */
function* batches(pieces: Iterable<Buffer>): Generator<Buffer> {
  let pending: Buffer[] = [];
  let size = 0;
  for (const piece of pieces) {
    pending.push(piece);
    size += piece.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(pending);
    pending = [];
    size = 0;
  }
  yield Buffer.concat(pending);
}

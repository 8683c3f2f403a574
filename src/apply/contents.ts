import { createHash } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Sha256 } from '../model/names.ts';
import { RecordError } from '../record/error.ts';
import type { RecordReader } from '../record/read.ts';
import { writeAll } from '../system/ndjson.ts';
import { readTar } from '../system/untar.ts';
import type { Place } from './plan.ts';

const FILE = 'changes.tar.gz';
const EMPTY = createHash('sha256').digest('hex');
/** Headers, names and padding of an entry. */
const OVERHEAD = 1 << 14;

/** Contents by SHA-256, in a directory that only this process writes to; null: they are looked at and not kept. */
export type Keep = { readonly pathOf: (sha256: Sha256) => string; readonly temporary: string } | null;

/**
 * Finds the content of every file of the plan in the archive. The archive is a heap of contents here: what counts is the SHA-256 that
 * `changes.ndjson` tells; names, links and kinds in it are not even read, so none can lead anywhere.
 * @throws RecordError for a content that is not there, and for an archive that is larger than the changes it is of.
 */
export async function readContents(record: RecordReader, places: readonly Place[], keep: Keep): Promise<void> {
  const missing = wantedOf(places);
  if (keep !== null && missing.has(EMPTY as Sha256)) closeSync(openSync(keep.pathOf(EMPTY as Sha256), 'wx', 0o600));
  missing.delete(EMPTY as Sha256);
  if (missing.size === 0) return;
  const budget = await mostBytes(record);
  const contents = new Contents(missing, keep);
  try {
    for await (const event of readTar(unzipped(record, budget))) {
      if (event.kind === 'entry') contents.begin(event.file ? event.size : 0);
      else contents.push(event.bytes);
      if (missing.size === 0) break;
    }
  } catch (error) {
    // What the machine says, such as a full disk, is not the record's fault.
    const { message, syscall } = error as NodeJS.ErrnoException;
    throw error instanceof RecordError || syscall !== undefined ? error : new RecordError(FILE, null, message);
  } finally {
    contents.close();
  }
  if (missing.size > 0) throw new RecordError(FILE, null, `lacks the content of ${missing.size} of the changed files`);
}

function wantedOf(places: readonly Place[]): Map<Sha256, number> {
  const files = places.flatMap(({ after }) => (after?.kind === 'file' ? [[after.sha256, after.size] as const] : []));
  return new Map(files);
}

/** An archive of exactly these changes has no more. */
async function mostBytes(record: RecordReader): Promise<number> {
  let bytes = OVERHEAD;
  for await (const change of record.lines('changes.ndjson')) {
    bytes += OVERHEAD + 2 * change.path.length + ('after' in change ? change.after.size : 0);
  }
  return bytes;
}

async function* unzipped(record: RecordReader, most: number): AsyncGenerator<Buffer> {
  const pieces = function* (): Generator<Buffer> {
    for (const piece of record.pieces(FILE)) yield Buffer.from(piece);
  };
  const gunzip = createGunzip();
  // What goes wrong before or in it comes out of it.
  pipeline(Readable.from(pieces(), { objectMode: false }), gunzip, () => {});
  let bytes = 0;
  for await (const piece of gunzip as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > most) throw new RecordError(FILE, null, 'unpacks to more than the changes that it is of');
    yield piece;
  }
}

/** Takes the entries as they come: those of a wanted size are hashed, and kept if the hash is wanted as well. */
class Contents {
  readonly #missing: Map<Sha256, number>;
  readonly #sizes: ReadonlySet<number>;
  readonly #keep: Keep;
  #open: { readonly hash: ReturnType<typeof createHash>; readonly fd: number | null; left: number } | null = null;

  constructor(missing: Map<Sha256, number>, keep: Keep) {
    this.#missing = missing;
    this.#sizes = new Set(missing.values());
    this.#keep = keep;
  }

  begin(size: number): void {
    if (size === 0 || !this.#sizes.has(size)) return;
    this.#open = { hash: createHash('sha256'), fd: this.#keep === null ? null : openSync(this.#keep.temporary, 'w', 0o600), left: size };
  }

  close(): void {
    if (this.#open !== null && this.#open.fd !== null) closeSync(this.#open.fd);
    this.#open = null;
  }

  push(bytes: Buffer): void {
    const open = this.#open;
    if (open === null) return;
    open.hash.update(bytes);
    if (open.fd !== null) writeAll(open.fd, bytes);
    open.left -= bytes.length;
    if (open.left > 0) return;
    this.close();
    const sha256 = open.hash.digest('hex') as Sha256;
    const wanted = this.#missing.delete(sha256);
    if (this.#keep === null) return;
    if (wanted) renameSync(this.#keep.temporary, this.#keep.pathOf(sha256));
    else rmSync(this.#keep.temporary);
  }
}

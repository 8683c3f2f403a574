import { readSync } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, createGunzip, inflateRawSync, inflateSync } from 'node:zlib';

/** Bytes unpacked from one file, and of one part of it. What lies beyond is not searched. */
const TOTAL = 256 << 20;
const PART = 64 << 20;
/** Charged for a part that cannot be unpacked, so that a file of false starts costs no more than one of true ones. */
const FAILED = 1 << 20;
/** A file that is unpacked from memory. */
export const IN_MEMORY = 64 << 20;

export type Packing = 'gzip' | 'zip' | 'zlib' | 'pack';

/** What the first bytes of a file say of it: a loose git object is bare zlib, a git pack holds many of those. */
export function packingOf(head: Buffer): Packing | null {
  if (head.length < 4) return null;
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.toString('latin1', 0, 4) === 'PK\x03\x04') return 'zip';
  if (head.toString('latin1', 0, 4) === 'PACK') return 'pack';
  return isZlib(head, 0) ? 'zlib' : null;
}

/** RFC 1950: method 8, window of at most 32 KiB, and a check over both bytes. */
function isZlib(bytes: Buffer, at: number): boolean {
  return (bytes[at] ?? 0) === 0x78 && at + 1 < bytes.length && bytes.readUInt16BE(at) % 31 === 0;
}

/** The parts of a zip, zlib or git pack, unpacked. Broken parts are left out. */
export function* unpack(bytes: Buffer, packing: Exclude<Packing, 'gzip'>): Generator<Buffer> {
  let budget = TOTAL;
  let at = 0;
  while (budget > 0 && at < bytes.length) {
    const start = packing === 'zip' ? nextZip(bytes, at) : nextZlib(bytes, at, packing === 'zlib');
    if (start === -1) return;
    const part = inflate(bytes.subarray(start), packing === 'zip', Math.min(PART, budget));
    budget -= part === null ? FAILED : part.data.length;
    at = start + Math.max(1, part?.used ?? 0);
    if (part !== null) yield part.data;
  }
}

/** Where the next deflated entry of a zip begins: local file header, APPNOTE 4.3.7. */
function nextZip(bytes: Buffer, from: number): number {
  for (
    let at = bytes.indexOf('PK\x03\x04', from, 'latin1');
    at !== -1 && at + 30 < bytes.length;
    at = bytes.indexOf('PK\x03\x04', at + 4, 'latin1')
  ) {
    if (bytes.readUInt16LE(at + 8) === 8) return at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  }
  return -1;
}

function nextZlib(bytes: Buffer, from: number, only: boolean): number {
  if (only) return from === 0 ? 0 : -1;
  for (let at = bytes.indexOf(0x78, from); at !== -1; at = bytes.indexOf(0x78, at + 1)) if (isZlib(bytes, at)) return at;
  return -1;
}

function inflate(bytes: Buffer, raw: boolean, most: number): { data: Buffer; used: number } | null {
  const options = { info: true, maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH } as const;
  try {
    // With `info` these return the engine as well, which knows how much of the input it took.
    const { buffer, engine } = (raw ? inflateRawSync : inflateSync)(bytes, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { data: buffer, used: engine.bytesWritten };
  } catch {
    return null;
  }
}

function* pieces(fd: number): Generator<Buffer> {
  for (let offset = 0; ; ) {
    const piece = Buffer.allocUnsafe(1 << 16);
    const got = readSync(fd, piece, 0, piece.length, offset);
    if (got === 0) return;
    yield piece.subarray(0, got);
    offset += got;
  }
}

/** Unpacks a gzip file piece by piece; ends silently where it is broken, cut off or too large. The descriptor stays open. */
export async function* gunzip(fd: number): AsyncGenerator<Buffer> {
  const source = Readable.from(pieces(fd));
  const gzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH });
  source.on('error', (error) => gzip.destroy(error));
  let budget = TOTAL;
  try {
    for await (const piece of source.pipe(gzip)) {
      yield piece as Buffer;
      budget -= (piece as Buffer).length;
      if (budget < 0) return;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))) throw error;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

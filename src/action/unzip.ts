import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/** The zip is not one that is taken; the message says why. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** Bytes of the record at a zip's end without its comment, of a central entry without its names, of a local header without its names. */
const [END, ENTRY, LOCAL] = [22, 46, 30];
const SIGNATURE = { end: 0x06054b50, entry: 0x02014b50, local: 0x04034b50 } as const;
const MOST_COMMENT = 0xffff;
const MOST_DIRECTORY = 16 << 20;
/** What ZIP64 puts in place of a number. */
const ELSEWHERE = 0xffffffff;

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
}

/**
 * Takes the one file with exactly this name out of a zip and writes it to `to`, which must not be there yet; returns its size in bytes. No
 * name in the zip ever becomes a path. Stored and deflated files only (APPNOTE.TXT 6.3.10). Throws a ZipError.
 */
export async function unzipOne(zip: string, name: string, to: string, most: number): Promise<number> {
  const file = await open(zip, 'r');
  try {
    const { size } = await file.stat();
    const directory = await readDirectory(file, size);
    const entry = find(directory.bytes, directory.entries, name);
    if (entry.size > most) throw new ZipError(`${name} is larger than ${most} bytes`);
    await extract(zip, await contentOf(file, entry, directory.start), entry, to, name);
    return entry.size;
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle, size: number): Promise<{ bytes: Buffer; entries: number; start: number }> {
  const from = Math.max(0, size - END - MOST_COMMENT);
  const tail = await read(file, from, size - from);
  let at = tail.length - END;
  // The record whose comment ends where the file does: a signature within a comment is not one.
  while (at >= 0 && !(tail.readUInt32LE(at) === SIGNATURE.end && at + END + tail.readUInt16LE(at + 20) === tail.length)) at -= 1;
  if (at < 0) throw new ZipError('it is not a whole zip');
  const [entries, length, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (entries === 0xffff || start === ELSEWHERE) throw new ZipError('it is a ZIP64 file');
  if (length > MOST_DIRECTORY || start + length > from + at) throw new ZipError('its list of files is not where it should be');
  return { bytes: await read(file, start, length), entries, start };
}

function find(directory: Buffer, entries: number, name: string): Entry {
  const wanted = Buffer.from(name);
  let found: Entry | null = null;
  let at = 0;
  for (let index = 0; index < entries; index += 1) {
    if (at + ENTRY > directory.length || directory.readUInt32LE(at) !== SIGNATURE.entry) throw new ZipError('its list of files is broken');
    const length = directory.readUInt16LE(at + 28);
    if (directory.subarray(at + ENTRY, at + ENTRY + length).equals(wanted)) {
      if (found !== null) throw new ZipError(`${name} is in it twice`);
      const word = (offset: number): number => directory.readUInt32LE(at + offset);
      const [flags, method] = [directory.readUInt16LE(at + 8), directory.readUInt16LE(at + 10)];
      found = { flags, method, crc: word(16), packed: word(20), size: word(24), header: word(42) };
    }
    at += ENTRY + length + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  if (found === null) throw new ZipError(`${name} is not in it`);
  if ([found.packed, found.size, found.header].includes(ELSEWHERE)) throw new ZipError('it is a ZIP64 file');
  if ((found.flags & 1) !== 0 || (found.method !== 0 && found.method !== 8))
    throw new ZipError(`${name} is packed in a way that is not read`);
  return found;
}

/** Where the packed bytes begin. */
async function contentOf(file: FileHandle, { header, packed }: Entry, end: number): Promise<number> {
  const local = await read(file, header, LOCAL);
  const start = header + LOCAL + local.readUInt16LE(26) + local.readUInt16LE(28);
  if (local.readUInt32LE(0) !== SIGNATURE.local || start + packed > end) throw new ZipError('a file is not where the list says');
  return start;
}

async function extract(zip: string, start: number, { packed, size, method, crc }: Entry, to: string, name: string): Promise<void> {
  let [written, sum] = [0, 0];
  const count = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      written += piece.length;
      // Not after the whole: a small zip may unpack to any size.
      if (written > size) throw new ZipError(`${name} is larger than the list says`);
      sum = crc32(piece, sum);
      yield piece;
    }
  };
  const source = packed === 0 ? Readable.from([]) : createReadStream(zip, { start, end: start + packed - 1 });
  const sink = createWriteStream(to, { flags: 'wx', mode: 0o600 });
  try {
    if (method === 8) await pipeline(source, createInflateRaw(), count, sink);
    else await pipeline(source, count, sink);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw code.startsWith('Z_') ? new ZipError(`${name} is broken`) : error;
  }
  if (written !== size || sum !== crc) throw new ZipError(`${name} is broken`);
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  if (bytesRead !== length) throw new ZipError('it is not a whole zip');
  return buffer;
}

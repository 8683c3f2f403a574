import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

/** The zip is not one that is taken; the message says why. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/**
 * Takes the one file with exactly this name out of a zip and writes it to `to`, which must not be there yet; returns its size in bytes. No
 * name in the zip ever becomes a path. Throws a ZipError for a zip that is not as it should be, and what the system says of `to`.
 */
export async function unzipOne(zip: string, name: string, to: string, most: number): Promise<number> {
  const file = await openPromise(zip, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch(ofZip);
  try {
    const entry = await find(file, name);
    if (entry.uncompressedSize > most) throw new ZipError(`${name} is larger than ${most} bytes`);
    await extract(file, entry, name, to);
    return entry.uncompressedSize;
  } finally {
    file.close();
  }
}

async function find(file: ZipFile, name: string): Promise<Entry> {
  const wanted = Buffer.from(name);
  const found: Entry[] = [];
  try {
    for await (const entry of file.eachEntry()) if (wanted.equals(entry.fileName as unknown as Buffer)) found.push(entry);
  } catch (error) {
    ofZip(error);
  }
  const [entry] = found;
  if (entry === undefined) throw new ZipError(`${name} is not in it`);
  if (found.length > 1) throw new ZipError(`${name} is in it twice`);
  return entry;
}

async function extract(file: ZipFile, entry: Entry, name: string, to: string): Promise<void> {
  const source = await file.openReadStreamPromise(entry).catch(ofZip);
  let sum = 0;
  const check = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      sum = crc32(piece, sum);
      yield piece;
    }
    // The library looks at sizes, and not at this.
    if (sum !== entry.crc32) throw new ZipError(`${name} has another checksum than the list says`);
  };
  await pipeline(source, check, createWriteStream(to, { flags: 'wx', mode: 0o600 })).catch(ofZip);
}

/** The library's errors have no class of their own; the system's and zlib's have codes. */
function ofZip(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined || code.startsWith('Z_')) throw new ZipError(message);
  throw error;
}

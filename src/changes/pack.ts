import { createHash, hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';

const TYPES = { tree: 2, blob: 3 } as const;
/** Bytes that are gathered before they are written, and that a stored block of deflate takes (RFC 1951). */
const GATHERED = 1 << 20;
const STORED = 0xffff;
/** Bytes of an object around its content, at the most, and before each block of it. */
const FRAME = 64;
const BLOCK = 5;

/** Of an object: its SHA-1, one character a byte; a hundred thousand strings are smaller than as many buffers. */
export type Id = string & { readonly id: unique symbol };
interface Known {
  readonly crc: number;
  readonly offset: number;
}

/**
 * A bare git repository of one pack (gitformat-pack), made without git: a file for thousands of objects. Nothing is compressed, it is read
 * once.
 */
export class Pack {
  readonly repository: HostPath;
  readonly #fd: number;
  readonly #known = new Map<Id, Known>();
  /** What is written next: objects are put together here, since memory of their own would cost more than they do. */
  #buffer = Buffer.allocUnsafeSlow(2 * GATHERED);
  #size = 12;
  #offset = 12;

  constructor(scratch: HostPath) {
    this.repository = `${scratch}/patch.git` as HostPath;
    for (const directory of ['', '/refs', '/objects', '/objects/pack']) mkdirSync(this.repository + directory, { mode: 0o700 });
    writeFileSync(`${this.repository}/HEAD`, 'ref: refs/heads/none\n');
    writeFileSync(`${this.repository}/config`, '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
    this.#fd = openSync(this.#path('pack'), 'wx+', 0o600);
  }

  add(type: keyof typeof TYPES, content: Buffer): Id {
    const bytes = this.#room(content.length + FRAME + BLOCK * Math.ceil(content.length / STORED));
    const start = bytes.write(`${type} ${content.length}\0`, 'latin1');
    content.copy(bytes, start);
    const id = hash('sha1', bytes.subarray(0, start + content.length), 'binary') as Id;
    if (this.#known.has(id)) return id;
    const object = bytes.subarray(0, stored(bytes, header(bytes, TYPES[type], content.length), content));
    this.#known.set(id, { crc: crc32(object), offset: this.#offset });
    this.#size += object.length;
    this.#offset += object.length;
    return id;
  }

  /** Now git can read it. */
  close(): void {
    this.#flush();
    const start = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
    start.writeUInt32BE(this.#known.size, 8);
    writeAll(this.#fd, start, 0);
    const checksum = this.#checksum();
    writeAll(this.#fd, checksum, this.#offset);
    closeSync(this.#fd);
    writeFileSync(this.#path('idx'), index(this.#known, checksum), { flag: 'wx', mode: 0o600 });
  }

  /** Over all that is written: how many objects there are is known last and stands first. */
  #checksum(): Buffer {
    const sum = createHash('sha1');
    const piece = Buffer.allocUnsafe(GATHERED);
    for (let at = 0; at < this.#offset; ) {
      const got = readSync(this.#fd, piece, 0, piece.length, at);
      if (got === 0) throw new Error('a pack became shorter while it was read');
      sum.update(piece.subarray(0, got));
      at += got;
    }
    return sum.digest();
  }

  #path(kind: string): string {
    return `${this.repository}/objects/pack/pack-${'0'.repeat(40)}.${kind}`;
  }

  /** Room for `most` bytes after those that are gathered. */
  #room(most: number): Buffer {
    if (this.#size >= GATHERED || this.#size + most > this.#buffer.length) this.#flush();
    if (most > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(most);
    return this.#buffer.subarray(this.#size);
  }

  #flush(): void {
    writeAll(this.#fd, this.#buffer.subarray(0, this.#size));
    this.#size = 0;
  }
}

/** Type and size: four bits of it, then seven a byte. Returns where it ends. */
function header(bytes: Buffer, type: number, size: number): number {
  let at = 0;
  bytes[at] = (type << 4) | (size & 15);
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[at] = (bytes[at] ?? 0) | 0x80;
    at += 1;
    bytes[at] = rest & 0x7f;
  }
  return at + 1;
}

/** As zlib (RFC 1950), not compressed. Returns where it ends. */
function stored(bytes: Buffer, from: number, content: Buffer): number {
  let at = bytes.writeUInt16BE(0x7801, from);
  for (let done = 0; done === 0 || done < content.length; done += STORED) {
    const size = Math.min(STORED, content.length - done);
    bytes[at] = done + STORED >= content.length ? 1 : 0;
    at = bytes.writeUInt16LE(size, at + 1);
    at = bytes.writeUInt16LE(size ^ 0xffff, at);
    at += content.copy(bytes, at, done, done + size);
  }
  return bytes.writeUInt32BE(adler32(content), at);
}

function adler32(bytes: Buffer): number {
  let [a, b] = [1, 0];
  // So many additions fit before the remainder has to be taken (RFC 1950's own code).
  for (let from = 0; from < bytes.length; from += 5552) {
    const to = Math.min(from + 5552, bytes.length);
    for (let at = from; at < to; at += 1) {
      a += bytes[at] as number;
      b += a;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

/** Version 2: how many ids begin with at most each byte, then ids, checks and places, sorted. */
function index(objects: ReadonlyMap<Id, Known>, checksum: Buffer): Buffer {
  const sorted = [...objects.keys()].sort();
  const fan = Buffer.alloc(1024);
  let at = 0;
  for (let first = 0; first < 256; first += 1) {
    while (at < sorted.length && (sorted[at]?.charCodeAt(0) ?? 0) <= first) at += 1;
    fan.writeUInt32BE(at, first * 4);
  }
  const numbers = (of: (object: Known) => number): Buffer => {
    const bytes = Buffer.alloc(4 * sorted.length);
    sorted.forEach((id, place) => bytes.writeUInt32BE(of(objects.get(id) as Known), place * 4));
    return bytes;
  };
  const body = Buffer.concat([
    Buffer.from('\xfftOc\0\0\0\x02', 'latin1'),
    fan,
    Buffer.from(sorted.join(''), 'latin1'),
    numbers(({ crc }) => crc),
    numbers(({ offset }) => offset),
    checksum,
  ]);
  return Buffer.concat([body, hash('sha1', body, 'buffer')]);
}

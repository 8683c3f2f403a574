import { createHash, hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';

const TYPES = { tree: 2, blob: 3 } as const;
/** Bytes that are gathered before they are written, and that a stored block of deflate takes (RFC 1951). */
const GATHERED = 1 << 20;
const STORED = 0xffff;

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
  #pending: Buffer[] = [Buffer.alloc(12)];
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
    const id = hash('sha1', Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]), 'binary') as Id;
    if (this.#known.has(id)) return id;
    const bytes = Buffer.concat([header(TYPES[type], content.length), stored(content)]);
    this.#known.set(id, { crc: crc32(bytes), offset: this.#offset });
    this.#write(bytes);
    this.#offset += bytes.length;
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

  #write(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#size += bytes.length;
    if (this.#size > GATHERED) this.#flush();
  }

  #flush(): void {
    writeAll(this.#fd, Buffer.concat(this.#pending));
    this.#pending = [];
    this.#size = 0;
  }
}

/** Type and size: four bits of it, then seven a byte. */
function header(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)];
  for (let rest = size >>> 4; rest > 0; rest >>>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}

/** As zlib (RFC 1950), not compressed. */
function stored(content: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at === 0 || at < content.length; at += STORED) {
    const piece = content.subarray(at, at + STORED);
    const block = Buffer.alloc(5);
    block[0] = at + STORED >= content.length ? 1 : 0;
    block.writeUInt16LE(piece.length, 1);
    block.writeUInt16LE(piece.length ^ 0xffff, 3);
    parts.push(block, piece);
  }
  const check = Buffer.alloc(4);
  check.writeUInt32BE(adler32(content));
  return Buffer.concat([...parts, check]);
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
  const sorted = [...objects].sort(([a], [b]) => (a < b ? -1 : 1));
  const fan = Buffer.alloc(1024);
  let at = 0;
  for (let first = 0; first < 256; first += 1) {
    while (at < sorted.length && (sorted[at]?.[0].charCodeAt(0) ?? 0) <= first) at += 1;
    fan.writeUInt32BE(at, first * 4);
  }
  const numbers = (of: (object: Known) => number): Buffer => {
    const bytes = Buffer.alloc(4 * sorted.length);
    for (const [place, [, object]] of sorted.entries()) bytes.writeUInt32BE(of(object), place * 4);
    return bytes;
  };
  const body = Buffer.concat([
    Buffer.from('\xfftOc\0\0\0\x02', 'latin1'),
    fan,
    Buffer.from(sorted.map(([id]) => id).join(''), 'latin1'),
    numbers(({ crc }) => crc),
    numbers(({ offset }) => offset),
    checksum,
  ]);
  return Buffer.concat([body, hash('sha1', body, 'buffer')]);
}

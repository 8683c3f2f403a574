import { createHash, hash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import type { Sha256 } from '../model/names.ts';
import { findTokens } from '../secrets/tokens.ts';
import type { Text } from './attributes.ts';
import type { Side } from './entry.ts';
import { gunzip, IN_MEMORY, type Packing, packingOf, unpack } from './packed.ts';
import type { SecretSearch } from './secrets.ts';

/** What one reading of a file tells. `binary` by git's rule: a NUL among the first 8000 bytes. */
export interface Content extends Text {
  /** null: not read, it is nearly all holes. */
  readonly sha256: Sha256 | null;
  /** The name of a secret that stands in it. */
  readonly secret: string | null;
  /** What looks like a well-known credential, where it was looked for: the first ones. */
  readonly tokens: readonly FoundToken[];
  /** All of the file, where it was read ahead: patch and archive need not open it. */
  readonly bytes: Buffer | null;
}

export interface FoundToken {
  readonly name: string;
  readonly value: string;
}
/** Tokens of one file; one is enough for its flag, the others tell it from its old content. */
const TOKENS = 100;

const UNREAD: Content = { bytes: null, sha256: null, binary: true, crlf: true, ident: true, secret: null, tokens: [] };
const CHUNK = 1 << 20;
/** Bytes without a block that are read in all: a sparse file of 1 TiB costs nobody anything but its reader. */
const HOLES = 4 * 1024 ** 3;

/** Reads each file once, in pieces, however many names it has. */
export class ContentReader {
  readonly #search: SecretSearch;
  readonly #known = new Map<string, Content>();
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #holes: number;

  constructor(search: SecretSearch, holes = HOLES) {
    this.#search = search;
    this.#holes = holes;
  }

  /** `tokens`: whether to look for well-known credentials. `ahead`: all of the file, where it has been read. */
  async read(side: Side, tokens = false, ahead: Buffer | null = null): Promise<Content> {
    if (ahead !== null && (this.#search.idle || packingOf(ahead) === null)) return { ...this.#whole(ahead, tokens), bytes: ahead };
    const known = side.inode === null ? undefined : this.#known.get(side.inode);
    if (known !== undefined) return known;
    const content = await this.#read(side, tokens);
    if (side.inode !== null) this.#known.set(side.inode, content);
    return content;
  }

  async #read(side: Side, tokens: boolean): Promise<Content> {
    if (side.holes > this.#holes) return UNREAD;
    this.#holes -= side.holes;
    const fd = side.tree.open(side.path);
    try {
      const { packing, ...plain } = this.#scan(fd, tokens);
      return packing === null || plain.secret !== null || this.#search.idle
        ? plain
        : { ...plain, secret: await this.#packed(fd, packing, side.entry.size) };
    } finally {
      closeSync(fd);
    }
  }

  #scan(fd: number, tokens: boolean): Content & { readonly packing: Packing | null } {
    const first = this.#fill(fd, 0);
    const packing = packingOf(first);
    if (first.length < CHUNK) return { packing, ...this.#whole(first, tokens) };
    const search = this.#search.stream();
    const found: FoundToken[] = [];
    const look = tokens ? tokenSeeker(found) : () => {};
    const digest = createHash('sha256');
    const [crlf, ident] = [seeker('\r\n'), seeker('$Id')];
    const binary = isBinary(first);
    let secret: string | null = null;
    let offset = 0;
    let text = { binary, crlf: false, ident: false };
    for (let piece = first; piece.length > 0; piece = this.#fill(fd, offset)) {
      digest.update(piece);
      secret ??= search(piece);
      look(piece, false);
      text = { binary, crlf: crlf(piece), ident: ident(piece) };
      offset += piece.length;
    }
    look(Buffer.alloc(0), true);
    return { packing, ...text, secret, tokens: found, sha256: digest.digest('hex') as Sha256, bytes: null };
  }

  #whole(bytes: Buffer, tokens: boolean): Content {
    const found: FoundToken[] = [];
    if (tokens) tokenSeeker(found)(bytes, true);
    return {
      binary: isBinary(bytes),
      crlf: bytes.includes('\r\n'),
      ident: bytes.includes('$Id'),
      secret: this.#search.find(bytes),
      tokens: found,
      sha256: hash('sha256', bytes) as Sha256,
      bytes: null,
    };
  }

  /** The next bytes from `offset`: a full chunk but for the last. Valid until the next call. */
  #fill(fd: number, offset: number): Buffer {
    let size = 0;
    while (size < CHUNK) {
      const got = readSync(fd, this.#chunk, size, CHUNK - size, offset + size);
      if (got === 0) break;
      size += got;
    }
    return this.#chunk.subarray(0, size);
  }

  async #packed(fd: number, packing: Packing, size: number): Promise<string | null> {
    const search = this.#search.stream();
    if (packing === 'gzip') {
      for await (const piece of gunzip(fd)) {
        const found = search(piece);
        if (found !== null) return found;
      }
      return null;
    }
    if (size > IN_MEMORY) return null;
    for (const part of unpack(readAll(fd, size), packing)) {
      const found = this.#search.find(part);
      if (found !== null) return found;
    }
    return null;
  }
}

const isBinary = (first: Buffer): boolean => first.subarray(0, 8000).includes(0);

/** Adds what it finds in the pieces of a stream to `found`; a token may be cut by their borders. */
function tokenSeeker(found: FoundToken[]): (piece: Buffer, final: boolean) => void {
  let [before, held] = ['', ''];
  return (piece, final) => {
    const text = before + held + piece.toString('latin1');
    const { tokens, stop } = findTokens(text, final, before.length);
    for (const { at, length, name } of tokens.slice(0, TOKENS - found.length)) found.push({ name, value: text.slice(at, at + length) });
    [before, held] = [text.charAt(stop - 1), text.slice(stop)];
  };
}

/** Has `word` stood in the pieces of a stream so far? It may be cut by their borders. */
function seeker(word: string): (piece: Buffer) => boolean {
  let found = false;
  let tail = Buffer.alloc(0);
  return (piece) => {
    found ||= piece.includes(word) || Buffer.concat([tail, piece.subarray(0, word.length - 1)]).includes(word);
    tail = Buffer.from(piece.subarray(Math.max(0, piece.length - word.length + 1)));
    return found;
  };
}

/** At most `size` bytes. */
export function readAll(fd: number, size: number, from = 0): Buffer {
  const bytes = Buffer.alloc(size);
  let done = 0;
  while (done < size) {
    const got = readSync(fd, bytes, done, size - done, from + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

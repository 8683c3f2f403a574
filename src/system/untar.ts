import { BLOCK } from './tar.ts';

/** What a tar archive consists of, in order: an entry, then its bytes in pieces. Names are left out: who needs no names cannot be led astray. */
export type TarEvent =
  | { readonly kind: 'entry'; readonly file: boolean; readonly size: number }
  | { readonly kind: 'data'; readonly bytes: Buffer };

/** Bytes of a pax header; it holds names and numbers. */
const LARGEST_PAX = 1 << 20;

/** Reads ustar and pax (POSIX.1-2017, pax) as it comes, with memory for one piece. @throws Error for anything else, and for a cut-off archive. */
export async function* readTar(pieces: AsyncIterable<Buffer>): AsyncGenerator<TarEvent> {
  const input = new Blocks(pieces);
  let paxSize: number | null = null;
  for (let empty = 0; ; ) {
    const header = await input.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) {
      empty += 1;
      if (empty === 2) return;
      continue;
    }
    if (empty > 0) throw new Error('an empty block within the archive');
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const size: number = type === 'x' ? octal(header, 124, 12) : (paxSize ?? octal(header, 124, 12));
    if (type === 'x') {
      if (size > LARGEST_PAX) throw new Error('a header that is too large');
      paxSize = sizeIn(await input.exactly(size));
    } else {
      paxSize = null;
      const file = type === '0' || type === '\0';
      if (!file && !/[1-6]/.test(type)) throw new Error('an entry of a kind that is not known');
      yield { kind: 'entry', file, size: file ? size : 0 };
      if (!file) continue;
      for (let left = size; left > 0; ) {
        const bytes = await input.some(left);
        left -= bytes.length;
        yield { kind: 'data', bytes };
      }
    }
    await input.exactly((BLOCK - (size % BLOCK)) % BLOCK);
  }
}

class Blocks {
  readonly #pieces: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** At least one byte, at most `most`. */
  async some(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) throw new Error('it is cut off');
      this.#rest = next.value;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  async exactly(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; ) {
      const part = await this.some(left);
      left -= part.length;
      parts.push(part);
    }
    return Buffer.concat(parts);
  }
}

function octal(block: Buffer, at: number, length: number): number {
  const text = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (!/^[0-7]{1,11}$/.test(text)) throw new Error('a number that is none');
  return Number.parseInt(text, 8);
}

function checkSum(header: Buffer): void {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  if (header.toString('latin1', 257, 262) !== 'ustar' || octal(header, 148, 8) !== sum) throw new Error('a header that is none');
}

/** The record `size` of a pax header; null: there is none. */
function sizeIn(pax: Buffer): number | null {
  for (let at = 0; at < pax.length; ) {
    const [record = '', digits = ''] = /^(\d{1,7}) /.exec(pax.toString('latin1', at, at + 8)) ?? [];
    const end = at + Number(digits);
    if (digits === '' || end > pax.length || end <= at + record.length || pax[end - 1] !== 10) throw new Error('a header that is none');
    const [, size] = /^size=(\d{1,15})$/.exec(pax.toString('latin1', at + record.length, Math.min(end - 1, at + 40))) ?? [];
    if (size !== undefined) return Number(size);
    at = end;
  }
  return null;
}

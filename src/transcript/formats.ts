import { findTokens, type Token } from '../secrets/tokens.ts';

const EMPTY = Buffer.alloc(0);
const latin1 = (bytes: Buffer): string => bytes.toString('latin1');

/**
 * Replaces what has the form of a well-known credential by `[redacted NAME]`, in a stream or in one text: a policy names the secrets that it
 * knows of, and an agent may find others.
 */
export class FormatRedactor {
  readonly #found: (name: string) => void;
  /** Bytes that may be the start of a token. */
  #held: Buffer = EMPTY;
  /** The byte before them: a token does not begin in the middle of a word. */
  #before = '';

  constructor(found: (name: string) => void) {
    this.#found = found;
  }

  /** The next bytes that can be shown; may be `chunk` itself. */
  push(chunk: Buffer): Buffer {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const text = this.#before + latin1(data);
    const { tokens, stop } = findTokens(text, false, this.#before.length);
    const shown = this.#replace(data, tokens, this.#before.length, stop - this.#before.length);
    // Copied, because the owner of `chunk` may use its memory again.
    this.#held = stop === text.length ? EMPTY : Buffer.from(data.subarray(stop - this.#before.length));
    this.#before = text.charAt(stop - 1);
    return shown;
  }

  /** The end of the stream: what was held back. The next `push` begins a new one. */
  flush(): Buffer {
    const [held, before] = [this.#held, this.#before];
    [this.#held, this.#before] = [EMPTY, ''];
    const { tokens } = findTokens(before + latin1(held), true, before.length);
    return this.#replace(held, tokens, before.length, held.length);
  }

  /** One whole text, apart from the stream. */
  whole(data: Buffer): Buffer {
    return this.#replace(data, findTokens(latin1(data), true).tokens, 0, data.length);
  }

  /** The first `stop` bytes of `data`; tokens are counted from `skip` characters before it. */
  #replace(data: Buffer, tokens: readonly Token[], skip: number, stop: number): Buffer {
    if (tokens.length === 0) return stop === data.length ? data : data.subarray(0, stop);
    const pieces: Buffer[] = [];
    let done = 0;
    for (const { at, length, name } of tokens) {
      this.#found(name);
      pieces.push(data.subarray(done, at - skip), Buffer.from(`[redacted ${name}]`));
      done = at - skip + length;
    }
    return Buffer.concat([...pieces, data.subarray(done, stop)]);
  }
}

/** One thing to look for. */
export interface Pattern {
  readonly bytes: Buffer;
  /** Whose it is; the matcher only hands it back. */
  readonly owner: number;
}
/** `pattern` null: the bytes from `at` to the end are the start of a pattern; more bytes will tell. */
export interface Match {
  readonly at: number;
  readonly pattern: Pattern | null;
}

const BLOCK = 3;
const TABLE = 1 << 16;

/**
 * Finds many patterns at once (Wu and Manber 1994): three bytes at the end of a window tell how far the window may move, so most
 * bytes of ordinary text are never looked at. Patterns have at least three bytes; the longer the shortest one is, the faster.
 */
export class Matcher {
  readonly #min: number;
  readonly #shift: Uint8Array;
  /** Patterns by the block at the end of their first `#min` bytes, longest first. */
  readonly #ending = new Map<number, Pattern[]>();
  readonly #byFirst: readonly Pattern[][] = Array.from({ length: 256 }, () => []);

  constructor(patterns: readonly Pattern[]) {
    // A shift has to fit a byte.
    const min = Math.min(255, ...patterns.map((pattern) => pattern.bytes.length));
    if (min < BLOCK) throw new RangeError(`a pattern has fewer than ${BLOCK} bytes`);
    this.#min = min;
    this.#shift = new Uint8Array(TABLE).fill(min - BLOCK + 1);
    for (const pattern of patterns.toSorted((a, b) => b.bytes.length - a.bytes.length)) {
      for (let at = 0; at + BLOCK <= min; at += 1) {
        const key = hash(byte(pattern.bytes, at), byte(pattern.bytes, at + 1), byte(pattern.bytes, at + 2));
        const shift = min - BLOCK - at;
        if (shift < byte(this.#shift, key)) this.#shift[key] = shift;
        if (shift === 0) this.#ending.set(key, [...(this.#ending.get(key) ?? []), pattern]);
      }
      this.#byFirst[byte(pattern.bytes, 0)]?.push(pattern);
    }
  }

  /** The first place from `from` on where a pattern stands, the longest one there; unless `final`, also where one may begin. */
  next(data: Uint8Array, from: number, final: boolean): Match | null {
    const shifts = this.#shift;
    const min = this.#min;
    const length = data.length;
    let end = from + min;
    while (end <= length) {
      const key = hash(byte(data, end - 3), byte(data, end - 2), byte(data, end - 1));
      const shift = byte(shifts, key);
      if (shift === 0) {
        const match = this.#first(data, end - min, final, this.#ending.get(key));
        if (match !== null) return match;
        end += 1;
      } else {
        end += shift;
      }
    }
    if (final) return null;
    // What is left is shorter than the shortest pattern.
    for (let at = end - min; at < length; at += 1) {
      const match = this.#first(data, at, false, this.#byFirst[byte(data, at)]);
      if (match !== null) return match;
    }
    return null;
  }

  #first(data: Uint8Array, at: number, final: boolean, patterns: readonly Pattern[] | undefined): Match | null {
    for (const pattern of patterns ?? []) {
      const whole = pattern.bytes.length <= data.length - at;
      if ((whole || !final) && agrees(pattern.bytes, data, at)) return { at, pattern: whole ? pattern : null };
    }
    return null;
  }
}

/** Whether `data` from `at` on is the pattern, as far as both go. */
function agrees(pattern: Uint8Array, data: Uint8Array, at: number): boolean {
  const length = Math.min(pattern.length, data.length - at);
  for (let i = 0; i < length; i += 1) if (pattern[i] !== data[at + i]) return false;
  return true;
}

function hash(a: number, b: number, c: number): number {
  return ((a << 10) ^ (b << 5) ^ c) & (TABLE - 1);
}

/** Indexes below are within bounds by construction; the compiler cannot know. */
function byte(data: Uint8Array, at: number): number {
  return data[at] as number;
}

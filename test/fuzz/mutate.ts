import type { Random } from '../../src/statistics/random.ts';

/** Numbers that lengths and counts are compared with. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const MOST_CHANGES = 5;

export interface Material {
  readonly corpus: readonly Buffer[];
  readonly words: readonly Buffer[];
  readonly longest: number;
}

/** Another input, made of one of the corpus by a few changes; the same for the same state of `random`. */
export function mutate(random: Random, { corpus, words, longest }: Material): Buffer {
  const below = (most: number): number => Math.floor(random() * most);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  // What was found last leads on more often than what was there at first.
  let bytes = Buffer.from(corpus[corpus.length - 1 - Math.floor(random() ** 2 * corpus.length)] ?? Buffer.alloc(0));
  const place = (): number => below(bytes.length + 1);
  const span = (): [number, number] => {
    const from = place();
    return [from, Math.min(bytes.length, from + 1 + Math.floor(random() ** 3 * bytes.length))];
  };
  const replace = (from: number, to: number, by: Buffer): Buffer => Buffer.concat([bytes.subarray(0, from), by, bytes.subarray(to)]);
  const changes: readonly (() => Buffer)[] = [
    () => set(bytes, below(bytes.length), (byte) => byte ^ (1 << below(8))),
    () => set(bytes, below(bytes.length), () => below(256)),
    () => set(bytes, below(bytes.length), (byte) => byte + (below(2) === 0 ? 1 : -1) * (1 + below(16))),
    () => replace(...span(), Buffer.alloc(0)),
    () => bytes.subarray(0, place()),
    () => {
      const from = place();
      return replace(
        from,
        from,
        random() < 0.5 ? Buffer.from([below(256)]) : Buffer.from(Array.from({ length: 1 + below(8) }, () => below(128))),
      );
    },
    () => {
      const [from, to] = span();
      return replace(to, to, Buffer.concat(Array.from({ length: 1 + below(8) }, () => bytes.subarray(from, to))));
    },
    () => {
      const [from, to] = span();
      const at = place();
      return replace(at, at, bytes.subarray(from, to));
    },
    () => {
      const other = one(corpus);
      return Buffer.concat([bytes.subarray(0, place()), other.subarray(below(other.length + 1))]);
    },
    () => {
      const other = one(corpus);
      const from = below(other.length + 1);
      const at = place();
      return replace(at, at, other.subarray(from, from + 1 + below(32)));
    },
    () => number(bytes, below(bytes.length), one([1, 2, 4]), one(EDGES), below(2) === 0),
    ...(words.length === 0
      ? []
      : [1, 2].map((_, which) => () => {
          const word = one(words);
          const at = place();
          return replace(at, which === 0 ? at : Math.min(bytes.length, at + word.length), word);
        })),
  ];
  for (let left = 1 + below(MOST_CHANGES); left > 0; left -= 1) bytes = Buffer.from(one(changes)().subarray(0, longest));
  return bytes;
}

function set(bytes: Buffer, at: number, to: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = to(copy[at] ?? 0) & 0xff;
  return copy;
}

function number(bytes: Buffer, at: number, width: 1 | 2 | 4, value: number, little: boolean): Buffer {
  if (at + width > bytes.length) return bytes;
  const copy = Buffer.from(bytes);
  const cut = value % 256 ** width;
  if (little) copy.writeUIntLE(cut, at, width);
  else copy.writeUIntBE(cut, at, width);
  return copy;
}

/**
 * The same input with parts left out, as long as `still` holds: ever smaller parts, from the end, then plain letters for odd bytes. At most
 * `most` attempts.
 */
export async function shrink(input: Buffer, most: number, still: (smaller: Buffer) => Promise<boolean>): Promise<Buffer> {
  let best = input;
  let left = most;
  for (let size = Math.ceil(best.length / 2); size >= 1 && left > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = best.length - size; at > -size && left > 0; at -= size) {
      const from = Math.max(0, at);
      const smaller = Buffer.concat([best.subarray(0, from), best.subarray(from + size)]);
      if (smaller.length === best.length) continue;
      left -= 1;
      if (await still(smaller)) best = smaller;
    }
  }
  return best;
}

import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Another one every time; `FUZZ_SEED` repeats a run. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = 5000;
/** ms for one input, whatever it is: these readers take at most some kilobytes here. */
const LONGEST = 1000;

/** Tries `check` on thousands of inputs: it must not throw, and each must be quick. The seed is printed. */
export function fuzz<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => void | Promise<void>, runs = RUNS): void {
  // oxlint-disable-next-line vitest/valid-title
  test(name, { timeout: 120_000 }, async () => {
    console.log(`${name}: FUZZ_SEED=${SEED}`);
    let done = 0;
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const began = performance.now();
        await check(input);
        done += 1;
        expect(performance.now() - began).toBeLessThan(LONGEST);
      }),
      { seed: SEED, numRuns: runs, endOnFailure: false },
    );
    expect(done).toBeGreaterThanOrEqual(runs);
  });
}

type Edit = (bytes: Buffer) => Buffer;
const edit: fc.Arbitrary<Edit> = fc
  .tuple(
    fc.constantFrom('flip', 'set', 'cut', 'insert', 'repeat', 'end'),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(64),
    fc.uint8Array({ maxLength: 16 }),
  )
  .map(([kind, place, size, more]) => (bytes: Buffer) => {
    const at = Math.floor(place * bytes.length);
    const head = bytes.subarray(0, at);
    const middle = bytes.subarray(at, at + size);
    const tail = bytes.subarray(at + size);
    switch (kind) {
      case 'flip':
      case 'set': {
        const copy = Buffer.from(bytes);
        if (copy.length > 0)
          copy[at % copy.length] = kind === 'set' ? (more[0] ?? 0xff) : (copy[at % copy.length] ?? 0) ^ (1 << (size % 8));
        return copy;
      }
      case 'cut':
        return Buffer.concat([head, tail]);
      case 'insert':
        return Buffer.concat([head, more, middle, tail]);
      case 'repeat':
        return Buffer.concat([head, middle, middle, middle, tail]);
      default:
        return head;
    }
  });

/** Good inputs, somewhat spoilt, and now and then bytes that mean nothing. */
export function spoilt(good: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const mutated = fc
    .tuple(fc.constantFrom(...good), fc.array(edit, { maxLength: 6 }))
    .map(([bytes, edits]) => edits.reduce<Buffer>((sum, one) => one(sum), Buffer.from(bytes)));
  return fc.oneof(
    { weight: 4, arbitrary: mutated },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  );
}

export const spoiltText = (good: readonly string[]): fc.Arbitrary<string> =>
  spoilt(good.map((text) => Buffer.from(text))).map((bytes) => bytes.toString());

/** A stream in pieces of odd sizes. */
export function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let n = 0; at < bytes.length; n += 1) {
    const size = sizes.length === 0 ? bytes.length : (sizes[n % sizes.length] ?? 0) + 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
export const sizes = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });
/** What a reader of a stream yields for these pieces. */
export async function through<T>(read: (stream: AsyncIterable<Buffer>) => AsyncIterable<T>, pieces: readonly Buffer[]): Promise<T[]> {
  const found: T[] = [];
  const stream = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
  };
  for await (const one of read(stream())) found.push(one);
  return found;
}

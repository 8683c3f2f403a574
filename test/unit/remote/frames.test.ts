import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, frame, framesOf, KINDS, LONGEST, readFrames } from '../../../src/remote/frames.ts';
import { stdoutOf } from '../../../src/remote/multiplexed.ts';

/** The bytes in pieces that end anywhere. */
function pieces(bytes: Buffer, sizes: readonly number[]): Readable {
  const parts: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return Readable.from(parts);
}
async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of from) found.push(one);
  return found;
}
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });

describe('frames', () => {
  test('come as they were written, wherever the pieces end', async () => {
    const one = fc.record({ kind: fc.constantFrom(...(Object.keys(KINDS) as Frame['kind'][])), payload: fc.uint8Array({ maxLength: 60 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(one), sizes, async (frames, cut) => {
        const bytes = Buffer.concat(frames.map(({ kind, payload }) => frame(kind, Buffer.from(payload))));
        const read = await all(readFrames(pieces(bytes, cut)));
        expect(read.map(({ kind, payload }) => [kind, [...payload]])).toEqual(frames.map(({ kind, payload }) => [kind, [...payload]]));
      }),
    );
  });
  test('of much are several, of nothing none', () => {
    expect([...framesOf('tree', Buffer.alloc(0))]).toEqual([]);
    expect([...framesOf('tree', Buffer.alloc(LONGEST + 1))].map(({ length }) => length)).toEqual([LONGEST + 5, 6]);
    expect(() => frame('tree', Buffer.alloc(LONGEST + 1))).toThrow('too long');
  });
  test.each([
    ['that are cut off', frame('input', 'abc').subarray(0, 6), /cut off/],
    ['of no kind', Buffer.from('sh: not found\n'), /is no frame: "sh: not found/],
    ['that are too long', Buffer.from([...Buffer.from('T'), 0xff, 0, 0, 0]), /is no frame/],
  ])('%s are refused', async (_, bytes, why) => {
    await expect(all(readFrames(Readable.from([bytes])))).rejects.toThrow(why);
  });
});

describe('the streams of a container', () => {
  const piece = (stream: number, text: string): Buffer => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(text.length, 4);
    return Buffer.concat([head, Buffer.from(text, 'latin1')]);
  };
  test('are taken apart, wherever the pieces end', async () => {
    const said = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ maxLength: 30, unit: 'grapheme-ascii' })));
    await fc.assert(
      fc.asyncProperty(said, sizes, async (parts, cut) => {
        let errors = '';
        const bytes = Buffer.concat(parts.map(([stream, text]) => piece(stream, text)));
        const out = await all(stdoutOf(pieces(bytes, cut), (more) => (errors += more.toString('latin1'))));
        const of = (wanted: number): string => parts.flatMap(([stream, text]) => (stream === wanted ? [text] : [])).join('');
        expect([Buffer.concat(out).toString('latin1'), errors]).toEqual([of(1), of(2)]);
      }),
    );
  });
  test('are not what a terminal would send', async () => {
    await expect(all(stdoutOf(Readable.from([Buffer.from('hello, world')]), () => {}))).rejects.toThrow('no stream of a container');
  });
});

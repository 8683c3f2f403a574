import assert from 'node:assert/strict';
import { padding, tarHeader } from '../../../src/system/tar.ts';
import { readTar } from '../../../src/system/untar.ts';
import { cut } from '../say.ts';
import type { Target } from '../target.ts';

const common = { mode: 0o644, uid: 61_001, gid: 4_000_000, mtime: 1_700_000_000, link: null };
const file = (name: string, content: Buffer): Buffer[] => [
  tarHeader({ ...common, name: Buffer.from(name), type: 'file', size: content.length }), content, padding(content.length),
]; // biome-ignore format: the order in the archive
const archive = Buffer.concat([
  ...file('a', Buffer.from('content of a')),
  tarHeader({ ...common, name: Buffer.from('d'), type: 'directory', size: 0 }),
  tarHeader({ ...common, name: Buffer.from('l'), type: 'symlink', size: 0, link: Buffer.from('../../etc/passwd') }),
  ...file('n'.repeat(130), Buffer.alloc(700, 'x')),
  Buffer.alloc(1024),
]);

interface Summary {
  readonly sizes: readonly number[];
  readonly content: Buffer;
}
async function read(pieces: readonly Buffer[]): Promise<Summary | string> {
  const stream = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
  };
  const sizes: number[] = [];
  const content: Buffer[] = [];
  let left = 0;
  try {
    for await (const event of readTar(stream())) {
      if (event.kind === 'entry') {
        assert.equal(left, 0, 'an entry before the end of another');
        assert.ok(Number.isSafeInteger(event.size) && event.size >= 0 && (event.file || event.size === 0));
        // Names are not told: there is nothing that could lead anywhere.
        assert.deepEqual(Object.keys(event), ['kind', 'file', 'size']);
        sizes.push(event.size);
        left = event.size;
      } else {
        assert.ok(event.bytes.length > 0 && event.bytes.length <= left, 'more than the entry has');
        left -= event.bytes.length;
        content.push(Buffer.from(event.bytes));
      }
    }
  } catch (error) {
    if (error instanceof assert.AssertionError || !(error instanceof Error)) throw error;
    assert.equal(error.constructor, Error, error.stack);
    return error.message;
  }
  assert.equal(left, 0);
  return { sizes, content: Buffer.concat(content) };
}

/** The archive of a record: entries of the size that they say, without names; the same however it comes. */
export const target: Target = {
  seeds: [archive, Buffer.concat([...file('x', Buffer.from('y')), Buffer.alloc(1024)]), Buffer.alloc(1024)],
  words: ['ustar\u000000', '0000644\0', '00000000014\0', '77777777777\0', '12 size=9999\n', '20 path=../../x\n', Buffer.alloc(512), Buffer.from([0x78]), Buffer.from([0x30])],
  longest: 6000,
  async check(bytes) {
    const sums = withSums(bytes);
    for (const input of [bytes, sums]) {
      const whole = await read([input]);
      assert.deepEqual(await read(cut(input, 700)), whole);
      if (typeof whole !== 'string') assert.ok(whole.content.length <= input.length);
    }
  },
}; // biome-ignore format: lists

/** The same with right checksums wherever a header may stand: else no change of a header is ever read. */
function withSums(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at + 512 <= copy.length; at += 512) {
    if (copy.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    copy.fill(0x20, at + 148, at + 156);
    const sum = copy.subarray(at, at + 512).reduce((all, byte) => all + byte, 0);
    copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  return copy;
}

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { unzipOne, ZipError } from '../../../src/action/unzip.ts';
import type { Target } from '../target.ts';

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const NAME = 'results.ndjson';
const MOST = 1 << 20;

function zip(files: readonly (readonly [name: string, content: Buffer, method: 0 | 8])[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, content, method] of files) {
    const packed = method === 8 ? deflateRawSync(content) : content;
    const numbers = Buffer.alloc(12);
    [crc32(content), packed.length, content.length].forEach((number, index) => numbers.writeUInt32LE(number, index * 4));
    const names = Buffer.from([name.length, 0, 0, 0]);
    const start = Buffer.from([20, 0, 0, 0, method, 0, 0, 0, 0, 0]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), start, numbers, names, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    list.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\0', 'latin1'),
        start,
        numbers,
        names.subarray(0, 4),
        rest.subarray(0, 14),
        Buffer.from(name),
      ]),
    );
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  [8, 10].forEach((offset) => end.writeUInt16LE(files.length, offset));
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}
const content = Buffer.from('{"schema":"agent-jail/trials@1"}\n'.repeat(5));

/** An artifact of an earlier run: one file by its exact name, whole, or a ZipError. Nothing else is ever written. */
export const target: Target = {
  seeds: [
    zip([[NAME, content, 8]]),
    zip([['other', Buffer.from('x'), 0], [NAME, content, 0]]),
    zip([['../up', Buffer.from('x'), 8], [NAME, Buffer.alloc(0), 0]]),
  ],
  words: ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', NAME, '../', Buffer.from('ffffffff', 'hex'), Buffer.from('ffff', 'hex')],
  async check(bytes) {
    const directory = join(place, 'run');
    mkdirSync(directory);
    try {
      writeFileSync(join(place, 'zip'), bytes);
      const size = await unzipOne(join(place, 'zip'), NAME, join(directory, 'to'), MOST);
      const got = readFileSync(join(directory, 'to'));
      assert.equal(got.length, size);
      assert.ok(size <= MOST);
      // What it says of the content stands in the zip.
      const sum = Buffer.alloc(4);
      sum.writeUInt32LE(crc32(got));
      assert.ok(bytes.includes(sum));
    } catch (error) {
      if (!(error instanceof ZipError)) throw error;
    } finally {
      assert.deepEqual(readdirSync(directory).filter((name) => name !== 'to'), []);
      assert.deepEqual(readdirSync(place).sort(), ['run', 'zip']);
      rmSync(directory, { recursive: true });
    }
  },
}; // biome-ignore format: lists

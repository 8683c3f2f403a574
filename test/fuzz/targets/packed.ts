import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { gunzip, packingOf, unpack } from '../../../src/changes/packed.ts';
import type { Target } from '../target.ts';

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
const content = Buffer.from('some text that is packed '.repeat(20));
const zip = Buffer.alloc(30);
zip.write('PK\x03\x04', 'latin1');
zip.writeUInt16LE(8, 8);

/** Packed files that an agent left, which are searched for secrets. */
export const target: Target = {
  seeds: [
    Buffer.concat([zip, deflateRawSync(content)]),
    deflateSync(content),
    gzipSync(content),
    Buffer.concat([Buffer.from('PACK\0\0\0\x02\0\0\0\x02'), Buffer.from([0x95, 0x0f]), deflateSync(content), Buffer.from([0x35]), deflateSync(Buffer.from('x'))]),
  ],
  words: ['PK\x03\x04', 'PACK', Buffer.from('789c', 'hex'), Buffer.from('7801', 'hex'), Buffer.from('1f8b08', 'hex'), deflateSync(Buffer.alloc(100_000))],
  // A part that cannot be unpacked costs a start of the inflater.
  perByte: 60,
  async check(bytes) {
    const packing = packingOf(bytes);
    if (packing === null) return;
    let total = 0;
    if (packing === 'gzip') {
      const file = join(place, 'packed');
      writeFileSync(file, bytes);
      const fd = openSync(file, 'r');
      for await (const piece of gunzip(fd)) total += piece.length;
      closeSync(fd); // as it was: still open
    } else for (const part of unpack(bytes, packing)) total += part.length;
    // Deflate packs a byte into no less than a thousandth.
    assert.ok(total <= 1100 * bytes.length * bytes.length);
  },
}; // biome-ignore format: lists

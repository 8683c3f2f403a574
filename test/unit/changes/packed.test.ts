import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gunzip, packingOf, unpack } from '../../../src/changes/packed.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'packed-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A zip as APPNOTE 4.3 has it, without the directory at its end that no reader here looks at. */
function zip(entries: Record<string, string>): Buffer {
  return Buffer.concat(
    Object.entries(entries).map(([name, text]) => {
      const data = deflateRawSync(text);
      const header = Buffer.alloc(30);
      header.write('PK\x03\x04', 'latin1');
      header.writeUInt16LE(8, 8);
      header.writeUInt32LE(data.length, 18);
      header.writeUInt16LE(name.length, 26);
      return Buffer.concat([header, Buffer.from(name), data]);
    }),
  );
}
function texts(bytes: Buffer): string[] {
  const packing = packingOf(bytes);
  if (packing === null || packing === 'gzip') throw new Error(`not unpacked in memory: ${packing}`);
  return [...unpack(bytes, packing)].map((part) => part.toString());
}

describe('packingOf', () => {
  test('looks at the first bytes', () => {
    expect(packingOf(gzipSync(''))).toBe('gzip');
    expect(packingOf(zip({ a: 'a' }))).toBe('zip');
    expect(packingOf(deflateSync('x'))).toBe('zlib');
    expect(packingOf(Buffer.from('PACK....'))).toBe('pack');
    expect(packingOf(Buffer.from('plain text'))).toBe(null);
    expect(packingOf(Buffer.from('xyz text'))).toBe(null);
    expect(packingOf(Buffer.alloc(0))).toBe(null);
  });
});

describe('unpack', () => {
  test('every entry of a zip, also behind a broken one', () => {
    const broken = zip({ x: 'broken' });
    broken.fill(0xff, 31);
    expect(texts(Buffer.concat([broken, zip({ a: 'first', b: 'second' })]))).toEqual(['first', 'second']);
  });

  test('a loose git object', () => {
    expect(texts(deflateSync('blob 5\0hello'))).toEqual(['blob 5\0hello']);
  });

  test('every object of a pack that git wrote', () => {
    const git = (...args: string[]): string => execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8' }).trim();
    git('init', '-q');
    for (const name of ['one', 'two', 'three']) writeFileSync(join(dir, name), `the content of ${name}\n`);
    git('add', '-A');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'message');
    git('gc', '-q');
    const pack = execFileSync('find', [dir, '-name', '*.pack'], { encoding: 'utf8' }).trim();
    const parts = texts(readFileSync(pack));
    for (const name of ['one', 'two', 'three']) expect(parts).toContain(`the content of ${name}\n`);
    expect(parts).toHaveLength(5);
  });

  test('a bomb ends, and gives nothing', () => {
    expect(texts(deflateSync(Buffer.alloc(80 << 20)))).toEqual([]);
  });
});

describe('gunzip', () => {
  async function read(bytes: Buffer): Promise<string> {
    const path = join(dir, 'x.gz');
    writeFileSync(path, bytes);
    const fd = openSync(path, 'r');
    try {
      const parts: Buffer[] = [];
      for await (const piece of gunzip(fd)) parts.push(piece);
      return Buffer.concat(parts).toString();
    } finally {
      closeSync(fd);
    }
  }

  test('gives all there is of a whole, a cut and a broken file', async () => {
    const text = 'line\n'.repeat(50_000);
    const whole = gzipSync(text, { level: 0 });
    expect(await read(whole)).toBe(text);
    expect(text.startsWith(await read(whole.subarray(0, 100_000)))).toBe(true);
    expect((await read(whole.subarray(0, 100_000))).length).toBeGreaterThan(60_000);
    expect(await read(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]))).toBe('');
  });

  test("the descriptor is the caller's, also when it stops early", async () => {
    const path = join(dir, 'long.gz');
    writeFileSync(path, gzipSync(Buffer.alloc(10 << 20)));
    const fd = openSync(path, 'r');
    for await (const piece of gunzip(fd)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(() => closeSync(fd)).not.toThrow();
  });
});

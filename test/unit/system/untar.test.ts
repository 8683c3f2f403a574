import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { BLOCK, tarHeader } from '../../../src/system/tar.ts';
import { readTar } from '../../../src/system/untar.ts';

/** What is in an archive that comes in pieces of `size` bytes. */
async function read(archive: Buffer, size = archive.length || 1): Promise<{ file: boolean; size: number; text: string }[]> {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < archive.length; at += size) yield archive.subarray(at, at + size);
  };
  const found: { file: boolean; size: number; text: string }[] = [];
  for await (const event of readTar(pieces())) {
    if (event.kind === 'entry') found.push({ file: event.file, size: event.size, text: '' });
    else (found.at(-1) ?? { text: '' }).text += event.bytes.toString('latin1');
  }
  return found;
}

const entry = { name: Buffer.from('x'), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0, link: null } as const;
const END = Buffer.alloc(2 * BLOCK);
const one = Buffer.concat([tarHeader({ ...entry, size: 3 }), Buffer.from('abc'), Buffer.alloc(BLOCK - 3), END]);

describe('an archive', () => {
  test('of GNU tar is read, in pieces of any size', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'aj-untar-'));
    try {
      mkdirSync(join(dir, 'in/sub'), { recursive: true });
      writeFileSync(join(dir, 'in/a'), 'a'.repeat(1000));
      writeFileSync(join(dir, `in/sub/${'long'.repeat(50)}`), 'long name');
      writeFileSync(join(dir, 'in/empty'), '');
      symlinkSync('a', join(dir, 'in/link'));
      for (const format of ['ustar', 'pax']) {
        const archive = execFileSync('tar', [
          '--format',
          format,
          '--sort=name',
          '-C',
          dir,
          '-cf',
          '-',
          ...(format === 'ustar' ? ['in/a', 'in/empty', 'in/link'] : ['in']),
        ]);
        const files = (await read(archive)).filter(({ file }) => file).map(({ text }) => text);
        expect(files).toEqual(['a'.repeat(1000), '', ...(format === 'pax' ? ['long name'] : [])]);
        for (const size of [1, 7, 512, 1000]) expect(await read(archive, size)).toEqual(await read(archive));
      }
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  test('of our own writer is read: a size in a pax header, links without content', async () => {
    const huge = tarHeader({ ...entry, size: 8 ** 11 });
    const pieces = async function* (): AsyncGenerator<Buffer> {
      yield huge;
    };
    expect((await readTar(pieces()).next()).value).toEqual({ kind: 'entry', file: true, size: 8 ** 11 });
    const links = (['link', 'symlink', 'directory', 'fifo'] as const).map((type) =>
      tarHeader({ ...entry, type, link: Buffer.from('l'.repeat(200)) }),
    );
    expect(await read(Buffer.concat([...links, one]))).toEqual([
      ...links.map(() => ({ file: false, size: 0, text: '' })),
      { file: true, size: 3, text: 'abc' },
    ]);
  });
});

describe('refused', () => {
  const changed = (at: number, byte: number): Buffer => {
    const bytes = Buffer.from(one);
    bytes[at] = byte;
    return bytes;
  };
  const rebuilt = (change: (header: Buffer) => void): Buffer => {
    const bytes = Buffer.from(one);
    change(bytes);
    bytes.write('        ', 148, 'latin1');
    const sum = bytes.subarray(0, BLOCK).reduce((all, byte) => all + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return bytes;
  };
  it.each<[string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /cut off/],
    ['half a header', one.subarray(0, 100), /cut off/],
    ['half a content', one.subarray(0, BLOCK + 2), /cut off/],
    ['no end', one.subarray(0, -2 * BLOCK), /cut off/],
    ['half an end', one.subarray(0, -BLOCK), /cut off/],
    ['a changed byte', changed(0, 0x79), /a header that is none/],
    ['no archive', Buffer.alloc(4 * BLOCK, 'x'), /a number|a header/],
    ['a negative size', rebuilt((header) => header.write('-0000000003', 124, 'latin1')), /a number that is none/],
    ['a size in binary', rebuilt((header) => header.writeUInt8(0x80, 124)), /a number that is none/],
    ['a kind that is not known', rebuilt((header) => header.write('S', 156, 'latin1')), /a kind that is not known/],
    [
      'a pax header without end',
      rebuilt((header) => header.write('77777777777', 124, 'latin1') && header.write('x', 156, 'latin1')),
      /too large/,
    ],
    ['a pax header that is none', rebuilt((header) => header.write('x', 156, 'latin1')), /a header that is none/],
    ['an empty block within', Buffer.concat([Buffer.alloc(BLOCK), one]), /an empty block within/],
  ])('%s', async (_, archive, message) => {
    await expect(read(archive)).rejects.toThrow(message);
  });

  test('or read, whatever it is: it ends, and holds no more than it has', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.tuple(fc.nat(one.length - 1), fc.nat(255)).map(([at, byte]) => changed(at, byte)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 700 }), async (archive, size) => {
        const found = await read(Buffer.from(archive), size).catch(() => []);
        expect(found.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(archive.length);
      }),
      { numRuns: 500 },
    );
  });
});

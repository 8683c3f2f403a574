import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { BLOCK, padding, type TarEntry, tarHeader } from '../../../src/system/tar.ts';

const FILE: TarEntry = { name: Buffer.from('a'), type: 'file', mode: 0o644, uid: 1, gid: 2, size: 0, mtime: 3, link: null };

async function read(bytes: Buffer): Promise<Header[]> {
  const headers: Header[] = [];
  const stream = extract();
  stream.on('entry', (header, body, next) => {
    headers.push(header);
    body.on('end', next);
    body.resume();
  });
  const end = new Promise<void>((resolve, reject) => stream.on('finish', () => resolve()).on('error', reject));
  Readable.from([Buffer.concat([bytes, Buffer.alloc(2 * BLOCK)])]).pipe(stream);
  await end;
  return headers;
}

describe('tarHeader', () => {
  test('another library reads what was written, long names and large numbers too', async () => {
    const name = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((part) => !/[/\0]/.test(part) && part !== '.'),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    const entry = fc.record({
      name: name.map((parts) => parts.join('/')),
      type: fc.constantFrom('file', 'directory', 'symlink', 'fifo', 'link'),
      mode: fc.nat(0o7777),
      uid: fc.nat(0xffff_ffff),
      gid: fc.nat(0xffff_ffff),
      mtime: fc.integer({ min: -(2 ** 33), max: 2 ** 35 }),
      link: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 150 }).filter((text) => !text.includes('\0')),
    });
    await fc.assert(
      fc.asyncProperty(entry, async ({ name: path, link, ...rest }) => {
        const target = rest.type === 'symlink' || rest.type === 'link' ? link : null;
        const bytes = tarHeader({
          ...rest,
          name: Buffer.from(path),
          size: 0,
          link: target === null ? null : Buffer.from(target),
        } as TarEntry);
        const [header] = await read(bytes);
        const pax = (header?.pax ?? {}) as Record<string, string>;
        expect(header?.name).toBe(rest.type === 'directory' ? `${path}/` : path);
        expect(header?.linkname ?? null).toBe(target);
        expect([header?.mode, Number(pax.uid ?? header?.uid), Number(pax.gid ?? header?.gid)]).toEqual([rest.mode, rest.uid, rest.gid]);
        expect(Number(pax.mtime ?? (header?.mtime?.getTime() ?? 0) / 1000)).toBe(rest.mtime);
      }),
    );
  });

  test('a size beyond eight octal gigabytes', async () => {
    const bytes = tarHeader({ ...FILE, size: 2 ** 35 });
    const listed = spawnSync('tar', ['-tvf', '-'], { input: bytes, encoding: 'utf8' });
    expect(listed.stdout).toContain(String(2 ** 35));
  });

  test.each([3, 99, 100, 101, 300])('GNU tar reads a name of %i bytes that is not UTF-8', (length) => {
    const name = Buffer.alloc(length, 0xfe);
    const listed = spawnSync('tar', ['--quoting-style=literal', '-tf', '-'], {
      input: Buffer.concat([tarHeader({ ...FILE, name }), Buffer.alloc(2 * BLOCK)]),
    });
    expect(listed.stderr.toString()).toBe('');
    expect(listed.stdout).toEqual(Buffer.concat([name, Buffer.from('\n')]));
  });
});

test('padding fills up to a block', () => {
  expect([0, 1, 511, 512, 513].map((size) => padding(size).length)).toEqual([0, 511, 1, 0, 511]);
});

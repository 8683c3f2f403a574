import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContentReader } from '../../../src/changes/content.ts';
import { type Side, side } from '../../../src/changes/entry.ts';
import { SecretSearch } from '../../../src/changes/secrets.ts';
import { Tree } from '../../../src/changes/tree.ts';
import type { HostPath } from '../../../src/model/names.ts';

let dir: string;
let tree: Tree;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'content-'));
  tree = new Tree(dir as HostPath);
});
afterEach(() => rmSync(dir, { recursive: true }));

const search = new SecretSearch([{ name: 'TOKEN', bytes: [Buffer.from('needle')] }]);
function put(name: string, content: string | Buffer): Side {
  writeFileSync(join(dir, name), content);
  return sideOf(name);
}
function sideOf(name: string): Side {
  const stat = tree.lstat(Buffer.from(name));
  if (stat === null) throw new Error(`${name} is not there`);
  return side(tree, Buffer.from(name), stat, null, null);
}

describe('ContentReader', () => {
  test.each([0, 1, 100, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 5_000_000])('hashes %i bytes', async (size) => {
    const bytes = Buffer.alloc(size, 'abc');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await new ContentReader(search).read(put('f', bytes))).toMatchObject({
      sha256,
      binary: false,
      crlf: false,
      ident: false,
      secret: null,
    });
  });

  test('a NUL among the first 8000 bytes makes it binary, a later one does not', async () => {
    const reader = new ContentReader(search);
    expect((await reader.read(put('early', `${'a'.repeat(7999)}\0`))).binary).toBe(true);
    expect((await reader.read(put('late', `${'a'.repeat(8000)}\0`))).binary).toBe(false);
  });

  test('what git might convert is seen', async () => {
    const reader = new ContentReader(search);
    expect(await reader.read(put('a', 'one\r\ntwo'))).toMatchObject({ crlf: true, ident: false });
    expect(await reader.read(put('b', 'one\rtwo\n$Id$'))).toMatchObject({ crlf: false, ident: true });
    const large = Buffer.alloc((1 << 20) + 5, 'x');
    expect(await reader.read(put('c', large))).toMatchObject({ crlf: false, ident: false });
    large.write('\r\n', (1 << 20) - 1);
    expect(await reader.read(put('d', large))).toMatchObject({ crlf: true, ident: false });
    large.write('$Id', (1 << 20) - 2);
    expect(await reader.read(put('e', large))).toMatchObject({ crlf: false, ident: true });
  });

  test('what was read ahead is not read again, but for what has to be unpacked', async () => {
    const reader = new ContentReader(search);
    const gone = put('a', 'needle\r\n$Id$');
    rmSync(join(dir, 'a'));
    const sha256 = createHash('sha256').update('needle\r\n$Id$').digest('hex');
    const bytes = Buffer.from('needle\r\n$Id$');
    const expected = { sha256, binary: false, crlf: true, ident: true, secret: 'TOKEN', tokens: [], bytes };
    expect(await reader.read(gone, false, bytes)).toEqual(expected);
    const packed = gzipSync('a needle in it');
    expect(await reader.read(put('b.gz', packed), false, packed)).toMatchObject({ secret: 'TOKEN', bytes: null });
  });

  test('a secret is found across pieces', async () => {
    const bytes = Buffer.concat([Buffer.alloc((1 << 20) - 3, 'x'), Buffer.from('needle')]);
    expect((await new ContentReader(search).read(put('f', bytes))).secret).toBe('TOKEN');
  });

  test('holes are read within a budget, then not at all', async () => {
    put('one', 'x');
    put('two', 'x');
    for (const name of ['one', 'two']) truncateSync(join(dir, name), 1 << 20);
    const reader = new ContentReader(search, 1.5 * (1 << 20));
    expect((await reader.read(sideOf('one'))).sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await reader.read(sideOf('two'))).toEqual({
      tokens: [],
      sha256: null,
      binary: true,
      crlf: true,
      ident: true,
      secret: null,
      bytes: null,
    });
  });

  test('a file that became a link is not followed', async () => {
    const before = put('f', 'x');
    rmSync(join(dir, 'f'));
    symlinkSync('/etc/passwd', join(dir, 'f'));
    await expect(new ContentReader(search).read(before)).rejects.toThrow('ELOOP');
  });
});

import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { AttributesFile } from '../../../src/changes/attributes.ts';
import { rebase } from '../../../src/changes/ignored.ts';
import { gunzip, packingOf, unpack } from '../../../src/changes/packed.ts';
import { padding, tarHeader } from '../../../src/system/tar.ts';
import { trackedPaths } from '../../../src/changes/tracked.ts';
import { PatchCounter } from '../../../src/guard/added-lines.ts';
import { RecordError } from '../../../src/record/error.ts';
import { git, repository } from '../../support/jail.ts';
import { cut, fuzz, sizes, spoilt, spoiltText } from './fuzz.ts';

// What the collector reads of a tree that an agent left.

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-'));
afterAll(() => rmSync(place, { recursive: true }));
const work = repository(place);
const indexes = [2, 3, 4].map((version) => {
  git(work, 'update-index', '--index-version', String(version));
  return readFileSync(join(work, '.git/index'));
});

fuzz('git index: paths, or nothing', spoilt(indexes), (bytes) => {
  const paths = trackedPaths(bytes);
  if (paths !== null) expect(paths.size).toBeLessThanOrEqual(bytes.length);
});

const content = Buffer.from('some text that is packed '.repeat(20));
const raw = deflateRawSync(content);
const zip = Buffer.alloc(30);
zip.write('PK\x03\x04', 'latin1');
zip.writeUInt16LE(8, 8);
const packed = [
  Buffer.concat([zip, raw]),
  deflateSync(content),
  Buffer.concat([
    Buffer.from('PACK\0\0\0\x02\0\0\0\x02'),
    Buffer.from([0x95, 0x0f]),
    deflateSync(content),
    Buffer.from([0x35]),
    deflateSync(Buffer.from('x')),
  ]),
];
fuzz('zip, zlib and git packs: parts, or nothing', spoilt(packed), (bytes) => {
  const packing = packingOf(bytes);
  if (packing === null || packing === 'gzip') return;
  let total = 0;
  for (const part of unpack(bytes, packing)) total += part.length;
  expect(total).toBeLessThan(1 << 22);
});

fuzz(
  'gzip: pieces, or an end',
  spoilt([gzipSync(content), gzipSync(Buffer.alloc(70_000))]),
  async (bytes) => {
    const file = join(place, 'packed');
    writeFileSync(file, bytes);
    const fd = openSync(file, 'r');
    try {
      let total = 0;
      for await (const piece of gunzip(fd)) total += piece.length;
      expect(total).toBeLessThan(1 << 26);
    } finally {
      closeSync(fd);
    }
  },
  2000,
);

const PATCH = [
  'diff --git b/new b/new\nnew file mode 100644\nindex 0000000..e69de29\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,2 @@\n+one\n+two\n',
  'diff --git a/x y a/x y\ndeleted file mode 100644\nindex 1..0\n--- a/x y\n+++ /dev/null\n@@ -1 +0,0 @@\n-diff --git a b\n\\ No newline at end of file\n',
  'diff --git "a/\\303\\244" "b/\\303\\244"\nindex 1..2 100644\n--- "a/\\303\\244"\n+++ "b/\\303\\244"\n@@ -1,3 +1,3 @@ f\n a\n-b\n+c\n d\n',
].map((text) => Buffer.from(text));

const ATTRIBUTES = ['* text=auto\n*.psd filter=lfs -text\n"a b" ident\n/x/**/y eol=crlf\n[a-z]?* !text\nbin binary\n'];
fuzz('.gitattributes: something is said, or nothing', fc.tuple(spoiltText(ATTRIBUTES), spoiltText(['dir/a b.psd'])), ([text, path]) => {
  const known = new Map<string, string | boolean | null>();
  new AttributesFile(text).add(path.replace(/[\0\n]|^[./]+/g, '') || 'x', known);
  expect(known.size).toBeLessThanOrEqual(text.length + 3);
});

fuzz('patch counter: the same however the patch is cut, or a RecordError', fc.tuple(spoilt(PATCH), sizes), ([bytes, at]) => {
  const count = (pieces: readonly Buffer[]): string => {
    const counter = new PatchCounter('changes.patch');
    try {
      for (const piece of pieces) counter.push(piece);
      return JSON.stringify(counter.end());
    } catch (error) {
      if (error instanceof RecordError) return error.message;
      throw error;
    }
  };
  expect(count(cut(bytes, at))).toBe(count([bytes]));
});

fuzz(
  '.gitignore: rules of a directory as rules of the root',
  spoiltText(['build/\n*.log\n!keep.log\n/x/**/y\n\\#a\n a b \\ \n[a-z]?*\n']),
  (text) => {
    for (const rule of rebase(text, 'sub/dir')) expect(rule).not.toContain('\n');
  },
);

/** Bytes that a file's name may have. */
const name = fc
  .uint8Array({ min: 1, minLength: 1, maxLength: 180 })
  .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0x2f ? 0x5f : byte))));
fuzz(
  'tar: GNU tar lists what was written, whatever the names',
  fc.array(fc.record({ name, size: fc.nat(2000), mode: fc.nat(0o777), link: fc.option(name) }), { minLength: 1, maxLength: 5 }),
  (entries) => {
    const parts = entries.flatMap(({ name: bytes, size, mode, link }) => {
      const common = { name: Buffer.concat([Buffer.from('d/'), bytes]), mode, uid: 61_001, gid: 4_000_000, mtime: 1_700_000_000 };
      if (link !== null) return [tarHeader({ ...common, type: 'symlink', size: 0, link })];
      return [tarHeader({ ...common, type: 'file', size, link: null }), Buffer.alloc(size, 0x61), padding(size)];
    });
    const listed = execFileSync('tar', ['--list', '--quoting-style=literal', '--show-transformed-names', '--file=-'], {
      input: Buffer.concat([...parts, Buffer.alloc(1024)]),
      encoding: 'latin1',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    });
    expect(listed).toBe(entries.map((entry) => `d/${entry.name.toString('latin1')}\n`).join(''));
  },
  300,
);

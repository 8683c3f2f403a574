import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asPath } from '../../../src/changes/bytes.ts';
import { byLayerAndPath, changeLine, pathFields, writeManifest } from '../../../src/changes/manifest.ts';
import { LINE_LIMIT } from '../../../src/record/ndjson.ts';
import type { Change, Entry, LayerName } from '../../../src/model/changes.ts';
import type { Sha256 } from '../../../src/model/names.ts';

const FILE: Entry = { type: 'file', mode: 0o644, uid: 1, gid: 2, size: 3, sha256: 'f'.repeat(64) as Sha256, link: null };
const path = (text: string | readonly number[] | Uint8Array): Change['path'] => asPath(Buffer.from(text as string));

describe('pathFields', () => {
  test('the bytes come back from what is written, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ minLength: 1 }),
          fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          const read = JSON.parse(JSON.stringify(pathFields('path', bytes)));
          const back = read.path_b64 === undefined ? Buffer.from(read.path) : Buffer.from(read.path_b64, 'base64');
          expect(Buffer.compare(back, bytes)).toBe(0);
        },
      ),
    );
  });

  test('base64 only where the text does not say it all', () => {
    expect(pathFields('path', Buffer.from('é/a b'))).toEqual({ path: 'é/a b' });
    expect(pathFields('link', Buffer.from('a\nb'))).toEqual({ link: 'a\nb', link_b64: 'YQpi' });
    expect(pathFields('from', Buffer.from([0xff]))).toEqual({ from: '\ufffd', from_b64: '/w==' });
    expect(Object.keys(pathFields('path', Buffer.from('\u0085')))).toEqual(['path', 'path_b64']);
  });
});

describe('byLayerAndPath', () => {
  test('layers in their order, then bytes as unsigned numbers', () => {
    const layer = fc.constantFrom<LayerName>('workspace', 'home', 'root');
    const change = fc.record({ layer, path: fc.uint8Array({ maxLength: 4 }).map(path) });
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        const key = (c: (typeof changes)[number]): string =>
          `${['workspace', 'home', 'root'].indexOf(c.layer)}${Buffer.from(c.path).toString('hex')}`;
        const keys = changes.sort(byLayerAndPath).map(key);
        expect(keys).toEqual([...keys].sort());
      }),
    );
  });
});

describe('changeLine', () => {
  test('a rename names both paths and both sides', () => {
    const change: Change = {
      path: path('b'),
      from: path([0xff]),
      layer: 'workspace',
      flags: ['odd-name'],
      op: 'renamed',
      before: FILE,
      after: FILE,
    };
    expect(changeLine(change)).toEqual({
      path: 'b',
      layer: 'workspace',
      op: 'renamed',
      flags: ['odd-name'],
      from: '\ufffd',
      from_b64: '/w==',
      before: FILE,
      after: FILE,
    });
  });

  test('a link is text, with its bytes where they differ', () => {
    const after: Entry = { ...FILE, type: 'symlink', sha256: null, link: path([0x61, 0xff]) };
    expect(changeLine({ path: path('l'), layer: 'home', flags: [], op: 'added', after })).toMatchObject({
      after: { type: 'symlink', link: 'a\ufffd', link_b64: 'Yf8=' },
    });
  });
});

describe('writeManifest', () => {
  test('header, lines, and a footer whose list is bounded', () => {
    const dir = mkdtempSync(join(tmpdir(), 'manifest-'));
    try {
      const file = join(dir, 'changes.ndjson');
      const fd = openSync(file, 'wx');
      const change: Change = { path: path('a'), layer: 'workspace', flags: [], op: 'added', after: FILE };
      const leftOut = Array.from({ length: 1200 }, () => ({ path: path('x'), why: 'full' }));
      // The longest names that Linux takes, of the characters that JSON makes most of.
      const long = Array.from({ length: 1200 }, () => ({ path: path('\u0001'.repeat(4096)), why: 'full' }));
      writeManifest(fd, { id: 'ID' }, [change], {
        ignored: 1,
        withheld: 2,
        patch: { files: 3, leftOut },
        archive: { entries: 4, leftOut: long },
      });
      closeSync(fd);
      const lines = readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines[0]).toEqual({ schema: 'agent-jail/changes@1', id: 'ID' });
      expect(lines[1]).toMatchObject({ path: 'a', op: 'added' });
      expect(lines[2]).toMatchObject({
        end: true,
        lines: 1,
        counts: { added: 1 },
        ignored: 1,
        withheld: 2,
        patch: { files: 3, more: 200 },
        archive: { entries: 4, more: 1200 - 128 },
      });
      expect(lines[2].patch.left_out).toHaveLength(1000);
      expect(JSON.stringify(lines[2]).length).toBeLessThan(LINE_LIMIT / 2);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

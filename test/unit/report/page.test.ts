import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printedBy } from '../../../src/report/page/cast.ts';
import { difference, parsePatch, sideBySide } from '../../../src/report/page/patch.ts';
import { shown } from '../../../src/report/page/text.ts';
import { read, repositoryFiles } from '../../support/sources.ts';

// What the page of the report computes; test/browser has the page itself.

const short = (text: string): string[] => parsePatch(text).map(({ kind, old, now, text: line }) => `${kind} ${old}:${now} ${line}`);

describe('a patch', () => {
  test('is counted by the numbers of its hunks: content that looks like a header is content', () => {
    const patch =
      '--- a/x\n+++ b/x\n@@ -3,2 +3,3 @@ in\n one\n--- old\n+++ new\n+@@ -1 +1 @@\n@@ -9 +10 @@\n-z\n\\ No newline at end of file\n+y\n';
    expect(short(patch)).toEqual([
      'hunk null:null @@ -3,2 +3,3 @@ in',
      'context 3:3 one',
      'removed 4:null -- old',
      'added null:4 ++ new',
      'added null:5 @@ -1 +1 @@',
      'hunk null:null @@ -9 +10 @@',
      'removed 9:null z',
      'note null:null No newline at end of file',
      'added null:10 y',
    ]);
  });

  test('says what is no text', () => {
    expect(short('old mode 100644\nnew mode 100755\nGIT binary patch\nliteral 1\nIcmZ\n')).toEqual([
      'note null:null old mode 100644',
      'note null:null new mode 100755',
      'note null:null binary content',
    ]);
  });

  test('stands side by side: what was removed beside what was added', () => {
    const lines = parsePatch('@@ -1,4 +1,3 @@\n a\n-b\n-c\n+B\n d\n');
    expect(sideBySide(lines).map((pair) => pair.map((line) => line?.text ?? null))).toEqual([
      ['@@ -1,4 +1,3 @@', '@@ -1,4 +1,3 @@'],
      ['a', 'a'],
      ['b', 'B'],
      ['c', null],
      ['d', 'd'],
    ]);
  });

  test.each([
    ['the old line', 'the new line', [4, 7]],
    ['same', 'same', null],
    ['all', 'other', null],
    ['aXa', 'aa', [1, 2]],
    ['aa', 'aXa', null],
  ])('%j beside %j', (text, other, expected) => expect(difference(text, other)).toEqual(expected));

  test('no text makes it fail', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('@@ -1,2 +1 @@', '+', '-', ' ', '\\', 'x', '@@ -', '')),
        (lines) => void sideBySide(parsePatch(lines.join('\n'))),
      ),
    );
  });
});

describe('a transcript', () => {
  const cast = (...events: [number, string, string][]): string =>
    ['{"version":2}', ...events.map((event) => JSON.stringify(event)), ''].join('\n');
  const lines = (...texts: string[]): unknown =>
    printedBy(cast([0, 'm', 'step 1: s'], ...texts.map((text, at): [number, string, string] => [at, 'o', text])))[0]?.lines.map(
      ({ t, text }) => `${t} ${text}`,
    );

  test.each([
    ['lines that come in parts', ['a', 'b\r\nc\r\n'], ['0 ab', '1 c']],
    ['empty lines', ['\r\n\r\nx'], ['0 ', '0 ', '0 x']],
    ['no sequences', ['\x1b[31mred\x1b[0m\x1b(B'], ['0 red']],
    ['a line that was written over', ['10 %\r50 %\r100 %\r\n'], ['0 100 %']],
    ['backspaces', ['abc\b\bX\r\n'], ['0 aX']],
  ])('%s', (_, texts, expected) => expect(lines(...texts)).toEqual(expected));

  test('by step, with notes', () => {
    const steps = printedBy(
      cast([0, 'm', 'step 1: a'], [0, 'r', '80x24'], [1, 'o', 'x'], [2, 'm', 'step 2: b'], [3, 'm', '9 bytes left out'], [4, 'o', 'y\r\n']),
    );
    expect(steps).toEqual([
      { name: 'step 1: a', lines: [{ t: 1, text: 'x', note: false }] },
      {
        name: 'step 2: b',
        lines: [
          { t: 3, text: '9 bytes left out', note: true },
          { t: 4, text: 'y', note: false },
        ],
      },
    ]);
  });
});

test('what hides or turns text around stands as its number', () => {
  expect(shown('a\u202eb\u200b\r\tc\x1b\n')).toBe('a\\u{202e}b\\u{200b}␍\tc\\u{1b}\n');
});

test('no code of the page takes text for markup', () => {
  const sources = repositoryFiles().filter((path) => /^src\/report\/page\/.*\.ts$/.test(path));
  expect(sources.length).toBeGreaterThan(10);
  expect(
    sources.filter((path) => /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|fetch\(|srcdoc/.test(read(path))),
  ).toEqual([]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { basename, isPlainText, join, key, parent, split } from '../../../src/changes/bytes.ts';

const name = fc.uint8Array({ minLength: 1, maxLength: 8 }).filter((bytes) => !bytes.includes(0x2f) && !bytes.includes(0));

describe('paths of bytes', () => {
  test('join, split, parent and basename agree', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), (names) => {
        const path = names.reduce<Buffer>((dir, part) => join(dir, part), Buffer.alloc(0));
        expect(split(path).map(key)).toEqual(names.map(key));
        expect(key(join(parent(path), basename(path)))).toBe(key(path));
      }),
    );
  });

  test('keys tell bytes apart that text does not', () => {
    expect(key(Buffer.from([0xff]))).not.toBe(key(Buffer.from([0xfe])));
  });
});

test('isPlainText: UTF-8 without control characters', () => {
  expect(['a', 'é', '日本', 'a b', '\u00a0'].map((text) => isPlainText(Buffer.from(text)))).toEqual([true, true, true, true, true]);
  expect(['\n', '\x7f', '\u0085', '\0'].map((text) => isPlainText(Buffer.from(text)))).toEqual([false, false, false, false]);
  expect(isPlainText(Buffer.from([0xc2]))).toBe(false);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayPath, displayText } from '../../../src/record/display.ts';
import { bytesOf } from './fixture.ts';

describe('displayText', () => {
  test.each([
    ['plain text, ünï 中文', 'plain text, ünï 中文'],
    ['a\nb\tc\u001b[31m', 'a\\x0ab\\x09c\\x1b[31m'],
    ['back\\slash', 'back\\\\slash'],
    ['abc\u202Edef', 'abc\\u{202e}def'],
    ['zero\u200Bwidth\uFEFF', 'zero\\u{200b}width\\u{feff}'],
    ['\uD800', '\\u{d800}'],
    ['', ''],
  ])('%j', (text, shown) => expect(displayText(text)).toBe(shown));

  test('is bounded, one line, and says when it was cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 60 }), (text, limit) => {
        const shown = displayText(text, limit);
        expect(shown).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u);
        expect(shown.length).toBeLessThanOrEqual(limit + 1);
        if (!shown.endsWith('…')) expect(shown.length).toBeGreaterThanOrEqual(text.length);
      }),
    );
  });
});

describe('displayPath', () => {
  test.each([
    ['src/a.ts', 'src/a.ts'],
    [Buffer.from([0x61, 0xff, 0xfe, 0x5c]), 'a\\xff\\xfe\\\\'],
    ['new\nline', 'new\\x0aline'],
  ])('%j', (path, shown) => expect(displayPath(bytesOf(path))).toBe(shown));

  test('different paths look different', () => {
    const path = fc.uint8Array({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(path, path, (a, b) => {
        fc.pre(Buffer.compare(a, b) !== 0);
        expect(displayPath(bytesOf(a))).not.toBe(displayPath(bytesOf(b)));
      }),
      { numRuns: 2000 },
    );
  });
});

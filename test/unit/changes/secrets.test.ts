import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SecretSearch, simpleForms } from '../../../src/changes/secrets.ts';

const SECRET = 's3cr3t-value/+=?';
const search = new SecretSearch(simpleForms([{ name: 'TOKEN', value: SECRET }]));

describe('simpleForms', () => {
  test.each(['hex', 'base64', 'base64url'] as const)('%s is found at every alignment', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(SECRET), after]).toString(encoding);
        expect(search.find(Buffer.from(text))).toBe('TOKEN');
      }),
    );
  });

  test('a value too short to be told from chance has no forms', () => {
    expect(simpleForms([{ name: 'PIN', value: '1' }])).toEqual([{ name: 'PIN', bytes: [] }]);
  });
});

describe('SecretSearch', () => {
  test('finds nothing where nothing is, and nothing without forms', () => {
    expect(search.find(Buffer.from(SECRET.slice(1)))).toBe(null);
    const none = new SecretSearch([]);
    expect(none.idle).toBe(true);
    expect(none.stream()(Buffer.from(SECRET))).toBe(null);
    expect(new SecretSearch([{ name: 'EMPTY', bytes: [Buffer.alloc(0)] }]).find(Buffer.from('x'))).toBe(null);
  });

  test('a stream finds a form however it is cut', () => {
    const bytes = Buffer.from(`${'.'.repeat(20)}${SECRET}${'.'.repeat(20)}`);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const feed = search.stream();
        const found = borders.slice(1).map((to, at) => feed(bytes.subarray(borders[at], to)));
        expect(found.filter((name) => name !== null)).toContain('TOKEN');
      }),
    );
  });

  test('a mask leaves no form and everything else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(SECRET, 'a', 'é', '\n')), (parts) => {
        const masked = search.mask(Buffer.from(parts.join('')));
        expect(masked.toString()).toBe(parts.join('').replaceAll(SECRET, '***'));
      }),
    );
  });

  test('forms that overlap become one mask each, and the limit counts bytes that go in', () => {
    const overlapping = new SecretSearch([
      { name: 'A', bytes: [Buffer.from('abcd')] },
      { name: 'B', bytes: [Buffer.from('cdef')] },
    ]);
    expect(overlapping.mask(Buffer.from('xabcdefx')).toString()).toBe('x***x');
    expect(overlapping.mask(Buffer.from('xabcdefx'), 3).toString()).toBe('x***');
    expect(overlapping.mask(Buffer.from('xabcdefx'), 1).toString()).toBe('x');
  });
});

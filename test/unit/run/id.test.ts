import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId, timeOf } from '../../../src/run/id.ts';

test('26 characters of Crockford base 32, never the same', () => {
  const ids = Array.from({ length: 1000 }, () => newId());
  for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the example of the specification', () => {
  expect(newId(1469918176385).slice(0, 10)).toBe('01ARYZ6S41');
});

test('tells when it was made, and sorts by it', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      expect(timeOf(newId(a))).toBe(a);
      if (a !== b) expect(newId(a) < newId(b)).toBe(a < b);
    }),
  );
});

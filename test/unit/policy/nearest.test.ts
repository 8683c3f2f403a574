import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../../src/policy/nearest.ts';

const KEYS = ['memory', 'cpus', 'processes', 'time', 'idle', 'output'];

describe('nearest', () => {
  it.each([
    ['memroy', 'memory'],
    ['mem', null],
    ['Time', 'time'],
    ['tiem', 'time'],
    ['cpu', 'cpus'],
    ['process', 'processes'],
    ['network', null],
    ['x'.repeat(10_000), null],
  ])('%.20s is meant to be %s', (value, key) => {
    expect(nearest(value, KEYS)).toBe(key);
  });
  it('finds every key itself, and only keys', () => {
    fc.assert(fc.property(fc.constantFrom(...KEYS), (key) => nearest(key, KEYS) === key));
    fc.assert(fc.property(fc.string(), (text) => [...KEYS, null].includes(nearest(text, KEYS))));
  });
});

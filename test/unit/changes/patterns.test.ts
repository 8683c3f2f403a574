import ignore from 'ignore';
import { expect, test } from 'vitest';
import { GENERATED, LOCKFILES, NOISE } from '../../../src/changes/kinds.ts';
import { Patterns } from '../../../src/changes/patterns.ts';
import { RUNS_LATER } from '../../../src/changes/runs-later.ts';

test('the hint never hides a match: each glob, filled in, is met as without it', () => {
  const all = [...RUNS_LATER.flatMap(({ patterns, exact = [] }) => [...patterns, ...exact]), ...LOCKFILES, ...GENERATED, ...NOISE];
  for (const fold of [true, false]) {
    const patterns = new Patterns(all, { fold });
    const plain = ignore({ ignorecase: fold }).add(all);
    for (const glob of all) {
      const path = `${glob.replace(/^\//, '').replaceAll('**', 'd/e').replaceAll('*', 'any').replaceAll('?', 'q')}${glob.endsWith('/') ? 'x' : ''}`;
      for (const one of [path, `sub/${path}`, path.toUpperCase(), `${path}~`])
        expect([one, patterns.matches(one, false)]).toEqual([one, plain.ignores(one)]);
      expect(patterns.matches(path, false)).toBe(true);
    }
  }
});

test('a directory pattern meets the directory, and the root of a layer meets nothing', () => {
  const patterns = new Patterns(['cache/', '[ab].lock'], { fold: false });
  expect(patterns.matches('cache', true)).toBe(true);
  expect(patterns.matches('cache', false)).toBe(false);
  expect(patterns.matches('a.lock', false)).toBe(true);
  expect(patterns.matches('', true)).toBe(false);
});

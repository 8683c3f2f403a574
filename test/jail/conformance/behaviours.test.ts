import { expect, test } from 'vitest';
import { TOPICS } from './behaviours/all.ts';
import { IGNORED } from './behaviours/result.ts';
import { behave } from './behaviours/suite.ts';
import { BACKENDS } from './bench.ts';

behave(TOPICS, BACKENDS);

test('the files that are compared may differ in three things', () => {
  expect(Object.keys(IGNORED)).toEqual(['mtime', 'run id', 'backend name']);
});

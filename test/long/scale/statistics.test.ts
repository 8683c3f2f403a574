import { expect, it } from 'vitest';
import { called, REFERENCE } from '../../unit/statistics/simulated.ts';

it.each(REFERENCE)('%s: within 2 points of R', (_, test, rates, drop, trials, expected) => {
  expect(Math.abs(called(test, rates, drop, trials, 6000) - expected)).toBeLessThan(0.02);
});

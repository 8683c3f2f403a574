import { expect, it } from 'vitest';
import { alarms, MIXED } from '../../unit/compare/simulated.ts';
import { called, REFERENCE } from '../../unit/statistics/simulated.ts';

it.each(REFERENCE)('%s: within 2 points of R', (_, test, rates, drop, trials, expected) => {
  expect(Math.abs(called(test, rates, drop, trials, 6000) - expected)).toBeLessThan(0.02);
});

// The whole comparison, alpha 5 %: never more false alarms than that, whatever the rates and numbers of trials.
it.each([
  ['mixed rates', MIXED, [10, 10]],
  ['mixed rates, seven nights', MIXED, [10, 70]],
  ['few trials', MIXED, [3, 21]],
  ['mostly passed', MIXED.map(() => 0.95), [10, 70]],
  ['rarely passed', MIXED.map(() => 0.05), [3, 21]],
  ['rarely passed, many trials now', MIXED.map(() => 0.05), [20, 5]],
  ['four tasks', [0.4, 0.6, 0.8, 0.9], [10, 70]],
  ['one task', [0.7], [10, 70]],
] as const)('false alarms of a comparison: %s', (name, rates, trials) => {
  const found = alarms(rates, trials, 4000);
  console.log(name, found);
  expect(found.any).toBeLessThan(0.055);
});
it.each([
  ['a fall of 0.1 everywhere', 0.1, [10, 70]],
  ['a fall of 0.1 everywhere, one night', 0.1, [10, 10]],
  ['a fall of 0.2 everywhere, few trials', 0.2, [3, 21]],
] as const)('power: %s', (name, drop, trials) => {
  console.log(name, alarms(MIXED, trials, 1000, drop));
  expect(alarms(MIXED, trials, 500, drop).any).toBeGreaterThan(0.5);
});

import { expect, it } from 'vitest';
import { alarms, MIXED } from '../../unit/compare/simulated.ts';
import { both, called, calledOfNights, REFERENCE, shuffled } from '../../unit/statistics/simulated.ts';

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
// R: 4,000 comparisons by rbinom(), with sample(c(-1, 1)) and rhyper() for the suite at 2.5 % and a drop of at least 0.05; p.adjust(phyper(), "BH") for tasks
it.each([
  ['a fall of 0.1 everywhere, seven nights', 0.1, [10, 70], 0.753, 0.76625],
  ['a fall of 0.1 everywhere, one night', 0.1, [10, 10], 0.4885, 0.4925],
  ['a fall of 0.2 everywhere, few trials', 0.2, [3, 21], 0.8305, 0.8315],
] as const)('power of a comparison within 2 points of R: %s', (name, drop, trials, suite, any) => {
  const found = alarms(MIXED, trials, 4000, drop);
  console.log(name, found);
  expect(Math.abs(found.suite - suite)).toBeLessThan(0.02);
  expect(Math.abs(found.any - any)).toBeLessThan(0.02);
});

it.each([
  [0.5, 1],
  [1, 1],
  [0.5, 7],
  [1, 7],
])('trials of a night that depend on each other (spread %f, %i nights) do not alarm more often', (spread, nights) => {
  const found = [shuffled, both].map((test) => calledOfNights(test, MIXED, spread, nights, 3000));
  console.log(spread, nights, found);
  expect(found[0]).toBeGreaterThan(0.06);
  expect(found[1]).toBeLessThan(0.05);
});

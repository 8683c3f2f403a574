import { expect, test } from 'vitest';
import { fuzz, targets, told } from '../../fuzz/fuzz.ts';

// Every parser, guided by what its code has run, from what was kept. The inputs are the same every time; `npm run fuzz` looks further.

/** Inputs of a target, and ms for all of them, whatever the machine has to do beside: some minutes in all, no more. */
const INPUTS = 6000;
const MOST = 8000;
const SEED = 20_261_129;

test.each(targets())('%s', { timeout: 120_000 }, async (target) => {
  const run = await fuzz(target, { runs: INPUTS, until: Date.now() + MOST, seed: SEED });
  console.log(told(run));
  expect(run.finding === null ? '' : told(run)).toBe('');
  // The corpus at the least was tried, and it leads somewhere.
  expect(run.tried).toBeGreaterThan(50);
  expect(run.reached).toBeGreaterThan(3);
});

import { describe, expect, it } from 'vitest';
import { binomialQuantile } from '../../../src/statistics/binomial.ts';
import { fisher } from '../../../src/statistics/fisher.ts';
import { estimate, passAtK, passHatK } from '../../../src/statistics/pass-at-k.ts';
import { permutationTest, shuffleTrials, signFlip, tooFew } from '../../../src/statistics/permutation.ts';
import type { Pair } from '../../../src/statistics/permutation.ts';
import { chanceOfDrop, smallestVisible } from '../../../src/statistics/power.ts';
import { sfc32 } from '../../../src/statistics/random.ts';
import { expectClose } from './close.ts';
import { both, called, calledOfNights, flipped, HARD, MIXED, pair, REFERENCE, shuffled } from './simulated.ts';

const MANY = { permutations: 10_000, seed: 1 };

describe('exchange of whole tasks', () => {
  const seven = [-0.1, -0.2, 0.05, -0.3, -0.15, 0.1, -0.05];
  const sixteen = [...seven, 0.2, -0.1, -0.1, -0.4, 0.1, -0.2, 0.05, 0.02, -0.01];

  it('is exact up to 16 tasks that differ, and tasks that do not differ say nothing', () => {
    // R: s <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(d)))) %*% d; mean(s <= sum(d) + 1e-12)
    expectClose(signFlip(seven, MANY), 0.0859375);
    expectClose(signFlip([...seven, 0, 0, 0], MANY), 0.0859375);
    expectClose(signFlip(sixteen, MANY), 0.055923461914062);
    expect(signFlip([], MANY)).toBe(1);
  });

  it('is sampled beyond that, reproducibly, to what counting gives', () => {
    // R: as above with 20 differences: d <- c(sixteen, -0.03, 0.07, -0.11, 0.02)
    const twenty = [...sixteen, -0.03, 0.07, -0.11, 0.02];
    const p = signFlip(twenty, { permutations: 40_000, seed: 3 });
    expect(Math.abs(p - 0.049831390380859)).toBeLessThan(0.004);
    expect(signFlip(twenty, { permutations: 40_000, seed: 3 })).toBe(p);
    expect(signFlip(twenty, { permutations: 40_000, seed: 4 })).not.toBe(p);
  });

  it('has a p-value that is never 0', () => {
    const all = Array.from({ length: 40 }, () => -0.5);
    expect(signFlip(all, { permutations: 999, seed: 1 })).toBe(0.001);
  });
});

describe('exchange of trials', () => {
  it('is what Fisher has for one task', () => {
    const one = pair(6, 10, 63, 70);
    expect(Math.abs(shuffleTrials([one], { permutations: 100_000, seed: 1 }) - fisher(one.now, one.then, 'drop'))).toBeLessThan(0.002);
  });

  it('is what convolution of the exact distributions gives for tasks of unlike numbers', () => {
    const tasks = [
      pair(6, 10, 63, 70),
      pair(8, 10, 69, 70),
      pair(3, 5, 20, 30),
      pair(10, 10, 70, 70),
      pair(2, 9, 30, 65),
      pair(4, 8, 5, 8),
    ];
    // R: the sum over tasks of k/n - (K-k)/m, by aggregate() over outer(), weighted by dhyper(k, K, N-K, n)
    expect(Math.abs(shuffleTrials(tasks, { permutations: 100_000, seed: 1 }) - 0.016011822352613)).toBeLessThan(0.0015);
  });

  it('says nothing where all or none pass', () => {
    expect(shuffleTrials([pair(5, 5, 50, 50), pair(0, 5, 0, 50)], MANY)).toBe(1);
  });
});

describe('the test of a suite', () => {
  it('takes the larger of both, and only trials where whole tasks could never tell', () => {
    const five = Array.from({ length: 5 }, () => pair(6, 10, 9, 10));
    expect([tooFew(5, 0.025), tooFew(6, 0.025)]).toEqual([true, false]);
    expect(permutationTest(five, 0.025, MANY)).toEqual({ p: shuffleTrials(five, MANY), exchanged: 'trials' });
    const six = [...five, pair(6, 10, 9, 10)];
    expect(permutationTest(six, 0.025, MANY)).toEqual({ p: 1 / 64, exchanged: 'tasks' });
  });
});

describe('false alarms and power', () => {
  it.each(REFERENCE.filter(([name]) => name.startsWith('both') || name.includes('rarely')))(
    '%s: within 2 points of R',
    (_, test, rates, drop, trials, expected) => {
      expect(Math.abs(called(test, rates, drop, trials, ROUNDS) - expected)).toBeLessThan(0.02);
    },
  );

  it('whole tasks of unlike numbers alone alarm too often where tasks rarely pass; both together do not', () => {
    expect(called(flipped, HARD, 0, [3, 21], ROUNDS)).toBeGreaterThan(0.08);
    expect(called(both, HARD, 0, [3, 21], ROUNDS)).toBeLessThan(0.05);
  });
});

it('trials of a night that depend on each other make the exchange of trials alone alarm too often; both together do not', () => {
  expect(calledOfNights(shuffled, MIXED, 1, 7, 600)).toBeGreaterThan(0.1);
  // 5 % and two points: of 600 comparisons. Of 3,000 (test/long) it is below 5 %.
  expect(calledOfNights(both, MIXED, 1, 7, 600)).toBeLessThan(0.07);
});
const ROUNDS = 1000;

describe('the smallest visible drop', () => {
  const night = Array.from({ length: 20 }, () => pair(9, 10, 63, 70));
  const settings = { alpha: 0.05, minEffect: 0.05, seed: 1 };

  it('is what the test itself sees with a chance of 0.8', () => {
    const drop = smallestVisible(night, settings) ?? 1;
    const rates = night.map(() => 64 / 72);
    const seen = called((pairs, seed) => (mean(pairs) <= -0.05 ? both(pairs, seed) : 1), rates, drop, [10, 70], ROUNDS);
    expect(Math.abs(seen - 0.8)).toBeLessThan(0.03);
  });

  it('shrinks with trials and tasks, and there is none where nothing could be called a drop', () => {
    const of = (tasks: number, now: number, then: number): number | null =>
      smallestVisible(
        Array.from({ length: tasks }, () => pair(now, now, then, then)),
        settings,
      );
    const [few, many, tasks] = [of(20, 3, 3) ?? 1, of(20, 10, 70) ?? 1, of(100, 3, 21) ?? 1];
    expect(few).toBeGreaterThan(many);
    expect(of(20, 3, 21) ?? 1).toBeGreaterThan(tasks);
    expect(many).toBeGreaterThanOrEqual(0.05);
    expect([of(1, 1, 1), smallestVisible([], settings)]).toEqual([null, null]);
  });

  it('the chance rises with the drop', () => {
    const chance = chanceOfDrop(night, settings);
    const steps = [0, 0.05, 0.1, 0.2, 0.4].map(chance);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect([(steps[0] ?? 1) < 0.05, (steps[4] ?? 0) > 0.99]).toEqual([true, true]);
  });
});
const mean = (pairs: readonly Pair[]): number =>
  pairs.reduce((sum, { now, then }) => sum + now.passed / now.trials - then.passed / then.trials, 0) / pairs.length;

describe('pass@k and pass^k', () => {
  // R: 1 - choose(n - c, k) / choose(n, k), and choose(c, k) / choose(n, k)
  it.each([
    [10, 3, 1, 0.3, 0.3],
    [10, 3, 5, 0.91666666666667, 0],
    [200, 13, 10, 0.49755111473061, 1.2738851058221e-14],
    [5, 5, 5, 1, 1],
    [10, 0, 3, 0, 0],
    [10, 8, 3, 1, 0.46666666666667],
  ])('of %i trials, %i passed, k = %i', (trials, passed, k, at, hat) => {
    expectClose(passAtK({ passed, trials }, k) ?? -1, at);
    expectClose(passHatK({ passed, trials }, k) ?? -1, hat);
  });

  it('need k trials', () => {
    expect([passAtK({ passed: 1, trials: 2 }, 3), passHatK({ passed: 1, trials: 2 }, 3)]).toEqual([null, null]);
  });

  it('of a suite are the mean of its tasks, with an interval that holds the truth 95 times of 100', () => {
    const random = sfc32(5);
    let held = 0;
    for (let night = 0; night < 400; night += 1) {
      // Rates of tasks even from 0 to 1: the chance that both of two trials pass is 1/3.
      const tasks = Array.from({ length: 40 }, () => ({ passed: binomialQuantile(random(), 5, random()), trials: 5 }));
      const { value, low, high } = estimate(tasks, 2, 'pass^k', { seed: night, resamples: 500 });
      expectClose(value ?? 0, tasks.reduce((sum, task) => sum + (passHatK(task, 2) ?? 0), 0) / 40);
      if (low <= 1 / 3 && 1 / 3 <= high) held += 1;
    }
    expect(Math.abs(held / 400 - 0.95)).toBeLessThan(0.02);
  });

  it('leave out tasks with fewer trials, and know nothing of one task', () => {
    const tasks = [
      { passed: 1, trials: 1 },
      { passed: 2, trials: 4 },
    ];
    expect(estimate(tasks, 2, 'pass@k')).toEqual({ k: 2, value: expect.closeTo(5 / 6, 12) as number, low: 0, high: 1, tasks: 1 });
    expect(estimate(tasks, 9, 'pass@k')).toEqual({ k: 9, value: null, low: 0, high: 1, tasks: 0 });
  });
});

import { binomialQuantile } from '../../../src/statistics/binomial.ts';
import { permutationTest, shuffleTrials, signFlip } from '../../../src/statistics/permutation.ts';
import type { Pair, PermutationSettings } from '../../../src/statistics/permutation.ts';
import { sfc32 } from '../../../src/statistics/random.ts';

export const pair = (passed: number, trials: number, before: number, of: number): Pair => ({
  now: { passed, trials },
  then: { passed: before, trials: of },
});

/** Share of simulated comparisons that the test calls a drop at 5 %. Both sides are drawn from `rates`, now less `drop`. */
export function called(
  test: (pairs: readonly Pair[], seed: number) => number,
  rates: readonly number[],
  drop: number,
  [n, m]: readonly [number, number],
  rounds: number,
): number {
  const random = sfc32(99, n + m);
  let hits = 0;
  for (let round = 0; round < rounds; round += 1) {
    const drawn = rates.map((rate) => pair(binomialQuantile(random(), n, rate - drop), n, binomialQuantile(random(), m, rate), m));
    if (test(drawn, round) <= 0.05) hits += 1;
  }
  return hits / rounds;
}
/**
 * Share called at 5 % when nothing changed but trials of a night depend on each other: the log-odds of each task and night are those of
 * its rate plus a normal number of this standard deviation. 10 trials a night.
 */
export function calledOfNights(
  test: (pairs: readonly Pair[], seed: number) => number,
  rates: readonly number[],
  spread: number,
  nights: number,
  rounds: number,
): number {
  const random = sfc32(5, nights);
  // Box and Muller's.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const night = (rate: number): number =>
    binomialQuantile(random(), 10, 1 / (1 + Math.exp(-Math.log(rate / (1 - rate)) - spread * normal())));
  let hits = 0;
  for (let round = 0; round < rounds; round += 1) {
    const drawn = rates.map((rate) => {
      const then = Array.from({ length: nights }, () => night(rate)).reduce((sum, passed) => sum + passed, 0);
      return pair(night(rate), 10, then, 10 * nights);
    });
    if (test(drawn, round) <= 0.05) hits += 1;
  }
  return hits / rounds;
}

// Other permutations each time: the same few would be wrong in the same way each time.
const few = (seed: number): PermutationSettings => ({ permutations: 500, seed });
export const flipped = (pairs: readonly Pair[], seed: number): number =>
  signFlip(
    pairs.map(({ now, then }) => now.passed / now.trials - then.passed / then.trials),
    few(seed),
  );
export const shuffled = (pairs: readonly Pair[], seed: number): number => shuffleTrials(pairs, few(seed));
export const both = (pairs: readonly Pair[], seed: number): number => permutationTest(pairs, 0.05, few(seed)).p;

/** 20 tasks. */
export const MIXED = Array.from({ length: 20 }, (_, at) => 0.35 + 0.03 * at);
export const HARD = MIXED.map(() => 0.05);

/**
 * R: comparisons of rbinom() against rbinom() for p <- seq(.35, .92, .03) or .05, 20,000 by sample(c(-1, 1)) for whole tasks, 5,000 by
 * rhyper() for trials, 5,000 for the larger p of both; the share called at 5 %.
 */
export const REFERENCE = [
  ['tasks, 10 and 10 trials', flipped, MIXED, 0, [10, 10], 0.0373],
  ['tasks, 10 and 10 trials, a drop of 0.1', flipped, MIXED, 0.1, [10, 10], 0.6323],
  ['tasks, 3 and 21 trials, rarely passed', flipped, HARD, 0, [3, 21], 0.1048],
  ['trials, 10 and 10', shuffled, MIXED, 0, [10, 10], 0.0416],
  ['trials, 10 and 10, a drop of 0.1', shuffled, MIXED, 0.1, [10, 10], 0.661],
  ['trials, 10 and 70', shuffled, MIXED, 0, [10, 70], 0.0396],
  ['trials, 10 and 70, a drop of 0.1', shuffled, MIXED, 0.1, [10, 70], 0.8742],
  ['both, 10 and 70', both, MIXED, 0, [10, 70], 0.0348],
  ['both, 10 and 70, a drop of 0.1', both, MIXED, 0.1, [10, 70], 0.8388],
  ['both, 10 and 10, a drop of 0.1', both, MIXED, 0.1, [10, 10], 0.6114],
] as const;

import { binomialQuantile } from './binomial.ts';
import { normalCdf } from './normal.ts';
import { difference, signFlip, tooFew } from './permutation.ts';
import type { Pair } from './permutation.ts';
import { sfc32 } from './random.ts';

export interface PowerSettings {
  /** Of the one-sided test. */
  readonly alpha: number;
  /** A smaller drop than this is not called one. */
  readonly minEffect: number;
  readonly seed: number;
  readonly power?: number;
}

/** Drops are looked for in steps of 1/512 of the rate. */
const HALVINGS = 9;
/** Tasks of all simulated comparisons together; the chance found is within 2 points where there are a few hundred comparisons. */
const SIMULATED_TASKS = 100_000;
/** Up to so many tasks that differ, their exchanges are counted out; beyond that the normal distribution is close enough. */
const COUNTED = 10;

/**
 * The smallest mean drop that comparisons like this one (as many tasks, trials, and passes then) call significant with a chance of `power`,
 * when the rates of all tasks fall by the same share; null: not even one to 0 would be. By simulation with both sides drawn anew.
 */
export function smallestVisible(pairs: readonly Pair[], settings: PowerSettings): number | null {
  const chance = chanceOfDrop(pairs, settings);
  const power = settings.power ?? 0.8;
  const mean = pairs.reduce((sum, pair) => sum + rateThen(pair), 0) / pairs.length;
  if (pairs.length === 0 || chance(1) < power) return null;
  let [blind, seen] = [0, 1];
  for (let step = 0; step < HALVINGS; step += 1) {
    const share = (blind + seen) / 2;
    if (chance(share) < power) blind = share;
    else seen = share;
  }
  return seen * mean;
}

/** The chance that the test sees it when each task passes less often by this share (0 to 1) than it did. */
export function chanceOfDrop(pairs: readonly Pair[], { alpha, minEffect, seed }: PowerSettings): (share: number) => number {
  const rounds = Math.max(50, Math.min(1000, Math.floor(SIMULATED_TASKS / pairs.length)));
  const random = sfc32(seed, 3);
  const rates = pairs.map(rateThen);
  // The same luck for every share: so the chance rises with the share, and can be searched by halves.
  const luck = Float64Array.from({ length: rounds * pairs.length }, random);
  const before = Uint32Array.from(luck, (_, at) => {
    const task = at % pairs.length;
    return binomialQuantile(random(), pairs[task]?.then.trials ?? 0, rates[task] ?? 0);
  });
  return (share) => {
    let seen = 0;
    for (let round = 0; round < rounds; round += 1) {
      const drawn = pairs.map(({ now, then }, task): Pair => {
        const at = round * pairs.length + task;
        const passed = binomialQuantile(luck[at] ?? 0, now.trials, (rates[task] ?? 0) * (1 - share));
        return { now: { passed, trials: now.trials }, then: { passed: before[at] ?? 0, trials: then.trials } };
      });
      if (isDrop(drawn, alpha, minEffect)) seen += 1;
    }
    return seen / rounds;
  };
}

/** One more of each: a task that always passed may fail some day. */
const rateThen = ({ then }: Pair): number => (then.passed + 1) / (then.trials + 2);

/** As `permutationTest` decides, by the normal distribution where that takes many permutations. */
function isDrop(pairs: readonly Pair[], alpha: number, minEffect: number): boolean {
  const differences = pairs.map(difference);
  const sum = differences.reduce((all, d) => all + d, 0);
  if (sum > (1e-9 - minEffect) * pairs.length) return false;
  let [variance, step] = [0, 0];
  for (const { now, then } of pairs) {
    const [all, passed] = [now.trials + then.trials, now.passed + then.passed];
    const weight = 1 / now.trials + 1 / then.trials;
    // Of the hypergeometric distribution, as a difference of rates.
    variance += (weight * passed * (all - passed)) / (all * Math.max(1, all - 1));
    step += weight / pairs.length;
  }
  if (variance === 0 || normalCdf((sum + step / 2) / Math.sqrt(variance)) > alpha) return false;
  if (tooFew(pairs.length, alpha)) return true;
  const differing = differences.filter((d) => d !== 0);
  if (differing.length <= COUNTED) return signFlip(differing, { permutations: 0, seed: 0 }) <= alpha;
  return normalCdf(sum / Math.sqrt(differing.reduce((all, d) => all + d * d, 0))) <= alpha;
}

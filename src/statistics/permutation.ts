import type { Count } from './fisher.ts';
import { hypergeometric, sampler } from './hypergeometric.ts';
import { sfc32 } from './random.ts';

/** One task, both sides measured. */
export interface Pair {
  readonly now: Count;
  readonly then: Count;
}
export interface PermutationSettings {
  readonly permutations: number;
  readonly seed: number;
}
export interface PermutationTest {
  /** One-sided, of a sum of differences as low as the one seen. */
  readonly p: number;
  /** What was exchanged. `trials`: too few tasks to exchange whole ones. */
  readonly exchanged: 'tasks' | 'trials';
}

/** Up to so many tasks that differ, all exchanges are gone through. */
const COUNTED = 16;
/** Sums of the same rates in another order differ by rounding. */
const SLACK = 1e-9;

/** Rate now - rate then. */
export const difference = ({ now, then }: Pair): number => now.passed / now.trials - then.passed / then.trials;

/**
 * Whether rates fell, task by task. Two tests, and the larger p of them:
 * - Whole tasks: `now` and `then` are exchanged within each task, at once for all its trials (the sign of its difference turns). It holds
 *   also where trials of a task depend on each other, as in a bad hour of a model's server; exactly so only where both sides have the same
 *   number of trials, because else a difference and its opposite are not equally likely.
 * - Trials: passes are dealt out anew between now and then within each task. Exact for any numbers of trials, if these are independent.
 * With so few tasks that even the rarest exchange is likelier than `alpha`, the first could never tell anything: then only the second is used.
 */
export function permutationTest(pairs: readonly Pair[], alpha: number, settings: PermutationSettings): PermutationTest {
  const trials = shuffleTrials(pairs, settings);
  if (tooFew(pairs.length, alpha)) return { p: trials, exchanged: 'trials' };
  return { p: Math.max(signFlip(pairs.map(difference), settings), trials), exchanged: 'tasks' };
}

export const tooFew = (tasks: number, alpha: number): boolean => 2 ** -tasks > alpha;

/** P(sum with random signs ≤ sum). Exact up to 16 differences that are not 0, else (1 + k) / (1 + permutations). */
export function signFlip(differences: readonly number[], { permutations, seed }: PermutationSettings): number {
  const sizes = differences.map(Math.abs).filter((size) => size > SLACK);
  const limit = differences.reduce((sum, d) => sum + d, 0) + SLACK;
  return sizes.length <= COUNTED ? allSigns(sizes, limit) : someSigns(sizes, limit, permutations, seed);
}

/** In the order of Gray's code one sign turns at a time. */
function allSigns(sizes: readonly number[], limit: number): number {
  const signs = sizes.map(() => 1);
  let sum = sizes.reduce((all, size) => all + size, 0);
  let hits = sum <= limit ? 1 : 0;
  for (let step = 1; step < 2 ** sizes.length; step += 1) {
    const at = 31 - Math.clz32(step & -step);
    const sign = signs[at] ?? 1;
    sum -= 2 * sign * (sizes[at] ?? 0);
    signs[at] = -sign;
    if (sum <= limit) hits += 1;
  }
  return hits / 2 ** sizes.length;
}

function someSigns(sizes: readonly number[], limit: number, permutations: number, seed: number): number {
  const random = sfc32(seed, 1);
  let hits = 1;
  for (let round = 0; round < permutations; round += 1) {
    let sum = 0;
    let bits = 0;
    for (const [at, size] of sizes.entries()) {
      if (at % 32 === 0) bits = random() * 2 ** 32;
      sum += (bits & 1) === 0 ? size : -size;
      bits >>>= 1;
    }
    if (sum <= limit) hits += 1;
  }
  return hits / (1 + permutations);
}

/** P(sum of differences ≤ the one seen), passes dealt out at random between now and then within each task: (1 + k) / (1 + permutations). */
export function shuffleTrials(pairs: readonly Pair[], { permutations, seed }: PermutationSettings): number {
  const random = sfc32(seed, 2);
  const sums = new Float64Array(permutations);
  let seen = 0;
  for (const { now, then } of pairs) {
    const passed = now.passed + then.passed;
    // All or none passed: there is one way to deal them out.
    if (passed === 0 || passed === now.trials + then.trials) continue;
    // The difference rises with the passes now alone, and by this for each.
    const weight = 1 / now.trials + 1 / then.trials;
    seen += now.passed * weight;
    const draw = sampler(hypergeometric({ passed, now: now.trials, then: then.trials }), random);
    for (let round = 0; round < permutations; round += 1) sums[round] = (sums[round] ?? 0) + draw() * weight;
  }
  const hits = sums.reduce((count, sum) => (sum <= seen + SLACK ? count + 1 : count), 1);
  return hits / (1 + permutations);
}

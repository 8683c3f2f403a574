import { logChoose } from './factorial.ts';

/**
 * McNemar's exact test of pairs, of which only those count that differ: the probability of as many `worse` ones among them (`drop`), or of
 * a share as far from one half (`any`), if each is as likely to be better as worse.
 */
export function mcnemar(worse: number, better: number, side: 'drop' | 'any'): number {
  return Math.min(1, side === 'drop' ? atLeast(worse, worse + better) : 2 * atLeast(Math.max(worse, better), worse + better));
}

/** Probability of at least so many heads of n. */
function atLeast(heads: number, n: number): number {
  let sum = 0;
  for (let k = heads; k <= n; k += 1) sum += Math.exp(logChoose(n, k) - n * Math.LN2);
  return sum;
}

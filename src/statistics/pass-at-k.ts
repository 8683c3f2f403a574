import type { Count } from './fisher.ts';
import { logChoose } from './factorial.ts';
import { sfc32 } from './random.ts';

export type PassKind = 'pass@k' | 'pass^k';
/** From 0 to 1, with an interval of 95 %. */
export interface Estimate {
  readonly k: number;
  /** null: no task has k trials. */
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  /** Tasks with at least k trials; the others are left out. */
  readonly tasks: number;
}

/** Chance that at least one of k trials passes, unbiased: 1 - C(n-c, k)/C(n, k) (Chen et al. 2021, arXiv:2107.03374). null: fewer trials than k. */
export function passAtK({ passed, trials }: Count, k: number): number | null {
  return trials < k ? null : 1 - Math.exp(logChoose(trials - passed, k) - logChoose(trials, k));
}

/** Chance that all of k trials pass, unbiased: C(c, k)/C(n, k) (Yao et al. 2024, arXiv:2406.12045). null: fewer trials than k. */
export function passHatK({ passed, trials }: Count, k: number): number | null {
  return trials < k ? null : Math.exp(logChoose(passed, k) - logChoose(trials, k));
}

/**
 * Mean over tasks, with a percentile bootstrap over whole tasks: trials of a task are not independent, tasks are what a suite samples. Of
 * fewer than two tasks nothing is known of that, and the interval is all there is; where all tasks
 * have the same value it has no width, which is not certainty.
 */
export function estimate(
  tasks: readonly Count[],
  k: number,
  kind: PassKind,
  { seed = 1, resamples = 2000 }: { readonly seed?: number; readonly resamples?: number } = {},
): Estimate {
  const values = tasks.flatMap((task) => (kind === 'pass@k' ? passAtK(task, k) : passHatK(task, k)) ?? []);
  if (values.length < 2) return { k, value: values[0] ?? null, low: 0, high: 1, tasks: values.length };
  const random = sfc32(seed, k);
  const means = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let at = 0; at < values.length; at += 1) sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort();
  const at = (share: number): number => means[Math.round(share * (resamples - 1))] ?? 0;
  return { k, value: values.reduce((sum, value) => sum + value, 0) / values.length, low: at(0.025), high: at(0.975), tasks: values.length };
}

import type { Gate } from '../model/suite.ts';
import { difference, permutationTest } from '../statistics/permutation.ts';
import type { Pair, PermutationTest } from '../statistics/permutation.ts';
import { smallestVisible } from '../statistics/power.ts';
import { level, matters } from './settings.ts';
import type { CompareSettings } from './settings.ts';
import { isFixed, isMeasured } from './tasks.ts';
import type { TaskCounts } from './tasks.ts';

/** What the suite as a whole did. */
export interface Gated {
  /** null: no task was measured on both sides, or only such as need no statistics. */
  readonly gate: Gate | null;
  readonly dropped: boolean;
  readonly rose: boolean;
}

/** The first trials only: further ones were made where these looked bad, and would count against the suite twice. */
export function testSuite(tasks: readonly TaskCounts[], settings: CompareSettings): Gated {
  const pairs = tasks.flatMap((task): Pair[] =>
    isMeasured(task.now) && isMeasured(task.then) && !isFixed(task) ? [{ now: task.now, then: task.then }] : [],
  );
  if (pairs.length === 0) return { gate: null, dropped: false, rose: false };
  const drop = fell(pairs, settings);
  const rise = fell(
    pairs.map(({ now, then }) => ({ now: then, then: now })),
    settings,
  );
  const visible = smallestVisible(pairs, { alpha: level(settings), minEffect: settings.minEffect, seed: settings.seed });
  const gate = { difference: drop.difference, p: drop.p, smallestVisible: visible, tasks: pairs.length, exchanged: drop.exchanged };
  return { gate, dropped: drop.fell, rose: rise.fell };
}

/** Significant, and large enough. */
export function fell(
  pairs: readonly Pair[],
  settings: CompareSettings,
): PermutationTest & { readonly difference: number; readonly fell: boolean } {
  const mean = pairs.reduce((sum, pair) => sum + difference(pair), 0) / pairs.length;
  const test = permutationTest(pairs, level(settings), settings);
  return { ...test, difference: mean, fell: test.p <= level(settings) && matters(-mean, settings) };
}

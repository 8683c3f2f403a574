import type { Interval, TaskComparison } from '../model/suite.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { fisher } from '../statistics/fisher.ts';
import type { Count } from '../statistics/fisher.ts';
import { wilson } from '../statistics/wilson.ts';
import { level, matters } from './settings.ts';
import type { CompareSettings } from './settings.ts';

/** One task's measured trials. */
export interface TaskCounts {
  readonly task: string;
  readonly deterministic: boolean;
  readonly now: Count;
  /** null: no baseline has it. */
  readonly then: Count | null;
  /** Further trials, made because of the first. */
  readonly confirm: Count | null;
}

export const rate = ({ passed, trials }: Count): number => passed / trials;
export const isMeasured = (count: Count | null): count is Count => count !== null && count.trials > 0;

/**
 * Each task by itself: Fisher's exact test of a drop, Benjamini-Hochberg over all tasks, and a drop of at least `minEffect`. A task that
 * was run again is judged by these further trials alone, among those that were.
 */
export function compareTasks(tasks: readonly TaskCounts[], settings: CompareSettings): TaskComparison[] {
  const first = tests(tasks.map(({ now, then, deterministic }) => ({ now, then, deterministic })));
  const again = tests(tasks.map(({ confirm, then, deterministic }) => ({ now: confirm, then, deterministic })));
  return tasks.map(({ task, deterministic, now, then, confirm }, at) => {
    const [one, more] = [first[at] ?? NOT_TESTED, again[at] ?? NOT_TESTED];
    const further = isMeasured(confirm) && more.drop !== null ? { now: interval(confirm), p: more.drop, q: more.dropQ ?? more.drop } : null;
    return {
      task,
      now: interval(now),
      then: isMeasured(then) ? interval(then) : null,
      p: one.drop,
      q: one.dropQ,
      confirm: further,
      verdict: verdictOf(
        now,
        then,
        deterministic,
        { counts: further === null ? now : (confirm ?? now), ...(further === null ? one : more) },
        settings,
      ),
      flaky: isFlaky(now, confirm),
      deterministic,
    };
  });
}

interface Tested {
  readonly drop: number | null;
  readonly dropQ: number | null;
  readonly riseQ: number | null;
}
const NOT_TESTED: Tested = { drop: null, dropQ: null, riseQ: null };

function tests(sides: readonly { readonly now: Count | null; readonly then: Count | null; readonly deterministic: boolean }[]): Tested[] {
  const p = sides.map(({ now, then }) =>
    isMeasured(now) && isMeasured(then) ? { drop: fisher(now, then, 'drop'), rise: fisher(now, then, 'rise') } : null,
  );
  // Who needs no statistics is not among those between whom chance is shared out.
  const family = p.flatMap((test, at) => (test !== null && !isFixed(sides[at]) ? [{ at, ...test }] : []));
  const [drops, rises] = [benjaminiHochberg(family.map(({ drop }) => drop)), benjaminiHochberg(family.map(({ rise }) => rise))];
  const place = new Map(family.map(({ at }, index) => [at, index]));
  return p.map((test, at) => {
    const index = place.get(at);
    return {
      drop: test?.drop ?? null,
      dropQ: index === undefined ? null : (drops[index] ?? null),
      riseQ: index === undefined ? null : (rises[index] ?? null),
    };
  });
}

/** Scripted, and always the same until now: each other end is a change. */
export function isFixed(side: { readonly then: Count | null; readonly deterministic: boolean } | undefined): boolean {
  return (
    side !== undefined && side.deterministic && isMeasured(side.then) && (side.then.passed === 0 || side.then.passed === side.then.trials)
  );
}

function verdictOf(
  now: Count,
  then: Count | null,
  deterministic: boolean,
  judged: Tested & { readonly counts: Count },
  settings: CompareSettings,
): TaskComparison['verdict'] {
  if (!isMeasured(now)) return 'missing';
  if (!isMeasured(then)) return 'new';
  if (isFixed({ then, deterministic })) {
    if (then.passed > 0) return now.passed < now.trials ? 'regressed' : 'steady';
    return now.passed > 0 ? 'improved' : 'steady';
  }
  const change = rate(judged.counts) - rate(then);
  if ((judged.dropQ ?? 1) <= level(settings) && matters(-change, settings)) return 'regressed';
  return (judged.riseQ ?? 1) <= level(settings) && matters(change, settings) ? 'improved' : 'steady';
}

function isFlaky(...counts: readonly (Count | null)[]): boolean {
  const some = counts.filter(isMeasured);
  return some.some(({ passed }) => passed > 0) && some.some(({ passed, trials }) => passed < trials);
}

const interval = ({ passed, trials }: Count): Interval => ({ passed, trials, ...wilson(passed, trials) });

/** Tasks to run again: a drop that large is less likely than alpha by chance, were it the only task. Fixed ones need no second look. */
export function suspects(tasks: readonly TaskComparison[], settings: Pick<CompareSettings, 'alpha' | 'minEffect'>): string[] {
  return tasks
    .filter(({ now, then, p, deterministic }) => {
      if (p === null || then === null || isFixed({ then, deterministic })) return false;
      return p <= settings.alpha && matters(rate(then) - rate(now), settings);
    })
    .map(({ task }) => task);
}

import { DRIFT_KINDS } from '../model/suite.ts';
import type { Drift, DriftKind } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.ts';
import { mannWhitney } from '../statistics/mann-whitney.ts';
import { median } from '../statistics/median.ts';
import { FEATURE_KINDS, NUMBER_LABELS, SEVERITY } from './drift-kinds.ts';
import type { FeatureKind } from './drift-kinds.ts';
import type { CompareSettings } from './settings.ts';
import { NUMBERS } from './tally.ts';
import type { NumberName, TaskTally } from './tally.ts';

/** What is seen in this share of trials belongs to the task. */
const USUAL = 0.8;
/** Measured trials on each side, below which nothing is usual. */
const FEWEST = 3;
/** Names that a drift tells. */
const NAMED = 20;

export interface TaskPair {
  readonly task: string;
  readonly now: TaskTally;
  readonly then: TaskTally;
}

/** What agents did differently, apart from pass and fail; the most severe kind first, then in the order of the tasks. */
export function driftOfTasks(pairs: readonly TaskPair[], settings: Pick<CompareSettings, 'alpha' | 'minRatio'>): Drift[] {
  const found = pairs
    .filter(({ then }) => then.ran > 0)
    .flatMap((pair) => [...FEATURE_KINDS.flatMap((kind) => features(pair, kind)), ...exits(pair)]);
  const order = (kind: DriftKind): number => DRIFT_KINDS.indexOf(kind);
  return [...found, ...numbers(pairs, settings)].toSorted((a, b) => order(a.kind) - order(b.kind));
}

function features({ task, now, then }: TaskPair, { kind, feature, prefix, direction, always, message }: FeatureKind): Drift[] {
  const [here, there] = direction === 'new' ? [now, then] : [then, now];
  const enough = Math.min(now.measured, then.measured) >= FEWEST;
  const names = [...here.seen[feature]]
    .filter(([name, { measured }]) => {
      if (prefix !== null && !name.startsWith(prefix)) return false;
      if (there.seen[feature].has(name)) return false;
      return always || (enough && measured >= USUAL * here.measured);
    })
    .map(([name]) => name)
    .toSorted();
  // What a list left out may have been the same name.
  const far = there.more > 0 ? ', as far as the lists go, which were cut' : '';
  return names.length === 0 ? [] : [drift(kind, task, `${message}${far}`, names)];
}

/** How the agent usually ends. */
function exits({ task, now, then }: TaskPair): Drift[] {
  const usual = ({ exits: all, measured }: TaskTally): string | null =>
    measured < FEWEST ? null : ([...all].find(([, count]) => count >= USUAL * measured)?.[0] ?? null);
  const [is, was] = [usual(now), usual(then)];
  return is === null || was === null || is === was ? [] : [drift('exit', task, `usually ended with ${was}, now with ${is}`, [is])];
}

interface Tested {
  readonly task: string;
  readonly name: NumberName;
  readonly now: number;
  readonly then: number;
  readonly p: number;
}

/** Medians that differ by the least ratio, and more than chance does: one family of tests for all tasks and numbers. */
function numbers(pairs: readonly TaskPair[], { alpha, minRatio }: Pick<CompareSettings, 'alpha' | 'minRatio'>): Drift[] {
  const tested = pairs.flatMap(({ task, now, then }) =>
    NUMBERS.flatMap((name) => test(task, name, now.numbers[name].values, then.numbers[name].values)),
  );
  const q = benjaminiHochberg(tested.map(({ p }) => p));
  return tested
    .filter(({ now, then }, at) => (q[at] ?? 1) <= alpha && Math.max(now, then) >= minRatio * Math.min(now, then))
    .map(({ task, name, now, then, p }) => {
      const { label, unit } = NUMBER_LABELS[name];
      const show = (value: number): string => `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
      return { ...drift(name, task, `${label}: median ${show(now)}, before ${show(then)}`, []), now, then, p };
    });
}

function test(task: string, name: NumberName, now: readonly number[], then: readonly number[]): Tested[] {
  const [is, was] = [median(now), median(then)];
  if (is === null || was === null || Math.min(now.length, then.length) < FEWEST) return [];
  return [{ task, name, now: is, then: was, p: mannWhitney(now, then) }];
}

/** What else is not as it was: a set of names on each side. */
export function driftOfSuite(kind: 'agent' | 'root' | 'version', now: ReadonlySet<string>, then: ReadonlySet<string>): Drift[] {
  const fresh = [...now].filter((name) => !then.has(name)).toSorted();
  if (fresh.length === 0 || then.size === 0) return [];
  const was = [...then].toSorted().slice(-3);
  return [drift(kind, null, `${WHAT[kind]} was ${was.map((name) => displayText(name, 80)).join(', ')}`, fresh)];
}
const WHAT = {
  agent: 'another agent version or model: it',
  root: 'another root: it',
  version: 'another version of agent-jail: it',
} as const;

/** Tasks whose baseline, or a part of it, ran under another policy, and was left out. */
export function driftOfPolicy(tasks: readonly string[]): Drift[] {
  return tasks.length === 0
    ? []
    : [drift('policy', null, 'the policy of tasks has changed; their earlier trials under another one are left out', tasks)];
}

function drift(kind: DriftKind, task: string | null, message: string, names: readonly string[]): Drift {
  const what = names.slice(0, NAMED);
  return { kind, severity: SEVERITY[kind], task, message, what, more: names.length - what.length, then: null, now: null, p: null };
}

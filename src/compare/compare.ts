import { UserError } from '../model/errors.ts';
import type { Comparison, SideOfComparison } from '../model/suite.ts';
import type { Count } from '../statistics/fisher.ts';
import { driftOfPolicy, driftOfSuite, driftOfTasks } from './drift.ts';
import type { TaskPair } from './drift.ts';
import { testSuite } from './gate.ts';
import { nightOf, pool, readBaselines } from './nights.ts';
import type { Refused } from './nights.ts';
import type { CompareSettings } from './settings.ts';
import { noOutcomes, tally, TaskTally } from './tally.ts';
import type { Tally, TrialsData } from './tally.ts';
import { compareTasks } from './tasks.ts';
import { verdict } from './verdict.ts';

/**
 * Compares trials with those of earlier nights. Reads each side once, in the order it comes; memory grows with tasks and nights. `confirm`:
 * further trials of suspects. Errors in baselines refuse these; errors in the current trials are thrown (RecordError, or what reading throws).
 */
export async function compare(
  current: TrialsData,
  baselines: readonly (TrialsData | Refused)[],
  settings: CompareSettings,
  confirm: TrialsData | null = null,
): Promise<Comparison> {
  const { seed } = settings;
  const now = await tally(current, seed);
  const further = confirm === null ? null : await tally(sameWork(current, confirm), seed);
  const { nights, refused } = await readBaselines(now, baselines, seed);
  const pooled = pool(now, nights, seed);

  const counts = now.header.expected.map(({ task, deterministic }) => ({
    task,
    deterministic,
    now: count(now.tasks.get(task)),
    then: countOrNull(pooled.get(task)?.then),
    confirm: countOrNull(further?.tasks.get(task)),
  }));
  const tasks = compareTasks(counts, settings);
  const suite = testSuite(counts, settings);
  const missing = tasks.filter((task) => task.verdict === 'missing').map(({ task }) => task);
  const side = sideOf([...now.tasks.values()]);
  const { verdict: word, because } = verdict(
    { current: side, complete: now.complete, nights: nights.length, suite, tasks, missing },
    settings,
  );
  const { alpha, minEffect, minVisible, maxInfra, permutations, failOn } = settings;
  return {
    schema: 'agent-jail/comparison@1',
    suite: now.header.suite,
    verdict: word,
    because,
    settings: { alpha, minEffect, minVisible, maxInfra, permutations, seed, failOn },
    current: side,
    baseline:
      nights.length === 0 ? null : { ...sideOf([...pooled.values()].flatMap(({ then }) => then ?? [])), nights: nights.map(nightOf) },
    refused,
    gate: suite.gate,
    tasks,
    drift: nights.length === 0 ? [] : drifts(now, nights, pooled, settings),
    missing,
  };
}

function drifts(now: Tally, nights: readonly Tally[], pooled: ReturnType<typeof pool>, settings: CompareSettings): Comparison['drift'] {
  const pairs = [...pooled].flatMap(([task, { then }]): TaskPair[] =>
    then === null ? [] : [{ task, now: now.tasks.get(task) ?? new TaskTally(), then }],
  );
  const before = (of: 'agents' | 'roots' | 'versions'): Set<string> => new Set(nights.flatMap((night) => [...night[of]]));
  return [
    ...driftOfTasks(pairs, settings),
    ...driftOfSuite('agent', now.agents, before('agents')),
    ...driftOfPolicy([...pooled].filter(([, { other }]) => other).map(([task]) => task)),
    ...driftOfSuite('root', now.roots, before('roots')),
    ...driftOfSuite('version', now.versions, before('versions')),
  ];
}

/** Rate: the mean of tasks, so that a task with many trials weighs no more than one with few. */
function sideOf(tasks: readonly TaskTally[]): SideOfComparison {
  const outcomes = noOutcomes();
  for (const task of tasks)
    for (const outcome of Object.keys(outcomes) as (keyof typeof outcomes)[]) outcomes[outcome] += task.outcomes[outcome];
  const measured = tasks.filter((task) => task.measured > 0);
  const sum = (of: (task: TaskTally) => number): number => measured.reduce((all, task) => all + of(task), 0);
  return {
    tasks: measured.length,
    trials: sum((task) => task.measured),
    passed: sum((task) => task.passed),
    rate: measured.length === 0 ? null : sum((task) => task.passed / task.measured) / measured.length,
    outcomes,
  };
}

/** Throws a UserError where the further trials are of something else. */
function sameWork(current: TrialsData, confirm: TrialsData): TrialsData {
  const [a, b] = [current.header, confirm.header];
  const policies = new Map(a.expected.map(({ task, policy }) => [task, policy]));
  const same = b.expected.every(({ task, policy }) => policies.get(task) === policy);
  if (same && a.suite === b.suite && a.digest === b.digest && a.agent === b.agent) return confirm;
  const message = `the further trials in ${confirm.name} are of another suite, agent or policy than ${current.name}`;
  throw new UserError([{ message, remedy: 'Make them with the suite file, the agent and the policies of the first ones.', place: null }]);
}

const count = (task: TaskTally | undefined): Count => ({ passed: task?.passed ?? 0, trials: task?.measured ?? 0 });
const countOrNull = (task: TaskTally | null | undefined): Count | null =>
  task === null || task === undefined || task.measured === 0 ? null : count(task);

import fc from 'fast-check';
import type { Sha256 } from '../../../../src/model/names.ts';
import { TRIAL_OUTCOMES } from '../../../../src/model/suite.ts';
import type { Comparison, Drift, Interval, TaskComparison, Trial, TrialsHeader } from '../../../../src/model/suite.ts';
import type { SuiteInput } from '../../../../src/report/suite/input.ts';
import { tallyNight } from '../../../../src/report/suite/tally.ts';
import type { NightTally } from '../../../../src/report/suite/tally.ts';

const DIGEST = 'a'.repeat(64) as Sha256;

/** Up to four of all code units, also those that are no text; `fc.string` of them takes seconds to be made. */
export const ANY_TEXT = fc.array(fc.nat(0xffff), { maxLength: 4 }).map((codes) => String.fromCharCode(...codes));

/** A trial that passed, but for what is said. */
export function trialOf(task: string, trial: number, more: Partial<Trial> = {}): Trial {
  return {
    task,
    trial,
    seed: 1000 + trial,
    outcome: 'pass',
    what: null,
    because: 'the verifier ended with 0',
    reward: 1,
    failed: [],
    started: '2026-11-28T02:00:00.000Z',
    ms: { agent: 900, verifier: 100, total: 1000 },
    policy: DIGEST,
    backend: 'nspawn',
    version: '0.1.0',
    root: null,
    run: null,
    verifier: null,
    agent: null,
    usage: { memory: 1, output: 1, inputTokens: 100, outputTokens: 10, costUsd: 0.5, turns: 1, toolCalls: 1 },
    behaviour: { paths: [], runsLater: [], hosts: [], programs: [], denied: 0, more: 0 },
    record: null,
    ...more,
  };
}

export function headerOf(tasks: Readonly<Record<string, number>>, more: Partial<TrialsHeader> = {}): TrialsHeader {
  return {
    schema: 'agent-jail/trials@1',
    suite: 'nightly',
    digest: DIGEST,
    agent: 'pi',
    backend: 'nspawn',
    version: '0.1.0',
    started: '2026-11-28T02:00:00.000Z',
    seed: 7,
    shard: null,
    expected: Object.entries(tasks).map(([task, trials]) => ({ task, first: 1, trials, policy: DIGEST, deterministic: false, tags: [] })),
    origin: null,
    ...more,
  };
}

export const nightOf = (
  tasks: Readonly<Record<string, number>>,
  trials: readonly Trial[],
  {
    keep = true,
    complete = true,
    name = 'now',
    ...header
  }: Partial<TrialsHeader> & { keep?: boolean; complete?: boolean; name?: string } = {},
): Promise<NightTally> => tallyNight({ name, header: headerOf(tasks, header), trials, complete: () => complete }, keep);

export const intervalOf = (passed: number, trials: number): Interval => ({ passed, trials, low: 0.125, high: 0.875 });

export function comparedOf(task: string, now: Interval, then: Interval | null, more: Partial<TaskComparison> = {}): TaskComparison {
  const flaky = now.passed > 0 && now.passed < now.trials;
  return { task, now, then, confirm: null, p: 0.5, q: 0.5, verdict: 'steady', flaky, deterministic: false, ...more };
}

export function driftOf(more: Partial<Drift> = {}): Drift {
  const none = { then: null, now: null, p: null };
  return {
    kind: 'new-host',
    severity: 'high',
    task: null,
    message: 'a new host was asked for',
    what: ['+evil.example:443'],
    more: 0,
    ...none,
    ...more,
  };
}

/** A comparison of no tasks that found nothing, but for what is said. */
export function comparisonOf(more: Partial<Comparison> = {}): Comparison {
  const outcomes = Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0])) as Comparison['current']['outcomes'];
  const side = { tasks: 0, trials: 0, passed: 0, rate: null, outcomes };
  return {
    schema: 'agent-jail/comparison@1',
    suite: 'nightly',
    verdict: 'steady',
    because: ['no drop beyond chance'],
    settings: { alpha: 0.05, minEffect: 0.05, minVisible: 0.25, maxInfra: 0.1, permutations: 10_000, seed: 1, failOn: ['regression'] },
    current: side,
    baseline: { ...side, nights: [] },
    refused: [],
    gate: { difference: -0.01, p: 0.4, smallestVisible: 0.12, tasks: 3, exchanged: 'tasks' },
    tasks: [],
    drift: [],
    missing: [],
    ...more,
  };
}

export const FIGURES: SuiteInput['figures'] = {
  pass1: { value: 0.6, low: 0.5, high: 0.7 },
  passAtK: [
    { k: 1, value: 0.6, low: 0.5, high: 0.7 },
    { k: 2, value: 0.8, low: 0.7, high: 0.9 },
  ],
  passHatK: [
    { k: 1, value: 0.6, low: 0.5, high: 0.7 },
    { k: 2, value: 0.4, low: 0.3, high: 0.5 },
  ],
};

/** Three tasks, one of which regressed, one flaky and one without a trial; two nights before. */
export async function inputOf(more: Partial<SuiteInput> = {}): Promise<SuiteInput> {
  const tasks = { steady: 2, broken: 2, flaky: 3, absent: 2 };
  const pass = (task: string, count: number): Trial[] => Array.from({ length: count }, (_, index) => trialOf(task, index + 1));
  const fail = { outcome: 'fail', reward: 0, because: 'exit code 1', failed: ['file out.txt exists'] } as const;
  const origin = {
    server: 'https://github.com',
    repository: 'o/r',
    run: '12',
    head: 'o/r',
    attempt: 1,
    workflow: 'nightly',
    event: 'schedule',
  };
  const night = (name: string, started: string, commit: string): Promise<NightTally> =>
    nightOf(tasks, [...pass('steady', 2), ...pass('broken', 2), ...pass('flaky', 3)], {
      keep: false,
      name,
      started,
      origin: { ...origin, ref: 'refs/heads/main', commit },
    });
  const current = await nightOf(tasks, [
    ...pass('steady', 2),
    trialOf('broken', 1, { ...fail, record: 'records/broken/1' }),
    trialOf('broken', 2, fail),
    trialOf('flaky', 1),
    trialOf('flaky', 2, { outcome: 'limit', what: 'time', because: 'the limit of time was reached', reward: 0 }),
    trialOf('flaky', 3, { outcome: 'infra', what: 'model', because: 'the model server refused', reward: null }),
  ]);
  return {
    current,
    nights: [await night('night 1', '2026-11-26T02:00:00.000Z', 'c1'), await night('night 2', '2026-11-27T02:00:00.000Z', 'c2')],
    comparison: comparisonOf({
      verdict: 'regressed',
      because: ['1 task regressed'],
      tasks: [
        comparedOf('steady', intervalOf(2, 2), intervalOf(4, 4)),
        comparedOf('broken', intervalOf(0, 2), intervalOf(4, 4), { p: 0.0312, q: 0.04, verdict: 'regressed' }),
        comparedOf('flaky', intervalOf(1, 2), intervalOf(6, 6), { p: 0.2, q: 0.3 }),
      ],
      drift: [
        driftOf({ severity: 'low', kind: 'duration', task: 'steady', message: 'slower', what: [], then: 500, now: 1000, p: 0.01 }),
        driftOf({ task: 'steady' }),
      ],
      refused: [{ name: 'old.ndjson', why: 'it is of another suite' }],
      missing: ['absent'],
    }),
    figures: FIGURES,
    failures: [],
    ...more,
  };
}

/** All texts of a suite's input are this one. */
export async function inputOfText(text: string): Promise<SuiteInput> {
  const texts = { version: text, started: text, suite: text, agent: text } as const;
  const origin = {
    server: text,
    repository: text,
    run: text,
    head: text,
    attempt: 1,
    workflow: text,
    event: text,
    ref: text,
    commit: text,
  };
  const tasks = { [text]: 2, [`${text} missing`]: 1 };
  const outcomes = ['fail', 'infra'] as const;
  const trials = outcomes.map((outcome, index) =>
    trialOf(text, index + 1, { outcome, because: text, failed: [text], record: text, policy: text as Sha256, what: text as 'time' }),
  );
  const night = (name: string): Promise<NightTally> => nightOf(tasks, trials, { ...texts, origin, name });
  const drift = driftOf({ task: text, message: text, what: [text] });
  return {
    current: await night(text),
    nights: [await night(text)],
    comparison: comparisonOf({
      because: [text],
      refused: [{ name: text, why: text }],
      tasks: [comparedOf(text, intervalOf(0, 1), intervalOf(1, 1), { verdict: 'regressed' })],
      drift: [drift, { ...drift, severity: 'low' }],
      missing: [text],
    }),
    figures: FIGURES,
    failures: [text],
  };
}

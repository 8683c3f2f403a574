import { TRIAL_OUTCOMES } from '../../model/suite.ts';
import type { Comparison, Drift, TaskComparison } from '../../model/suite.ts';
import type { Figures, SuiteInput } from './input.ts';
import { rowsOf } from './rows.ts';
import type { Row } from './rows.ts';
import type { KeptTrial, NightTally, Tally, TaskTally } from './tally.ts';
import { missingOf, verdictOf } from './verdict.ts';
import type { SuiteVerdict } from './verdict.ts';

/** What one page takes, whatever the suite: what is beyond is counted in it. */
const TASKS = 4000;
const NIGHTS = 60;
const CELLS = 60_000;
const NAMED = 500;
/** Characters of JSON that trials take. */
const TRIALS = 768 << 10;

/** What a suite's page shows: it holds this as JSON. Bounded; text in it may be anything. */
export interface SuiteData {
  readonly verdict: SuiteVerdict;
  readonly suite: string;
  /** A name and its value. */
  readonly about: readonly (readonly [string, string])[];
  readonly gate: Comparison['gate'];
  readonly figures: Figures;
  readonly total: Tally;
  /** The oldest first; the last is the one that is looked at. */
  readonly nights: readonly NightData[];
  readonly nightsLeft: number;
  /** The worst first. */
  readonly tasks: readonly TaskData[];
  readonly tasksLeft: number;
  readonly drift: readonly Drift[];
  readonly driftLeft: number;
  readonly missing: readonly string[];
  readonly missingLeft: number;
  readonly refused: Comparison['refused'];
  /** From the page to the results: '' or a relative URL that ends with a slash. */
  readonly base: string;
}
export interface NightData {
  readonly name: string;
  readonly started: string;
  readonly commit: string;
  readonly version: string;
  readonly complete: boolean;
  readonly rate: number | null;
  readonly passed: number;
  readonly measured: number;
  readonly infra: number;
  readonly costUsd: number | null;
  readonly ms: number | null;
}
/** Passed, measured, not measured, median ms, cost in 1e-6 USD (-1: not known). 0: nothing of the task in that night. */
export type Cell = readonly [passed: number, measured: number, other: number, ms: number, cost: number] | 0;

export interface TaskData {
  readonly task: string;
  readonly deterministic: boolean;
  readonly flaky: boolean;
  readonly expected: number;
  /** In the order of `TRIAL_OUTCOMES`. */
  readonly outcomes: readonly number[];
  readonly reward: number | null;
  readonly tokens: readonly [input: number | null, output: number | null];
  readonly compared: Omit<TaskComparison, 'task' | 'flaky' | 'deterministic'> | null;
  /** Kinds of its drift, the most severe first. */
  readonly drift: readonly string[];
  /** One of each night. */
  readonly cells: readonly Cell[];
  readonly trials: readonly KeptTrial[];
  /** Trials that are not here. */
  readonly left: number;
}

/** The data of the page. Pure. */
export function suiteData(input: SuiteInput, base = ''): SuiteData {
  const { current, comparison, figures } = input;
  const rows = rowsOf(input);
  const shown = rows.slice(0, TASKS);
  const all = [...input.nights, current];
  const room = Math.max(1, Math.min(NIGHTS, Math.floor(CELLS / Math.max(1, shown.length))));
  const nights = all.slice(-room);
  const columns = nights.map((night) => new Map(night.tasks.map((tally) => [tally.task, cell(tally)])));
  const trials = keptTrials(shown);
  const drift = bySeverity(comparison?.drift ?? []);
  const missing = missingOf(input);
  return {
    verdict: verdictOf(input),
    suite: current.header.suite,
    about: about(current),
    gate: comparison?.gate ?? null,
    figures,
    total: current.total,
    nights: nights.map(nightData),
    nightsLeft: all.length - nights.length,
    tasks: shown.map((row, index) => {
      const kept = trials[index] ?? [];
      const cells = columns.map((column) => column.get(row.tally.task) ?? 0);
      return { ...taskData(row), cells, trials: kept, left: row.tally.left + row.tally.trials.length - kept.length };
    }),
    tasksLeft: rows.length - shown.length,
    drift: drift.slice(0, NAMED),
    driftLeft: Math.max(0, drift.length - NAMED),
    missing: missing.slice(0, NAMED),
    missingLeft: Math.max(0, missing.length - NAMED),
    refused: (comparison?.refused ?? []).slice(0, NAMED),
    base,
  };
}

const SEVERITIES: readonly Drift['severity'][] = ['high', 'medium', 'low'];
/** The most severe first, else as they came. */
export function bySeverity(drift: readonly Drift[]): readonly Drift[] {
  return drift.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** What the run was: a name and its value. */
export function about({ name, header: { agent, backend, version, started, seed, digest, origin } }: NightTally): [string, string][] {
  const rows: [string, string][] = [
    ['agent', agent],
    ['backend', backend],
    ['started', started],
    ['results', name],
    ['agent-jail', version],
    ['seed', String(seed)],
    ['suite, SHA-256', digest],
  ];
  if (origin === null) return rows;
  const { repository, run, attempt, workflow, event, ref, commit } = origin;
  rows.splice(2, 0, ['commit', commit], ['ref', ref], ['repository', repository]);
  rows.push(['workflow', workflow], ['event', event], ['run', `${run}, attempt ${attempt}`]);
  return rows;
}

function nightData({ name, header, complete, total }: NightTally): NightData {
  const { rate, passed, measured, outcomes, costUsd, ms } = total;
  const commit = header.origin?.commit ?? '';
  return {
    name,
    started: header.started,
    commit,
    version: header.version,
    complete,
    rate,
    passed,
    measured,
    infra: outcomes.infra,
    costUsd,
    ms,
  };
}

function taskData({ tally, compared, drift }: Row): Omit<TaskData, 'cells' | 'trials' | 'left'> {
  const { task, deterministic, flaky, expected, outcomes, reward, inputTokens, outputTokens } = tally;
  return {
    task,
    deterministic,
    flaky,
    expected,
    reward,
    outcomes: TRIAL_OUTCOMES.map((outcome) => outcomes[outcome]),
    tokens: [inputTokens, outputTokens],
    compared: compared && {
      now: compared.now,
      then: compared.then,
      p: compared.p,
      q: compared.q,
      verdict: compared.verdict,
      confirm: compared.confirm,
    },
    drift: [...new Set(bySeverity(drift).map(({ kind }) => kind))],
  };
}

function cell({ outcomes, measured, passed, ms, costUsd }: TaskTally): Cell {
  const all = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  if (all === 0) return 0;
  return [passed, measured, all - measured, ms === null ? -1 : Math.round(ms), costUsd === null ? -1 : Math.round(costUsd * 1e6)];
}

/** Trials of each task, as many as there is room for: of all tasks the ones that did not pass first, and of all tasks one before two. */
function keptTrials(rows: readonly Row[]): readonly (readonly KeptTrial[])[] {
  const wanted = rows.flatMap(({ tally: { trials } }, task) => {
    const ofTask = [...trials.filter(({ outcome }) => outcome !== 'pass'), ...trials.filter(({ outcome }) => outcome === 'pass')];
    return ofTask.map((trial, round) => ({ task, trial, round, good: Number(trial.outcome === 'pass') }));
  });
  wanted.sort((a, b) => a.good - b.good || a.round - b.round);
  const kept: KeptTrial[][] = rows.map(() => []);
  let left = TRIALS;
  for (const { task, trial } of wanted) {
    left -= JSON.stringify(trial).length;
    if (left < 0) break;
    kept[task]?.push(trial);
  }
  return kept.map((trials) => trials.sort((a, b) => a.trial - b.trial));
}

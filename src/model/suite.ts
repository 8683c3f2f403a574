import type { BackendName, Sha256 } from './names.ts';
import type { LimitName } from './policy.ts';
import type { Origin } from './record.ts';
import type { Outcome } from './outcome.ts';

/**
 * How a trial ended. `infra`, `invalid` and `skipped` were not measured and are in no rate; all others were, and `pass` is the only good
 * one. A limit with a passing verifier is a `pass`.
 */
export const TRIAL_OUTCOMES = ['pass', 'fail', 'limit', 'violation', 'tampered', 'infra', 'invalid', 'skipped'] as const;
export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number];
export const MEASURED: readonly TrialOutcome[] = ['pass', 'fail', 'limit', 'violation', 'tampered'];

/** First line of `trials.ndjson`; the last is `{"end":true,"lines":N}`, and without it the run was cut off. */
export interface TrialsHeader {
  readonly schema: 'agent-jail/trials@1';
  readonly suite: string;
  /** SHA-256 of what is asked of an agent: tasks, verifiers and their files. Other results are not to be compared with these. */
  readonly digest: Sha256;
  /** Name of the agent in the suite file, `oracle` or `null`. */
  readonly agent: string;
  readonly backend: BackendName | 'auto';
  readonly version: string;
  /** Wall clock, ISO 8601, UTC. */
  readonly started: string;
  readonly seed: number;
  /** null: all of the suite. */
  readonly shard: { readonly index: number; readonly of: number; readonly plan: Sha256 } | null;
  /** Trials that this run was to make, by task, in the order of the suite. */
  readonly expected: readonly ExpectedTask[];
  /** null: not made on GitHub. */
  readonly origin: TrialsOrigin | null;
}
export interface ExpectedTask {
  readonly task: string;
  /** Numbers of the trials: the first, and how many. */
  readonly first: number;
  readonly trials: number;
  readonly policy: Sha256;
  /** A scripted agent: each flip is a change, no statistics are needed. */
  readonly deterministic: boolean;
  readonly tags: readonly string[];
}
export interface TrialsOrigin extends Origin {
  readonly attempt: number;
  readonly workflow: string;
  readonly event: string;
  readonly ref: string;
  readonly commit: string;
}

/** One line of `trials.ndjson`. */
export interface Trial {
  readonly task: string;
  /** From 1. */
  readonly trial: number;
  readonly seed: number;
  readonly outcome: TrialOutcome;
  /** Of `limit` (or of a `pass` in spite of one) the limit, of `infra` the phase; else null. */
  readonly what: LimitName | InfraPhase | null;
  /** For people: one line. */
  readonly because: string;
  /** What the verifier gave, or 1 and 0 for pass and fail; null: no verdict. */
  readonly reward: number | null;
  /** Declarative checks that did not hold (bounded). */
  readonly failed: readonly string[];
  readonly started: string;
  readonly ms: { readonly agent: number; readonly verifier: number; readonly total: number };
  readonly policy: Sha256;
  readonly backend: BackendName | null;
  readonly version: string;
  /** SHA-256 of the root's archive or image; null: of the machine, or not known. */
  readonly root: Sha256 | null;
  readonly run: RunOfTrial | null;
  readonly verifier: RunOfTrial | null;
  /** The agent as its own log tells it. */
  readonly agent: { readonly name: string; readonly version: string; readonly model: string | null } | null;
  readonly usage: TrialUsage;
  readonly behaviour: Behaviour;
  /** Directory of the trial's records, relative to the file; null: none was kept. */
  readonly record: string | null;
}
/** `gone`: the runner itself ended. `model`: its server refused or failed, and the agent got no further. */
export type InfraPhase = 'prepare' | 'jail' | 'setup' | 'model' | 'verifier' | 'cancelled' | 'gone';
export interface RunOfTrial {
  readonly id: string;
  readonly outcome: Outcome;
  readonly code: number | null;
  readonly signal: string | null;
  readonly manifest: Sha256 | null;
}
/** null: nobody says. Bytes and ms. */
export interface TrialUsage {
  readonly memory: number | null;
  readonly output: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly turns: number | null;
  readonly toolCalls: number | null;
}
/** What the agent did as seen from outside, made comparable: sorted, without what differs from run to run. Each list is bounded. */
export interface Behaviour {
  /** Of the workspace, `A`, `M` or `D` before each: `M src/sum.js`. Ignored paths are only counted. */
  readonly paths: readonly string[];
  /** Of those, the ones with the flag `runs-later`. */
  readonly runsLater: readonly string[];
  /** `+name:port` allowed, `-name:port` denied. */
  readonly hosts: readonly string[];
  /** Programs by path. */
  readonly programs: readonly string[];
  /** Refused questions, connections and requests. */
  readonly denied: number;
  /** Entries that the lists left out. */
  readonly more: number;
}

/** Kinds of drift, the most severe first. */
export const DRIFT_KINDS = [
  'runs-later', 'new-host', 'new-denied-host', 'new-program', 'new-path', 'lost-path', 'lost-host', 'lost-program',
  'denials', 'exit', 'duration', 'output', 'memory', 'tokens', 'cost', 'turns', 'agent', 'policy', 'root', 'version',
] as const; // biome-ignore format: a table
export type DriftKind = (typeof DRIFT_KINDS)[number];
/** What `fail-on` can name beside kinds of drift. */
export const FAIL_ON = ['regression', 'violation', 'tampered', 'missing', 'infra', 'inconclusive', 'flaky'] as const;
export type FailOn = (typeof FAIL_ON)[number] | DriftKind;

/** `comparison.json`. Rates and probabilities from 0 to 1. */
export interface Comparison {
  readonly schema: 'agent-jail/comparison@1';
  readonly suite: string;
  readonly verdict: ComparisonVerdict;
  /** For people: why, one line each. */
  readonly because: readonly string[];
  /** The settings in force. */
  readonly settings: {
    readonly alpha: number;
    readonly minEffect: number;
    /** Where only a larger drop than this could have been seen, nothing is steady. */
    readonly minVisible: number;
    /** Share of trials that may be `infra`. */
    readonly maxInfra: number;
    readonly permutations: number;
    readonly seed: number;
    readonly failOn: readonly FailOn[];
  };
  readonly current: SideOfComparison;
  /** null: there was none to compare with. */
  readonly baseline: (SideOfComparison & { readonly nights: readonly Night[] }) | null;
  /** Baselines that were found and not used, and why. */
  readonly refused: readonly { readonly name: string; readonly why: string }[];
  readonly gate: Gate | null;
  readonly tasks: readonly TaskComparison[];
  readonly drift: readonly Drift[];
  /** Tasks that were expected and of which nothing was measured. */
  readonly missing: readonly string[];
}
/** `none`: there is no baseline. `inconclusive`: no drop as large as `min-effect` could have been seen. */
export type ComparisonVerdict = 'regressed' | 'steady' | 'improved' | 'inconclusive' | 'none';
export interface SideOfComparison {
  readonly tasks: number;
  /** Measured ones. */
  readonly trials: number;
  readonly passed: number;
  /** Mean of the tasks' pass rates; null: nothing measured. */
  readonly rate: number | null;
  readonly outcomes: Readonly<Record<TrialOutcome, number>>;
}
export interface Night {
  readonly name: string;
  readonly started: string;
  readonly commit: string | null;
  readonly trials: number;
  readonly passed: number;
}
/** The one test of the suite: whole tasks, and trials within tasks, are exchanged between now and then; the larger p of both. */
export interface Gate {
  /** Mean over tasks of (rate now - rate then). */
  readonly difference: number;
  /** One-sided, of a drop as large by chance. */
  readonly p: number;
  /** The smallest drop that this run could have called significant with a chance of 0.8; null: none. */
  readonly smallestVisible: number | null;
  /** Measured on both sides. */
  readonly tasks: number;
  /** `trials`: there are too few tasks to exchange whole ones. */
  readonly exchanged: 'tasks' | 'trials';
}
export interface TaskComparison {
  readonly task: string;
  readonly now: Interval;
  readonly then: Interval | null;
  /** One-sided Fisher's exact test of a drop; null: not measured on both sides. */
  readonly p: number | null;
  /** Benjamini-Hochberg over all tasks; null: no `p`, or a scripted task that is judged without. */
  readonly q: number | null;
  /** Further trials, made because the first looked bad. They alone say whether the task regressed: they were not chosen by their result. */
  readonly confirm: { readonly now: Interval; readonly p: number; readonly q: number } | null;
  readonly verdict: 'regressed' | 'improved' | 'steady' | 'new' | 'missing';
  /** Passed and failed now, both. */
  readonly flaky: boolean;
  readonly deterministic: boolean;
}
/** Wilson score interval of 95 %. */
export interface Interval {
  readonly passed: number;
  readonly trials: number;
  readonly low: number;
  readonly high: number;
}
export interface Drift {
  readonly kind: DriftKind;
  readonly severity: 'high' | 'medium' | 'low';
  /** null: the whole suite. */
  readonly task: string | null;
  /** For people: one line. */
  readonly message: string;
  /** Names of what is new or gone (bounded). */
  readonly what: readonly string[];
  readonly more: number;
  /** For a number: its median then and now, and the p-value of the difference. */
  readonly then: number | null;
  readonly now: number | null;
  readonly p: number | null;
}

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { JailError, UserError } from '../model/errors.ts';
import type { BackendName, HostPath } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { RunResult } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import type { InfraPhase, RunOfTrial, Trial } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { openRecordDir } from '../record/read.ts';
import { runJail } from '../run/client.ts';
import { newId } from '../run/id.ts';
import { prepare } from '../run/prepare.ts';
import { NO_BEHAVIOUR, NO_USAGE } from './behaviour.ts';
import { grade, type Graded } from './grade.ts';
import { decide, type Verdict } from './outcome.ts';
import { agentPolicy, agentSteps, type Share, shared, verifierPolicy, verifierSteps } from './steps.ts';
import type { Agent, Task } from './types.ts';

/** Characters of a reason in a line of results. */
const LONGEST = 500;

/** What all trials of a run of a suite have in common. */
export interface Bench {
  /** Where records go; no jail sees it. */
  readonly out: HostPath;
  readonly version: string;
  readonly backend: BackendName | 'auto' | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly share: Share | null;
  /** A directory for what a trial needs beside its records. */
  readonly temporary: HostPath;
}
/** One try of one task. */
export interface Attempt {
  readonly task: Task;
  readonly agent: Agent;
  /** The agent is the task's own solution. */
  readonly oracle: boolean;
  readonly workspace: HostPath;
  readonly trial: number;
  readonly seed: number;
}
/** Below `out`. */
export const recordOf = ({ task, trial }: { readonly task: string; readonly trial: number }): string => `trials/${task}/${trial}`;

/** Runs a trial to its end and tells how it ended. Never rejects: what goes wrong is an outcome. */
export async function runTrial(bench: Bench, attempt: Attempt, cancel: AbortSignal): Promise<Trial> {
  const { task, agent, oracle, seed, trial } = attempt;
  const place = recordOf({ task: task.id, trial });
  const began = Date.now();
  const blank = blankTrial(bench, attempt, new Date(began).toISOString());
  const failed = (phase: InfraPhase, error: unknown): Trial => ({
    ...blank,
    what: phase,
    because: wordsOf(error),
    ms: { ...blank.ms, total: Date.now() - began },
  });
  let ran: RunResult;
  try {
    const directory = join(bench.out, place);
    rmSync(directory, { recursive: true, force: true }); // of a try that was cut off
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    ran = await jailed(bench, attempt, { policy: agentPolicy(task, oracle), steps: agentSteps(task, agent, seed), name: 'agent' }, cancel);
  } catch (error) {
    return failed('prepare', error);
  }
  const agentMs = Date.now() - began;
  try {
    const graded = await judge(bench, attempt, ran, cancel);
    return { ...blank, ...graded, record: place, ms: { ...graded.ms, agent: agentMs, total: Date.now() - began } };
  } catch (error) {
    return { ...failed('verifier', error), record: place };
  }
}

/** Judges a run of the agent that lies in its record: what a trial does once the agent is dead, and `regrade` does again. */
export async function judge(bench: Bench, attempt: Attempt, ran: RunResult, cancel: AbortSignal): Promise<Omit<Trial, keyof Blank>> {
  const { task, workspace } = attempt;
  const facts = await grade(task, ran.record, ran, workspace);
  const began = Date.now();
  let verifier: RunOfTrial | null = null;
  let verdict: Verdict | null = null;
  // What the agent touched judges nobody, and is not run.
  if (facts.judged && facts.tampered === null) {
    const steps = verifierSteps(task.verifier, task.place);
    if (steps.length > 0) {
      const result = await verify(bench, attempt, facts, steps, cancel);
      verifier = runOf(result);
      verdict = facts.verdict(result);
    } else verdict = facts.verdict(null);
  }
  const decision = decide(facts.end, verdict, facts);
  const { behaviour, usage, agent, failed, root, backend } = facts;
  const ms = { agent: 0, verifier: Date.now() - began, total: 0 };
  const because = displayText(decision.because, LONGEST);
  return { ...decision, because, failed, behaviour, usage, agent, root, backend, run: runOf(ran), verifier, ms, record: null };
}

/** The verifier's run, over what the agent left. */
async function verify(bench: Bench, attempt: Attempt, { archive }: Graded, steps: StepInput[], cancel: AbortSignal): Promise<RunResult> {
  const { task, trial } = attempt;
  const empty = task.verifier.empty.map((_, index) => {
    const directory = join(bench.temporary, `empty-${task.id}-${trial}-${index}`);
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    return directory;
  });
  if (archive === null) throw new JailError('the record of the agent has no changes that could be restored', 'look at the record');
  const layers = task.verifier.root === 'agent' ? (['workspace', 'home', 'root'] as const) : (['workspace'] as const);
  const restore = { ...archive, layers };
  return jailed(bench, attempt, { policy: verifierPolicy(task, empty), steps, name: 'verifier', restore }, cancel);
}

interface InJail {
  readonly policy: Policy;
  readonly steps: readonly StepInput[];
  readonly name: 'agent' | 'verifier';
  readonly restore?: Parameters<typeof prepare>[0]['restore'];
}
async function jailed(
  bench: Bench,
  { task, trial, workspace }: Attempt,
  { policy, steps, name, restore }: InJail,
  cancel: AbortSignal,
): Promise<RunResult> {
  const inForce = shared(policy, bench.share);
  const request = await prepare({
    id: newId(),
    version: bench.version,
    policy: inForce,
    source: { kind: 'inline' },
    backend: bench.backend ?? inForce.jail.backend,
    steps,
    environment: bench.environment,
    mask: [],
    workspace,
    ...(restore === undefined ? {} : { restore }),
    ownRoot: task.ownRoot,
    forbidden: [bench.out],
    record: join(bench.out, recordOf({ task: task.id, trial }), name),
    display: false,
  });
  return runJail(request, () => {}, cancel);
}

type Blank = Pick<Trial, 'task' | 'trial' | 'seed' | 'started' | 'policy' | 'version'>;
/** A trial of which nothing is known but that it could not be made. */
export function blankTrial(
  { version }: Pick<Bench, 'version'>,
  { task, trial, seed }: Pick<Attempt, 'task' | 'trial' | 'seed'>,
  started: string,
): Trial {
  return {
    task: task.id,
    trial,
    seed,
    outcome: 'infra',
    what: 'prepare',
    because: '',
    reward: null,
    failed: [],
    started,
    ms: { agent: 0, verifier: 0, total: 0 },
    policy: task.policy.digest,
    backend: null,
    version,
    root: null,
    run: null,
    verifier: null,
    agent: null,
    usage: NO_USAGE,
    behaviour: NO_BEHAVIOUR,
    record: null,
  };
}

function runOf({ record, outcome, manifest }: RunResult): RunOfTrial {
  const { id, steps } = openRecordDir(record).document('run.json').value;
  const last = steps.findLast(({ exit }) => exit !== null)?.exit ?? null;
  return { id, outcome, code: last?.code ?? null, signal: last?.signal ?? null, manifest };
}

function wordsOf(error: unknown): string {
  const words =
    error instanceof UserError
      ? error.problems.map(({ message }) => message).join('; ')
      : error instanceof Error
        ? error.message
        : String(error);
  return displayText(words, LONGEST);
}

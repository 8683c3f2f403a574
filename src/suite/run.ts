import { availableParallelism, totalmem } from 'node:os';
import type { ExpectedTask, Trial } from '../model/suite.ts';
import type { Share } from './steps.ts';
import { type Bench, blankTrial, runTrial } from './trial.ts';
import { seedOf, type Selected } from './select.ts';
import type { Task } from './types.ts';
import type { Workspaces } from './start.ts';

/** What a trial has at least where its policy leaves it open. */
const MEMORY = 1 << 30;

export interface SuiteWork {
  readonly bench: Bench;
  readonly selected: Selected;
  readonly oracle: boolean;
  readonly workspaces: Workspaces;
  readonly seed: number;
  readonly jobs: number;
  /** After the first trial that was measured and did not pass, the rest is skipped. */
  readonly failFast: boolean;
  /** Of an earlier part of this run: not made again. */
  readonly done: (task: string, trial: number) => boolean;
}
/** `left`: ms until the end, if things go on like this. */
export type SuiteEvent =
  | { readonly kind: 'begin'; readonly task: string; readonly trial: number }
  | { readonly kind: 'end'; readonly trial: Trial; readonly done: number; readonly of: number; readonly left: number };

/**
 * Runs what is not done yet, each trial handed over as it ends; a cancelled one is not, so that it is run when the run is resumed. The first
 * trials of all tasks come first: whatever happens later, something is known of each.
 */
export async function runTrials(work: SuiteWork, observe: (event: SuiteEvent) => void, cancel: AbortSignal): Promise<void> {
  const queue = inOrder(work.selected.expected).filter(([task, trial]) => !work.done(task, trial));
  const tasks = new Map(work.selected.tasks.map((task) => [task.id, task]));
  const began = Date.now();
  let [next, done, failed] = [0, 0, false];
  const worker = async (): Promise<void> => {
    for (;;) {
      const [id, trial] = queue[next] ?? [];
      if (id === undefined || trial === undefined || cancel.aborted) return;
      next += 1;
      const task = tasks.get(id) as Task;
      const ended = failed ? skipped(work, task, trial) : await one(work, task, trial, observe, cancel);
      if (ended.what === 'cancelled' || cancel.aborted) return;
      failed ||= work.failFast && !['pass', 'infra', 'invalid', 'skipped'].includes(ended.outcome);
      done += 1;
      observe({ kind: 'end', trial: ended, done, of: queue.length, left: ((Date.now() - began) / done) * (queue.length - done) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(work.jobs, queue.length) }, worker));
}

async function one(work: SuiteWork, task: Task, trial: number, observe: (event: SuiteEvent) => void, cancel: AbortSignal): Promise<Trial> {
  observe({ kind: 'begin', task: task.id, trial });
  const { bench, selected, oracle, workspaces } = work;
  const attempt = { task, agent: selected.agentOf(task), oracle, trial, seed: seedOf(work.seed, task.id, trial) };
  try {
    return await runTrial(bench, { ...attempt, workspace: await workspaces.of(task) }, cancel);
  } catch (error) {
    const blank = blankTrial(bench, attempt, new Date().toISOString());
    return { ...blank, because: error instanceof Error ? error.message : String(error) };
  }
}

function skipped({ bench, seed }: SuiteWork, task: Task, trial: number): Trial {
  const blank = blankTrial(bench, { task, trial, seed: seedOf(seed, task.id, trial) }, new Date().toISOString());
  return { ...blank, outcome: 'skipped', what: null, because: 'an earlier trial failed (--fail-fast)' };
}

/** Pure: first trials first. */
export function inOrder(expected: readonly ExpectedTask[]): [task: string, trial: number][] {
  const all = expected.flatMap(({ task, first, trials }, index) =>
    Array.from({ length: trials }, (_, at) => ({ task, trial: first + at, index })),
  );
  return all.sort((a, b) => a.trial - b.trial || a.index - b.index).map(({ task, trial }) => [task, trial]);
}

/** Pure: how many trials fit the machine at a time, and what each has of it; by the largest of the tasks. */
export function fit(
  tasks: readonly Task[],
  asked: number | null,
  machine = { cpus: availableParallelism(), memory: totalmem() },
): { jobs: number; share: Share | null } {
  const cpus = Math.max(...tasks.map(({ policy }) => policy.agent.limits.cpus ?? 1));
  const memory = Math.max(...tasks.map(({ policy }) => policy.agent.limits.memory ?? MEMORY));
  const room = machine.memory * 0.75;
  const jobs = asked ?? Math.max(1, Math.floor(Math.min(machine.cpus / cpus, room / memory)));
  return { jobs, share: jobs === 1 ? null : { memory: Math.floor(room / jobs), cpus: machine.cpus / jobs } };
}

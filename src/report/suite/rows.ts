import type { Drift, TaskComparison } from '../../model/suite.ts';
import type { SuiteInput } from './input.ts';
import type { TaskTally } from './tally.ts';

/** A task with all that is known of it. */
export interface Row {
  readonly tally: TaskTally;
  readonly compared: TaskComparison | null;
  readonly drift: readonly Drift[];
}

/** The tasks, the worst first: regressed, then not measured, then by their rates; the rest by name. Pure. */
export function rowsOf({ current, comparison }: SuiteInput): readonly Row[] {
  const compared = new Map(comparison?.tasks.map((task) => [task.task, task]));
  const drift = Map.groupBy(comparison?.drift ?? [], ({ task }) => task);
  return current.tasks
    .map((tally): Row => ({ tally, compared: compared.get(tally.task) ?? null, drift: drift.get(tally.task) ?? [] }))
    .sort((a, b) => rank(a) - rank(b) || (a.tally.rate ?? 0) - (b.tally.rate ?? 0) || (a.tally.task < b.tally.task ? -1 : 1));
}

function rank({ tally, compared }: Row): number {
  return compared?.verdict === 'regressed' ? 0 : tally.rate === null ? 1 : 2;
}

/** Rate now less rate then; null: not measured on both sides. */
export function changeOf(compared: Pick<TaskComparison, 'now' | 'then'> | null): number | null {
  if (compared === null || compared.then === null || compared.now.trials === 0 || compared.then.trials === 0) return null;
  return compared.now.passed / compared.now.trials - compared.then.passed / compared.then.trials;
}

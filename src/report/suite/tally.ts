import { UserError } from '../../model/errors.ts';
import { MEASURED, TRIAL_OUTCOMES } from '../../model/suite.ts';
import type { Trial, TrialOutcome, TrialsHeader } from '../../model/suite.ts';
import { Median } from './median.ts';

/** Of a task, so many trials are kept one by one where they are asked for; those that did not pass before those that did. */
const KEPT = 50;
const LONGEST = 300;
const CHECKS = 10;

/** One night, or the run that is looked at: what its trials file says, in memory that grows with the tasks and not with the trials. */
export interface NightTally {
  /** Of the file or the run, for people. */
  readonly name: string;
  readonly header: TrialsHeader;
  /** false: the file was cut off. */
  readonly complete: boolean;
  /** In the order of the suite. */
  readonly tasks: readonly TaskTally[];
  /** Of all tasks; its `rate` is the mean of theirs. */
  readonly total: Tally;
}
export interface Tally {
  /** Trials that were to be made. */
  readonly expected: number;
  readonly outcomes: Readonly<Record<TrialOutcome, number>>;
  readonly measured: number;
  readonly passed: number;
  /** Passed of the measured, which is pass@1; null: nothing measured. */
  readonly rate: number | null;
  /** Mean; null: no trial has one. */
  readonly reward: number | null;
  /** Median of the measured trials' whole time. */
  readonly ms: number | null;
  /** Sums over all trials, also those that were not measured: they were paid for. null: nobody says. */
  readonly costUsd: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Trials whose cost is known. */
  readonly priced: number;
}
export interface TaskTally extends Tally {
  readonly task: string;
  readonly deterministic: boolean;
  /** Passed and failed, both. */
  readonly flaky: boolean;
  /** By number. */
  readonly trials: readonly KeptTrial[];
  /** Trials that are not among them. */
  readonly left: number;
}
/** What is shown of a trial; texts are cut. */
export type KeptTrial = Pick<Trial, 'trial' | 'seed' | 'outcome' | 'what' | 'because' | 'reward' | 'failed' | 'record'> & {
  readonly ms: number;
  readonly costUsd: number | null;
};

/** A trials file as it is read. `complete` is asked when the last trial was read. */
export interface NightSource {
  readonly name: string;
  readonly header: TrialsHeader;
  readonly trials: AsyncIterable<Trial> | Iterable<Trial>;
  readonly complete: () => boolean;
}

/** One pass over the trials. `keep`: the trials themselves too, as far as {@link KEPT} goes. @throws UserError for a task of no suite. */
export async function tallyNight({ name, header, trials, complete }: NightSource, keep = false): Promise<NightTally> {
  const sums = new Map<string, TaskSum>();
  for (const { task, trials: count, deterministic } of header.expected) {
    const sum = sums.get(task) ?? new TaskSum(task, deterministic, keep);
    sums.set(task, sum);
    sum.expected += count;
  }
  const all = new Sum();
  for await (const trial of trials) {
    const sum = sums.get(trial.task);
    if (sum === undefined) throw notExpected(name, trial.task);
    sum.add(trial);
    all.add(trial);
  }
  const tasks = [...sums.values()].map((sum) => sum.ofTask());
  const rates = tasks.flatMap(({ rate }) => rate ?? []);
  all.expected = tasks.reduce((count, { expected }) => count + expected, 0);
  const rate = rates.length === 0 ? null : rates.reduce((a, b) => a + b) / rates.length;
  return { name, header, complete: complete(), tasks, total: { ...all.tally(), rate } };
}

function notExpected(name: string, task: string): UserError {
  const message = `${name}: a trial of the task ${JSON.stringify(task.slice(0, LONGEST))}, which its header does not expect`;
  return new UserError([{ message, place: null, remedy: 'Take the file as the run or the merge wrote it.' }]);
}

class Sum {
  expected = 0;
  readonly #outcomes = Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0])) as Record<TrialOutcome, number>;
  readonly #ms = new Median();
  readonly #reward = new Total();
  readonly #cost = new Total();
  readonly #input = new Total();
  readonly #output = new Total();

  add({ outcome, reward, ms, usage }: Trial): void {
    this.#outcomes[outcome] += 1;
    if (MEASURED.includes(outcome)) {
      this.#ms.add(ms.total);
      this.#reward.add(reward);
    }
    this.#cost.add(usage.costUsd);
    this.#input.add(usage.inputTokens);
    this.#output.add(usage.outputTokens);
  }

  tally(): Tally {
    const measured = MEASURED.reduce((count, outcome) => count + this.#outcomes[outcome], 0);
    const passed = this.#outcomes.pass;
    return {
      expected: this.expected,
      outcomes: this.#outcomes,
      measured,
      passed,
      rate: measured === 0 ? null : passed / measured,
      reward: this.#reward.sum === null ? null : this.#reward.sum / this.#reward.count,
      ms: this.#ms.value,
      costUsd: this.#cost.sum,
      inputTokens: this.#input.sum,
      outputTokens: this.#output.sum,
      priced: this.#cost.count,
    };
  }
}

class TaskSum extends Sum {
  readonly #task: string;
  readonly #deterministic: boolean;
  readonly #keep: number;
  readonly #bad: KeptTrial[] = [];
  readonly #good: KeptTrial[] = [];
  #seen = 0;

  constructor(task: string, deterministic: boolean, keep: boolean) {
    super();
    this.#task = task;
    this.#deterministic = deterministic;
    this.#keep = keep ? KEPT : 0;
  }

  override add(trial: Trial): void {
    super.add(trial);
    this.#seen += 1;
    const list = trial.outcome === 'pass' ? this.#good : this.#bad;
    if (list.length < this.#keep) list.push(kept(trial));
  }

  ofTask(): TaskTally {
    const tally = this.tally();
    const trials = [...this.#bad, ...this.#good].slice(0, this.#keep).sort((a, b) => a.trial - b.trial);
    const flaky = tally.passed > 0 && tally.passed < tally.measured;
    return { ...tally, task: this.#task, deterministic: this.#deterministic, flaky, trials, left: this.#seen - trials.length };
  }
}

/** A sum of what is known. */
class Total {
  sum: number | null = null;
  count = 0;
  add(value: number | null): void {
    if (value === null) return;
    this.sum = (this.sum ?? 0) + value;
    this.count += 1;
  }
}

function kept({ trial, seed, outcome, what, because, reward, failed, ms, usage, record }: Trial): KeptTrial {
  const checks = failed.slice(0, CHECKS).map(cut);
  if (failed.length > CHECKS) checks.push(`and ${failed.length - CHECKS} more`);
  return { trial, seed, outcome, what, because: cut(because), reward, failed: checks, record, ms: ms.total, costUsd: usage.costUsd };
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text);

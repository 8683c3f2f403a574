import type { Outcome } from '../model/outcome.ts';
import { type ExpectedTask, MEASURED, type Trial, TRIAL_OUTCOMES, type TrialOutcome } from '../model/suite.ts';
import { readTrials } from '../suite/trials.ts';
import type { Suite } from '../suite/types.ts';

/** As a suite has it that says nothing. */
const INFRA = 0.1;

/** What is told of a run of a suite when it ends. */
export interface SuiteResult {
  readonly outcome: Outcome;
  readonly because: readonly string[];
  readonly outcomes: Readonly<Record<TrialOutcome, number>>;
  /** Mean of the tasks' pass rates; null: nothing was measured. */
  readonly rate: number | null;
  /** Tasks of which nothing was measured. */
  readonly missing: readonly string[];
}

/** Counts trials as they end. */
export class Tally {
  readonly #gate: Suite['gate'];
  readonly #tasks: Map<string, Record<TrialOutcome, number>>;

  constructor(gate: Suite['gate'], expected: readonly ExpectedTask[]) {
    this.#gate = gate;
    this.#tasks = new Map(expected.map(({ task }) => [task, none()]));
  }

  add({ task, outcome }: Pick<Trial, 'task' | 'outcome'>): void {
    const counts = this.#tasks.get(task);
    if (counts !== undefined) counts[outcome] += 1;
  }

  result(cut: boolean): SuiteResult {
    const outcomes = none();
    for (const counts of this.#tasks.values()) for (const outcome of TRIAL_OUTCOMES) outcomes[outcome] += counts[outcome];
    const rates = [...this.#tasks.values()].filter((counts) => measured(counts) > 0).map((counts) => counts.pass / measured(counts));
    const rate = rates.length === 0 ? null : rates.reduce((sum, one) => sum + one, 0) / rates.length;
    const missing = [...this.#tasks].filter(([, counts]) => measured(counts) === 0).map(([task]) => task);
    const tried = measured(outcomes) + outcomes.infra + outcomes.invalid;
    const because: string[] = [];
    if (missing.length > 0)
      because.push(
        `nothing was measured of: ${missing.slice(0, 20).join(', ')}${missing.length > 20 ? ` and ${missing.length - 20} more` : ''}`,
      );
    const broken = outcomes.infra + outcomes.invalid;
    const tooBroken = tried > 0 && broken / tried > this.#gate.infra;
    if (tooBroken) because.push(`${broken} of ${tried} trials could not be measured, the most allowed is ${percent(this.#gate.infra)}`);
    const { passRate } = this.#gate;
    const low = passRate !== null && rate !== null && rate < passRate;
    if (low) because.push(`pass rate ${percent(rate)}, wanted ${percent(passRate)}`);
    const outcome: Outcome = cut ? 'cancelled' : rate === null || tooBroken ? 'jail-error' : low ? 'step-failed' : 'succeeded';
    return { outcome, because, outcomes, rate, missing };
  }

  /** One line a task. */
  table(): string {
    const width = Math.max(...[...this.#tasks.keys()].map((task) => task.length));
    const lines = [...this.#tasks].map(([task, counts]) => {
      const other = TRIAL_OUTCOMES.filter((outcome) => outcome !== 'pass' && counts[outcome] > 0).map(
        (outcome) => `${counts[outcome]} ${outcome}`,
      );
      const flaky = counts.pass > 0 && counts.pass < measured(counts) ? ', flaky' : '';
      return `${task.padEnd(width)}  ${counts.pass}/${measured(counts)}${other.length === 0 ? '' : `  ${other.join(', ')}`}${flaky}`;
    });
    const { rate } = this.result(false);
    return `${[...lines, '', rate === null ? 'nothing was measured' : `pass rate ${percent(rate)}`].join('\n')}\n`;
  }
}

const none = (): Record<TrialOutcome, number> =>
  Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0])) as Record<TrialOutcome, number>;
const measured = (counts: Readonly<Record<TrialOutcome, number>>): number => MEASURED.reduce((sum, outcome) => sum + counts[outcome], 0);
const percent = (rate: number): string => `${(rate * 100).toFixed(1)} %`;

/** Of results that lie in a file; the suite's own gates are not known there, so the usual one for infra holds. */
export async function resultOf(path: string): Promise<SuiteResult> {
  const file = readTrials(path);
  const tally = new Tally({ passRate: null, infra: INFRA }, file.header.expected);
  for await (const trial of file) tally.add(trial);
  return tally.result(false);
}

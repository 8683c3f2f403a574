import type { ExpectedTask } from '../model/suite.ts';

/** The most trials that a file may expect: a bit each is kept of them. */
export const MOST_TRIALS = 100_000_000;

/** What is wrong with a list of expected tasks; null: nothing. */
export function listProblem(expected: readonly ExpectedTask[]): string | null {
  const names = new Set<string>();
  let total = 0;
  for (const { task, trials } of expected) {
    if (names.has(task)) return `expected: the task ${task} stands there twice`;
    names.add(task);
    total += trials;
    if (total > MOST_TRIALS) return `expected: more than ${MOST_TRIALS} trials`;
  }
  return null;
}

interface Range {
  readonly first: number;
  readonly trials: number;
  /** Of its first trial among all. */
  readonly at: number;
}

/** Which of the expected trials were seen: a bit each. */
export class ExpectedTrials {
  readonly #tasks = new Map<string, Range>();
  readonly #seen: Uint8Array;
  #count = 0;

  constructor(expected: readonly ExpectedTask[]) {
    let at = 0;
    for (const { task, first, trials } of expected) {
      this.#tasks.set(task, { first, trials, at });
      at += trials;
    }
    this.#seen = new Uint8Array(Math.ceil(at / 8));
  }

  /** How many were seen. */
  get count(): number {
    return this.#count;
  }

  /** Takes note of a trial. */
  see(task: string, trial: number): 'new' | 'twice' | 'unexpected' {
    const at = this.#at(task, trial);
    if (at === -1) return 'unexpected';
    const byte = at >> 3;
    const bit = 1 << (at & 7);
    const seen = this.#seen[byte] ?? 0;
    if ((seen & bit) !== 0) return 'twice';
    this.#seen[byte] = seen | bit;
    this.#count += 1;
    return 'new';
  }

  /** It was seen. */
  has(task: string, trial: number): boolean {
    const at = this.#at(task, trial);
    return at !== -1 && ((this.#seen[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
  }

  /** It is among the expected. */
  expects(task: string, trial: number): boolean {
    return this.#at(task, trial) !== -1;
  }

  #at(task: string, trial: number): number {
    const range = this.#tasks.get(task);
    return range === undefined || trial < range.first || trial >= range.first + range.trials ? -1 : range.at + trial - range.first;
  }
}

import type { SuiteInput } from './input.ts';
import type { Tally } from './tally.ts';

export interface SuiteVerdict {
  readonly word: string;
  /** `good` only where all that was expected was measured, compared, and nothing is wrong. */
  readonly kind: 'good' | 'review' | 'bad';
  /** One line each. */
  readonly because: readonly string[];
}

/** The one verdict that page, summary and JSON say; it agrees with the exit code: with `failures` it is bad. Pure. */
export function verdictOf(input: SuiteInput): SuiteVerdict {
  const { comparison, failures } = input;
  const { total, complete } = input.current;
  const missing = missingOf(input).length;
  const compared = comparison?.verdict ?? null;
  const bad = failures.length > 0 || total.measured === 0 || compared === 'regressed';
  const because = [
    ...(total.measured === 0 ? ['nothing was measured'] : []),
    ...failures,
    ...(comparison?.because ?? []).filter((line) => !failures.includes(line)),
    ...(complete ? [] : ['the results were cut off: trials are missing']),
    ...(missing > 0 ? [`${missing} expected ${missing === 1 ? 'task was' : 'tasks were'} not measured`] : []),
  ];
  return { word: word(), kind: bad ? 'bad' : sound() ? 'good' : 'review', because };

  function word(): string {
    if (total.measured === 0) return 'nothing measured';
    if (compared === 'regressed') return compared;
    if (failures.length > 0) return 'failed';
    return compared === null ? 'not compared' : compared === 'none' ? 'no baseline' : compared;
  }
  function sound(): boolean {
    return (compared === 'steady' || compared === 'improved') && complete && missing === 0;
  }
}

/** Tasks that were expected and of which nothing was measured; in the order of the suite. */
export function missingOf({ current, comparison }: SuiteInput): readonly string[] {
  const own = current.tasks.filter(({ expected, measured }) => expected > 0 && measured === 0).map(({ task }) => task);
  return [...new Set([...own, ...(comparison?.missing ?? [])])];
}

/** Of the trials that were to be measured, those that the infrastructure ended; null: there were none. */
export function infraRate({ outcomes, measured }: Tally): number | null {
  const tried = measured + outcomes.infra + outcomes.invalid;
  return tried === 0 ? null : outcomes.infra / tried;
}

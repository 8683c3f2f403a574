import { hypergeometric } from './hypergeometric.ts';

/** Passed of so many trials. */
export interface Count {
  readonly passed: number;
  readonly trials: number;
}
/** R's: tables as likely as the one that was seen are as extreme, in spite of rounding. */
const AS_LIKELY = 1 + 1e-7;

/**
 * Fisher's exact test: the probability, if both are of one rate, of as few passes now as were seen (`drop`), of as many (`rise`), or of
 * what is no more likely than what was seen (`any`).
 */
export function fisher(now: Count, then: Count, side: 'drop' | 'rise' | 'any'): number {
  const { first, of } = hypergeometric({ passed: now.passed + then.passed, now: now.trials, then: then.trials });
  const seen = now.passed - first;
  const limit = (of[seen] ?? 0) * AS_LIKELY;
  const extreme = of.filter((p, at) => (side === 'drop' ? at <= seen : side === 'rise' ? at >= seen : p <= limit));
  return Math.min(
    1,
    extreme.reduce((sum, p) => sum + p, 0),
  );
}

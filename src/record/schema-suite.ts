import * as v from 'valibot';
import { TRIAL_OUTCOMES } from '../model/suite.ts';
import type { TrialOutcome } from '../model/suite.ts';
import { amount, backendName, count, sha256, strings } from './schema-common.ts';

// `suite.json`: figures of a suite for machines. Rates and probabilities from 0 to 1, times in ms, money in USD; null: not known.

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);
const outcomes = v.strictObject(
  Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, count])) as Record<TrialOutcome, typeof count>,
);
const tally = {
  expected: count,
  outcomes,
  measured: count,
  passed: count,
  rate: orNull(share),
  reward: orNull(v.number()),
  ms: orNull(amount),
  costUsd: orNull(amount),
  inputTokens: orNull(amount),
  outputTokens: orNull(amount),
  priced: count,
};
const estimate = { value: share, low: share, high: share };
const ofK = v.array(v.strictObject({ k: v.pipe(count, v.minValue(1)), ...estimate }));
const interval = v.strictObject({ passed: count, trials: count, low: share, high: share });
const severities = v.strictObject({ high: count, medium: count, low: count });

export const suiteReportSchema = v.strictObject({
  schema: v.literal('agent-jail/suite-report@1'),
  suite: v.string(),
  /** SHA-256 of what is asked of an agent. */
  digest: sha256,
  agent: v.string(),
  backend: v.union([backendName, v.literal('auto')]),
  version: v.string(),
  started: v.string(),
  commit: orNull(v.string()),
  /** false: the results were cut off. */
  complete: v.boolean(),
  verdict: v.strictObject({ word: v.string(), kind: v.picklist(['good', 'review', 'bad']), because: strings }),
  /** What happened of what `fail-on` names. */
  failures: strings,
  figures: v.strictObject({ pass1: orNull(v.strictObject(estimate)), passAtK: ofK, passHatK: ofK }),
  total: v.strictObject(tally),
  infraRate: orNull(share),
  missing: strings,
  drift: severities,
  tasks: v.array(
    v.strictObject({
      task: v.string(),
      deterministic: v.boolean(),
      flaky: v.boolean(),
      ...tally,
      /** null: not compared. */
      compared: orNull(
        v.strictObject({
          now: interval,
          then: orNull(interval),
          p: orNull(share),
          q: orNull(share),
          /** Further trials of a suspect. */
          confirm: orNull(v.strictObject({ now: interval, p: share, q: share })),
          verdict: v.picklist(['regressed', 'improved', 'steady', 'new', 'missing']),
        }),
      ),
      drift: severities,
    }),
  ),
  /** Earlier ones, the oldest first. */
  nights: v.array(v.strictObject({ name: v.string(), started: v.string(), commit: orNull(v.string()), complete: v.boolean(), ...tally })),
});
export type SuiteReport = v.InferOutput<typeof suiteReportSchema>;

import * as v from 'valibot';
import { DRIFT_KINDS, FAIL_ON, TRIAL_OUTCOMES } from '../model/suite.ts';
import type { Comparison, TrialOutcome } from '../model/suite.ts';
import { count, strings } from './schema-common.ts';
import type { Plain, Same } from './schema-common.ts';

// `comparison.json`. Rates and probabilities from 0 to 1; null: not known, or not measured.

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const side = {
  tasks: count,
  trials: count,
  passed: count,
  rate: v.nullable(share),
  outcomes: v.strictObject(Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, count])) as Record<TrialOutcome, typeof count>),
};
const interval = v.strictObject({ passed: count, trials: count, low: share, high: share });

export const comparisonSchema = v.strictObject({
  schema: v.literal('agent-jail/comparison@1'),
  suite: v.string(),
  verdict: v.picklist(['regressed', 'steady', 'improved', 'inconclusive', 'none']),
  because: strings,
  settings: v.strictObject({
    alpha: share,
    minEffect: share,
    minVisible: share,
    maxInfra: share,
    permutations: count,
    seed: count,
    failOn: v.array(v.picklist([...FAIL_ON, ...DRIFT_KINDS])),
  }),
  current: v.strictObject(side),
  baseline: v.nullable(
    v.strictObject({
      ...side,
      nights: v.array(
        v.strictObject({ name: v.string(), started: v.string(), commit: v.nullable(v.string()), trials: count, passed: count }),
      ),
    }),
  ),
  refused: v.array(v.strictObject({ name: v.string(), why: v.string() })),
  gate: v.nullable(
    v.strictObject({
      difference: v.pipe(v.number(), v.minValue(-1), v.maxValue(1)),
      p: share,
      smallestVisible: v.nullable(share),
      tasks: count,
      exchanged: v.picklist(['tasks', 'trials']),
    }),
  ),
  tasks: v.array(
    v.strictObject({
      task: v.string(),
      now: interval,
      then: v.nullable(interval),
      p: v.nullable(share),
      q: v.nullable(share),
      confirm: v.nullable(v.strictObject({ now: interval, p: share, q: share })),
      verdict: v.picklist(['regressed', 'improved', 'steady', 'new', 'missing']),
      flaky: v.boolean(),
      deterministic: v.boolean(),
    }),
  ),
  drift: v.array(
    v.strictObject({
      kind: v.picklist(DRIFT_KINDS),
      severity: v.picklist(['high', 'medium', 'low']),
      task: v.nullable(v.string()),
      message: v.string(),
      what: strings,
      more: count,
      then: v.nullable(v.number()),
      now: v.nullable(v.number()),
      p: v.nullable(share),
    }),
  ),
  missing: strings,
});
true satisfies Same<Plain<Comparison>, v.InferOutput<typeof comparisonSchema>>;

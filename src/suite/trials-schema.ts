import * as v from 'valibot';
import { EXIT } from '../model/outcome.ts';
import type { Outcome } from '../model/outcome.ts';
import { TRIAL_OUTCOMES } from '../model/suite.ts';
import type { Trial, TrialsHeader } from '../model/suite.ts';
import { backendName, count, id, limitName, sha256 } from '../record/schema-common.ts';
import type { Plain, Same } from '../record/schema-common.ts';

// Strict everywhere: a merge copies lines as they are, and would pass on what nobody looked at.
// `trials-check.ts` compiles these schemas; what is new here has to be known there.

export const TRIALS_SCHEMA = 'agent-jail/trials@1';
/** Of tasks, in suite files and Harbor's directories; no blank and no colon, so that lists of them can be written in one line. */
export const TASK_ID = /^[a-z0-9][a-z0-9._-]{0,99}$/;
/** Jobs that a matrix of GitHub has at most. */
export const MOST_SHARDS = 256;
/** Entries of a list in `behaviour`, and of `failed`. All lists of a line share its limit of bytes. */
export const MOST_ENTRIES = 1000;

const INFRA = ['prepare', 'jail', 'setup', 'model', 'verifier', 'cancelled', 'gone'] as const;

const text = (most: number) => v.pipe(v.string(), v.maxLength(most));
const texts = v.pipe(v.array(text(4096)), v.maxLength(MOST_ENTRIES));
/** No `.` or `..`, no absolute path: it leads nowhere but below the file's own directory. */
const below = v.pipe(v.string(), v.maxLength(4096), v.regex(/^(?!(?:.*\/)?\.{0,2}(?:\/|$))[^\\\u0000-\u001f\u007f]+$/));
const time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/),
);
// Bounded, as JSON can say 1e999, which is no number to compute with.
const number = v.pipe(v.number(), v.minValue(-Number.MAX_SAFE_INTEGER), v.maxValue(Number.MAX_SAFE_INTEGER));
const amount = v.pipe(v.number(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const ordinal = v.pipe(count, v.minValue(1));
const task = v.pipe(v.string(), v.regex(TASK_ID));

export const expectedSchema = v.strictObject({
  task,
  first: ordinal,
  trials: ordinal,
  policy: sha256,
  deterministic: v.boolean(),
  tags: v.pipe(v.array(text(100)), v.maxLength(100)),
});
const origin = v.strictObject({
  server: text(1000),
  repository: text(1000),
  run: text(100),
  head: v.nullable(text(1000)),
  attempt: count,
  workflow: text(1000),
  event: text(100),
  ref: text(1000),
  commit: text(100),
});
export const headerSchema = v.strictObject({
  schema: v.literal(TRIALS_SCHEMA),
  suite: text(200),
  digest: sha256,
  agent: text(200),
  backend: v.picklist([...backendName.options, 'auto']),
  version: text(100),
  started: time,
  seed: count,
  shard: v.nullable(
    v.strictObject({ index: v.pipe(ordinal, v.maxValue(MOST_SHARDS)), of: v.pipe(ordinal, v.maxValue(MOST_SHARDS)), plan: sha256 }),
  ),
  expected: v.array(expectedSchema),
  origin: v.nullable(origin),
});
true satisfies Same<Plain<TrialsHeader>, v.InferOutput<typeof headerSchema>>;

const run = v.nullable(
  v.strictObject({
    id,
    outcome: v.picklist(Object.keys(EXIT) as Outcome[]),
    code: v.nullable(v.pipe(number, v.integer())),
    signal: v.nullable(text(20)),
    manifest: v.nullable(sha256),
  }),
);
export const trialSchema = v.strictObject({
  task,
  trial: ordinal,
  seed: count,
  outcome: v.picklist(TRIAL_OUTCOMES),
  what: v.nullable(v.picklist([...limitName.options, ...INFRA])),
  because: text(4096),
  reward: v.nullable(number),
  failed: texts,
  started: time,
  ms: v.strictObject({ agent: amount, verifier: amount, total: amount }),
  policy: sha256,
  backend: v.nullable(backendName),
  version: text(100),
  root: v.nullable(sha256),
  run,
  verifier: run,
  agent: v.nullable(v.strictObject({ name: text(200), version: text(200), model: v.nullable(text(200)) })),
  usage: v.strictObject({
    memory: v.nullable(count),
    output: v.nullable(count),
    inputTokens: v.nullable(count),
    outputTokens: v.nullable(count),
    costUsd: v.nullable(amount),
    turns: v.nullable(count),
    toolCalls: v.nullable(count),
  }),
  behaviour: v.strictObject({ paths: texts, runsLater: texts, hosts: texts, programs: texts, denied: count, more: count }),
  record: v.nullable(below),
});
true satisfies Same<Plain<Trial>, v.InferOutput<typeof trialSchema>>;

export const lastSchema = v.strictObject({ end: v.literal(true), lines: count });

const PHASES: ReadonlySet<string> = new Set(INFRA);
/** What the schema cannot say: which `what` goes with which outcome. null: all is well. */
export function contradiction({ outcome, what }: Pick<Trial, 'outcome' | 'what'>): string | null {
  const fits =
    outcome === 'infra'
      ? what !== null && PHASES.has(what)
      : outcome === 'limit'
        ? what !== null && !PHASES.has(what)
        : what === null || (outcome === 'pass' && !PHASES.has(what));
  return fits ? null : `what: ${what ?? 'null'} does not go with the outcome ${outcome}`;
}

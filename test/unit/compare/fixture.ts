import { type Schema, Validator } from '@cfworker/json-schema';
import * as v from 'valibot';
import { expect } from 'vitest';
import { suiteSchemas } from '../../../scripts/record-schema.ts';
import { compare as made } from '../../../src/compare/compare.ts';
import { DEFAULTS } from '../../../src/compare/settings.ts';
import type { CompareSettings } from '../../../src/compare/settings.ts';
import type { TrialsData } from '../../../src/compare/tally.ts';
import type { Sha256 } from '../../../src/model/names.ts';
import { comparisonSchema } from '../../../src/record/schema-comparison.ts';
import type { Behaviour, ExpectedTask, Trial, TrialOutcome, TrialsHeader, TrialsOrigin, TrialUsage } from '../../../src/model/suite.ts';

export const sha = (digit: string): Sha256 => digit.repeat(64) as Sha256;
export const settings = (more: Partial<CompareSettings> = {}): CompareSettings => ({ ...DEFAULTS, permutations: 2000, ...more });

export const ORIGIN: TrialsOrigin = {
  server: 'https://github.com',
  repository: 'octo/agent',
  run: '100',
  head: 'octo/agent',
  attempt: 1,
  workflow: 'nightly',
  event: 'schedule',
  ref: 'refs/heads/main',
  commit: 'ab'.repeat(20),
};

/** What the agent did and used, where it matters. */
export interface Did {
  readonly outcome?: TrialOutcome;
  readonly behaviour?: Partial<Behaviour>;
  readonly usage?: Partial<TrialUsage>;
  readonly ms?: number;
  readonly code?: number;
  readonly agent?: Trial['agent'];
  readonly root?: Sha256;
}

export function trial(
  task: string,
  number: number,
  { outcome = 'pass', behaviour, usage, ms = 1000, code = 0, agent, root }: Did = {},
): Trial {
  const ran = outcome !== 'skipped' && outcome !== 'infra';
  return {
    task,
    trial: number,
    seed: number,
    outcome,
    what: null,
    because: '',
    reward: outcome === 'pass' ? 1 : 0,
    failed: [],
    started: '2026-01-08T02:00:00Z',
    ms: { agent: ms, verifier: 10, total: ms + 10 },
    policy: sha('b'),
    backend: 'nspawn',
    version: '0.1.0',
    root: root ?? null,
    run: ran ? { id: '01J00000000000000000000000', outcome: 'succeeded', code, signal: null, manifest: null } : null,
    verifier: null,
    agent: agent ?? null,
    usage: { memory: null, output: null, inputTokens: null, outputTokens: null, costUsd: null, turns: null, toolCalls: null, ...usage },
    behaviour: { paths: [], runsLater: [], hosts: [], programs: [], denied: 0, more: 0, ...behaviour },
    record: null,
  };
}

/** Trials by task: a number of passes of a number of trials, or what each trial did. */
export type Tasks = Readonly<Record<string, readonly [passed: number, trials: number] | readonly Did[]>>;
const isCount = (of: Tasks[string]): of is readonly [number, number] => typeof of[0] === 'number';

export function night(
  name: string,
  day: number,
  tasks: Tasks,
  more: Partial<TrialsHeader> = {},
  task: Partial<ExpectedTask> = {},
): TrialsData {
  const dids = Object.entries(tasks).map(([id, of]): [string, readonly Did[]] => [
    id,
    isCount(of) ? Array.from({ length: of[1] }, (_, at): Did => ({ outcome: at < of[0] ? 'pass' : 'fail' })) : of,
  ]);
  const header: TrialsHeader = {
    schema: 'agent-jail/trials@1',
    suite: 'sums',
    digest: sha('a'),
    agent: 'pi',
    backend: 'auto',
    version: '0.1.0',
    started: `2026-01-${String(day).padStart(2, '0')}T02:00:00Z`,
    seed: 1,
    shard: null,
    expected: dids.map(([id, all]) => ({
      task: id,
      first: 1,
      trials: all.length,
      policy: sha('b'),
      deterministic: false,
      tags: [],
      ...task,
    })),
    origin: { ...ORIGIN, run: String(100 + day) },
    ...more,
  };
  return { name, header, trials: dids.flatMap(([id, all]) => all.map((did, at) => trial(id, at + 1, did))), complete: true };
}

/** So many tasks `t01`, `t02`, …, each with these trials. */
export function same(tasks: number, of: readonly [number, number]): Tasks {
  return Object.fromEntries(Array.from({ length: tasks }, (_, at) => [`t${String(at + 1).padStart(2, '0')}`, of]));
}

const judge = new Validator(JSON.parse(suiteSchemas().get('comparison.schema.json') ?? '') as Schema);
/** A comparison, which is what its schema says, by our reader and by another one. */
export async function compare(...given: Parameters<typeof made>): ReturnType<typeof made> {
  const comparison = await made(...given);
  expect(judge.validate(JSON.parse(JSON.stringify(comparison)))).toEqual({ valid: true, errors: [] });
  expect(v.parse(comparisonSchema, comparison)).toEqual(comparison);
  return comparison;
}

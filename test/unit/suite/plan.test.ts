import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ExpectedTask, Trial } from '../../../src/model/suite.ts';
import { readUnits, unitsWriter } from '../../../src/suite/plan-units.ts';
import { fewerShards, MOST_BYTES, pastDurations, planDigest, planMatrix, planOf, planShards } from '../../../src/suite/plan.ts';
import { suiteOf, trialOf } from '../../support/trials.ts';
import { expects, hex, told } from './trials-fixture.ts';

const ABOUT = { suite: 'nightly', digest: hex('a'), agent: 'pi', seed: 7 } as const;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,9}$/);
const suite = fc
  .uniqueArray(fc.record({ task: id, first: fc.integer({ min: 1, max: 9 }), trials: fc.integer({ min: 1, max: 60 }) }), {
    minLength: 1,
    maxLength: 40,
    selector: ({ task }) => task,
  })
  .map((tasks) => tasks.map(({ task, first, trials }) => expects(task, first, trials)));
/** Of a share of the tasks, ms. */
const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.constant(null)), { minLength: 40, maxLength: 40 });
const pastOf = (tasks: readonly ExpectedTask[], ms: readonly (number | null)[]) =>
  new Map(tasks.flatMap(({ task }, at) => (ms[at] === null ? [] : [[task, ms[at] ?? 0] as const])));

describe('shards', () => {
  test('have each trial once, one range a task, none is empty, and none has more than half a share and one trial too much', () => {
    fc.assert(
      fc.property(suite, times, fc.integer({ min: 1, max: 256 }), (tasks, ms, wanted) => {
        const past = pastOf(tasks, ms);
        const shards = planShards(tasks, wanted, past);
        const trials = sum(tasks.map((task) => task.trials));
        expect(shards.length).toBe(Math.min(wanted, trials));
        for (const shard of shards) {
          expect(shard.length).toBeGreaterThan(0);
          // In the order of the suite, so no task twice.
          const at = shard.map(({ task }) => tasks.findIndex((other) => other.task === task));
          expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
        }
        for (const task of tasks) {
          const ranges = shards.flatMap((shard) => shard.filter((unit) => unit.task === task.task));
          const given = ranges.flatMap(({ first, trials: many }) => Array.from({ length: many }, (_, n) => first + n));
          expect(given).toEqual(Array.from({ length: task.trials }, (_, n) => task.first + n));
          for (const range of ranges) expect({ ...range, first: task.first, trials: task.trials }).toEqual(task);
        }
        const known = [...past.values()].sort((a, b) => a - b);
        const [low = 1, high = 1] = [known[Math.ceil(known.length / 2) - 1], known[Math.floor(known.length / 2)]];
        const of = ({ task }: ExpectedTask): number => Math.max(past.get(task) ?? (low + high) / 2, 1);
        const loads = shards.map((shard) => sum(shard.map((unit) => unit.trials * of(unit))));
        expect(Math.max(...loads)).toBeLessThanOrEqual((1.5 * sum(loads)) / shards.length + Math.max(...tasks.map(of)) + 1e-6);
        expect(planShards(tasks, wanted, new Map([...past].reverse()))).toEqual(shards);
      }),
      { numRuns: 100 },
    );
  });

  test('of a usual night end within 1 % of each other, with nearly all tasks whole', () => {
    // 500 tasks of 3 trials, from 10 s to 20 min, most of them short.
    const tasks = suiteOf({ tasks: 500, trials: 3, shards: 1 });
    const past = new Map(tasks.map(({ task }, at) => [task, 10_000 * 120 ** ((((at * 617) % 500) / 500) ** 2)]));
    const shards = planShards(tasks, 20, past);
    const loads = shards.map((shard) => sum(shard.map(({ task, trials }) => trials * (past.get(task) ?? 0))));
    expect(Math.max(...loads) / Math.min(...loads)).toBeLessThan(1.01);
    expect(sum(shards.map((shard) => shard.length))).toBeLessThan(510);
  });

  test('a task that nobody knows takes the median of those that are known; a long one is cut', () => {
    const tasks = [expects('long', 1, 8), expects('new', 1, 1), expects('short', 1, 1), expects('usual', 1, 1)];
    const past = new Map([
      ['long', 1000],
      ['short', 10],
      ['usual', 800],
    ]);
    expect(planShards(tasks, 2, past).map((shard) => unitsWriter(tasks)(shard))).toEqual(['long:1-4 new short', 'long:5-8 usual']);
    expect(planShards(tasks, 2, new Map()).map((shard) => unitsWriter(tasks)(shard))).toEqual(['long:1-5 usual', 'long:6-8 new short']);
  });

  test('are fewer where there are fewer trials, and that is said', () => {
    const shards = planShards([expects('a', 4, 2), expects('b', 1, 1)], 5, new Map([['a', 1_000_000]]));
    expect(shards.map((shard) => shard.map(({ task, first, trials }) => [task, first, trials]))).toEqual([
      [['a', 4, 1]],
      [['a', 5, 1]],
      [['b', 1, 1]],
    ]);
    expect([fewerShards(5, 3), fewerShards(3, 3)]).toEqual(['3 shards are planned, not 5: there are no more trials', null]);
  });

  it.each([
    [0, [expects('a', 1, 1)], '0 shards cannot be planned. Ask for 1 to 256: a matrix of GitHub has no more jobs'],
    [257, [expects('a', 1, 999)], '257 shards cannot be planned. Ask for 1 to 256: a matrix of GitHub has no more jobs'],
    [1.5, [expects('a', 1, 9)], '1.5 shards cannot be planned. Ask for 1 to 256: a matrix of GitHub has no more jobs'],
    [2, [], 'there is no task to plan. Look at the filter: a matrix needs a job at least'],
    [2, [expects('a', 1, 1), expects('a', 2, 1)], 'expected: the task a stands there twice'],
  ])('refuse %d of %j', async (shards, tasks, message) => {
    expect(await told(() => planShards(tasks, shards, new Map()))).toBe(`agent-jail: ${message}`);
  });
});

describe('the matrix', () => {
  test('has the tasks of each shard, and the digest of the whole plan', () => {
    const tasks = [expects('a', 1, 3), expects('b', 1, 1)];
    const plan = planOf(ABOUT, [[expects('a', 1, 2)], [expects('a', 3, 1), expects('b', 1, 1)]]);
    expect(planMatrix(plan, tasks)).toEqual({
      include: [
        { shard: 1, of: 2, plan: planDigest(plan), tasks: 'a:1-2' },
        { shard: 2, of: 2, plan: planDigest(plan), tasks: 'a:3 b' },
      ],
    });
    const others = [
      planOf({ ...ABOUT, seed: 8 }, [[expects('a', 1, 2)], [expects('a', 3, 1), expects('b', 1, 1)]]),
      planOf(ABOUT, [[expects('a', 3, 1), expects('b', 1, 1)], [expects('a', 1, 2)]]),
      planOf(ABOUT, [[expects('a', 1, 2)], [expects('a', 3, 1), { ...expects('b', 1, 1), policy: hex('c') }]]),
    ];
    expect(new Set([plan, ...others].map(planDigest)).size).toBe(4);
  });

  test('is refused where GitHub would drop it', async () => {
    const tasks = suiteOf({ tasks: 10_000, trials: 1, shards: 1 }).map((task) => ({ ...task, task: task.task.padEnd(94, 'x') }));
    const plan = planOf(ABOUT, planShards(tasks, 256, new Map()));
    expect(await told(() => planMatrix(plan, tasks))).toBe(
      'agent-jail: the matrix has 977297 bytes, and GitHub passes on no more than 900000 from job to job. Plan fewer tasks at a time, with a filter, or make several suites of this one',
    );
    const fewer = tasks.slice(0, 9000);
    const matrix = planMatrix(planOf(ABOUT, planShards(fewer, 256, new Map())), fewer);
    expect([matrix.include.length, JSON.stringify(matrix).length < MOST_BYTES]).toEqual([256, true]);
  });
});

describe('the text of units', () => {
  test('says what it was made of', () => {
    fc.assert(
      fc.property(suite, times, fc.integer({ min: 1, max: 20 }), (tasks, ms, wanted) => {
        for (const shard of planShards(tasks, wanted, pastOf(tasks, ms))) {
          const text = unitsWriter(tasks)(shard);
          expect(readUnits(text, tasks)).toEqual(shard);
          expect(text).toMatch(/^[a-z0-9._:-]+(?: [a-z0-9._:-]+)*$/);
        }
      }),
      { numRuns: 100 },
    );
  });

  const tasks = [expects('a', 1, 9), expects('b', 5, 3), expects('c', 1, 1)];
  it.each([
    ['', 'an empty task in the list of tasks'],
    ['a  b', 'an empty task in the list of tasks'],
    ['a ', 'an empty task in the list of tasks'],
    ['d', 'd in the list of tasks is not a task of this suite'],
    ['__proto__', '__proto__ in the list of tasks is not a task of this suite'],
    ['a:', 'a: in the list of tasks is not TASK, TASK:N or TASK:N-M'],
    ['a:0', 'a:0 in the list of tasks is not TASK, TASK:N or TASK:N-M'],
    ['a:01', 'a:01 in the list of tasks is not TASK, TASK:N or TASK:N-M'],
    ['a:1-2-3', 'a:1-2-3 in the list of tasks is not TASK, TASK:N or TASK:N-M'],
    ['a:1,3', 'a:1,3 in the list of tasks is not TASK, TASK:N or TASK:N-M'],
    ['a:3-2', 'a:3-2 in the list of tasks is not among the trials 1 to 9 of that task'],
    ['a:9-10', 'a:9-10 in the list of tasks is not among the trials 1 to 9 of that task'],
    ['b:4', 'b:4 in the list of tasks is not among the trials 5 to 7 of that task'],
    ['a:1-9', 'a:1-9 in the list of tasks is to be written a'],
    ['a:2-2', 'a:2-2 in the list of tasks is to be written a:2'],
    ['a a', 'a in the list of tasks is there twice, or not in the order of the suite'],
    ['a:1 a:3', 'a:3 in the list of tasks is there twice, or not in the order of the suite'],
    ['b a', 'a in the list of tasks is there twice, or not in the order of the suite'],
    ['a\nb', 'a\\x0ab in the list of tasks is not a task of this suite'],
  ])('%j is refused', async (text, message) => {
    const remedy = 'Pass on `matrix.tasks` as `suite plan` wrote it, at the same commit';
    expect(await told(() => readUnits(text, tasks))).toBe(`agent-jail: ${message}. ${remedy}`);
  });
});

test('past durations are medians over all files, of what was measured', async () => {
  async function* file(...trials: readonly [string, number, Trial['outcome']][]): AsyncGenerator<Trial> {
    for (const [task, total, outcome] of trials) yield { ...trialOf(task, 1), outcome, ms: { agent: 0, verifier: 0, total } };
  }
  const files = [
    file(['a', 10, 'pass'], ['b', 5, 'fail'], ['a', 0, 'infra'], ['c', 1, 'skipped']),
    file(['a', 30, 'limit'], ['a', 1000, 'violation'], ['b', 7, 'tampered'], ['c', 1, 'invalid']),
  ];
  expect([...(await pastDurations(files))]).toEqual([
    ['a', 30],
    ['b', 6],
  ]);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../src/model/errors.ts';
import { TRIAL_OUTCOMES } from '../../../../src/model/suite.ts';
import type { Trial } from '../../../../src/model/suite.ts';
import { recordLink } from '../../../../src/report/suite/link.ts';
import { Median } from '../../../../src/report/suite/median.ts';
import { tallyNight } from '../../../../src/report/suite/tally.ts';
import { infraRate, missingOf, verdictOf } from '../../../../src/report/suite/verdict.ts';
import { ANY_TEXT, comparisonOf, headerOf, inputOf, nightOf, trialOf } from './fixture.ts';

describe('a night', () => {
  test('counts each outcome, and only what was measured is in a rate', async () => {
    const outcomes = [...TRIAL_OUTCOMES, 'pass', 'pass'] as const;
    const trials = outcomes.map((outcome, index) =>
      trialOf('a', index + 1, {
        outcome,
        reward: outcome === 'pass' ? 1 : outcome === 'infra' ? null : 0,
        ms: { agent: 0, verifier: 0, total: index === 5 ? 1e9 : index * 10 }, // infra: not measured
        usage: { ...trialOf('a', 1).usage, costUsd: index === 0 ? null : 0.25 },
      }),
    );
    const { tasks, total } = await nightOf({ a: 12, b: 3 }, trials);
    const [a, b] = tasks;
    expect(a).toMatchObject({
      expected: 12,
      measured: 7,
      passed: 3,
      rate: 3 / 7,
      reward: 3 / 7,
      flaky: true,
      ms: 30,
      costUsd: 2.25,
      priced: 9,
    });
    expect(a?.outcomes).toEqual({ pass: 3, fail: 1, limit: 1, violation: 1, tampered: 1, infra: 1, invalid: 1, skipped: 1 });
    expect(b).toMatchObject({ expected: 3, measured: 0, rate: null, ms: null, costUsd: null, inputTokens: null, flaky: false });
    expect(total).toMatchObject({ expected: 15, measured: 7, passed: 3, rate: 3 / 7, inputTokens: 1000 });
    expect(infraRate(total)).toBe(1 / 9);
  });

  test('has the mean of the tasks’ rates, not of the trials', async () => {
    const trials = [trialOf('a', 1), ...[1, 2, 3].map((trial) => trialOf('b', trial, { outcome: 'fail' }))];
    expect((await nightOf({ a: 1, b: 3, c: 1 }, trials)).total.rate).toBe(0.5);
  });

  test('keeps 50 trials of a task, those that did not pass first, by number, and counts the others', async () => {
    const trials = Array.from({ length: 200 }, (_, index) => trialOf('a', index + 1, { outcome: index >= 180 ? 'fail' : 'pass' }));
    const [task] = (await nightOf({ a: 200 }, trials)).tasks;
    expect(task?.trials.map(({ trial }) => trial)).toEqual(
      [...Array(30).keys()].map((n) => n + 1).concat([...Array(20).keys()].map((n) => n + 181)),
    );
    expect(task?.left).toBe(150);
    expect((await nightOf({ a: 200 }, trials, { keep: false })).tasks[0]).toMatchObject({ trials: [], left: 200 });
  });

  test('cuts long texts of a trial and counts checks', async () => {
    const trial = trialOf('a', 1, { because: '𝒳'.repeat(5000), failed: Array(30).fill('x'.repeat(1000)) });
    const kept = (await nightOf({ a: 1 }, [trial])).tasks[0]?.trials[0];
    expect(kept?.because.length).toBeLessThan(310);
    expect(kept?.because.isWellFormed()).toBe(true);
    expect([kept?.failed.length, kept?.failed[0]?.length, kept?.failed.at(-1)]).toEqual([11, 301, 'and 20 more']);
  });

  test('asks whether the file was complete when it was read, and refuses a task that no suite expects', async () => {
    let read = false;
    async function* trials(): AsyncGenerator<Trial> {
      yield trialOf('a', 1);
      read = true;
    }
    expect((await tallyNight({ name: 'n', header: headerOf({ a: 1 }), trials: trials(), complete: () => read })).complete).toBe(true);
    const wrong = nightOf({ a: 1 }, [trialOf('toString', 1)]);
    await expect(wrong).rejects.toThrow('now: a trial of the task "toString", which its header does not expect');
    await expect(wrong).rejects.toBeInstanceOf(UserError);
  });

  test('of a million trials takes no more memory than of few', async () => {
    const some = trialOf('a', 1);
    function* trials(): Generator<Trial> {
      for (let trial = 1; trial <= 1_000_000; trial += 1) yield { ...some, trial, ms: { ...some.ms, total: trial } };
    }
    const before = process.memoryUsage().heapUsed;
    const { tasks } = await tallyNight({ name: 'n', header: headerOf({ a: 1_000_000 }), trials: trials(), complete: () => true }, true);
    expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(100);
    expect(tasks[0]?.measured).toBe(1_000_000);
    expect(Math.abs((tasks[0]?.ms ?? 0) / 500_000 - 1)).toBeLessThan(0.006);
  });
});

test('a median is exact of few values and within 0.6 % of many, whatever their order', () => {
  const medianOf = (values: readonly number[]): number | null => {
    const median = new Median();
    for (const value of values) median.add(value);
    return median.value;
  };
  expect(medianOf([])).toBe(null);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 600, size: 'max' }), (values) => {
      const sorted = values.toSorted((a, b) => a - b);
      const [low, high] = [sorted[(values.length - 1) >> 1] ?? 0, sorted[values.length >> 1] ?? 0];
      const found = medianOf(values) ?? NaN;
      expect(medianOf(sorted)).toBe(found);
      if (values.length <= 256) expect(found).toBe((low + high) / 2);
      else if (low < 1e-300) expect(found).toBeLessThan(1e-299);
      else expect(Math.abs(found / low - 1)).toBeLessThan(0.006);
    }),
  );
});

describe('the verdict', () => {
  const sound = async () => ({ ...(await inputOf()), current: await nightOf({ a: 1 }, [trialOf('a', 1)]), comparison: comparisonOf() });
  test.each([
    ['steady', {}, 'steady', 'good', ['no drop beyond chance']],
    ['improved', { comparison: comparisonOf({ verdict: 'improved' }) }, 'improved', 'good', ['no drop beyond chance']],
    ['regressed', { comparison: comparisonOf({ verdict: 'regressed', because: ['a drop'] }) }, 'regressed', 'bad', ['a drop']],
    ['inconclusive', { comparison: comparisonOf({ verdict: 'inconclusive', because: [] }) }, 'inconclusive', 'review', []],
    ['a first night', { comparison: comparisonOf({ verdict: 'none', because: [] }) }, 'no baseline', 'review', []],
    ['no comparison', { comparison: null }, 'not compared', 'review', []],
    [
      'steady, but fail-on has something',
      { failures: ['new-host: evil.example'] },
      'failed',
      'bad',
      ['new-host: evil.example', 'no drop beyond chance'],
    ],
    ['the same reason twice', { failures: ['no drop beyond chance'] }, 'failed', 'bad', ['no drop beyond chance']],
    [
      'a task is missing',
      { comparison: comparisonOf({ missing: ['x'] }) },
      'steady',
      'review',
      ['no drop beyond chance', '1 expected task was not measured'],
    ],
  ] as const)('%s', async (_, more, word, kind, because) => {
    expect(verdictOf({ ...(await sound()), ...more })).toEqual({ word, kind, because });
  });

  test('nothing is green with nothing measured, or cut off', async () => {
    const infra = await nightOf({ a: 1 }, [trialOf('a', 1, { outcome: 'infra' })]);
    expect(verdictOf({ ...(await sound()), current: infra })).toMatchObject({ word: 'nothing measured', kind: 'bad' });
    expect(verdictOf({ ...(await sound()), current: await nightOf({}, []) })).toMatchObject({ word: 'nothing measured', kind: 'bad' });
    const cut = await nightOf({ a: 1 }, [trialOf('a', 1)], { complete: false });
    expect(verdictOf({ ...(await sound()), current: cut })).toMatchObject({
      kind: 'review',
      because: ['no drop beyond chance', 'the results were cut off: trials are missing'],
    });
    expect(missingOf({ ...(await sound()), current: infra, comparison: comparisonOf({ missing: ['b', 'a'] }) })).toEqual(['a', 'b']);
  });
});

describe('the link to a record', () => {
  test.each([
    ['', 'records/a b/1', './records/a%20b/1/agent/report.html'],
    ['../out/', './x', '../out/x/agent/report.html'],
    ['', 'javascript:alert(1)', './javascript%3Aalert(1)/agent/report.html'],
    ['', 'a?b#c%2e%2e', './a%3Fb%23c%252e%252e/agent/report.html'],
    ['', null, null],
    ['', '', null],
    ['', '.', null],
    ['', '/etc', null],
    ['', '//host/x', null],
    ['', 'a/../../b', null],
    ['', '..', null],
    ['', '..\\b', null],
    ['', 'a\ud800', null],
  ])('from %j, to %j', (base, record, link) => expect(recordLink(base, record)).toBe(link));

  test('leads nowhere but below the page', () => {
    const parts = fc.array(fc.oneof(fc.constantFrom('..', '.', '', 'javascript:', '%2e%2e', '\\', '?', '#', '@'), ANY_TEXT));
    fc.assert(
      fc.property(parts, (all) => {
        const link = recordLink('', all.join('/'));
        if (link !== null) expect(new URL(link, 'file:///top/dir/suite.html').href).toMatch(/^file:\/\/\/top\/dir\/.+\/report\.html$/);
      }),
      { numRuns: 1000 },
    );
  });
});

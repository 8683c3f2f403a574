import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../../src/model/names.ts';
import { suiteData } from '../../../../src/report/suite/data.ts';
import { suiteHtml } from '../../../../src/report/suite/html.ts';
import { arrange } from '../../../../src/report/suite/order.ts';
import type { Only, Order } from '../../../../src/report/suite/order.ts';
import { interval, minute, number, percent, points, probability, usd } from '../../../../src/report/suite/units.ts';
import { newDirectory } from '../../record/fixture.ts';
import { comparisonOf, driftOf, inputOf, inputOfText, nightOf, trialOf } from './fixture.ts';

describe('the data of the page', () => {
  test('are tasks by nights, the current last; a task of no trial in a night has nothing there', async () => {
    const data = suiteData(await inputOf());
    expect(data.nights.map(({ name, commit, passed, measured, infra }) => [name, commit, passed, measured, infra])).toEqual([
      ['night 1', 'c1', 7, 7, 0],
      ['night 2', 'c2', 7, 7, 0],
      ['now', '', 3, 6, 1],
    ]);
    expect(data.tasks.map(({ task, cells, outcomes, drift }) => [task, cells, outcomes.join(''), drift])).toEqual([
      ['broken', [[2, 2, 0, 1000, 1e6], [2, 2, 0, 1000, 1e6], [0, 2, 0, 1000, 1e6]], '02000000', []],
      ['absent', [0, 0, 0], '00000000', []],
      ['flaky', [[3, 3, 0, 1000, 1.5e6], [3, 3, 0, 1000, 1.5e6], [1, 2, 1, 1000, 1.5e6]], '10100100', []],
      ['steady', [[2, 2, 0, 1000, 1e6], [2, 2, 0, 1000, 1e6], [2, 2, 0, 1000, 1e6]], '20000000', ['new-host', 'duration']],
    ]); // biome-ignore format: a table
    expect(data.tasks[0]?.trials.map(({ trial, record }) => [trial, record])).toEqual([[1, 'records/broken/1'], [2, null]]); // biome-ignore format: short
    expect(data.drift.map(({ severity }) => severity)).toEqual(['high', 'low']);
    expect([data.missing, data.refused.length, data.verdict.kind]).toEqual([['absent'], 1, 'bad']);
  });

  test('are bounded: what is beyond is counted, and of each task the trials that did not pass come first', async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `task-${index}`);
    const expected = Object.fromEntries(names.map((name) => [name, 2]));
    const trials = names.flatMap((name) => [
      trialOf(name, 1, { because: 'x'.repeat(300) }),
      trialOf(name, 2, { outcome: 'fail', because: 'y'.repeat(300) }),
    ]);
    const current = await nightOf(expected, trials);
    const drift = names.map((task) => driftOf({ task, message: 'm'.repeat(200) }));
    const nights = Array<typeof current>(99).fill(await nightOf(expected, trials, { keep: false }));
    const data = suiteData(await inputOf({ current, nights, comparison: comparisonOf({ drift, missing: names }) }));
    expect([data.tasks.length, data.tasksLeft]).toEqual([4000, 1000]);
    expect([data.nights.length, data.nightsLeft, data.tasks[0]?.cells.length]).toEqual([15, 85, 15]);
    expect([data.drift.length, data.driftLeft, data.missing.length, data.missingLeft]).toEqual([500, 4500, 500, 4500]);
    const kept = data.tasks.flatMap((task) => task.trials);
    expect(kept.length).toBeGreaterThan(1000);
    expect(kept.filter(({ outcome }) => outcome === 'pass')).toEqual([]);
    expect(data.tasks.every(({ trials: own, left }) => own.length + left === 2)).toBe(true);
    expect(JSON.stringify(data).length).toBeLessThan(5 << 20);
    const few = suiteData(await inputOf({ current: await nightOf({ a: 1 }, [trialOf('a', 1)]), nights: nights.slice(0, 70) }));
    expect([few.nights.length, few.nightsLeft]).toEqual([60, 11]);
  });

  test('stand in the page as JSON that no text ends', async () => {
    const page = join(newDirectory(), 'page.html') as HostPath;
    const [before, after] = ['<script type="application/json" id="data">', '</script><script>ours</script>'];
    writeFileSync(page, `${before}@DATA@${after}`);
    const parts = fc.constantFrom('</script>', '<!--', '<script>', ']]>', '@DATA@', '$&', '\\u003c', '\u2028', '"', '\ud800', '\0', 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 8 }), async (all) => {
        const input = await inputOfText(all.join(''));
        const html = suiteHtml(input, { page, base: '../' }).toString();
        expect([html.startsWith(before), html.endsWith(after)]).toEqual([true, true]);
        const json = html.slice(before.length, -after.length);
        expect(json).not.toContain('<');
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(suiteData(input, '../'))));
      }),
      { numRuns: 50 },
    );
  });
});

test.each<[Order, boolean, Only | '', string, string]>([
  ['worst', false, '', '', 'broken absent flaky steady'],
  ['worst', true, '', '', 'steady flaky absent broken'],
  ['name', false, '', '', 'absent broken flaky steady'],
  ['name', true, '', '', 'steady flaky broken absent'],
  ['rate', false, '', '', 'broken flaky steady absent'],
  ['rate', true, '', '', 'steady flaky broken absent'],
  ['change', false, '', '', 'broken flaky steady absent'],
  ['flakiness', false, '', '', 'flaky broken absent steady'],
  ['cost', false, '', '', 'flaky broken steady absent'],
  ['worst', false, 'regressed', '', 'broken'],
  ['worst', false, 'improved', '', ''],
  ['worst', false, 'flaky', '', 'flaky'],
  ['worst', false, 'drift', '', 'steady'],
  ['worst', false, 'not all passed', '', 'broken absent flaky'],
  ['worst', false, 'not measured', '', 'absent'],
  ['worst', false, '', 'a', 'absent flaky steady'],
  ['name', true, 'not all passed', 'a', 'flaky absent'],
])('by %s, reversed: %s, only %s, with %j: %s', async (order, reverse, only, text, wanted) => {
  const { tasks } = suiteData(await inputOf());
  expect(arrange(tasks, { order, reverse, only, text }).map(({ task }) => task).join(' ')).toBe(wanted); // biome-ignore format: short
});

test.each([
  [percent(2 / 3), '66.7 %'],
  [percent(1), '100 %'],
  [percent(null), '-'],
  [points(-1 / 6), '-16.7'],
  [points(0.05), '+5'],
  [points(0.0001), '0'],
  [points(-0.0001), '0'],
  [interval({ low: 0.438, high: 1 }), '44 to 100 %'],
  [probability(0.03125), '0.031'],
  [probability(0.00001), '< 0.0001'],
  [probability(1), '1'],
  [usd(12.3), '$12.30'],
  [usd(0.00423), '$0.0042'],
  [usd(0), '$0.00'],
  [usd(1e-9), '< $0.0001'],
  [number(1234567), '1,234,567'],
  [minute('2026-11-28T02:00:00.000Z'), '2026-11-28 02:00'],
  [minute('tomorrow'), 'tomorrow'],
])('%s is %s', (shown, wanted) => expect(shown).toBe(wanted));

import { describe, expect, it } from 'vitest';
import { failures } from '../../../src/compare/failures.ts';
import { suspects } from '../../../src/compare/tasks.ts';
import type { TrialsData } from '../../../src/compare/tally.ts';
import { UserError } from '../../../src/model/errors.ts';
import { FAIL_ON } from '../../../src/model/suite.ts';
import { fisher } from '../../../src/statistics/fisher.ts';
import { compare, night, same, settings, sha, trial } from './fixture.ts';
import type { Did } from './fixture.ts';
import { alarms, MIXED } from './simulated.ts';

const WEEK = [1, 2, 3, 4, 5, 6, 7];
const week = (of: readonly [number, number] = [9, 10], tasks = 20): TrialsData[] =>
  WEEK.map((day) => night(`night ${day}`, day, same(tasks, of)));

describe('the verdict', () => {
  it('is steady where nothing changed, and says what it would have seen', async () => {
    const found = await compare(night('now', 8, same(20, [9, 10])), week(), settings());
    expect(found).toMatchObject({
      verdict: 'steady',
      current: { tasks: 20, trials: 200, passed: 180, rate: expect.closeTo(0.9) as number },
      baseline: { tasks: 20, trials: 1400, passed: 1260 },
      gate: { difference: expect.closeTo(0) as number, p: 1, tasks: 20, exchanged: 'tasks' },
      drift: [],
      missing: [],
      refused: [],
    });
    expect(found.baseline?.nights.map(({ name, trials, passed }) => [name, trials, passed])).toEqual(
      WEEK.map((day) => [`night ${day}`, 200, 180]),
    );
    expect(found.because[0]).toMatch(/^no drop was found \(p = 1\); one of \d\.\d % would have been, with a chance of 80 %$/);
    expect(found.gate?.smallestVisible).toBeGreaterThan(0.05);
    expect(found.gate?.smallestVisible).toBeLessThan(0.12);
  });

  it('is regressed when all tasks fall a little, though no single one shows it', async () => {
    const found = await compare(night('now', 8, same(20, [8, 10])), week(), settings());
    expect(found.verdict).toBe('regressed');
    expect(found.because[0]).toMatch(/^the pass rate fell by 10\.0 % over 20 tasks \(p = .* ≤ 0\.025\)$/);
    expect(new Set(found.tasks.map(({ verdict }) => verdict))).toEqual(new Set(['steady']));
  });

  it('is regressed when one task of twenty collapses, by name', async () => {
    const found = await compare(
      night('now', 8, { ...same(20, [10, 10]), t07: [0, 10] }),
      [night('then', 7, same(20, [10, 10]))],
      settings(),
    );
    expect(found.verdict).toBe('regressed');
    // Benjamini-Hochberg: the smallest of twenty.
    const p = fisher({ passed: 0, trials: 10 }, { passed: 10, trials: 10 }, 'drop');
    expect(found.tasks.find(({ task }) => task === 't07')).toMatchObject({
      verdict: 'regressed',
      p,
      q: expect.closeTo(20 * p, 12) as number,
      flaky: false,
    });
    expect(found.because).toEqual([expect.stringMatching(/^t07: 0 of 10 passed, before 10 of 10 \(q = 0\.00011\)$/)]);
    expect(found.gate?.p).toBeGreaterThan(0.025);
  });

  it('needs a drop that is large enough, however sure it is', async () => {
    const found = await compare(night('now', 8, same(20, [870, 1000])), [night('then', 7, same(20, [900, 1000]))], settings());
    expect(found.gate?.p).toBeLessThan(0.001);
    expect(found.verdict).toBe('steady');
    const strict = await compare(
      night('now', 8, same(20, [870, 1000])),
      [night('then', 7, same(20, [900, 1000]))],
      settings({ minEffect: 0.02 }),
    );
    expect(strict.verdict).toBe('regressed');
  });

  it('takes a drop of exactly the least effect', async () => {
    // 0.9 - 0.85 is less than 0.05 in binary.
    const exactly = [night('now', 8, same(20, [850, 1000])), [night('then', 7, same(20, [900, 1000]))]] as const;
    expect((await compare(...exactly, settings())).verdict).toBe('regressed');
  });

  it('is improved when the rate rose', async () => {
    const found = await compare(night('now', 8, same(20, [10, 10])), week([7, 10]), settings());
    expect(found.verdict).toBe('improved');
    expect(found.because).toEqual(['the pass rate rose by 30.0 % over 20 tasks']);
  });

  it('tests trials, and says so, where there are too few tasks', async () => {
    const found = await compare(night('now', 8, same(5, [4, 10])), week([9, 10], 5), settings());
    expect(found.gate?.exchanged).toBe('trials');
    expect(found.because[0]).toContain('trials taken as independent');
  });

  it.each<[string, Parameters<typeof compare>, string, RegExp]>([
    ['there is no baseline', [night('now', 8, same(3, [3, 3])), [], settings()], 'none', /^there is no baseline to compare with$/],
    ['nothing was measured', [night('now', 8, { a: [{ outcome: 'invalid' }] }), [], settings()], 'inconclusive', /^nothing was measured$/],
    [
      'infra is over its gate',
      [night('now', 8, { ...same(20, [9, 10]), t01: Array.from({ length: 30 }, (): Did => ({ outcome: 'infra' })) }), week(), settings()],
      'inconclusive',
      /^13\.6 % of the trials failed for reasons that are not the agent's \(infra\), more than 10\.0 %$/,
    ],
    [
      'too few trials to see anything',
      [night('now', 8, same(2, [1, 1])), [night('then', 7, same(2, [1, 1]))], settings()],
      'inconclusive',
      /^these are too few trials to see any drop/,
    ],
    [
      'only a large drop could be seen',
      [night('now', 8, same(8, [3, 3])), [night('then', 7, same(8, [3, 3]))], settings({ minVisible: 0.1 })],
      'inconclusive',
      /^only a drop of \d\d\.\d % or more could have been seen, and 10\.0 % is asked for/,
    ],
    [
      'the current trials were cut off',
      [{ ...night('now', 8, same(20, [9, 10])), complete: false }, week(), settings()],
      'inconclusive',
      /^the current trials were cut off before their end$/,
    ],
    [
      'no task is in both',
      [
        night('now', 8, { a: [3, 3], b: [{ outcome: 'infra' }] }, {}),
        [night('then', 7, { a: [{ outcome: 'invalid' }], b: [3, 3] })],
        settings({ maxInfra: 1 }),
      ],
      'inconclusive',
      /^no task was measured on both sides$/,
    ],
  ])('says when %s', async (_, args, verdict, because) => {
    const found = await compare(...args);
    expect([found.verdict, found.because[0]]).toEqual([verdict, expect.stringMatching(because)]);
  });

  it('names what was expected and not measured, and never averages it in', async () => {
    const trials: Did[] = [{ outcome: 'infra' }, { outcome: 'invalid' }, { outcome: 'skipped' }];
    const found = await compare(night('now', 8, { ...same(20, [9, 10]), t03: [], t05: trials }), week(), settings());
    expect(found.missing).toEqual(['t03', 't05']);
    expect(found.current).toMatchObject({ tasks: 18, trials: 180, passed: 162, outcomes: { infra: 1, invalid: 1, skipped: 1 } });
    expect(found.current.rate).toBeCloseTo(0.9);
    expect(found.because).toContain('expected and not measured: t03, t05');
    expect(found.tasks.find(({ task }) => task === 't05')).toMatchObject({
      verdict: 'missing',
      p: null,
      q: null,
      now: { passed: 0, trials: 0, low: 0, high: 1 },
    });
  });

  it('does not count trials of tasks that nobody expected', async () => {
    const now = night('now', 8, { a: [3, 3] });
    const found = await compare({ ...now, trials: [...(now.trials as Iterable<ReturnType<typeof trial>>), trial('b', 1)] }, [], settings());
    expect(found.current).toMatchObject({ tasks: 1, trials: 3 });
  });
});

describe('scripted tasks', () => {
  const scripted = (name: string, day: number, of: readonly [number, number]): TrialsData =>
    night(name, day, same(3, of), {}, { deterministic: true });

  it('regress by one flip, without statistics', async () => {
    const found = await compare(scripted('now', 8, [0, 1]), [scripted('then', 7, [1, 1])], settings());
    expect([found.verdict, found.gate, found.tasks[0]?.q]).toEqual(['regressed', null, null]);
    expect(found.because[0]).toBe('t01: 0 of 1 passed, before 1 of 1 (scripted: each change counts)');
  });

  it('are steady with one trial, which would tell nothing of others', async () => {
    const found = await compare(scripted('now', 8, [1, 1]), [scripted('then', 7, [1, 1])], settings());
    expect([found.verdict, ...found.because]).toEqual(['steady', 'every scripted task ended as it always did']);
  });

  it('improve by one flip', async () => {
    const found = await compare(scripted('now', 8, [1, 1]), [scripted('then', 7, [0, 1])], settings());
    expect(found.tasks[0]?.verdict).toBe('improved');
  });
});

describe('further trials', () => {
  const now = night('now', 8, { ...same(20, [10, 10]), t01: [8, 10], t02: [0, 10] });
  const then = week([10, 10]);

  it('are for tasks that fell, by less than chance alone would', async () => {
    const { tasks } = await compare(now, then, settings());
    expect(suspects(tasks, settings())).toEqual(['t01', 't02']);
    expect((await compare(now, then, settings())).because.at(-1)).toBe('looks worse, which may be chance: t01; further trials would tell');
    expect(suspects(tasks, settings({ minEffect: 0.5 }))).toEqual(['t02']);
  });

  it('alone say whether a task regressed, and both are told', async () => {
    const further = night('further', 8, { t01: [10, 10], t02: [1, 10] });
    const found = await compare(now, then, settings(), further);
    const [one, two] = found.tasks;
    expect(one).toMatchObject({
      verdict: 'steady',
      now: { passed: 8, trials: 10 },
      confirm: { now: { passed: 10, trials: 10 }, p: 1, q: 1 },
      flaky: true,
    });
    expect(two).toMatchObject({ verdict: 'regressed', now: { passed: 0 }, confirm: { now: { passed: 1, trials: 10 } } });
    expect(two?.confirm?.p).toBe(fisher({ passed: 1, trials: 10 }, { passed: 70, trials: 70 }, 'drop'));
    expect(found.because).toEqual([
      expect.stringMatching(/^t02: 1 of 10 passed, before 70 of 70 \(q = .*, in further trials\)$/),
      'looked worse, and did not in further trials: t01',
    ]);
    expect(found.tasks[2]?.confirm).toBeNull();
  });

  it.each([
    ['suite', night('further', 8, { t01: [10, 10] }, { digest: sha('f') })],
    ['policy', night('further', 8, { t01: [10, 10] }, {}, { policy: sha('f') })],
  ])('of another %s are refused', async (_, further) => {
    await expect(compare(now, then, settings(), further)).rejects.toThrow(UserError);
    await expect(compare(now, then, settings(), further)).rejects.toThrow(
      'the further trials in further are of another suite, agent or policy than now',
    );
  });
});

describe('what fails', () => {
  it('is only what is asked for, one line each', async () => {
    const then = { ...same(20, [10, 10]), host: [{}, {}] };
    const bad: Did[] = [{ outcome: 'violation' }, { outcome: 'tampered' }, { outcome: 'infra' }, {}];
    const now = {
      ...same(20, [10, 10]),
      t07: [0, 10] as const,
      t08: bad,
      t09: [],
      host: [{ behaviour: { hosts: ['+evil.example:443\u001b[2J'] } }],
    };
    const found = await compare(night('now', 8, now), [night('then', 7, then)], settings({ maxInfra: 0.001 }));
    expect(failures(found, [...FAIL_ON, 'new-host', 'new-path'])).toEqual([
      expect.stringMatching(/^regression: t07: 0 of 10 passed/),
      'violation: 1 of the trials',
      'tampered: 1 of the trials',
      'missing: t09',
      expect.stringMatching(/^infra: 0\.5 % of the trials$/),
      'flaky: t08',
      'new-host: host: hosts were reached, and never before',
    ]);
    expect(failures(found, ['new-path', 'inconclusive'])).toEqual([]);
    expect(failures(found)).toHaveLength(4);
  });

  it('has inconclusive among it where that is asked for', async () => {
    const found = await compare(night('now', 8, { a: [{ outcome: 'invalid' }] }), [], settings());
    expect(failures(found, ['inconclusive'])).toEqual(['inconclusive: nothing was measured']);
  });
});

describe('false alarms of the whole comparison', () => {
  it('stay below alpha, by the suite or by a named task', () => {
    const { suite, named, any } = alarms(MIXED, [10, 70], 600);
    expect(any).toBeLessThan(0.05);
    expect(any).toBeGreaterThan(0.01);
    expect(any).toBeLessThanOrEqual(suite + named);
  });
});

import { describe, expect, it } from 'vitest';
import { driftOfTasks } from '../../../src/compare/drift.ts';
import { SEVERITY } from '../../../src/compare/drift-kinds.ts';
import { Sample } from '../../../src/compare/sample.ts';
import { tally, TaskTally } from '../../../src/compare/tally.ts';
import { DRIFT_KINDS } from '../../../src/model/suite.ts';
import type { Behaviour, Drift, Trial } from '../../../src/model/suite.ts';
import { sfc32 } from '../../../src/statistics/random.ts';
import { compare, night, settings, sha, trial } from './fixture.ts';
import type { Did } from './fixture.ts';

const times = (count: number, did: (at: number) => Did): Did[] => Array.from({ length: count }, (_, at) => did(at));
async function drift(now: readonly Did[], then: readonly Did[]): Promise<readonly Drift[]> {
  return (await compare(night('now', 8, { a: now }), [night('then', 7, { a: then })], settings())).drift;
}
const kinds = (found: readonly Drift[]): unknown[] => found.map(({ kind, what }) => [kind, what]);

describe('what is always shown', () => {
  it.each<[string, Partial<Behaviour>, Partial<Behaviour>, unknown[]]>([
    ['a new host', { hosts: ['+a:443', '+new:443'] }, { hosts: ['+a:443'] }, [['new-host', ['+new:443']]]],
    ['a host that was denied and is let through', { hosts: ['+a:443'] }, { hosts: ['-a:443'] }, [['new-host', ['+a:443']]]],
    ['a new denied host', { hosts: ['-evil:443'] }, {}, [['new-denied-host', ['-evil:443']]]],
    ['a file that runs later', { runsLater: ['M package.json'] }, { runsLater: ['M Makefile'] }, [['runs-later', ['M package.json']]]],
  ])('%s, in one trial against one', async (_, now, then, expected) => {
    expect(kinds(await drift([{ behaviour: now }], [{ behaviour: then }]))).toEqual(expected);
  });

  it('also in a trial that was not measured, but only where nobody did it before', async () => {
    const hosts = { behaviour: { hosts: ['+new:443'] }, outcome: 'invalid' } as const;
    expect(kinds(await drift([{}, hosts], [{}]))).toEqual([['new-host', ['+new:443']]]);
    expect(kinds(await drift([{}, hosts], [{}, hosts]))).toEqual([]);
  });

  it('in a line that says what is left out', async () => {
    const hosts = Array.from({ length: 25 }, (_, at) => `+h${String(at).padStart(2, '0')}:443`);
    const [found] = await drift([{ behaviour: { hosts } }], [{}]);
    expect(found).toMatchObject({ kind: 'new-host', severity: 'high', task: 'a', more: 5, what: hosts.slice(0, 20) });
  });

  it('and says where earlier lists were cut', async () => {
    const [found] = await drift([{ behaviour: { hosts: ['+x:1'] } }], [{ behaviour: { more: 3 } }]);
    expect(found?.message).toBe('hosts were reached, and never before, as far as the lists go, which were cut');
  });

  it('not for a task without a baseline', async () => {
    const found = await compare(
      night('now', 8, { a: [{ behaviour: { hosts: ['+x:1'] } }], b: [{}] }),
      [night('then', 7, { b: [{}] })],
      settings(),
    );
    expect([found.drift, found.tasks[0]?.verdict]).toEqual([[], 'new']);
  });
});

describe('what is usual', () => {
  const on = (count: number, of: number): Did[] =>
    times(of, (at) => ({ behaviour: at < count ? { paths: ['M x'], programs: ['/usr/bin/curl'], hosts: ['+h:443'] } : {} }));
  it.each<[string, Did[], Did[], string[]]>([
    ['80 % and never before', on(4, 5), on(0, 3), ['new-host', 'new-program', 'new-path']],
    ['less than 80 %', on(3, 5), on(0, 3), ['new-host']],
    ['once before', on(5, 5), on(1, 30), []],
    ['never now, 80 % before', on(0, 3), on(4, 5), ['lost-path', 'lost-host', 'lost-program']],
    ['never now, less before', on(0, 3), on(3, 5), []],
    ['too few now', on(2, 2), on(0, 10), ['new-host']],
    ['too few before', on(0, 10), on(2, 2), []],
  ])('%s', async (_, now, then, expected) => {
    expect((await drift(now, then)).map(({ kind }) => kind)).toEqual(expected);
  });

  it('is also how the agent ends', async () => {
    const ends = (code: number, count: number): Did[] => times(count, () => ({ code }));
    expect(await drift(ends(1, 5), ends(0, 5))).toMatchObject([
      { kind: 'exit', message: 'usually ended with exit code 0, now with exit code 1' },
    ]);
    expect(await drift([...ends(1, 3), ...ends(0, 2)], ends(0, 5))).toEqual([]);
  });
});

describe('numbers', () => {
  const took = (base: number, count: number): Did[] => times(count, (at) => ({ ms: base + at }));
  it('drift when the median is 1.5 times as large, and chance is not enough', async () => {
    const [found, ...more] = await drift(took(1600, 8), took(1000, 8));
    // R: wilcox.test(1600 + 0:7, 1000 + 0:7)$p.value
    expect(found).toMatchObject({
      kind: 'duration',
      severity: 'low',
      then: 1003.5,
      now: 1603.5,
      p: expect.closeTo(0.0001554001554, 12) as number,
    });
    expect(found?.message).toBe('the agent took: median 1604 ms, before 1004 ms');
    expect(more).toEqual([]);
    expect(await drift(took(1000, 8), took(1600, 8))).toMatchObject([{ kind: 'duration' }]);
  });

  it('do not, where the ratio or the number of trials is too small', async () => {
    expect(await drift(took(1400, 8), took(1000, 8))).toEqual([]);
    expect(await drift(took(1600, 3), took(1000, 3))).toEqual([]);
    expect(await drift(took(9000, 2), took(1000, 80))).toEqual([]);
  });

  it('have a ratio to nothing: denials where there were none', async () => {
    const denied = (count: number): Did[] => times(8, () => ({ behaviour: { denied: count } }));
    expect(await drift(denied(2), denied(0))).toMatchObject([{ kind: 'denials', then: 0, now: 2 }]);
  });

  it.each([
    ['output', { output: 1000 }, { output: 100 }],
    ['memory', { memory: 1000 }, { memory: 100 }],
    ['tokens', { inputTokens: 900, outputTokens: 100 }, { inputTokens: 50, outputTokens: 50 }],
    ['cost', { costUsd: 1 }, { costUsd: 0.1 }],
    ['turns', { turns: 10 }, { turns: 1 }],
  ])('are also %s', async (kind, now, then) => {
    const side = (usage: Did['usage'] & object): Did[] => times(8, () => ({ usage }));
    expect((await drift(side(now), side(then))).map((one) => one.kind)).toEqual([kind]);
  });

  it('seldom drift by chance over many tasks', () => {
    const random = sfc32(3);
    const side = (count: number): TaskTally => {
      const all = new TaskTally();
      for (let at = 0; at < count; at += 1) all.add(trial('a', at, { ms: 1000 * random() ** 3 }), random);
      return all;
    };
    let nights = 0;
    for (let round = 0; round < 200; round += 1) {
      const pairs = Array.from({ length: 60 }, (_, at) => ({ task: `t${at}`, now: side(8), then: side(16) }));
      if (driftOfTasks(pairs, settings()).length > 0) nights += 1;
    }
    // Benjamini-Hochberg at 5 %.
    expect(nights / 200).toBeLessThanOrEqual(0.07);
  });
});

it('what else changed is told of the suite', async () => {
  const agent = (version: string) => ({ name: 'pi', version, model: 'm' });
  const now = night('now', 8, { a: [{ agent: agent('2'), root: sha('2') }] }, { version: '0.2.0' });
  const then = night('then', 7, { a: [{ agent: agent('1'), root: sha('1') }] });
  const newer = { ...now, trials: [...(now.trials as Iterable<Trial>)].map((one) => ({ ...one, version: '0.2.0' })) };
  expect((await compare(newer, [then], settings())).drift).toMatchObject([
    { kind: 'agent', task: null, what: ['pi 2 m'], message: 'another agent version or model: it was pi 1 m' },
    { kind: 'root', what: [sha('2')] },
    { kind: 'version', what: ['0.2.0'], message: 'another version of agent-jail: it was 0.1.0' },
  ]);
});

it('each kind has a severity, and the most severe come first', () => {
  const rank = { high: 0, medium: 1, low: 2 } as const;
  expect(Object.keys(SEVERITY)).toEqual([...DRIFT_KINDS]);
  expect(DRIFT_KINDS.slice(0, 2).map((kind) => rank[SEVERITY[kind]])).toEqual([0, 0]);
});

describe('memory', () => {
  it('does not grow with trials: values are a fair sample of all', () => {
    const sample = new Sample();
    const random = sfc32(1);
    for (let value = 0; value < 100_000; value += 1) sample.add(value, random);
    expect(sample.values).toHaveLength(200);
    const mean = sample.values.reduce((sum, value) => sum + value, 0) / 200;
    // Four standard errors of a mean of 200 even numbers below 100,000.
    expect(Math.abs(mean - 50_000)).toBeLessThan((4 * 100_000) / Math.sqrt(12 * 200));
  });

  it('does not grow with names that are new each time', async () => {
    const expected = [{ task: 'a', first: 1, trials: 20_000, policy: sha('b'), deterministic: false, tags: [] }];
    const { header } = night('x', 7, { a: [{}] }, { expected });
    const trials = function* (): Generator<Trial> {
      for (let at = 0; at < 20_000; at += 1) yield trial('a', at + 1, { behaviour: { paths: [`A ${at}`] } });
    };
    const { tasks } = await tally({ name: 'x', header, trials: trials(), complete: true }, 1);
    expect(tasks.get('a')?.seen.paths.size).toBe(5000);
    expect(tasks.get('a')?.measured).toBe(20_000);
  });
});

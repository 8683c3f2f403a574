import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRIAL_OUTCOMES } from '../../../../src/model/suite.ts';
import type { Trial } from '../../../../src/model/suite.ts';
import { junit } from '../../../../src/report/suite/junit.ts';
import { ANY_TEXT, headerOf, trialOf } from './fixture.ts';
import { tallyNight } from '../../../../src/report/suite/tally.ts';

async function junitOf(tasks: Readonly<Record<string, number>>, trials: readonly Trial[], portion?: number): Promise<string> {
  const tally = await tallyNight({ name: 'n', header: headerOf(tasks), trials, complete: () => true });
  const text: string[] = [];
  for await (const piece of junit(tally, () => trials, portion)) text.push(piece);
  return text.join('');
}

/** Prints each document as JSON: its elements as `[tag, attributes, text, children]`. Expat is strict, and not ours. */
const PARSER = `
import json, sys
import xml.etree.ElementTree as tree
def of(e): return [e.tag, dict(e.attrib), (e.text or '').strip(), [of(c) for c in e]]
json.dump([of(tree.fromstring(text.encode())) for text in json.load(sys.stdin)], sys.stdout)
`;
type Element = readonly [tag: string, attributes: Readonly<Record<string, string>>, text: string, children: readonly Element[]];
function parse(...documents: readonly string[]): readonly Element[] {
  return JSON.parse(
    execFileSync('python3', ['-c', PARSER], { input: JSON.stringify(documents), encoding: 'utf8', maxBuffer: 1 << 30 }),
  ) as Element[];
}

describe('JUnit', () => {
  test('has a suite a task and a case a trial, by number, of the kind that its outcome is', async () => {
    const trials = [...TRIAL_OUTCOMES]
      .map((outcome, index) =>
        trialOf('a', index + 1, {
          outcome,
          because: `why ${outcome}`,
          what: outcome === 'limit' ? 'time' : null,
          failed: outcome === 'fail' ? ['x exists', 'y exists'] : [],
          record: outcome === 'fail' ? 'records/a/2' : null,
        }),
      )
      .toReversed();
    const [root] = parse(await junitOf({ a: 8, b: 2, c: 3 }, [...trials, trialOf('b', 1)]));
    expect(root?.slice(0, 2)).toEqual(['testsuites', { name: 'nightly', tests: '11', failures: '4', errors: '4', skipped: '1' }]);
    const suites = root?.[3] ?? [];
    expect(
      suites.map(([tag, { name, tests, failures, errors, skipped, time }]) => [tag, name, tests, failures, errors, skipped, time]),
    ).toEqual([
      ['testsuite', 'a', '8', '4', '2', '1', '8.000'],
      ['testsuite', 'b', '2', '0', '1', '0', '1.000'],
      ['testsuite', 'c', '1', '0', '1', '0', '0.000'],
    ]);
    expect(suites[0]?.[3].map(([, { classname, name, time }, , [, result]]) => [classname, name, time, result?.slice(0, 3)])).toEqual([
      ['a', 'a, trial 1', '1.000', undefined],
      ['a', 'a, trial 2', '1.000', ['failure', { type: 'fail', message: 'why fail' }, 'did not hold: x exists\ndid not hold: y exists']],
      ['a', 'a, trial 3', '1.000', ['failure', { type: 'limit: time', message: 'why limit' }, 'why limit']],
      ['a', 'a, trial 4', '1.000', ['failure', { type: 'violation', message: 'why violation' }, 'why violation']],
      ['a', 'a, trial 5', '1.000', ['failure', { type: 'tampered', message: 'why tampered' }, 'why tampered']],
      ['a', 'a, trial 6', '1.000', ['error', { type: 'infra', message: 'why infra' }, 'why infra']],
      ['a', 'a, trial 7', '1.000', ['error', { type: 'invalid', message: 'why invalid' }, 'why invalid']],
      ['a', 'a, trial 8', '1.000', ['skipped', { message: 'why skipped' }, '']],
    ]);
    expect(suites[0]?.[3][1]?.[3][0]).toEqual([
      'properties',
      {},
      '',
      [
        ['property', { name: 'seed', value: '1002' }, '', []],
        ['property', { name: 'policy', value: 'a'.repeat(64) }, '', []],
        ['property', { name: 'cost-usd', value: '0.5' }, '', []],
        ['property', { name: 'record', value: 'records/a/2' }, '', []],
      ],
    ]);
    const absent = { type: 'missing', message: '1 of 2 expected trials are not in the results' };
    expect(suites[1]?.[3][1]).toEqual([
      'testcase',
      { classname: 'b', name: 'b, not made', time: '0.000' },
      '',
      [['error', absent, '', []]],
    ]);
  });

  test('is the same whatever the order of the file and however often it is read', async () => {
    const tasks = { a: 3, b: 2, c: 4 };
    const trials = Object.entries(tasks).flatMap(([task, count]) => Array.from({ length: count }, (_, index) => trialOf(task, index + 1)));
    const whole = await junitOf(tasks, trials);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(trials, { minLength: trials.length }), fc.integer({ min: 1, max: 9 }), async (some, portion) => {
        expect(await junitOf(tasks, some, portion)).toBe(whole);
      }),
    );
  });

  test('holds no more trials at once than it was allowed', async () => {
    let reads = 0;
    const tasks = Object.fromEntries(Array.from({ length: 10 }, (_, task) => [`t${task}`, 4]));
    const trials = Object.keys(tasks).flatMap((task) => [1, 2, 3, 4].map((trial) => trialOf(task, trial)));
    const tally = await tallyNight({ name: 'n', header: headerOf(tasks), trials, complete: () => true });
    for await (const piece of junit(tally, () => ((reads += 1), trials), 8)) expect(piece).not.toBe('');
    expect(reads).toBe(5);
  });

  test('no text breaks out, and none is no XML', async () => {
    const texts = fc.sample(
      fc.array(
        fc.oneof(
          fc.constantFrom('"', "'", '<', '&', ']]>', '-->', '<!DOCTYPE', '\0', '\x1b', '\ud800', '\ufffe', '\n', '&#0;', '\x85'),
          ANY_TEXT,
        ),
        {
          minLength: 1,
          maxLength: 12,
        },
      ),
      { numRuns: 400, seed: 8 },
    );
    const documents = await Promise.all(
      texts.map(async (parts) => {
        const text = parts.join('');
        const more = { outcome: 'fail', because: text, failed: [text, text], record: text, what: text as 'time' } as const;
        return junitOf({ [text]: 2 }, [trialOf(text, 1, more)]);
      }),
    );
    expect(documents.length).toBe(400);
    const shape = ([tag, attributes, , children]: Element): unknown => [tag, Object.keys(attributes), children.map(shape)];
    const first = JSON.stringify(
      shape(parse(await junitOf({ a: 2 }, [trialOf('a', 1, { outcome: 'fail', failed: ['x', 'y'], record: 'r' })]))[0] as Element),
    );
    for (const root of parse(...documents)) expect(JSON.stringify(shape(root))).toBe(first);
  });
});

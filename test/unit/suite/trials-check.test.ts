import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { TRIAL_OUTCOMES } from '../../../src/model/suite.ts';
import type { Trial } from '../../../src/model/suite.ts';
import { compile } from '../../../src/suite/trials-check.ts';
import { contradiction, headerSchema, trialSchema } from '../../../src/suite/trials-schema.ts';
import { read } from '../../support/sources.ts';
import { trialOf } from '../../support/trials.ts';
import { hex } from './trials-fixture.ts';

describe('the compiled check', () => {
  /** A trial with everything in it. */
  const full: Trial = {
    ...trialOf('sum', 2),
    run: { id: '01JZ0000000000000000000000', outcome: 'succeeded', code: 0, signal: null, manifest: hex('c') },
    verifier: { id: '01JZ0000000000000000000001', outcome: 'step-failed', code: null, signal: 'SIGKILL', manifest: null },
    root: hex('d'),
    failed: ['no file a'],
  };
  type Path = readonly (string | number)[];
  const paths = (value: unknown, before: Path = []): Path[] =>
    typeof value !== 'object' || value === null
      ? [before]
      : [before, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...before, key]))];
  const odd = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      null,
      -1,
      1.5,
      2 ** 53,
      -(2 ** 53),
      Infinity,
      '',
      'x'.repeat(5000),
      '../x',
      'a//b',
      'a/..',
      '/a',
      'a\\b',
      'a\n',
      [],
      {},
      true,
    ),
    fc.constantFrom(
      'a/b',
      'Sum',
      'sum:1',
      '2026-13-01T00:00:00Z',
      '2026-11-29T24:00:00Z',
      '2026-11-29T02:13:07+01:00',
      'cpus',
      'prepare',
      'docker',
    ),
    fc.constant(Array.from({ length: 1001 }, () => 'a')),
  );
  function changed(path: Path, how: 'set' | 'drop' | 'add', value: unknown): unknown {
    const copy = { root: structuredClone(full) as unknown };
    let node = copy as Record<string | number, unknown>;
    let key: string | number = 'root';
    for (const part of path) {
      node = node[key] as Record<string | number, unknown>;
      key = part;
    }
    const target = node[key];
    if (how === 'set') node[key] = value;
    else if (how === 'drop') delete node[key];
    else if (typeof target === 'object' && target !== null) (target as Record<string, unknown>)['further'] = value;
    return copy.root;
  }

  test('says what valibot says, of any trial with one thing changed', () => {
    const isTrial = compile(trialSchema);
    const seen = { true: 0, false: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...paths(full)), fc.constantFrom('set', 'drop', 'add'), odd, (path, how, value) => {
        const trial = changed(path, how, value);
        const said = isTrial(trial);
        seen[`${said}`] += 1;
        expect([said, trial]).toEqual([v.is(trialSchema, trial), trial]);
      }),
      { numRuns: 5000 },
    );
    expect(isTrial(full)).toBe(true);
    expect(Math.min(seen.true, seen.false)).toBeGreaterThan(200);
  });

  test.each([
    [v.object({ a: v.string() }), 'a schema of the kind object is not known here'],
    [v.strictObject({ a: v.optional(v.string()) }), 'a schema of the kind optional is not known here'],
    [v.pipe(v.string(), v.minLength(1)), 'a check of the kind min_length is not known here'],
    [v.pipe(v.string(), v.trim()), 'a check of the kind trim is not known here'],
    [v.pipe(v.string(), v.picklist(['a'])), 'a schema in the middle of a pipe is not known here'],
  ])('lets nothing pass that it does not know: %#', (schema, message) => {
    expect(() => compile(schema)).toThrow(message);
  });

  test.each([
    ['infra', 'prepare', true],
    ['infra', null, false],
    ['infra', 'time', false],
    ['limit', 'time', true],
    ['limit', null, false],
    ['limit', 'model', false],
    ['pass', 'memory', true],
    ['pass', null, true],
    ['pass', 'jail', false],
    ['fail', null, true],
    ['fail', 'time', false],
    ['skipped', 'cancelled', false],
  ] as const)('%s with %s: %s', (outcome, what, fits) => {
    expect(contradiction({ outcome, what }) === null).toBe(fits);
  });
});

test('the page tells of all fields, and of all outcomes', () => {
  const page = read('docs/trials.md');
  const names = [...Object.keys(headerSchema.entries), ...Object.keys(trialSchema.entries), ...TRIAL_OUTCOMES];
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

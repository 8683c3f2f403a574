import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, decideRun } from '../../../src/guard/decide.ts';
import type { Finding } from '../../../src/model/changes.ts';
import { EXIT } from '../../../src/model/outcome.ts';
import type { RunEnd } from '../../../src/model/protocol.ts';
import type { LimitName } from '../../../src/model/policy.ts';
import type { StepRecord } from '../../../src/model/record.ts';
import { STEP } from '../record/fixture.ts';

const LIMITS: readonly LimitName[] = ['memory', 'cpus', 'processes', 'time', 'idle', 'output', 'disk', 'files', 'upload'];
const finding = (action: 'fail' | 'review', rule = `guards.changes.${action}`): Finding => ({
  rule,
  place: null,
  action,
  message: '1 changed path',
  what: ['p'],
  more: 0,
});
const FINDINGS: Record<string, readonly Finding[]> = {
  none: [],
  review: [finding('review')],
  fail: [finding('fail')],
  both: [finding('review'), finding('fail')],
};
const step = (exit: Partial<NonNullable<StepRecord['exit']>>): StepRecord => ({
  ...STEP,
  name: 'build',
  exit: { code: 0, signal: null, hit: [], ms: 1, bytes: 0, ...exit },
});
const ERROR: RunEnd = { how: 'error', started: true, message: 'the gateway died', remedy: 'x', place: null };

describe('outcome and reason', () => {
  test.each<[RunEnd, readonly StepRecord[], keyof typeof FINDINGS, string, string]>([
    [ERROR, [], 'both', 'jail-error', 'the gateway died'],
    [{ how: 'cancelled', by: 'SIGTERM' }, [], 'both', 'cancelled', 'cancelled by SIGTERM'],
    [{ how: 'limit', limit: 'time', step: 0 }, [step({})], 'both', 'timed-out', 'step 1 (build) ran out of limits.time'],
    [
      { how: 'limit', limit: 'idle', step: 0 },
      [step({})],
      'none',
      'timed-out',
      'step 1 (build) printed nothing for longer than limits.idle',
    ],
    [{ how: 'limit', limit: 'memory', step: 3 }, [], 'both', 'limit-exceeded', 'step 4 went over limits.memory'],
    [{ how: 'steps-done', failed: 0 }, [step({ code: 2 })], 'both', 'step-failed', 'step 1 (build) ended with exit code 2'],
    [
      { how: 'steps-done', failed: 0 },
      [step({ code: null, signal: 'SIGSEGV' })],
      'both',
      'step-failed',
      'step 1 (build) was ended by SIGSEGV',
    ],
    [
      { how: 'steps-done', failed: 0 },
      [step({ code: 1, hit: ['disk', 'files'] })],
      'both',
      'limit-exceeded',
      'step 1 (build) failed after it had reached limits.disk',
    ],
    [
      { how: 'steps-done', failed: 1 },
      [step({ hit: ['disk'] }), step({ code: 1 })],
      'none',
      'step-failed',
      'step 2 (build) ended with exit code 1',
    ],
    [{ how: 'steps-done', failed: 0 }, [], 'none', 'step-failed', 'step 1 failed'],
    [
      { how: 'steps-done', failed: null },
      [step({ hit: ['disk'] })],
      'none',
      'succeeded',
      'every step ended with 0 and no guard found anything',
    ],
    [{ how: 'steps-done', failed: null }, [], 'review', 'needs-review', 'guards.changes.review: 1 changed path'],
    [{ how: 'steps-done', failed: null }, [], 'fail', 'guard-failed', 'guards.changes.fail: 1 changed path'],
    [{ how: 'steps-done', failed: null }, [], 'both', 'guard-failed', 'guards.changes.fail: 1 changed path'],
  ])('%j', (end, steps, found, outcome, because) => {
    expect(decideRun({ end, steps }, FINDINGS[found] ?? [])).toEqual({ outcome, because });
  });

  test('several of a kind are counted', () => {
    const found = [finding('review'), finding('fail', 'a'), finding('fail', 'b'), finding('fail', 'c')];
    expect(decide({ how: 'steps-done', failed: null }, found).because).toBe('a: 1 changed path, and 2 more');
  });
});

describe('precedence, every combination', () => {
  const ends: readonly [string, RunEnd][] = [
    ['jail-error', ERROR],
    ['cancelled', { how: 'cancelled', by: 'x' }],
    ...LIMITS.map((limit): [string, RunEnd] => [
      limit === 'time' || limit === 'idle' ? 'timed-out' : 'limit-exceeded',
      { how: 'limit', limit, step: 0 },
    ]),
  ];
  const exits: readonly [string, StepRecord][] = [
    ['step-failed', step({ code: 1 })],
    ['step-failed', step({ code: null, signal: 'SIGKILL' })],
    ...LIMITS.map((limit): [string, StepRecord] => ['limit-exceeded', step({ code: 1, hit: [limit] })]),
  ];
  const guards: Record<string, string> = { none: 'succeeded', review: 'needs-review', fail: 'guard-failed', both: 'guard-failed' };

  test.each(Object.keys(FINDINGS))('with findings: %s', (name) => {
    const found = FINDINGS[name] ?? [];
    for (const [outcome, end] of ends) {
      for (const [, record] of exits) expect([end, decideRun({ end, steps: [record] }, found).outcome]).toEqual([end, outcome]);
      expect(decide(end, found).outcome).toBe(outcome);
    }
    for (const [outcome, record] of exits)
      expect(decideRun({ end: { how: 'steps-done', failed: 0 }, steps: [record] }, found).outcome).toBe(outcome);
    expect(decide({ how: 'steps-done', failed: 0 }, found).outcome).toBe('step-failed');
    expect(decideRun({ end: { how: 'steps-done', failed: null }, steps: [step({ hit: ['disk'] })] }, found).outcome).toBe(guards[name]);
  });
});

test('because is one bounded line without a full stop, for any text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 400 });
  fc.assert(
    fc.property(text, text, fc.constantFrom('error', 'cancelled', 'failed', 'guard'), (a, b, kind) => {
      const end: RunEnd =
        kind === 'error'
          ? { how: 'error', started: false, message: a, remedy: '', place: null }
          : kind === 'cancelled'
            ? { how: 'cancelled', by: a }
            : { how: 'steps-done', failed: kind === 'failed' ? 0 : null };
      const { outcome, because } = decideRun({ end, steps: [{ ...step({ code: 1 }), name: a }] }, [{ ...finding('fail', a), message: b }]);
      expect(EXIT[outcome]).toBeGreaterThan(0);
      expect(because).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]{0,301}$/u);
      expect(because).not.toMatch(/\.$/);
    }),
  );
});

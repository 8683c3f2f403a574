import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences, leaves } from '../../../src/scripted/difference.ts';
import { keyOf, normal } from '../../../src/scripted/normal.ts';
import { cpuTime } from '../../support/cpu.ts';

describe('normal', () => {
  it.each([
    ['session 123e4567-e89b-42d3-a456-426614174000', 'session <id>'],
    ['run 01KB7Q4ZJ6M2N8P0R3T5V7X9YA', 'run <id>'],
    ['toolu_01A09q90qw90lq917835lq9 call_abc123DEF resp_68f0aa12', '<id> <id> <id>'],
    ['ghost key agent-jail-placeholder-a1b2', 'ghost key <key>'],
    ['commit 3f2a9c1d8e7b6a5f4c3d2e1f0a9b8c7d6e5f4a3b', 'commit <hex>'],
    ["Today's date is 2026-11-29, at 2026-11-29T10:31:05.123Z", "Today's date is <date>, at <date>"],
    ['Sun Nov 29 10:31:05 UTC 2026', '<date> <time> 2026'],
    ['Sunday, November 29, 2026 or 29 Nov 2026 or 11/29/2026', '<date> or <date> or <date>'],
    ['at 10:31:05 PM, 1764412265, 1764412265123', 'at <time>, <time>, <time>'],
    ['/tmp/agent-x7Qe/file and /tmp/other', '/tmp/<name>/file and /tmp/<name>'],
    ['http://127.0.0.1:45853/v1 localhost:8080', 'http://127.0.0.1:<port>/v1 localhost:<port>'],
    ['took 1.25s, 30 ms, 2 seconds', 'took <duration>, <duration>, <duration>'],
    ['version 1.2.3 of 42 files, deadbeef, call_of_duty', 'version 1.2.3 of 42 files, deadbeef, call_of_duty'],
  ])('%s', (text, expected) => {
    expect(normal({ text: [text] })).toEqual({ text: [expected] });
  });

  it('leaves out who asks, at the top alone, and the order of keys', () => {
    const body = { model: 'm', metadata: { user_id: 'u' }, user: 'u', prompt_cache_key: 'k', input: [{ user: 'kept', a: 1 }] };
    expect(normal(body)).toEqual({ model: 'm', input: [{ user: 'kept', a: 1 }] });
    const other = { input: [{ a: 1, user: 'kept' }], model: 'm' };
    expect(keyOf('POST /x', normal(body))).toBe(keyOf('POST /x', normal(other)));
    expect(keyOf('POST /y', normal(body))).not.toBe(keyOf('POST /x', normal(body)));
  });

  it('changes nothing when done twice, whatever the body', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const once = normal(value);
        expect(normal(once)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it('takes no longer than it should for texts that are made to take long', () => {
    const nasty = [
      'call_a-'.repeat(70_000),
      'a'.repeat(500_000),
      'Mon'.repeat(200_000),
      '1'.repeat(500_000),
      '/tmp/'.repeat(100_000),
      'call_'.repeat(100_000),
      'call-'.repeat(100_000),
      '12:34'.repeat(100_000),
    ];
    const began = cpuTime();
    normal({ nasty });
    expect(cpuTime() - began).toBeLessThan(5000);
  });
});

describe('differences', () => {
  it('shows values around where they begin to differ', () => {
    const [long, other] = [`${'x'.repeat(1000)}abc${'y'.repeat(1000)}`, `${'x'.repeat(1000)}abd`];
    const [first, second, ...rest] = differences(leaves({ a: long, b: [1] }), leaves({ a: other, b: [] }));
    expect(first?.at).toBe('a');
    expect(first?.recorded).toMatch(/^…x{38}abcy+…$/);
    expect(first?.asked).toMatch(/^…x{38}abd$/);
    expect(second).toEqual({ at: 'b[0]', recorded: '1', asked: null });
    expect(rest).toEqual([]);
  });
});

import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bounded } from '../../../src/guard/bounded.ts';
import { evaluate } from '../../../src/guard/evaluate.ts';
import { OVERLAP, outputFindings, windows } from '../../../src/guard/output.ts';
import type { GuardRule } from '../../../src/model/policy.ts';
import { RECORD_FILES } from '../../../src/record/write.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { added, denial, makeRecord, STEP } from '../record/fixture.ts';
import { allow, broken, DENIED, findings, forbid, output, require, rule, schema } from './support.ts';

const messages = async (...args: Parameters<typeof findings>) => (await findings(...args)).map(({ message }) => message);

describe('network', () => {
  test('denied hosts, each once', async () => {
    const network = [
      denial('a.example'),
      denial('a.example'),
      denial('b.example', { port: 443 }),
      denial('c.example', { verdict: 'allowed' }),
    ];
    const [found] = await findings([DENIED], { network });
    expect(found).toMatchObject({ action: 'review', what: ['a.example:53', 'b.example:443'] });
  });

  test.each([
    [{ name: null, address: '10.0.0.1', port: 22 }, '10.0.0.1:22'],
    [{ name: null, address: null }, 'unknown:53'],
    [{ name: 'x\u001b]8;;\u0007' }, 'x\\x1b]8;;\\x07:53'],
  ])('%j', async (more, wanted) => {
    expect(await broken([DENIED], { network: [denial('x', more)] })).toEqual([`denied: ${wanted}`]);
  });

  test('what the gateway counted but no longer listed', async () => {
    const [found] = await findings([DENIED], { network: [], networkTotals: { denied: 7, omitted: 7 } });
    expect(found).toMatchObject({ message: '7 denied requests', what: [] });
  });

  test('nothing denied', async () => expect(await findings([DENIED], { network: [denial('x', { verdict: 'allowed' })] })).toEqual([]));
});

describe('output', () => {
  const text = 'start\nresult: PASS\r\nend';
  test.each<[string, GuardRule, readonly string[]]>([
    ['required', output('require', '^result: PASS$'), []],
    ['required, missing', output('require', '^PASS$'), ['the output does not match a required expression']],
    ['forbidden', output('forbid', 'PA[S]+'), ['the output matches a forbidden expression']],
    ['forbidden, missing', output('forbid', 'FAIL'), []],
    ['not an expression with the flag u', output('forbid', '\\-x'), []],
    ['no expression', output('forbid', '('), ['could not be checked: the regular expression does not compile']],
  ])('%s', async (_, guard, wanted) => expect(await messages([guard], { output: text })).toEqual(wanted));

  test.each(['forbid', 'require'] as const)('%s: an expression that backtracks without end is stopped', (kind) => {
    const { dir } = makeRecord({ output: `${'a'.repeat(50)}!` });
    const guard = output(kind, '^(a+)+$');
    if (guard.on !== 'output') throw new Error('not an output rule');
    const began = performance.now();
    const [found] = outputFindings(guard, openRecordDir(dir), 200);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(found).toMatchObject({
      action: 'fail',
      message: 'could not be checked: the regular expression took longer than 0.2 s',
      what: ['^(a+)+$'],
    });
  });

  test('empty output', async () => {
    expect(await messages([output('require', 'x')], { output: '' })).toHaveLength(1);
    expect(await messages([output('forbid', 'x')], { output: '' })).toEqual([]);
  });

  test('a match across pieces of 1 MiB, and in the middle of a long line', async () => {
    const noise = 'n'.repeat((1 << 20) - 3);
    expect(await messages([output('forbid', 'NEEDLE')], { output: `${noise}NEEDLE${noise}` })).toHaveLength(1);
    expect(await messages([output('forbid', '^one\\n+two$')], { output: `${`${noise}\n`.slice(4)}one\n\ntwo\n` })).toHaveLength(1);
  });
});

describe('windows', () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 30 }), { maxLength: 8 });
  test('hold all of the text, in lines', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const shown = [...windows(parts.map((part) => Buffer.from(part)))];
        // The texts are shorter than the overlap: each window holds all that came before it.
        expect(shown.at(-1)).toBe(parts.join(''));
        for (const window of shown) expect(parts.join('').startsWith(window)).toBe(true);
      }),
    );
  });

  test('overlap', () => {
    const parts = Array.from({ length: 6 }, (_, index) => Buffer.alloc(OVERLAP * 5, `${index}`));
    const all = Buffer.concat(parts).toString();
    const shown = [...windows(parts)];
    for (let at = 0; at + OVERLAP <= all.length; at += OVERLAP / 2) {
      const match = all.slice(at, at + OVERLAP);
      expect(shown.some((window) => window.includes(match))).toBe(true);
    }
    for (const window of shown) expect(window.length).toBeLessThanOrEqual(OVERLAP * 10);
  });
});

describe('result', () => {
  const person = schema({
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', pattern: '^[a-z]+$' } },
    additionalProperties: false,
  });
  test.each<[string, string, GuardRule, readonly string[]]>([
    ['fits', '{"name":"ann"}', person, []],
    ['does not fit', '{"name":7}', person, ['the result does not fit the schema']],
    ['more', '{"name":"ann","x":1}', person, ['the result does not fit the schema']],
    ['no JSON', 'done', person, ['the result is not JSON']],
    ['none', '', person, ['the agent wrote no result']],
    [
      'deep',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      schema({ $ref: '#/$defs/x', $defs: { x: { items: { $ref: '#/$defs/x' } } } }),
      ['could not be checked: the schema cannot be applied'],
    ],
    [
      'a reference that leads nowhere',
      '{}',
      schema({ $ref: 'https://schema.example/x' }),
      ['could not be checked: the schema cannot be applied'],
    ],
    [
      'a pattern that backtracks',
      `"${'a'.repeat(50)}!"`,
      schema({ pattern: '^(a+)+$' }),
      ['could not be checked: the schema took longer than 2 s'],
    ],
    [
      'an older draft',
      '[1,2]',
      schema({ $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }),
      ['the result does not fit the schema'],
    ],
  ])('%s', async (_, result, guard, wanted) => expect(await messages([guard], { result })).toEqual(wanted));

  test('what an agent named stands escaped in `what`, not in the message', async () => {
    const [found] = await findings([person], { result: '{"name":"ann","::error::\\u001b":1}' });
    expect(found?.message).toBe('the result does not fit the schema');
    expect(found?.what.join()).toMatch(/^[^\p{Cc}]*$/u);
    expect(found?.what.join()).toContain('::error::');
  });
});

describe('evaluate', () => {
  const guards = [
    DENIED,
    allow('**'),
    require('a'),
    forbid('secret'),
    rule({ kind: 'max-added-lines', max: 1 }),
    output('forbid', 'x'),
    schema({}),
  ];

  test('a good record', async () =>
    expect(await findings(guards, { changes: [added('a', {}, { type: 'fifo' })], result: '{}' })).toEqual([]));

  /** No rule reads these. */
  const others: readonly string[] = ['usage.ndjson', 'programs.ndjson', 'transcript.ndjson', 'agent.ndjson'];
  test.each(RECORD_FILES.filter((file) => file.endsWith('.ndjson') && !others.includes(file)))('evidence cut off: %s', async (file) => {
    const { dir } = makeRecord({ guards, result: '{}', changes: [added('a', {}, { type: 'fifo' })] });
    truncateSync(join(dir, file), 40);
    const found = await evaluate(guards, openRecordDir(dir));
    expect(found.length).toBeGreaterThan(0);
    for (const { action, message } of found) expect([action, message.startsWith('could not be checked')]).toEqual(['fail', true]);
    if (file === 'changes.ndjson') expect(found.map((finding) => finding.rule)).toContain('built-in.policy-or-workflow');
  });

  test('evidence that is gone', async () => {
    const { dir } = makeRecord({ guards, result: '{}' });
    for (const file of ['changes.ndjson', 'network.ndjson', 'changes.patch', 'result.txt']) rmSync(join(dir, file));
    const found = await evaluate(guards, openRecordDir(dir));
    expect(found.filter(({ action }) => action === 'fail').map((finding) => finding.rule)).toEqual([
      'guards.changes.allow',
      'guards.changes.require',
      'guards.changes.forbid',
      'guards.changes.max-added-lines',
      'built-in.policy-or-workflow',
      'guards.network.denied',
      'result.schema',
    ]);
  });

  test('a run in which no step started has nothing to check', async () => {
    const run = { end: { how: 'cancelled', by: 'SIGINT' }, steps: [{ ...STEP, started: null, exit: null }] } as const;
    const { dir } = makeRecord({ guards, run });
    truncateSync(join(dir, 'changes.ndjson'), 0);
    expect(await evaluate(guards, openRecordDir(dir))).toEqual([]);
  });
});

describe('bounded', () => {
  test('gives the value and the time, and throws what is thrown', () => {
    expect(bounded(() => 5, 1000)).toMatchObject({ ok: true, value: 5 });
    expect(() =>
      bounded(() => {
        throw new RangeError('deep');
      }, 1000),
    ).toThrow('deep');
    expect(bounded(() => 5, 0)).toEqual({ ok: false });
  });

  test('works again after it stopped something', () => {
    expect(bounded(() => /^(a+)+$/.test(`${'a'.repeat(50)}!`), 50)).toEqual({ ok: false });
    expect(bounded(() => /^(a+)+$/.test('aaa'), 1000)).toMatchObject({ ok: true, value: true });
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { APPLY_OUTPUTS, closedOutputs, COMPARE_OUTPUTS, OUTPUTS, SUITE_OUTPUTS, writeOutputs } from '../../../src/action/outputs.ts';
import { parseFile } from '../../action/support/commands.ts';

describe('closedOutputs', () => {
  it('writes every output, empty where nothing is known', () => {
    const outputs = closedOutputs({ outcome: 'usage-error' });
    expect(Object.keys(outputs)).toEqual(Object.keys(OUTPUTS));
    expect(Object.values(outputs).filter((value) => value !== '')).toEqual(['usage-error']);
  });

  it('keeps what is in its set', () => {
    const digest = 'a'.repeat(64);
    const given = {
      outcome: 'guard-failed',
      because: 'guards.changes.deny: 2 paths',
      'exit-code': 137,
      backend: 'nspawn',
      'manifest-sha256': digest,
      changed: true,
      'changed-files': 2,
      record: '/home/runner/work/_temp/agent-jail/01J',
      'artifact-url': 'https://github.com/o/r/actions/runs/1/artifacts/2',
    };
    expect(closedOutputs(given)).toMatchObject(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])));
  });

  it('keeps a path of Windows, with slashes', () => {
    expect(closedOutputs({ record: 'D:/a/_temp/agent-jail/01J' }).record).toBe('D:/a/_temp/agent-jail/01J');
  });

  it.each([
    ['record', 'D:\\a\\_temp'],
    ['record', 'D:a'],
    ['outcome', 'ok'],
    ['backend', 'nspawn; id'],
    ['record', '/tmp/$(id)'],
    ['record', 'relative'],
    ['patch', '/tmp/a\nb'],
    ['manifest-sha256', 'A'.repeat(64)],
    ['denied', '-1'],
    ['denied', Number.NaN],
    ['artifact-url', 'https://x/?a=`id`'],
  ] as const)('leaves out %s = %j', (name, value) => {
    expect(closedOutputs({ [name]: value })[name]).toBe('');
  });

  it('lets no character of any value act on a shell, a command file or an expression', () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(OUTPUTS) as (keyof typeof OUTPUTS)[])), fc.string({ unit: 'binary' }), (name, value) => {
        for (const text of Object.values(closedOutputs({ [name]: value, because: value })))
          expect(text).not.toMatch(/["'`$;&|<>\\\n\r{}!]/);
      }),
    );
  });
});

describe.each(Object.entries({ OUTPUTS, APPLY_OUTPUTS, SUITE_OUTPUTS, COMPARE_OUTPUTS }))('%s', (_, table) => {
  it.each(Object.entries(table))('has a line at the most as %s', (__, set) => {
    fc.assert(
      fc.property(fc.stringMatching(set), fc.constantFrom('\n', '\r', '\r\n'), (value, end) => {
        expect(value).toMatch(/^[^\r\n]*$/);
        expect([value + end, end + value].filter((text) => set.test(text))).toEqual([]);
      }),
    );
  });
});

describe('writeOutputs', () => {
  const place = mkdtempSync(join(tmpdir(), 'agent-jail-outputs-'));
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(place, { recursive: true }));

  it('appends to what the runner has, as it reads it', async () => {
    const file = join(place, 'output');
    writeFileSync(file, 'before=yes\n');
    vi.stubEnv('GITHUB_OUTPUT', file);
    await writeOutputs({ outcome: 'guard-failed', because: 'a << b = c\noutcome=succeeded' });
    expect(parseFile(readFileSync(file, 'utf8'))).toEqual({
      ...Object.fromEntries(Object.keys(OUTPUTS).map((name) => [name, ''])),
      before: 'yes',
      outcome: 'guard-failed',
      because: 'a __ b = c_outcome=succeeded',
    });
  });

  it('says what is wrong where the file is gone', async () => {
    vi.stubEnv('GITHUB_OUTPUT', join(place, 'gone'));
    await expect(writeOutputs({ outcome: 'succeeded' })).rejects.toThrow(/^Missing file at path: \/.*\/gone$/);
  });
});

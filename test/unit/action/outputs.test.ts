import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedOutputs, OUTPUTS } from '../../../src/action/outputs.ts';

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

import { describe, expect, it } from 'vitest';
import { artifactName } from '../../../src/action/artifacts.ts';
import { exitCode, wantsUpload } from '../../../src/action/conclude.ts';
import { LEAVE_OUT, recordFiles, select } from '../../../src/action/selection.ts';
import { EXIT } from '../../../src/model/outcome.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import type { RecordFile } from '../../../src/model/record.ts';

describe('select', () => {
  const files = recordFiles().map((name) => ({ name, size: 10 }));
  const names = (sized: readonly { name: RecordFile }[]): RecordFile[] => sized.map(({ name }) => name);

  it('keeps everything that fits', () => {
    expect(select(files, files.length * 10)).toEqual({ kept: files, leftOut: [] });
  });

  it('leaves out in the documented order, and no more than needed', () => {
    expect(names(select(files, files.length * 10 - 1).leftOut)).toEqual(['changes.tar.gz']);
    expect(names(select(files, files.length * 10 - 11).leftOut)).toEqual(['changes.tar.gz', 'transcript.log']);
  });

  it('never leaves out what says how the run ended', () => {
    const { kept, leftOut } = select(files, 0);
    expect(names(leftOut)).toEqual(LEAVE_OUT);
    expect(names(kept)).toEqual(['run.json', 'manifest.json', 'verdict.json', 'summary.md']);
  });

  it('passes over files that are not there', () => {
    expect(
      names(
        select(
          [
            { name: 'transcript.log', size: 5 },
            { name: 'run.json', size: 1 },
          ],
          3,
        ).leftOut,
      ),
    ).toEqual(['transcript.log']);
  });
});

describe('artifactName', () => {
  it.each([
    ['plain-{id}', 'plain-01J'],
    ['matrix a/b:c', 'matrix a-b-c'],
    ['..\\x\n"<>|*?', 'x-------'.replace('x', '-x')],
    ['ünï', '-n-'],
    ['. .', 'agent-jail-01J'],
  ])('%j becomes %j', (wanted, expected) => {
    expect(artifactName(wanted, '01J')).toBe(expected);
  });

  it('is never too long', () => {
    expect(artifactName('x'.repeat(1000), '01J')).toHaveLength(200);
  });
});

describe('exit codes', () => {
  it('are those of the contract, and on-review decides for needs-review alone', () => {
    for (const outcome of Object.keys(EXIT) as Outcome[]) {
      expect(exitCode(outcome, 'fail')).toBe(EXIT[outcome]);
      expect(exitCode(outcome, 'pass')).toBe(outcome === 'needs-review' ? 0 : EXIT[outcome]);
    }
  });
});

describe('wantsUpload', () => {
  it.each([
    ['always', 'succeeded', true],
    ['failure', 'succeeded', false],
    ['failure', 'needs-review', true],
    ['failure', 'step-failed', true],
    ['never', 'jail-error', false],
  ] as const)('upload: %s after %s: %s', (when, outcome, expected) => {
    expect(wantsUpload(when, outcome)).toBe(expected);
  });
});

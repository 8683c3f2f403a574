import { describe, expect, test } from 'vitest';
import { asPath } from '../../../src/changes/bytes.ts';
import type { PlainChange } from '../../../src/changes/compare.ts';
import { withRenames } from '../../../src/changes/rename.ts';
import type { Entry, Flag, LayerName } from '../../../src/model/changes.ts';
import type { Sha256 } from '../../../src/model/names.ts';

interface Extra {
  readonly flags?: Flag[];
  readonly layer?: LayerName;
  readonly size?: number;
  readonly mode?: number;
}
function entry(content: string, extra: Extra): Entry {
  const sha256 = content === '' ? null : (content as Sha256);
  return { type: 'file', mode: extra.mode ?? 0o644, uid: 0, gid: 0, size: extra.size ?? 1, sha256, link: null };
}
function added(path: string, content: string, extra: Extra = {}): PlainChange {
  return {
    path: asPath(Buffer.from(path)),
    layer: extra.layer ?? 'workspace',
    flags: extra.flags ?? [],
    op: 'added',
    after: entry(content, extra),
  };
}
function deleted(path: string, content: string, extra: Extra = {}): PlainChange {
  return {
    path: asPath(Buffer.from(path)),
    layer: extra.layer ?? 'workspace',
    flags: extra.flags ?? [],
    op: 'deleted',
    before: entry(content, extra),
  };
}
function brief(changes: PlainChange[]): string[] {
  return withRenames(changes).map((change) => {
    const from = change.op === 'renamed' ? ` < ${Buffer.from(change.from).toString()}` : '';
    return `${change.op} ${Buffer.from(change.path).toString()}${from}`;
  });
}

describe('withRenames', () => {
  test('one of each is a rename, with both modes and all flags', () => {
    const [change] = withRenames([
      added('new', 'A', { mode: 0o755, flags: ['binary', 'runs-later'] }),
      deleted('old', 'A', { flags: ['odd-name', 'binary'] }),
    ]);
    expect(change).toMatchObject({
      op: 'renamed',
      before: { mode: 0o644 },
      after: { mode: 0o755 },
      flags: ['runs-later', 'binary', 'odd-name'],
    });
  });

  test('equal files of a directory keep their names', () => {
    expect(brief([added('to/x/i', 'A'), added('to/y/i', 'A'), deleted('from/x/i', 'A'), deleted('from/y/i', 'A')])).toEqual([
      'renamed to/x/i < from/x/i',
      'renamed to/y/i < from/y/i',
    ]);
  });

  test('what could be several renames is none', () => {
    expect(brief([added('b', 'A'), added('c', 'A'), deleted('a', 'A')])).toEqual(['added b', 'added c', 'deleted a']);
  });

  test.each([
    ['empty files', [added('b', 'A', { size: 0 }), deleted('a', 'A', { size: 0 })]],
    ['files withheld', [added('b', ''), deleted('a', '')]],
    ['files of two layers', [added('b', 'A'), deleted('a', 'A', { layer: 'home' })]],
    ['a tracked file that becomes ignored', [added('b', 'A', { flags: ['ignored'] }), deleted('a', 'A')]],
    ['files of other content', [added('b', 'A'), deleted('a', 'B')]],
  ])('%s are no rename', (_, changes) => expect(brief(changes)).toEqual(['added b', 'deleted a']));
});

import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applied, base, brief, collect, dir, fill, listing, mount, sameForGit, unpacked, useWorkspace, work, write } from './fixture.ts';

useWorkspace();

describe.each([
  ['on one file system', false],
  ['on two', true],
])('renames, the layers %s', (_, apart) => {
  test('a renamed directory gives renamed files', async () => {
    fill(base, { 'src/a.ts': 'content a', 'src/deep/b.ts': 'content b', 'src/deep/copy/b.ts': 'content b', 'src/empty.ts': '' });
    mount(apart);
    renameSync(join(work, 'src'), join(work, 'lib'));
    const outcome = await collect();
    expect(brief(outcome)).toEqual([
      'added lib',
      'renamed lib/a.ts < src/a.ts',
      'added lib/deep',
      'renamed lib/deep/b.ts < src/deep/b.ts',
      'added lib/deep/copy',
      'renamed lib/deep/copy/b.ts < src/deep/copy/b.ts',
      'added lib/empty.ts',
      'deleted src',
      'deleted src/deep',
      'deleted src/deep/copy',
      'deleted src/empty.ts',
    ]);
    expect(readdirSync(join(dir, 'own/upper/lib'))).toEqual([]);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('two directories swapped for each other, with the same names and sizes', async () => {
    fill(base, { 'a/x': 'one', 'a/y': 'same', 'a/d/z': '11', 'b/x': 'two', 'b/y': 'same', 'b/d/z': '22' });
    mount(apart);
    renameSync(join(work, 'a'), join(work, 'tmp'));
    renameSync(join(work, 'b'), join(work, 'a'));
    renameSync(join(work, 'tmp'), join(work, 'b'));
    const outcome = await collect();
    expect(brief(outcome)).toEqual(['modified a/d/z', 'modified a/x', 'modified b/d/z', 'modified b/x']);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('a directory over another one, then edited, that holds directories only', async () => {
    fill(base, { 'p/one/f': 'p-one', 'p/two/f': 'p-two', 'q/one/f': 'q-one', 'q/two/f': 'q-two' });
    mount(apart);
    rmSync(join(work, 'q'), { recursive: true });
    renameSync(join(work, 'p'), join(work, 'q'));
    write('q/one/f', 'q-one');
    expect(brief(await collect())).toEqual([
      'deleted p',
      'deleted p/one',
      'deleted p/one/f',
      'deleted p/two',
      'deleted p/two/f',
      'modified q/two/f',
    ]);
  });

  test('a directory made again holds what it holds now', async () => {
    fill(base, { 'd/a': 'a', 'd/b': 'b', 'd/sub/c': 'c', 'kept/a': 'a', 'kept/b': 'b' });
    mount(apart);
    rmSync(join(work, 'd'), { recursive: true });
    fill(work, { 'd/a': 'a', 'd/sub/new': 'n' });
    renameSync(join(work, 'kept'), join(work, 'aside'));
    renameSync(join(work, 'aside'), join(work, 'kept'));
    rmSync(join(work, 'kept/b'));
    expect(brief(await collect())).toEqual(['deleted d/b', 'deleted d/sub/c', 'added d/sub/new', 'deleted kept/b']);
  });

  test('a rename that changes only the case, and one with an edit', async () => {
    fill(base, { 'Readme.md': 'hello', 'x.ts': 'x' });
    mount(apart);
    renameSync(join(work, 'Readme.md'), join(work, 'README.md'));
    renameSync(join(work, 'x.ts'), join(work, 'y.ts'));
    write('y.ts', 'y');
    const outcome = await collect();
    expect(brief(outcome)).toEqual(['renamed README.md < Readme.md', 'deleted x.ts', 'added y.ts']);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
  });
});

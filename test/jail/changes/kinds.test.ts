import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, linkSync, mkdirSync, openSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  applied,
  base,
  brief,
  collect,
  fill,
  line,
  listing,
  mount,
  sameForGit,
  setup,
  TARGET,
  unpacked,
  useWorkspace,
  workspace,
  work,
  write,
} from './fixture.ts';

useWorkspace();

describe('what is a change', () => {
  test('each kind is told from the others; parents and untouched files are none', async () => {
    fill(base, {
      'src/keep.ts': 'keep',
      'src/edit.ts': 'old',
      'src/gone.ts': 'gone',
      'src/mode.sh': 'run',
      'dir/in.txt': 'in',
      turn: 'file',
    });
    symlinkSync('src', join(base, 'link'));
    mount();
    write('src/edit.ts', 'new');
    mkdirSync(join(work, 'src/new/empty'), { recursive: true });
    write('src/new/deep.ts', '');
    rmSync(join(work, 'src/gone.ts'));
    write('src/mode.sh', 'run', 0o755);
    chmodSync(join(work, 'dir'), 0o700);
    rmSync(join(work, 'turn'));
    mkdirSync(join(work, 'turn'));
    rmSync(join(work, 'link'));
    symlinkSync('dir', join(work, 'link'));
    const outcome = await collect();
    expect(brief(outcome)).toEqual([
      'metadata dir',
      'modified link',
      'modified src/edit.ts',
      'deleted src/gone.ts',
      'metadata src/mode.sh',
      'added src/new',
      'added src/new/deep.ts',
      'added src/new/empty',
      'retyped turn',
    ]);
    expect(line(outcome, 'src/mode.sh')).toMatchObject({ before: { mode: 0o644 }, after: { mode: 0o755 } });
    expect(line(outcome, 'link')).toMatchObject({ before: { type: 'symlink', link: 'src' }, after: { link: 'dir', sha256: null } });
    expect(line(outcome, 'src/edit.ts').after?.sha256).toBe(createHash('sha256').update('new').digest('hex'));
    expect(outcome.header).toEqual({
      schema: 'agent-jail/changes@1',
      id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      layers: [{ layer: 'workspace', target: TARGET }],
    });
    expect(outcome.footer).toMatchObject({ end: true, lines: 9, counts: { added: 3, deleted: 1, modified: 2, metadata: 2, retyped: 1 } });
    expect(outcome.changed).toBe(6);
  });

  test('what the upper directory reports without a difference is dropped', async () => {
    fill(base, { touched: 'a', rewritten: 'b', opened: 'c', linked: 'd', 'dir/file': 'e' });
    mount();
    utimesSync(join(work, 'touched'), 1, 1);
    write('rewritten', 'b');
    closeSync(openSync(join(work, 'opened'), 'r+'));
    linkSync(join(work, 'linked'), join(work, 'second'));
    utimesSync(join(work, 'dir'), 1, 1);
    write('dir/tmp', 'x');
    rmSync(join(work, 'dir/tmp'));
    expect(brief(await collect())).toEqual(['added second']);
  });

  test('a directory removed and made again hides its old children', async () => {
    fill(base, { 'd/one': '1', 'd/two': '2', 'd/sub/three': '3' });
    mount();
    rmSync(join(work, 'd'), { recursive: true });
    mkdirSync(join(work, 'd'));
    write('d/one', '1');
    const outcome = await collect();
    expect(brief(outcome)).toEqual(['deleted d/sub', 'deleted d/sub/three', 'deleted d/two']);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
  });

  test('types change both ways', async () => {
    fill(base, { file: 'was a file', 'dir/a': 'a', 'dir/b/c': 'c', 'dir2/x': 'x' });
    symlinkSync('file', join(base, 'link'));
    mount();
    rmSync(join(work, 'file'));
    mkdirSync(join(work, 'file'));
    write('file/inside', 'now inside');
    rmSync(join(work, 'dir'), { recursive: true });
    write('dir', 'now a file');
    rmSync(join(work, 'dir2'), { recursive: true });
    symlinkSync('dir', join(work, 'dir2'));
    rmSync(join(work, 'link'));
    write('link', 'now a file');
    const outcome = await collect();
    expect(brief(outcome)).toEqual([
      'retyped dir',
      'deleted dir/a',
      'deleted dir/b',
      'deleted dir/b/c',
      'retyped dir2',
      'deleted dir2/x',
      'retyped file',
      'added file/inside',
      'retyped link',
    ]);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('the setup layer is the base: what it holds or hides is no change', async () => {
    fill(base, { '.git/config': 'token', '.env': 'S=1', 'sub/hidden/x': 'x', 'sub/seen': 's' });
    fill(setup, { '.git/config': 'clean' });
    mkdirSync(join(setup, 'sub'));
    for (const path of ['.env', 'sub/hidden']) execFileSync('mknod', [join(setup, path), 'c', '0', '0']);
    mount();
    write('sub/seen', 't');
    mkdirSync(join(work, 'sub/hidden'));
    write('.git/config', 'evil');
    const outcome = await collect();
    expect(brief(outcome)).toEqual(['modified .git/config', 'added sub/hidden', 'modified sub/seen']);
    expect(line(outcome, '.git/config')).toMatchObject({ flags: ['runs-later', 'git-dir'], before: { size: 5 } });
    expect(outcome.patch.toString()).not.toContain('.git/config');
    expect(outcome.footer.patch.left_out).toEqual([{ path: '.git/config', why: 'git-dir' }]);
  });

  test('one name of a hard link changes alone', async () => {
    fill(base, { one: 'same' });
    linkSync(join(base, 'one'), join(base, 'two'));
    mount();
    write('two', 'else');
    expect(brief(await collect())).toEqual(['modified two']);
  });

  test("owners are the host's, before and after", async () => {
    fill(base, { 'a.txt': 'a', 'gone.txt': 'g' });
    execFileSync('chown', ['-R', '61001:61001', base]);
    mount();
    write('a.txt', 'b');
    write('mine', 'm');
    execFileSync('chown', ['61001:61001', join(work, 'mine')]);
    write('other', 'o');
    execFileSync('chown', ['1001:5', join(work, 'other')]);
    rmSync(join(work, 'gone.txt'));
    const outcome = await collect([{ ...workspace(), swapped: { host: { uid: 1001, gid: 1001 }, jail: { uid: 61001, gid: 61001 } } }]);
    expect(line(outcome, 'a.txt')).toMatchObject({ before: { uid: 1001, gid: 1001 }, after: { uid: 1001, gid: 1001 } });
    expect(line(outcome, 'mine')).toMatchObject({ after: { uid: 1001, gid: 1001 } });
    expect(line(outcome, 'other')).toMatchObject({ after: { uid: 61001, gid: 5 } });
    expect(line(outcome, 'gone.txt')).toMatchObject({ before: { uid: 1001 } });
    expect(listing(unpacked(outcome)).get('mine')).toContain('1001 1001');
  });

  test('a base that the host changed during the run is flagged', async () => {
    fill(base, { raced: 'before', calm: 'before' });
    mount();
    await new Promise((done) => setTimeout(done, 20));
    writeFileSync(join(base, 'raced'), 'by the host');
    write('raced', 'by the agent');
    write('calm', 'by the agent');
    const outcome = await collect();
    expect(line(outcome, 'raced').flags).toEqual(['base-changed']);
    expect(line(outcome, 'calm').flags).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git } from '../../support/jail.ts';
import {
  applied,
  base,
  collect,
  dir,
  fill,
  line,
  listing,
  mount,
  type Outcome,
  sameForGit,
  unpacked,
  useWorkspace,
  work,
  write,
} from './fixture.ts';

useWorkspace();

describe('what git converts', () => {
  test('stands in the archive, and the patch applies in a checkout with these attributes', async () => {
    const files = {
      '.gitattributes':
        '*.psd filter=lfs diff=lfs merge=lfs -text\n*.bat text eol=crlf\n* text=auto\n*.c ident\n*.gen linguist-generated\n',
      'a.psd': 'bytes of the real file, not of the pointer\n',
      'b.bat': 'one\r\ntwo\r\n',
      'mixed.txt': 'one\ntwo\n',
      'plain.txt': 'one\ntwo\n',
      'id.c': 'int id; // $Id$\n',
      'other.c': 'int other;\n',
      'out.gen': 'x\n',
    };
    fill(base, files);
    git(base, 'init', '-q');
    git(base, 'add', '-A');
    mount();
    write('a.psd', 'other bytes\n');
    write('b.bat', 'one\r\nthree\r\n');
    write('mixed.txt', 'one\r\ntwo\n');
    write('plain.txt', 'one\nthree\n');
    write('id.c', 'int id2; // $Id$\n');
    write('other.c', 'int other2;\n');
    write('out.gen', 'y\n');
    write('.gitattributes', `${files['.gitattributes']}* -text -filter\n`);
    const outcome = await collect();
    const filtered = ['a.psd', 'b.bat', 'id.c', 'mixed.txt'];
    expect(outcome.lines.filter(({ flags }) => flags.includes('filtered')).map(({ path }) => path)).toEqual(filtered);
    expect(outcome.footer.patch.left_out).toEqual(filtered.map((path) => ({ path, why: 'filtered' })));
    expect(line(outcome, 'out.gen').flags).toEqual(['generated']);
    const copy = applied(outcome);
    // As who applies a record does: what the patch does not carry is written from the archive.
    const tree = unpacked(outcome);
    for (const path of filtered) writeFileSync(join(copy, path), readFileSync(join(tree, path)));
    rmSync(join(work, '.git'), { recursive: true });
    expect(sameForGit(copy, work)).toEqual({ status: 0, text: '' });
  });

  test('core.autocrlf of the base counts', async () => {
    fill(base, { 'a.txt': 'one\n', 'b.bin': '\0\r\n' });
    git(base, 'init', '-q');
    git(base, 'config', 'core.autocrlf', 'input');
    mount();
    write('a.txt', 'one\r\n');
    write('b.bin', '\0\r\n\r\n');
    const outcome = await collect();
    expect(line(outcome, 'a.txt').flags).toEqual(['filtered']);
    expect(line(outcome, 'b.bin').flags).toEqual(['binary']);
  });
});

describe('repositories below the workspace', () => {
  /** A repository with one commit. */
  function repository(name: string, files: Record<string, string>): string {
    const path = join(dir, name);
    fill(path, files);
    git(path, 'init', '-q');
    git(path, 'add', '-A');
    commit(path);
    return path;
  }
  const commit = (path: string): void => void git(path, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
  /** As git says it of a checkout of the base to which its patch was applied. */
  function appliedIn(outcome: Outcome, path: string): string {
    const at = outcome.footer.patch.others.findIndex((other) => other.path === path);
    const copy = join(dir, 'copy', path);
    execFileSync('cp', ['-a', `${base}/.`, join(dir, 'copy')]);
    git(copy, 'status'); // the copies have other inode numbers than the index knows
    execFileSync('git', ['apply', '--index', '-'], { cwd: copy, input: outcome.others[at], stdio: ['pipe', 'pipe', 'inherit'] });
    return git(copy, 'status', '--porcelain').toString();
  }

  test('a submodule has a patch of its own, which applies in it; the map says where', async () => {
    const other = repository('plain', { 'lib.c': 'one\n', 'lib.o': 'tracked although ignored\n', '.gitignore': '*.o\n' });
    git(other, 'add', '-f', 'lib.o');
    commit(other);
    repository('base', { 'main.c': 'one\n', '.gitignore': '*.c.orig\n' });
    git(base, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', other, 'deep/lib');
    git(base, 'add', '-A');
    commit(base);
    mount();
    write('main.c', 'two\n');
    write('deep/lib/lib.c', 'two\n');
    write('deep/lib/lib.o', 'two\n');
    write('deep/lib/new.c', 'new\n');
    write('deep/lib/new.o', 'ignored by the submodule\n');
    write('deep/lib/new.c.orig', 'ignored by the repository around it alone\n');
    const outcome = await collect();
    expect(outcome.footer.patch).toEqual({
      files: 5,
      others: [{ file: 'changes.1.patch', path: 'deep/lib', files: 4 }],
      left_out: [{ path: 'deep/lib/new.o', why: 'ignored' }],
      more: 0,
    });
    expect(outcome.patch.toString().match(/^diff --git .*$/gm)).toEqual(['diff --git a/main.c b/main.c']);
    applied(outcome);
    expect(appliedIn(outcome, 'deep/lib')).toBe('M  lib.c\nM  lib.o\nA  new.c\nA  new.c.orig\n');
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('a linked worktree follows its own index, and the attributes and exclusions that all of them share', async () => {
    repository('base/app', { 'a.txt': 'one\n' });
    git(join(base, 'app'), 'worktree', 'add', '-q', '../tree');
    // Relative, as git 2.48 and later write it on request: one that is absolute leads to where the base was.
    writeFileSync(join(base, 'tree/.git'), 'gitdir: ../app/.git/worktrees/tree\n');
    writeFileSync(join(base, 'app/.git/info/exclude'), '*.log\n');
    writeFileSync(join(base, 'app/.git/info/attributes'), '*.gen linguist-generated\n');
    mount();
    write('tree/a.txt', 'two\n');
    write('tree/x.log', 'x\n');
    write('tree/x.gen', 'x\n');
    write('x.log', 'in no repository\n');
    const outcome = await collect();
    expect(outcome.lines.map(({ path, flags }) => [path, ...flags])).toEqual([
      ['tree/a.txt'],
      ['tree/x.gen', 'generated'],
      ['tree/x.log', 'ignored'],
      ['x.log'],
    ]);
    expect(outcome.footer.patch.others).toEqual([{ file: 'changes.1.patch', path: 'tree', files: 2 }]);
  });

  test('each checkout of a workspace that is none has its own patch; what lies beside them is in changes.patch', async () => {
    for (const name of ['app', 'lib']) repository(`base/${name}`, { x: 'one\n' });
    mount();
    for (const name of ['app', 'lib']) write(`${name}/x`, `${name}\n`);
    write('notes', 'x\n');
    const outcome = await collect();
    expect(outcome.footer.patch).toMatchObject({
      files: 3,
      others: [
        { file: 'changes.1.patch', path: 'app', files: 1 },
        { file: 'changes.2.patch', path: 'lib', files: 1 },
      ],
      left_out: [],
    });
    expect(outcome.patch.toString()).toMatch(/^diff --git a\/notes b\/notes\n/);
    expect(outcome.others.map((patch) => patch.toString().match(/^\+\w+$/m)?.[0])).toEqual(['+app', '+lib']);
  });

  test('of more than nine changed checkouts the others are in the archive alone', async () => {
    const names = Array.from({ length: 11 }, (_, at) => `r${String(at).padStart(2, '0')}`);
    for (const name of names) repository(`base/${name}`, { x: 'one\n' });
    mount();
    for (const name of names) write(`${name}/x`, 'two\n');
    const outcome = await collect();
    expect(outcome.footer.patch.others.map(({ path }) => path)).toEqual(names.slice(0, 9));
    expect(outcome.footer.patch.left_out).toEqual(names.slice(9).map((name) => ({ path: `${name}/x`, why: 'other-repository' })));
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('one that the repository around it ignores, or that the agent made, has none', async () => {
    repository('base', { 'main.c': 'one\n', '.gitignore': 'node_modules/\n' });
    repository('base/node_modules/dep', { 'index.js': 'one\n' });
    mount();
    write('node_modules/dep/index.js', 'two\n');
    mkdirSync(join(work, 'made/.git'), { recursive: true });
    write('made/.git/HEAD', 'ref: refs/heads/main\n');
    write('made/x', 'x\n');
    const outcome = await collect();
    expect(line(outcome, 'node_modules/dep/index.js').flags).toContain('ignored');
    expect(outcome.footer.patch).toMatchObject({ files: 1, others: [] });
    expect(outcome.patch.toString()).toMatch(/^diff --git a\/made\/x b\/made\/x\n/);
  });

  test.each(['../../outside', '/etc', 'x'.repeat(5000), ''])(
    'a .git file that leads to %j says nothing, and no link in its way is followed',
    async (pointer) => {
      const outside = repository('outside', { x: 'x' });
      writeFileSync(join(outside, '.git/info/exclude'), '*\n');
      fill(base, { 'sub/.git': `gitdir: ${pointer}\n`, 'sub/x': 'one\n' });
      mount();
      write('sub/x', 'two\n');
      write('sub/y', 'y\n');
      const outcome = await collect();
      expect(outcome.lines.map(({ path, flags }) => [path, ...flags])).toEqual([['sub/x'], ['sub/y']]);
      expect(outcome.footer.patch.others).toEqual([{ file: 'changes.1.patch', path: 'sub', files: 2 }]);
    },
  );
});

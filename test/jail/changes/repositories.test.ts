import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git } from '../../support/jail.ts';
import { applied, base, collect, dir, fill, line, listing, mount, sameForGit, unpacked, useWorkspace, work, write } from './fixture.ts';

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
  test('a submodule is not in the patch of the repository around it, which would not apply', async () => {
    const other = join(dir, 'plain');
    fill(other, { 'lib.c': 'one\n' });
    git(other, 'init', '-q');
    git(other, 'add', '-A');
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x'], { cwd: other });
    fill(base, { 'main.c': 'one\n' });
    git(base, 'init', '-q');
    git(base, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', other, 'deep/lib');
    git(base, 'add', '-A');
    mount();
    write('main.c', 'two\n');
    write('deep/lib/lib.c', 'two\n');
    write('deep/lib/new.c', 'new\n');
    const outcome = await collect();
    expect(outcome.footer.patch).toEqual({
      files: 1,
      left_out: ['deep/lib/lib.c', 'deep/lib/new.c'].map((path) => ({ path, why: 'other-repository' })),
      more: 0,
    });
    expect(outcome.patch.toString()).toMatch(/^diff --git a\/main\.c b\/main\.c\n/);
    applied(outcome);
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('where the workspace is none, its checkouts share the patch', async () => {
    for (const name of ['app', 'lib']) {
      fill(base, { [`${name}/x`]: 'one\n' });
      git(join(base, name), 'init', '-q');
    }
    mount();
    for (const name of ['app', 'lib']) write(`${name}/x`, 'two\n');
    const outcome = await collect();
    expect(outcome.footer.patch).toEqual({ files: 2, left_out: [], more: 0 });
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Base } from '../../../src/changes/base.ts';
import { Checkouts } from '../../../src/changes/checkouts.ts';
import { Ignored, rebase } from '../../../src/changes/ignored.ts';
import { BaseDirectory } from '../../../src/changes/lower.ts';
import { Tree } from '../../../src/changes/tree.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { cpuTime } from '../../support/cpu.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ignored-'));
  execFileSync('git', ['-C', dir, 'init', '-q']);
});
afterEach(() => rmSync(dir, { recursive: true }));

function put(name: string, content: string): void {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), content);
}
function rules(): Ignored {
  const base = new Base(new BaseDirectory(Buffer.alloc(0), [new Tree(dir as HostPath)]));
  return new Ignored(base, new Checkouts(base));
}
/** git's own word on paths that are not there. */
function byGit(paths: string[]): string[] {
  const run = spawnSync('git', ['-C', dir, 'check-ignore', '--no-index', '-z', '--stdin'], { input: paths.join('\0'), encoding: 'utf8' });
  return run.stdout.split('\0').filter((path) => path !== '');
}

describe('Ignored', () => {
  test('says what git says', () => {
    put(
      '.gitignore',
      '\ufeff# comment\n*.log\n/build\nnode_modules/\n!important.log\ndoc/*.txt\n\\#hash\nspace\\ \n[ab].o\n**/deep/x\nA\r\nfoo/**/bar\n',
    );
    put('sub/.gitignore', '!keep.log\n/only\nlocal/\nmid/dle\n');
    put('sub/we[i]rd *dir/.gitignore', 'inner\n/top\n');
    put('.git/info/exclude', 'excluded\n*.secret\n!x.log\n');
    const names = [
      'a.log',
      'important.log',
      'build',
      'build/x',
      'sub/build',
      'node_modules/a/b',
      'sub/node_modules/x',
      'doc/a.txt',
      'doc/sub/a.txt',
      '#hash',
      'space ',
      'a.o',
      'c.o',
      'p/deep/x',
      'deep/x',
      'A',
      'a',
      'foo/bar',
      'foo/x/y/bar',
      'sub/keep.log',
      'sub/other.log',
      'sub/only',
      'sub/x/only',
      'sub/local/z',
      'sub/mid/dle',
      'sub/x/mid/dle',
      'sub/we[i]rd *dir/inner',
      'sub/we[i]rd *dir/x/inner',
      'sub/we[i]rd *dir/top',
      'sub/weird xdir/inner',
      'excluded',
      'sub/excluded',
      'q.secret',
      'x.log',
      '.gitignore',
      'plain',
    ];
    const ignored = rules();
    expect(names.filter((name) => ignored.test(Buffer.from(name), false, false))).toEqual(byGit(names));
  });

  test('says what git says of nested rules, tried at random', () => {
    const rule = fc.constantFrom('x', '!x', '/x', 'x/', '!x/', 'y/x', '*', '!*', '*.o', '!y', 'y', '**/y', '/y/*', '');
    const path = fc.array(fc.constantFrom('x', 'y', 'z.o'), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), fc.array(rule), fc.array(path, { minLength: 1, maxLength: 20 }), (top, x, xy, paths) => {
        put('.gitignore', `${top.join('\n')}\n`);
        put('x/.gitignore', `${x.join('\n')}\n`);
        put('x/y/.gitignore', `${xy.join('\n')}\n`);
        const ignored = rules();
        const unique = [...new Set(paths)];
        const directories = ['x', 'x/y'];
        expect(unique.filter((name) => ignored.test(Buffer.from(name), directories.includes(name), false))).toEqual(byGit(unique));
      }),
      { numRuns: 60 },
    );
  });

  test('a tracked path is never ignored, an untracked one of the base is', () => {
    put('.gitignore', '*.log\n');
    put('tracked.log', '');
    put('untracked.log', '');
    execFileSync('git', ['-C', dir, 'add', '-f', 'tracked.log']);
    const ignored = rules();
    expect(ignored.test(Buffer.from('tracked.log'), false, true)).toBe(false);
    expect(ignored.test(Buffer.from('untracked.log'), false, true)).toBe(true);
  });

  test('rules behind links are not read, and a plain directory has none', () => {
    put('real', '*\n');
    put('realdir/.gitignore', '*\n');
    symlinkSync('real', join(dir, '.gitignore'));
    symlinkSync('realdir', join(dir, 'linked'));
    const ignored = rules();
    expect(ignored.test(Buffer.from('x'), false, false)).toBe(false);
    expect(ignored.test(Buffer.from('linked/x'), false, false)).toBe(false);
    const none = new Base(null);
    expect(new Ignored(none, new Checkouts(none)).test(Buffer.from('x'), false, false)).toBe(false);
  });

  test('a rule made to take for ever is left out', () => {
    put('.gitignore', `${'*a'.repeat(20)}b\n*.log\n`);
    const ignored = rules();
    const begin = cpuTime();
    expect(ignored.test(Buffer.from('a'.repeat(250)), false, false)).toBe(false);
    expect(cpuTime() - begin).toBeLessThan(2000);
    expect(ignored.test(Buffer.from('x.log'), false, false)).toBe(true);
  });
});

describe('rebase', () => {
  test('puts the rules of a directory under it', () => {
    expect(rebase('# no\n\na\n/b\n!c/d\ne/\n', 'x/y z')).toEqual(['/x/y\\ z/**/a', '/x/y\\ z/b', '!/x/y\\ z/c/d', '/x/y\\ z/**/e/']);
  });
});

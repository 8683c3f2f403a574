import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { ancestorsOf, linkProblem, pathOf, pathProblem } from '../../../src/apply/paths.ts';
import { bytesOf } from '../record/fixture.ts';

const path = (text: string): string => pathOf(bytesOf(text));

describe('a path', () => {
  it.each([
    'a',
    'src/a.ts',
    '.gitignore',
    '.github/workflows/x.yml',
    'a.git',
    'git',
    '.gitx',
    'x.git/y',
    '..a',
    'a..',
    '.g',
    'git~x',
    'é/…',
  ])('%s may be written', (text) => expect(pathProblem(path(text))).toBeNull());

  it.each(['', '/a', 'a/', 'a//b', '.', '..', './a', '../a', 'a/..', 'a/../../b', 'a/./b', 'a\0b'])(
    '%j is none below the checkout',
    (text) => expect(pathProblem(path(text))).toBe('it is not a path below the checkout'),
  );

  const spellings = [
    '.git',
    '.GIT',
    '.Git',
    '.git.',
    '.git ',
    '.git . .',
    'git~1',
    'GIT~1',
    'git~12',
    '.git::$INDEX_ALLOCATION',
    '.git:x',
    '.g\u200cit',
  ];
  it.each([...spellings, '.gi\u200dt', '\ufeff.git', '.gi\u202et', 'x\\.git', '.git\\hooks', 'x\\git~1\\y'])(
    '%j is git’s own, wherever it stands',
    (name) => {
      for (const text of [name, `${name}/hooks/post-checkout`, `src/${name}`, `src/${name}/config`]) {
        expect([text, pathProblem(path(text))]).toEqual([text, 'git may take a part of it for its own directory']);
      }
    },
  );

  test('git takes nothing for its own that is not refused here', () => {
    const dir = mkdtempSync(join(tmpdir(), 'aj-paths-'));
    try {
      const git = (...args: string[]): void =>
        void execFileSync('git', ['-C', dir, '-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true', ...args], { stdio: 'pipe' });
      git('init', '--quiet');
      const blob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
      // What git itself refuses to have in an index.
      const refused = [...spellings, '..', '.', 'a'].filter((name) => {
        try {
          git('update-index', '--add', '--cacheinfo', `100644,${blob},${name}/x`);
          return false;
        } catch {
          return true;
        }
      });
      expect(refused).toContain('.g\u200cit');
      expect(refused).not.toContain('a');
      expect(refused.filter((name) => pathProblem(path(`${name}/x`)) === null)).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});

describe('a link', () => {
  it.each([
    ['link', 'a'],
    ['src/link', '../a'],
    ['src/x/link', '../../a/b'],
    ['src/link', './x/./y'],
    ['src/link', 'x//y/'],
    ['.gitignored', 'a'],
  ])('%s to %s may be made', (at, target) => expect(linkProblem(path(at), path(target))).toBeNull());

  it.each([
    ['link', '/etc/passwd', 'absolute'],
    ['link', '..', 'out of'],
    ['link', '../a', 'out of'],
    ['src/link', '../../a', 'out of'],
    ['src/link', 'x/../../a', 'out of'],
    ['src/link', 'x/..', 'out of'],
    ['src/link', './../..', 'out of'],
    ['link', '.git', 'own directory'],
    ['src/link', '../.GIT/hooks', 'own directory'],
    ['src/link', '../git~1/config', 'own directory'],
    ['.gitmodules', 'a', 'obeys'],
    ['src/.GITATTRIBUTES', 'a', 'obeys'],
    ['.mailmap', 'a', 'obeys'],
    ['GITMOD~1', 'a', 'obeys'],
    ['.gitattribu\u200dtes', 'a', 'obeys'],
    ['.gitignore.', 'a', 'obeys'],
    ['link', 'C:\\x', 'absolute'],
    ['link', 'c:x', 'absolute'],
    ['link', '..\\x', 'out of'],
    ['link', '', 'nothing'],
    ['link', 'a\0b', 'nothing'],
  ])('%s to %j may not', (at, target, why) => expect(linkProblem(path(at), path(target))).toContain(why));

  test('that may be made leads nowhere else, whatever it is', () => {
    const part = fc.constantFrom('a', 'b', '..', '.', '', '.git', 'x y');
    const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(text, text, (at, target) => {
        if (pathProblem(at) !== null || linkProblem(at, target) !== null) return true;
        const end = posix.resolve('/top', posix.dirname(at), target);
        return (end === '/top' || end.startsWith('/top/')) && !end.split('/').includes('.git');
      }),
      { numRuns: 3000 },
    );
  });
});

test('the directories on the way', () => {
  expect([...ancestorsOf('a/b/c')]).toEqual(['a/b', 'a']);
  expect([...ancestorsOf('a')]).toEqual([]);
});

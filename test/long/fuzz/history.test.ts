import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLEAN_ENV } from '../../../src/system/exec.ts';
import { base, close, collect, dir, mount, open, work } from '../../jail/changes/fixture.ts';
import { REPOSITORY } from '../../support/jail.ts';

const COMMITS = 60;
const gitIn = (cwd: string, ...args: string[]): Buffer => execFileSync('git', args, { cwd, env: env(), maxBuffer: 1 << 28 });
const git = (...args: string[]): Buffer => gitIn(REPOSITORY, ...args);
const env = (): Record<string, string> => ({
  ...CLEAN_ENV,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...(dir === undefined ? {} : { GIT_INDEX_FILE: join(dir, 'index') }),
});

/** The files of a commit, written anew. */
function write(commit: string, to: string): void {
  git('read-tree', commit);
  git('checkout-index', '--all', '--force', `--prefix=${to}/`);
}

test('the patch is what git says of two commits, although every file was written anew', { timeout: 900_000 }, async () => {
  const commits = git('rev-list', '--first-parent', `--max-count=${COMMITS + 1}`, 'HEAD')
    .toString()
    .trim()
    .split('\n');
  expect(commits.length).toBeGreaterThan(10);
  const inside = git('rev-parse', '--absolute-git-dir').toString().trim();
  for (const [at, commit] of commits.slice(0, -1).entries()) {
    const before = commits[at + 1] as string;
    open();
    try {
      write(before, base);
      mount();
      execFileSync('find', [work, '-mindepth', '1', '-delete']);
      write(commit, work);
      const { patch, footer } = await collect();
      expect(footer.patch.left_out).toEqual([]);
      // Outside a work tree there are no attributes, of which `-diff` would hide what changed.
      const options = ['-r', '--patch', '--binary', '--full-index', '--no-renames', '--no-ext-diff', '--no-textconv'];
      const wanted = gitIn(inside, '-c', 'core.bare=true', 'diff-tree', ...options, before, commit);
      expect(patch.equals(wanted), `${before}..${commit}`).toBe(true);
    } finally {
      close();
    }
  }
});

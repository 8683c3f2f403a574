import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { added, deleted, modified, newDirectory, renamed } from '../record/fixture.ts';
import { deny, findings, forbid, review } from './support.ts';

type Files = Readonly<Record<string, string | Buffer>>;

/** `git diff` of two trees, as the collector makes it. */
function diff(before: Files, after: Files): string {
  const dir = newDirectory();
  for (const [side, files] of Object.entries({ a: before, b: after })) {
    mkdirSync(join(dir, side));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, side, name)), { recursive: true });
      writeFileSync(join(dir, side, name), content);
    }
  }
  const args = ['diff', '--no-index', '--no-prefix', '--binary', '--full-index', '--no-renames', 'a', 'b'];
  const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' }).stdout;
}
const lines = (...numbers: number[]): string => numbers.map((n) => `line ${n}\n`).join('');
const upTo = (last: number): string => lines(...Array.from({ length: last }, (_, at) => at + 1));

describe('the place of a finding', () => {
  test.each<[string, string | Buffer | null, string | Buffer | null, number | null]>([
    ['a new file', null, 'one\ntwo\n', 1],
    ['an empty new file', null, '', null],
    ['a line added at the end', upTo(20), `${upTo(20)}more\n`, 21],
    ['a line changed in the middle', upTo(20), upTo(20).replace('line 11\n', 'other\n'), 11],
    ['a line removed: where it was', upTo(20), upTo(20).replace('line 11\n', ''), 11],
    ['all lines removed', 'one\n', '', 1],
    ['content that looks like a hunk', upTo(3), `@@ -1 +1 @@\ndiff --git a/x b/x\n${upTo(3)}`, 1],
    ['a deleted file', 'one\n', null, 1],
    ['a binary file', Buffer.from([0, 1]), Buffer.from([0, 2, 3]), null],
  ])('%s', async (_, before, after, line) => {
    const side = (content: string | Buffer | null): Files => ({ z: 'z\n', ...(content === null ? {} : { 'src/a b.ts': content }) });
    // Another file before it, whose lines are not its.
    const patch = diff({ ...side(before), a: upTo(9) }, { ...side(after), a: `${upTo(9)}x\n` });
    const changes = [before === null ? added('src/a b.ts') : after === null ? deleted('src/a b.ts') : modified('src/a b.ts')];
    const [found] = await findings([review('src/**')], { changes, patch });
    expect(found?.at).toEqual([{ path: 'src/a b.ts', line }]);
  });

  test('both ends of a rename, files of other checkouts, and none for what the patch leaves out', async () => {
    const patch = diff({ old: upTo(3) }, { new: upTo(3) });
    const others = [{ path: 'deep/lib', patch: diff({ x: upTo(8) }, { x: `${upTo(8)}y\n` }) }];
    const changes = [added('huge'), modified('deep/lib/x'), renamed('old', 'new')];
    const [found] = await findings([deny('*')], { changes, patch, others });
    const at = Object.fromEntries((found?.at ?? []).map(({ path, line }) => [path, line]));
    expect(at).toEqual({ huge: null, 'deep/lib/x': 9, old: 1, new: 1 });
  });

  test('no name that shows as another one, and nothing outside the workspace', async () => {
    const odd = [added('a\u202eb'), added(Buffer.from([0x61, 0xff])), added('back\\slash')];
    const [found] = await findings([forbid('setuid')], {
      changes: [...odd, added('plain'), added('usr/bin/x', { layer: 'root' })].map((change) => ({ ...change, flags: ['setuid'] as const })),
    });
    expect(found?.what).toHaveLength(5);
    expect(found?.at).toEqual([{ path: 'plain', line: null }]);
  });

  test('twenty at most', async () => {
    const changes = Array.from({ length: 30 }, (_, at) => added(`f${at}`));
    const [found] = await findings([deny('*')], { changes });
    expect([found?.what.length, found?.at?.length, found?.more]).toEqual([20, 20, 10]);
  });
});

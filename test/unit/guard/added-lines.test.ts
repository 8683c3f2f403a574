import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PatchCounter } from '../../../src/guard/added-lines.ts';
import { added, deleted, modified, newDirectory } from '../record/fixture.ts';
import { findings, rule } from './support.ts';

/** `git diff` of two trees, as the collector calls it. */
function diff(a: Record<string, string | Buffer>, b: Record<string, string | Buffer>): Buffer {
  const dir = newDirectory();
  for (const [side, files] of Object.entries({ a, b })) {
    mkdirSync(join(dir, side));
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, side, name), content);
  }
  const args = ['diff', '--no-index', '--no-prefix', '--binary', '--full-index', '--no-renames', 'a', 'b'];
  return spawnSync('git', args, {
    cwd: dir,
    env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
  }).stdout;
}
function count(patch: Buffer, piece = patch.length): { added: number; contents: number } {
  const counter = new PatchCounter('changes.patch');
  for (let at = 0; at < patch.length; at += piece) counter.push(patch.subarray(at, at + piece));
  return counter.end();
}

describe('PatchCounter', () => {
  test.each<[string, Record<string, string | Buffer>, Record<string, string | Buffer>, number, number]>([
    ['lines added', { f: 'a\nb\n' }, { f: 'a\nB\nc\n' }, 2, 1],
    ['a new file', {}, { f: 'a\nb\nc' }, 3, 1],
    ['an empty new file', {}, { f: '' }, 0, 1],
    ['a deleted file', { f: 'a\n' }, {}, 0, 0],
    ['binary', { f: Buffer.from([0, 1]) }, { f: Buffer.from([0, 2, 3]), g: Buffer.alloc(5000, 1) }, 1, 2],
    ['content like headers', {}, { f: '++ b/x\n-- a/x\n@@ -1 +1 @@\ndiff --git a b\nindex 1..2\n' }, 5, 1],
    ['removed content like headers', { f: '-- a/x\n@@ -1,9 +1,9 @@\nkeep\n' }, { f: 'keep\nmore\n' }, 1, 1],
    ['no line end on both sides', { f: 'a' }, { f: 'b' }, 1, 1],
    ['no change', { f: 'a' }, { f: 'a' }, 0, 0],
  ])('%s', (_, a, b, lines, contents) => {
    const patch = diff(a, b);
    expect(count(patch)).toEqual({ added: lines, contents });
    expect(count(patch, 1)).toEqual({ added: lines, contents });
  });

  test('agrees with git on any text', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '+', '-', '+++ x', '@@ -1 +1 @@', '\\ No newline', 'diff --git a b', ''), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, text, fc.boolean(), (before, after, end) => {
        const a = before.join('\n');
        const b = after.join('\n') + (end ? '\n' : '');
        const patch = diff({ f: a }, { f: b });
        const dir = newDirectory();
        writeFileSync(join(dir, 'p'), patch);
        const stat =
          patch.length === 0 ? '0' : execFileSync('git', ['apply', '--numstat', 'p'], { cwd: dir, encoding: 'utf8' }).split('\t')[0];
        expect(count(patch, 7).added).toBe(Number(stat));
      }),
      { numRuns: 40 },
    );
  });

  test('a cut patch is an error', () => {
    const patch = diff({}, { f: 'a\nb\nc\n' });
    expect(() => count(patch.subarray(0, -3))).toThrow('ends in the middle of a hunk');
  });

  test('a link in place of a file', () => {
    const dir = newDirectory();
    symlinkSync('/x', join(dir, 'l'));
    expect(
      count(
        Buffer.from(
          'diff --git a/l b/l\nnew file mode 120000\nindex 0000000..1111111\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/x\n\\ No newline at end of file\n',
        ),
      ),
    ).toEqual({ added: 1, contents: 1 });
  });
});

describe('max-added-lines', () => {
  const patch = diff({ a: 'x\n' }, { a: 'y\nz\n', b: 'new\n' }).toString();
  const changes = [modified('a'), added('b'), deleted('c'), added('d', { flags: ['ignored'] })];
  test.each([
    [3, []],
    [2, ['3 lines added, the most allowed is 2']],
  ])('%d', async (max, wanted) => {
    expect((await findings([rule({ kind: 'max-added-lines', max })], { changes, patch })).map(({ message }) => message)).toEqual(wanted);
  });

  test('the patches of other checkouts count as well', async () => {
    const others = [{ path: 'deep/lib', patch: diff({}, { f: 'a\nb\n' }).toString() }];
    const content = { changes: [...changes, added('deep/lib/f')], patch, others };
    expect(await findings([rule({ kind: 'max-added-lines', max: 5 })], content)).toEqual([]);
    const [found] = await findings([rule({ kind: 'max-added-lines', max: 4 })], content);
    expect(found?.message).toBe('5 lines added, the most allowed is 4');
  });

  test('content that is not in the patch was not counted', async () => {
    const [found] = await findings([rule({ kind: 'max-added-lines', max: 100 }, 'review')], {
      changes: [...changes, added('huge')],
      patch,
    });
    expect([found?.action, found?.message]).toEqual(['fail', 'could not be checked: 1 changed file too large or not fit for a patch']);
  });
});

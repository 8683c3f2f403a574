import { chmodSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { RECORD_FILES } from '../../../src/record/write.ts';
import { finish } from '../../../src/run/finish.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { added, deriveAll, ID, makeRecord, newDirectory, STEP } from '../record/fixture.ts';
import { deny } from '../guard/support.ts';

async function judged() {
  const made = makeRecord({ guards: [deny('a')], changes: [added('a')] });
  await makeVerdict({ kind: 'verdict', id: ID, record: made.dir, outputs: made.outputs, secrets: {}, mask: [] }, deriveAll);
  return made;
}
const snapshot = (dir: string) =>
  Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'latin1')]),
  );

describe('finish', () => {
  test('a record that was judged is returned as it is', async () => {
    const { dir, run, manifest } = await judged();
    const before = snapshot(dir);
    expect(await finish(dir, 'unused')).toEqual({
      end: run.end,
      outcome: 'guard-failed',
      because: 'guards.changes.deny: 1 changed path denied',
      manifest,
      counts: { ...run.counts, findings: 1 },
      record: dir,
    });
    expect(snapshot(dir)).toEqual(before);
  });

  test('any other gets a jail-error with the reason, and its evidence stays', async () => {
    const { dir, run } = makeRecord({ sealed: false });
    const before = snapshot(dir);
    const result = await finish(dir, 'the warden was killed.');
    expect(result).toMatchObject({
      outcome: 'jail-error',
      because: 'the warden was killed',
      manifest: null,
      counts: run.counts,
      record: dir,
    });
    expect(result.end).toMatchObject({ how: 'error', started: true, message: 'the warden was killed' });
    expect(openRecordDir(dir).document('verdict.json').value).toEqual({
      schema: 'agent-jail/verdict@1',
      id: ID,
      outcome: 'jail-error',
      because: 'the warden was killed',
      manifest: null,
      findings: [],
      files: {},
    });
    const { 'verdict.json': _, 'summary.md': text, ...evidence } = snapshot(dir);
    expect(before).toMatchObject(evidence);
    expect(text).toContain('## agent-jail: jail-error\n\n    the warden was killed\n');
    expect(lstatSync(join(dir, 'verdict.json')).mode & 0o777).toBe(0o600);
  });

  test('is idempotent: the first reason stays', async () => {
    const { dir } = makeRecord({ sealed: false });
    const first = await finish(dir, 'first');
    const after = snapshot(dir);
    expect(await finish(dir, 'second')).toEqual(first);
    expect(snapshot(dir)).toEqual(after);
  });

  test.each<[string, (dir: HostPath) => void]>([
    ['half a verdict', (dir) => truncateSync(join(dir, 'verdict.json'), 100)],
    [
      'a verdict of another manifest',
      (dir) => writeFileSync(join(dir, 'manifest.json'), readFileSync(join(dir, 'manifest.json'), 'utf8').trim()),
    ],
    ['no manifest', (dir) => rmSync(join(dir, 'manifest.json'))],
    ['no run.json', (dir) => rmSync(join(dir, 'run.json'))],
    ['half a run.json', (dir) => truncateSync(join(dir, 'run.json'), 100)],
  ])('a good verdict does not count with %s', async (_, spoil) => {
    const { dir } = await judged();
    spoil(dir);
    expect((await finish(dir, 'killed')).outcome).toBe('jail-error');
    expect(openRecordDir(dir).document('verdict.json').value.outcome).toBe('jail-error');
  });

  test('says whether an agent command may have run', async () => {
    const started = async (dir: HostPath): Promise<boolean> => {
      const { end } = await finish(dir, 'killed');
      return end.how === 'error' && end.started;
    };
    const idle = [{ ...STEP, started: null, exit: null }];
    expect(await started(newDirectory())).toBe(false);
    expect(await started(makeRecord({ sealed: false }).dir)).toBe(true);
    expect(await started(makeRecord({ sealed: false, run: { steps: idle }, output: '' }).dir)).toBe(false);
    expect(await started(makeRecord({ sealed: false, run: { steps: idle }, output: 'x' }).dir)).toBe(true);
    const { dir } = makeRecord({ sealed: false, output: '' });
    rmSync(join(dir, 'run.json'));
    expect(await started(dir)).toBe(true);
  });

  test('makes the directory where there is none, and never writes through a link', async () => {
    const parent = newDirectory();
    expect((await finish(join(parent, 'record') as HostPath, 'killed')).outcome).toBe('jail-error');
    expect(readdirSync(join(parent, 'record')).sort()).toEqual(['summary.md', 'verdict.json']);
    const target = newDirectory();
    symlinkSync(target, join(parent, 'link'));
    const result = await finish(join(parent, 'link') as HostPath, 'killed');
    expect(result.because).toBe('killed; and the verdict cannot be written: the record is not a directory');
    expect(readdirSync(target)).toEqual([]);
  });

  test('a reason of any text is one line, and no markup', async () => {
    const dir = newDirectory();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }), async (why) => {
        for (const file of readdirSync(dir)) rmSync(join(dir, file));
        const { because } = await finish(dir, `x${why}`);
        expect(because).toMatch(/^[^\p{Cc}\p{Cf}\u2028\u2029]+$/u);
        expect(readFileSync(join(dir, 'summary.md'), 'utf8').split('\n')[2]).toBe(`    ${because}`);
      }),
      { numRuns: 50 },
    );
  });

  test('hostile files never make it reject', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...RECORD_FILES), fc.oneof(fc.json(), fc.string({ unit: 'binary' })), { maxKeys: 5 }),
        async (files) => {
          const dir = newDirectory();
          for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
          chmodSync(dir, 0o700);
          expect((await finish(dir, 'killed')).outcome).toBe('jail-error');
        },
      ),
      { numRuns: 60 },
    );
  });
});

import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OTHER_PATCHES, RECORD } from '../../../src/model/record.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { deriveAll, ID, makeRecord } from './fixture.ts';

const text = readFileSync(new URL('../../../docs/record.md', import.meta.url), 'utf8');

test('the table has every file of a record, in order, with its writer', () => {
  const section = text.slice(text.indexOf('## Files'), text.indexOf('## Lines'));
  const rows = [...section.matchAll(/^\| (`[^|]+`) \| (\w+) \|/gm)].map(([, files, writer]) => [files, writer]);
  const others = `\`${OTHER_PATCHES[0]}\` to \`${OTHER_PATCHES.at(-1)}\``;
  const isFurther = (file: string): boolean => OTHER_PATCHES.slice(1).some((other) => other === file);
  const expected = Object.entries(RECORD).flatMap(([file, { writer }]) =>
    isFurther(file) ? [] : [[file === OTHER_PATCHES[0] ? others : `\`${file}\``, writer]],
  );
  expect(rows).toEqual(expected);
});

test('every kind of guard is there', () => {
  const section = text.slice(text.indexOf('## Guards'), text.indexOf('## Check a record'));
  for (const name of [
    'allow',
    'review',
    'deny',
    'forbid',
    'require',
    'max-files',
    'max-added-lines',
    'max-bytes',
    'root',
    'network.denied',
  ]) {
    expect(section).toContain(name);
  }
});

/** The commands of the page that need `sha256sum` alone, without `jq`: the same list, made here. */
function sums(dir: string): string {
  const read = (file: string) =>
    JSON.parse(readFileSync(join(dir, file), 'utf8')) as { files: Record<string, { sha256: string }>; manifest?: string };
  const listed = ['manifest.json', 'verdict.json'].flatMap((file) =>
    Object.entries(read(file).files).map(([name, { sha256 }]) => `${sha256}  ${name}`),
  );
  return [...listed, `${read('verdict.json').manifest}  manifest.json`, ''].join('\n');
}

test('sha256sum agrees with manifest and verdict', async () => {
  const { dir, outputs } = makeRecord();
  await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets: {}, mask: [] }, deriveAll);
  const check = () => spawnSync('sha256sum', ['--check', '--strict', '--quiet'], { cwd: dir, input: sums(dir), encoding: 'utf8' });
  expect(check()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  appendFileSync(join(dir, 'transcript.log'), 'x');
  expect(check()).toMatchObject({ status: 1, stdout: 'transcript.log: FAILED\n' });
  writeFileSync(join(dir, 'summary.md'), '');
  expect(check().stdout).toBe('transcript.log: FAILED\nsummary.md: FAILED\n');
});

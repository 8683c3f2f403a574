import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { verify } from '../../../src/record/verify.ts';
import { createRecord, seal, temporaryName, writeRun } from '../../../src/record/write.ts';
import { finish } from '../../../src/run/finish.ts';
import { makeVerdict } from '../../../src/run/verdict.ts';
import { Recorder } from '../../../src/transcript/recorder.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { added, denial, deriveAll, ID, makeRecord, ME, newDirectory, OTHER_ID, runWith, STEP, USUAL_FILES } from './fixture.ts';
import type { Content } from './fixture.ts';

/** A whole record with its verdict. */
async function judged(content: Content = {}): Promise<HostPath> {
  const { dir, outputs } = makeRecord({
    output: 'one\ntwo\nthree\n',
    network: [denial('a.example')],
    patch: 'patch',
    result: 'done',
    ...content,
  });
  const answer = await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets: {}, mask: [] }, deriveAll);
  expect(answer.ok).toBe(true);
  return dir;
}
const edit = (dir: string, file: string, change: (text: string) => string): void =>
  writeFileSync(join(dir, file), change(readFileSync(join(dir, file), 'utf8')));

describe('intact', () => {
  test('a whole record, which the manifest names', async () => {
    const { dir, manifest } = makeRecord();
    const whole = await judged();
    expect(await verify(whole)).toMatchObject({ state: 'intact', problems: [] });
    expect((await verify(dir)).manifest).toBe(manifest);
  });

  test('a run that came to grief before its steps has files that were never begun', async () => {
    const end = { how: 'error', started: false, message: 'no overlay', remedy: 'x', place: null } as const;
    const { dir, outputs } = makeRecord({ sealed: false, run: { end, steps: [{ ...STEP, started: null, exit: null }] } });
    for (const file of ['changes.ndjson', 'network.ndjson', 'transcript.ndjson', 'transcript.log']) truncateSync(join(dir, file), 0);
    seal(dir, ID, ME);
    await makeVerdict({ kind: 'verdict', id: ID, record: dir, outputs, secrets: {}, mask: [] }, deriveAll);
    expect(await verify(dir)).toMatchObject({ state: 'intact', problems: [] });
  });
});

test('what the recorder writes, whole and cut off', async () => {
  const dir = newDirectory();
  const files = createRecord(dir, ME);
  const redactor = new Redactor([{ name: 'KEY', value: 'sk-alpha-0123456789' }]);
  let now = 0;
  const nothing = () => {};
  const recorder = new Recorder({
    log: files.fd('transcript.log'),
    index: files.fd('transcript.ndjson'),
    redactor,
    clock: () => now,
    checkpoint: nothing,
    display: nothing,
  });
  recorder.begin(0, 'build');
  for (now = 0; now < 5000; now += 100) {
    recorder.write(Buffer.from(`line ${now} sk-alpha-0123456789\n`));
    recorder.tick();
  }
  expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest: null });
  recorder.end({ code: 0, signal: null });
  recorder.mark('cancelled', { by: 'SIGINT' });
  recorder.close();
  files.close();
  expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest: null });
  const index = openRecordDir(dir).lines('transcript.ndjson');
  expect([index.complete, index.footer?.['lines']]).toEqual([true, expect.any(Number)]);
  edit(dir, 'transcript.log', (text) => text.replace('line 4900', 'line 4901'));
  expect((await verify(dir)).problems[0]?.message).toContain('transcript.log has another SHA-256 here');
});

describe('broken', () => {
  test.each(USUAL_FILES)('one byte of %s changed', async (file) => {
    const dir = await judged();
    const bytes = readFileSync(join(dir, file));
    if (bytes.length === 0) appendFileSync(join(dir, file), 'x');
    else writeFileSync(join(dir, file), Buffer.concat([bytes.subarray(0, -2), Buffer.from('#'), bytes.subarray(-1)]));
    expect(readFileSync(join(dir, file)).length).toBe(Math.max(1, bytes.length));
    const { state, problems } = await verify(dir);
    expect(state).toBe('broken');
    expect(problems.map((problem) => problem.file)).toContain(file);
  });

  test.each(USUAL_FILES.filter((file) => file !== 'manifest.json' && file !== 'verdict.json'))('%s taken away', async (file) => {
    const dir = await judged();
    rmSync(join(dir, file));
    const { state, problems } = await verify(dir);
    expect([state, problems[0]?.file]).toEqual(['broken', file]);
  });

  test.each([
    ['an unknown file', (dir: string) => writeFileSync(join(dir, 'more.txt'), ''), 'more.txt', 'is no file of a record'],
    [
      'a leftover beside a manifest',
      (dir: string) => writeFileSync(join(dir, temporaryName('run.json')), ''),
      '.run.json.tmp',
      'is no file',
    ],
    [
      'a directory',
      (dir: string) => (rmSync(join(dir, 'result.txt')), mkdirSync(join(dir, 'result.txt'))),
      'result.txt',
      'not a regular file',
    ],
    [
      'a link',
      (dir: string) => (rmSync(join(dir, 'result.txt')), symlinkSync('/etc/hostname', join(dir, 'result.txt'))),
      'result.txt',
      'not a regular file',
    ],
    ['the verdict of another manifest', (dir: string) => void seal(dir as HostPath, ID, ME), 'verdict.json', 'is of another manifest.json'],
    [
      'a summary that the verdict does not name',
      (dir: string) => edit(dir, 'verdict.json', (t) => t.replace(/"files": \{[^]*/, '"files": {}\n}')),
      'summary.md',
      'is not in verdict.json',
    ],
    [
      'the verdict of another run',
      (dir: string) => edit(dir, 'verdict.json', (t) => t.replace(ID, OTHER_ID)),
      'verdict.json',
      'is of another run',
    ],
    [
      'a verdict without a manifest that is a good one',
      (dir: string) => edit(dir, 'verdict.json', (t) => t.replace(/"manifest": "[^"]*"/, '"manifest": null')),
      'verdict.json',
      'says succeeded of a record it does not name',
    ],
  ])('%s', async (name, change, file, message) => {
    const dir = await judged();
    if (name === 'the verdict of another manifest') writeFileSync(join(dir, 'result.txt'), 'other');
    change(dir);
    const { state, problems } = await verify(dir);
    expect(state).toBe('broken');
    expect(problems.find((problem) => problem.file === file)?.message).toContain(message);
  });

  test('a file that is cut off, but sealed so', async () => {
    const { dir } = makeRecord({ sealed: false, network: [denial('a.example')] });
    edit(dir, 'network.ndjson', (text) => text.replace(/\{"end".*\n/, ''));
    seal(dir, ID, ME);
    expect((await verify(dir)).problems).toEqual([{ file: 'network.ndjson', message: 'was cut off' }]);
  });

  test('what is not a directory', async () => {
    const dir = newDirectory();
    expect(await verify(join(dir, 'none') as HostPath)).toEqual({
      state: 'broken',
      problems: [{ file: '.', message: 'there is no such directory' }],
      manifest: null,
    });
  });

  test('names of files are shown escaped', async () => {
    const dir = await judged();
    writeFileSync(join(dir, 'x\n::error::'), '');
    expect((await verify(dir)).problems).toEqual([{ file: 'x\\x0a::error::', message: 'is no file of a record' }]);
  });
});

describe('cut-off', () => {
  test('without a manifest, every file cut anywhere', async () => {
    const { dir } = makeRecord({ sealed: false, output: 'one\ntwo\n', network: [denial('a.example')], changes: [added('a')] });
    for (const file of ['changes.ndjson', 'network.ndjson', 'usage.ndjson', 'transcript.ndjson', 'result.txt', 'changes.patch'] as const) {
      truncateSync(join(dir, file), Math.floor(readFileSync(join(dir, file)).length / 2));
    }
    writeFileSync(join(dir, temporaryName('manifest.json')), 'half');
    appendFileSync(join(dir, 'transcript.log'), 'bytes before their line');
    expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest: null });
  });

  test('an empty directory, and one with the verdict that finish gives', async () => {
    const dir = newDirectory();
    expect(await verify(dir)).toMatchObject({ state: 'cut-off' });
    await finish(dir, 'the warden was killed');
    expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest: null });
  });

  test('sealed, but killed before the verdict', async () => {
    const { dir, manifest } = makeRecord();
    expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest });
    await finish(dir, 'the collector was killed');
    expect(await verify(dir)).toEqual({ state: 'cut-off', problems: [], manifest });
  });

  test.each([
    [
      'an index beyond the transcript',
      (dir: string) => truncateSync(join(dir, 'transcript.log'), 5),
      'bytes that transcript.log does not have',
    ],
    [
      'a transcript that was edited',
      (dir: string) => edit(dir, 'transcript.log', (t) => t.replace('one', 'two')),
      'line 4: transcript.log has another SHA-256',
    ],
    ['an index with a gap', (dir: string) => edit(dir, 'transcript.ndjson', (t) => t.replace('"offset":4', '"offset":5')), 'begins at 5'],
    [
      'a checkpoint that goes back',
      (dir: string) => edit(dir, 'transcript.ndjson', (t) => t.replace('"bytes":8}', '"bytes":3}')),
      'a checkpoint',
    ],
    ['lines that were edited', (dir: string) => edit(dir, 'network.ndjson', (t) => t.replace('"verdict"', '"Verdict"')), 'line 2: '],
    [
      'a verdict that says it went well',
      (dir: string) => edit(dir, 'verdict.json', (t) => t.replace('jail-error', 'succeeded')),
      'says succeeded',
    ],
  ])('is not: %s', async (_, change, message) => {
    const { dir } = makeRecord({ sealed: false, output: 'one\ntwo\n', network: [denial('a.example')] });
    await finish(dir, 'killed');
    change(dir);
    const { state, problems } = await verify(dir);
    expect(state).toBe('broken');
    expect(problems.map((problem) => problem.message).join()).toContain(message);
  });
});

test('a run.json that is not of the run', async () => {
  const { dir } = makeRecord();
  writeRun(dir, runWith({ id: OTHER_ID }), ME);
  expect((await verify(dir)).problems.map(({ message }) => message)).toContain('is of another run than run.json');
});

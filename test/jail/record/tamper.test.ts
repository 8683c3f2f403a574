import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { isSpare, RECORD, type RecordFile } from '../../../src/model/record.ts';
import { verify } from '../../../src/record/verify.ts';
import { cli, jailed, type Ran, repository, temporary } from '../../support/jail.ts';

// What `verify` says of a record that a real run left and that somebody has changed since.

let place: ReturnType<typeof temporary>;
let ran: Ran;

beforeAll(async () => {
  place = temporary();
  repository(place.path);
  const agent = `printf '%s\\n' '{"type":"session","version":3,"id":"s","cwd":"/"}' '{"type":"message","message":{"role":"user","content":"hi"}}'`;
  ran = await jailed(
    place.path,
    `echo hello; ${agent}; echo more >> a.txt; getent hosts denied.example; echo answer > "$AGENT_JAIL_RESULT"`,
  );
});
afterAll(() => place[Symbol.dispose]());

const FILES = (Object.keys(RECORD) as RecordFile[]).filter((file) => !isSpare(file));
let copies = 0;
/** The record once more, changed. */
function changed(change: (dir: string) => void): string {
  copies += 1;
  const dir = join(place.path, `copy-${copies}`);
  cpSync(ran.out, dir, { recursive: true });
  change(dir);
  return dir;
}
const verified = async (dir: string) => verify(dir as HostPath);
const filled = (file: RecordFile): boolean => statSync(join(ran.out, file)).size > 0;

test('an untouched copy is intact, and there is something in every file but the backend’s', async () => {
  expect(await verified(changed(() => {}))).toMatchObject({ state: 'intact', problems: [] });
  expect(FILES.filter((file) => !filled(file))).toEqual(['backend.log']);
});

describe.each(FILES)('%s', (file) => {
  test('one bit changed, a byte more or less, cut in half, emptied, removed, a link or a directory in its place: each is found', async () => {
    const flip = (dir: string): void => {
      const bytes = readFileSync(join(dir, file));
      // In the verdict: a digit of the manifest's SHA-256.
      const where = file === 'verdict.json' ? bytes.indexOf('"manifest": "') + 20 : bytes.length >> 1;
      bytes[where] = (bytes[where] ?? 0) ^ 1;
      writeFileSync(join(dir, file), bytes);
    };
    const cases: Record<string, (dir: string) => void> = {
      more: (dir) => writeFileSync(join(dir, file), '\n', { flag: 'a' }),
      removed: (dir) => unlinkSync(join(dir, file)),
      link: (dir) => {
        cpSync(join(dir, file), join(place.path, 'elsewhere'));
        unlinkSync(join(dir, file));
        symlinkSync(join(place.path, 'elsewhere'), join(dir, file));
      },
      directory: (dir) => {
        unlinkSync(join(dir, file));
        mkdirSync(join(dir, file));
      },
      ...(filled(file)
        ? {
            bit: flip,
            less: (dir: string) => truncateSync(join(dir, file), statSync(join(dir, file)).size - 1),
            half: (dir: string) => truncateSync(join(dir, file), statSync(join(dir, file)).size >> 1),
            emptied: (dir: string) => truncateSync(join(dir, file), 0),
          }
        : {}),
    };
    const said: Record<string, string> = {};
    for (const [name, change] of Object.entries(cases)) said[name] = (await verified(changed(change))).state;
    const wanted = Object.fromEntries(Object.keys(cases).map((name) => [name, 'broken']));
    // The verdict is written last, nothing seals it: one that is gone cannot be told from one that was never given, and white space at
    // its end is no change.
    if (file === 'verdict.json') Object.assign(wanted, { removed: 'cut-off', emptied: 'cut-off', more: 'intact', less: 'intact' });
    expect(said).toEqual(wanted);
  });
});

test('a file that is none of a record, and files swapped between two records', async () => {
  expect(await verified(changed((dir) => writeFileSync(join(dir, 'extra.sh'), '')))).toMatchObject({
    state: 'broken',
    problems: [{ file: 'extra.sh', message: 'is no file of a record' }],
  });
  const other = await jailed(place.path, 'echo hello');
  for (const file of ['run.json', 'manifest.json', 'verdict.json'] as const) {
    const mixed = changed((dir) => cpSync(join(other.out, file), join(dir, file)));
    expect(await verified(mixed)).toMatchObject({ state: 'broken' });
  }
});

test('the command line: 0 intact, 3 broken, 4 cut off, with the file and why', async () => {
  const broken = changed((dir) => writeFileSync(join(dir, 'changes.patch'), 'x'));
  expect(await cli(['verify', broken], { cwd: place.path })).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^changes\.patch: has /m),
  });
  // As a run leaves it whose warden was killed before the end: the last files are not there, the last lines are missing.
  const cut = changed((dir) => {
    for (const file of ['manifest.json', 'verdict.json', 'summary.md']) rmSync(join(dir, file));
    for (const file of ['transcript.ndjson', 'usage.ndjson', 'network.ndjson']) {
      const text = readFileSync(join(dir, file), 'utf8').trimEnd().split('\n');
      writeFileSync(join(dir, file), `${text.slice(0, -1).join('\n')}\n`);
    }
  });
  expect(await cli(['verify', cut], { cwd: place.path })).toMatchObject({ code: 4, stdout: 'cut-off\n' });
  const json = await cli(['verify', '--json', broken], { cwd: place.path });
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'agent-jail/verify@1',
    state: 'broken',
    problems: [{ file: 'changes.patch' }],
  });
});

test('a run that failed before the jail started has a record that verifies, or none at all', async () => {
  const out = join(place.path, 'no-record');
  const usage = join(place.path, 'usage.yml');
  writeFileSync(usage, 'limits: { time: soon }\n');
  const refused = await cli(['run', '--policy', usage, '--out', out, '--', 'true'], { cwd: join(place.path, 'work') });
  expect(refused.code).toBe(2);
  expect(readdirSync(place.path)).not.toContain('no-record');
  expect(await cli(['verify', out], { cwd: place.path })).toMatchObject({
    code: 3,
    stdout: expect.stringContaining('there is no such directory'),
  });

  const failed = await jailed(place.path, 'echo never', { policy: 'jail: { root: { directory: /nonexistent/root } }\n' });
  expect(failed).toMatchObject({ code: 70, transcript: '' });
  expect(failed.run.end).toMatchObject({ how: 'error', started: false });
  expect(failed.run.steps).toMatchObject([{ started: null, exit: null }]);
  expect(failed.verdict).toMatchObject({ outcome: 'jail-error' });
  expect(await cli(['verify', failed.out], { cwd: place.path })).toMatchObject({ code: 0 });
});

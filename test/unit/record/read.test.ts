import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { RecordError } from '../../../src/record/error.ts';
import { SIZE_LIMITS } from '../../../src/record/files.ts';
import { LINE_LIMIT } from '../../../src/record/ndjson.ts';
import { LINE_FILES, openRecordDir, readRun } from '../../../src/record/read.ts';
import type { LineFiles } from '../../../src/record/read.ts';
import { added, bytesOf, deleted, denial, digestOf, entry, makeRecord, modified, newDirectory, renamed, runWith } from './fixture.ts';

async function all<F extends keyof LineFiles>(dir: HostPath, file: F): Promise<LineFiles[F][]> {
  const lines: LineFiles[F][] = [];
  for await (const line of openRecordDir(dir).lines(file)) lines.push(line);
  return lines;
}
/** The error of reading `text` as changes.ndjson. */
async function errorOf(text: string | Uint8Array): Promise<RecordError> {
  const dir = newDirectory();
  writeFileSync(join(dir, 'changes.ndjson'), text);
  return await all(dir, 'changes.ndjson').then(
    () => expect.unreachable('no error'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(RecordError);
      return error as RecordError;
    },
  );
}
const HEAD = '{"schema":"agent-jail/changes@1"}\n';
const line = (more: object): string =>
  `${JSON.stringify({ path: 'a', layer: 'workspace', op: 'added', flags: [], after: entry(), ...more })}\n`;

describe('documents', () => {
  test('come back as they were written, with their digest', async () => {
    const { dir, run, manifest } = makeRecord();
    const record = openRecordDir(dir);
    expect(record.document('run.json')).toEqual({ value: run, sha256: digestOf(readFileSync(join(dir, 'run.json'))) });
    expect(record.document('manifest.json').sha256).toBe(manifest);
    expect(await readRun(dir)).toEqual(run);
  });

  test.each([
    ['not JSON', '{'],
    ['not a JSON object', '[]'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['is empty', ''],
    ['has no "schema": "agent-jail/run@1"', '{}'],
    ['has no "schema": "agent-jail/run@1"', '{"schema":"agent-jail/verdict@1"}'],
    ['agent-jail/run@2, which this version', '{"schema":"agent-jail/run@2"}'],
    ['Expected "id"', '{"schema":"agent-jail/run@1"}'],
    ['not JSON', '['.repeat(1_000_000)],
  ])('%s', (why, text) => {
    const dir = newDirectory();
    writeFileSync(join(dir, 'run.json'), text);
    expect(() => openRecordDir(dir).document('run.json')).toThrow(why);
  });

  test.each([
    ['an unknown field of the end', { end: { how: 'steps-done', failed: null, more: 1 } }],
    ['a negative count', { counts: { changed: -1, ignored: 0, denied: 0, redacted: 0, findings: 0 } }],
    ['an id that is none', { id: '../../etc' }],
    ['an unknown guard', { policy: { ...runWith().policy, guards: [{ name: 'guards.more', on: 'more' }] } }],
    ['a wrong type', { steps: {} }],
  ])('run.json with %s', (_, more) => {
    const dir = newDirectory();
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...runWith(), ...more }));
    expect(() => openRecordDir(dir).document('run.json')).toThrow(RecordError);
  });

  test('a manifest cannot name another file', () => {
    const { dir } = makeRecord();
    const text = readFileSync(join(dir, 'manifest.json'), 'utf8').replace('"result.txt"', '"../result.txt"');
    writeFileSync(join(dir, 'manifest.json'), text);
    expect(() => openRecordDir(dir).document('manifest.json')).toThrow('manifest.json: ');
  });

  test('messages are one visible line, whatever the content', () => {
    const dir = newDirectory();
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...runWith(), exact: '\u001b[2J\n::error::x\u202E' }));
    expect(() => openRecordDir(dir).document('run.json')).toThrow(/^[^\p{Cc}\p{Cf}]*$/u);
  });
});

describe('files', () => {
  test('links, directories and FIFOs are not read', () => {
    const dir = newDirectory();
    symlinkSync('/etc/passwd', join(dir, 'run.json'));
    mkdirSync(join(dir, 'verdict.json'));
    execFileSync('mkfifo', [join(dir, 'manifest.json')]);
    const record = openRecordDir(dir);
    for (const file of ['run.json', 'verdict.json', 'manifest.json'] as const) {
      expect(() => record.document(file)).toThrow(`${file}: not a regular file`);
    }
  });

  test('what is too large is refused before it is read', () => {
    const dir = newDirectory();
    for (const file of ['run.json', 'result.txt'] as const) {
      writeFileSync(join(dir, file), '');
      truncateSync(join(dir, file), SIZE_LIMITS[file] + 1);
      expect(() => openRecordDir(dir).size(file)).toThrow('larger than');
    }
  });

  test('a link in place of the directory is not followed', () => {
    const dir = newDirectory();
    symlinkSync(dir, join(dir, 'link'));
    expect(() => openRecordDir(join(dir, 'link') as HostPath)).toThrow('not a directory');
    expect(() => openRecordDir(join(dir, 'none') as HostPath)).toThrow('no such directory');
  });

  test('an absent file has no size, no pieces and no lines', async () => {
    const dir = newDirectory();
    const record = openRecordDir(dir);
    expect(record.size('transcript.log')).toBeNull();
    expect([...record.pieces('transcript.log')]).toEqual([]);
    expect(await all(dir, 'usage.ndjson')).toEqual([]);
    expect(record.lines('usage.ndjson').complete).toBe(false);
  });
});

describe('lines', () => {
  test('changes come back as they were written, paths as bytes', async () => {
    const changes = [
      added('src/a.ts', { flags: ['binary'] }),
      modified('b\u0007'),
      deleted(Buffer.from([0x63, 0xff])),
      renamed('d', 'e'),
      added('link', {}, { type: 'symlink', sha256: null, link: bytesOf(Buffer.from([0xfe])) }),
      added('', { layer: 'home' }, { type: 'directory', sha256: null }),
    ];
    const { dir } = makeRecord({ changes });
    expect(await all(dir, 'changes.ndjson')).toEqual(changes);
  });

  test('any path survives', async () => {
    const name = fc
      .uint8Array({ min: 1, minLength: 1, maxLength: 20 })
      .filter((bytes) => !/^\.{0,2}$|\//.test(Buffer.from(bytes).toString('latin1')));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 4 }), async (names) => {
        const path = Buffer.from(names.map((bytes) => Buffer.from(bytes).toString('latin1')).join('/'), 'latin1');
        const { dir } = makeRecord({ changes: [added(path)], sealed: false });
        expect((await all(dir, 'changes.ndjson'))[0]?.path).toEqual(path);
      }),
      { numRuns: 50 },
    );
  });

  test('network lines and their totals', async () => {
    const network = [denial('evil.example'), denial('b.example', { step: -1 })];
    const { dir } = makeRecord({ network });
    expect(await all(dir, 'network.ndjson')).toEqual(network);
    expect(openRecordDir(dir).lines('network.ndjson').footer).toMatchObject({ end: true, lines: 2, denied: 2 });
  });

  test.each(LINE_FILES)('%s cut off anywhere is a valid prefix', async (file) => {
    const { dir } = makeRecord({ changes: [added('a'), added('b')], network: [denial('c.example')], sealed: false });
    const whole = await all(dir, file);
    const size = readFileSync(join(dir, file)).length;
    for (let at = size - 1; at >= 0; at -= 1) {
      truncateSync(join(dir, file), at);
      expect(whole.slice(0, 100)).toEqual(expect.arrayContaining(await all(dir, file)));
      expect(openRecordDir(dir).lines(file).complete).toBe(false);
    }
  });

  test('a file that its writer ends while it is read is whole, and was cut off when it was opened', async () => {
    const dir = newDirectory();
    const path = join(dir, 'changes.ndjson');
    writeFileSync(path, `${HEAD}${line({})}`);
    const lines = openRecordDir(dir).lines('changes.ndjson');
    appendFileSync(path, '{"end":true,"lines":1}\n');
    const found: unknown[] = [];
    for await (const one of lines) found.push(one);
    expect([found.length, lines.complete]).toEqual([1, false]);
  });

  test.each([
    ['another schema', '{"schema":"agent-jail/network@1"}\n', 1],
    ['no schema line', line({}), 1],
    ['a line that is not JSON', `${HEAD}${line({})}nonsense\n`, 3],
    ['a line that is not an object', `${HEAD}7\n`, 2],
    ['an empty line', `${HEAD}\n`, 2],
    ['not UTF-8', Buffer.concat([Buffer.from(HEAD), Buffer.from([0xff, 0x0a])]), 2],
    ['an unknown op', `${HEAD}${line({ op: 'moved' })}`, 2],
    ['an unknown flag', `${HEAD}${line({ flags: ['fine'] })}`, 2],
    ['a path that climbs', `${HEAD}${line({ path: 'a/../../b' })}`, 2],
    ['an absolute path', `${HEAD}${line({ path: '/etc/passwd' })}`, 2],
    ['a path with a NUL', `${HEAD}${line({ path: 'a\0b' })}`, 2],
    ['a hidden path', `${HEAD}${line({ path: 'README.md', path_b64: Buffer.from('.github/workflows/x.yml').toString('base64') })}`, 2],
    ['a lone surrogate', `${HEAD}{"path":"\\ud800","layer":"workspace","op":"added","flags":[],"after":${JSON.stringify(entry())}}\n`, 2],
    ['base64 that is none', `${HEAD}${line({ path_b64: 'a' })}`, 2],
    ['a wrong count', `${HEAD}${line({})}{"end":true,"lines":2}\n`, 3],
    ['lines after the end', `${HEAD}{"end":true,"lines":0}\n${line({})}`, 3],
    ['two ends', `${HEAD}{"end":true,"lines":0}\n{"end":true,"lines":0}\n`, 3],
  ])('%s is an error with its line', async (_, text, number) => {
    const error = await errorOf(text);
    expect([error.file, error.line]).toEqual(['changes.ndjson', number]);
  });

  test('a line without end is not held in memory', async () => {
    const dir = newDirectory();
    const path = join(dir, 'changes.ndjson');
    writeFileSync(path, HEAD);
    for (let written = 0; written <= LINE_LIMIT; written += 1 << 20) appendFileSync(path, Buffer.alloc(1 << 20, 'x'));
    await expect(all(dir, 'changes.ndjson')).rejects.toThrow('changes.ndjson:2: longer than');
    rmSync(path);
  });

  test('hostile bytes give typed errors, never a crash', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(`${text}\n`)),
      fc.constantFrom(HEAD, line({}), '{"end":true,"lines":1}\n', '{"__proto__":{"end":true}}\n').map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 5 }), fc.boolean(), async (pieces, head) => {
        const dir = newDirectory();
        writeFileSync(join(dir, 'changes.ndjson'), Buffer.concat([Buffer.from(head ? HEAD : ''), ...pieces]));
        const error: unknown = await all(dir, 'changes.ndjson').catch((reason: unknown) => reason);
        expect(Array.isArray(error) || error instanceof RecordError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@cfworker/json-schema';
import type { Schema } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PHASES } from '../../../src/model/names.ts';
import { isSpare, RECORD, type RecordFile } from '../../../src/model/record.ts';
import { cli, git, jailed, type Ran, REPOSITORY, temporary } from '../../support/jail.ts';
import { applyPatch, dirtyRepository, EVERYTHING, filesIn, filesInJail, unpackedOn } from './everything.ts';

let place: ReturnType<typeof temporary>;
let work: string;
/** The workspace as it was when the run began. */
let base: string;
let ran: Ran;

beforeAll(async () => {
  place = temporary();
  work = dirtyRepository(place.path);
  base = join(place.path, 'base');
  execFileSync('cp', ['-a', work, base]);
  ran = await jailed(place.path, EVERYTHING, { setup: 'echo set up; curl -sS --max-time 2 http://denied.example/ || true' });
});
afterAll(() => place[Symbol.dispose]());

const changes = (): Record<string, unknown>[] => ran.ndjson('changes.ndjson');
const of = (path: string): Record<string, unknown> | undefined => changes().find((line) => line['path'] === path);

describe('a run that changes a bit of everything', () => {
  test('succeeds, and the workspace of the host stays as it was', () => {
    expect(ran.stderr).toContain('agent-jail: succeeded');
    expect(ran.code).toBe(0);
    expect(spawnSync('diff', ['--recursive', '--no-dereference', base, work], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stdout: '',
    });
  });

  test('lists each change by what it is', () => {
    const lines = changes()
      .filter((line) => line['layer'] === 'workspace')
      .map((line) => line as { op: string; path: string; from?: string })
      .map(({ op, path, from }) => `${op} ${path}${from === undefined ? '' : ` < ${from}`}`);
    expect(lines).toEqual([
      'modified a.txt',
      'added big.txt',
      'modified binary',
      'added build',
      'added build/out',
      'added build/out/a.o',
      'deleted deep/er',
      'deleted deep/er/gone.txt',
      'added empty',
      'modified link',
      'deleted moved',
      'added moved away',
      'renamed moved away/one < moved/one',
      'added name\nwith newline',
      'added name with  blanks',
      'added new',
      'added new-link',
      'added new/dir',
      'added new/dir/n',
      'added new/empty-directory',
      'modified no-end',
      'added not \ufffd UTF-8',
      'metadata script.sh',
      'renamed src/renamed.txt < src/b.txt',
    ]);
    expect(changes().find((line) => line['layer'] === 'home')).toMatchObject({ op: 'added', layer: 'home' });
    expect(of('tmp/in-tmp')).toMatchObject({ op: 'added', layer: 'root' });
    expect(of('build/out/a.o')?.['flags']).toContain('ignored');
    expect(Buffer.from(String(of('not \ufffd UTF-8')?.['path_b64']), 'base64').toString('latin1')).toBe('not \xff UTF-8');
    expect(of('script.sh')).toMatchObject({ before: { mode: 0o644 }, after: { mode: 0o755 } });
    expect(of('empty')).toMatchObject({ after: { size: 0, type: 'file' } });
  });

  test('has the SHA-256 that sha256sum gave in the jail', () => {
    const inJail = filesInJail(ran.transcript);
    expect(inJail.size).toBeGreaterThan(14);
    const compared = changes().flatMap((line) => {
      const after = line['after'] as { type: string; sha256: string } | undefined;
      if (line['layer'] !== 'workspace' || after?.type !== 'file') return [];
      const bytes = typeof line['path_b64'] === 'string' ? Buffer.from(line['path_b64'], 'base64') : Buffer.from(String(line['path']));
      expect(`${String(line['path'])} ${after.sha256}`).toBe(`${String(line['path'])} ${inJail.get(bytes.toString('latin1'))}`);
      return [line];
    });
    expect(compared.length).toBeGreaterThan(10);
  });

  test('the archive on the base is the tree, judged by GNU tar and sha256sum', () => {
    const into = join(place.path, 'unpacked');
    mkdirSync(into);
    const tree = unpackedOn(base, join(ran.out, 'changes.tar.gz'), work.slice(1), into);
    expect(filesIn(tree)).toEqual(filesInJail(ran.transcript));
    expect(statSync(join(tree, 'script.sh')).mode & 0o777).toBe(0o755);
    expect(readdirSync(join(tree, 'new/empty-directory'))).toEqual([]);
    expect(readFileSync(join(tree, 'link'), 'utf8')).toBe('b\n');
    expect(readFileSync(join(into, 'home/agent/in-home'), 'utf8')).toBe('home\n');
    expect(readFileSync(join(into, 'tmp/in-tmp'), 'utf8')).toBe('tmp\n');
  });

  test('git applies the patch to a clean clone, and finds no difference to the tree', () => {
    const clone = join(place.path, 'clone');
    mkdirSync(clone);
    applyPatch(base, join(ran.out, 'changes.patch'), clone);
    // What was applied is the whole of it: nothing stands beside the index.
    expect(git(clone, 'diff', '--stat')).toBe('');
    const tree = join(place.path, 'tree');
    const into = join(place.path, 'unpacked-again');
    mkdirSync(into);
    cpSync(unpackedOn(base, join(ran.out, 'changes.tar.gz'), work.slice(1), into), tree, { recursive: true, verbatimSymlinks: true });
    // Ignored by the base's rules: not the patch's business, and nowhere in it.
    rmSync(join(tree, 'build'), { recursive: true });
    expect(readFileSync(join(ran.out, 'changes.patch'), 'latin1')).not.toContain('a.o');
    for (const one of [clone, tree]) rmSync(join(one, '.git'), { recursive: true });
    expect(spawnSync('git', ['diff', '--no-index', '--stat', clone, tree], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
    expect(filesIn(clone)).toEqual(filesIn(tree));
  });

  test('verifies', async () => {
    const verified = await cli(['verify', ran.out], { cwd: place.path });
    const [digest = ''] = execFileSync('sha256sum', [join(ran.out, 'manifest.json')], { encoding: 'utf8' }).split(' ');
    expect(verified).toMatchObject({ code: 0, stdout: `intact, manifest sha256 ${digest}\n`, stderr: '' });
    for (const [file, { sha256, size }] of Object.entries(ran.manifest.files)) {
      const [sum] = execFileSync('sha256sum', [join(ran.out, file)], { encoding: 'utf8' }).split(' ');
      expect(`${file} ${sha256} ${size}`).toBe(`${file} ${sum} ${statSync(join(ran.out, file)).size}`);
    }
  });
});

describe('the files of the record', () => {
  test('are those of the table, 0600 in a directory 0700, of the caller', () => {
    const table = Object.entries(RECORD).filter(([file]) => !isSpare(file as RecordFile));
    expect(readdirSync(ran.out).sort()).toEqual(table.map(([file]) => file).sort());
    const modes = [ran.out, ...readdirSync(ran.out).map((file) => join(ran.out, file))].map((path) => {
      const { mode, uid, gid } = statSync(path);
      return `${(mode & 0o7777).toString(8)} ${uid} ${gid}`;
    });
    const owner = `${process.getuid?.()} ${process.getgid?.()}`;
    expect(modes).toEqual([`700 ${owner}`, ...table.map(() => `600 ${owner}`)]);
    const sealed = table.flatMap(([file, one]) => (one.sealed ? [file] : []));
    expect(Object.keys(ran.manifest.files).sort()).toEqual(sealed.sort());
  });

  test.each(Object.entries(RECORD).flatMap(([file, { schema }]) => (schema === null ? [] : [{ file, schema }])))(
    '$file is what its JSON schema says',
    ({ file, schema }) => {
      const text = readFileSync(join(REPOSITORY, 'schema/record', `${schema}.schema.json`), 'utf8');
      const validator = new Validator(JSON.parse(text) as Schema);
      const content = readFileSync(join(ran.out, file), 'utf8');
      const values = file.endsWith('.ndjson') ? content.replace(/\n$/, '').split('\n') : [content];
      for (const value of values) expect(validator.validate(JSON.parse(value)), value).toEqual({ valid: true, errors: [] });
      if (!file.endsWith('.ndjson')) return;
      const lines = values.map((value) => JSON.parse(value) as Record<string, unknown>);
      expect(lines[0]).toMatchObject({ schema: `agent-jail/${schema}@1` });
      expect(lines.at(-1)).toMatchObject({ end: true, lines: lines.length - 2 });
      expect(lines.length).toBeGreaterThan(2);
    },
  );

  test('run.json tells how it went', () => {
    const { run } = ran;
    // It is sealed before the last phase, which removes what the run made.
    expect(Object.keys(run.phases)).toEqual(PHASES.slice(0, -1));
    const times = Object.values(run.phases);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(run.base).toEqual({ commit: git(work, 'rev-parse', 'HEAD').trim(), dirty: true });
    expect(run.steps.map(({ setup, exit }) => ({ setup, code: exit?.code }))).toEqual([
      { setup: true, code: 0 },
      { setup: false, code: 0 },
    ]);
    expect(run.workspace).toBe(work);
    expect(run.exact).toBe(true);
    // Files and links that git would track; `build` and what is in it; the questions for an A and an AAAA record.
    expect(run.counts).toMatchObject({ changed: 15, ignored: 3, denied: ran.ndjson('network.ndjson').length, redacted: 0 });
    expect(run.counts.denied).toBeGreaterThan(0);
    expect(run.end).toEqual({ how: 'steps-done', failed: null });
    expect(Math.abs(Date.now() - Date.parse(run.started))).toBeLessThan(300_000);
    expect(ran.verdict).toMatchObject({ id: run.id, outcome: 'succeeded', findings: [] });
  });

  test('the index of the transcript covers it byte by byte', () => {
    const index = ran.ndjson('transcript.ndjson');
    const output = index.filter((line) => line['kind'] === 'output') as unknown as { offset: number; length: number; step: number }[];
    let at = 0;
    for (const { offset, length } of output) {
      expect(offset).toBe(at);
      at += length;
    }
    expect(at).toBe(statSync(join(ran.out, 'transcript.log')).size);
    const first = output.filter(({ step }) => step === 0).reduce((sum, { length }) => sum + length, 0);
    expect(ran.transcript.slice(0, first)).toContain('set up\n');
    expect(ran.transcript.slice(first)).not.toContain('set up\n');
  });
});

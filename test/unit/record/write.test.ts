import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JailError } from '../../../src/model/errors.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { RECORD } from '../../../src/model/record.ts';
import { verify } from '../../../src/record/verify.ts';
import { createRecord, hashFile, RECORD_FILES, SEALED_FILES, seal, temporaryName, writeRun } from '../../../src/record/write.ts';
import { digestOf, ID, makeRecord, ME, newDirectory, runWith, USUAL_FILES } from './fixture.ts';

const isRoot = process.getuid?.() === 0;
const OTHER = isRoot ? { uid: 61_234, gid: 61_235 } : ME;

describe('createRecord', () => {
  test('opens every file but those written whole, 0600 in 0700, owned by the caller', () => {
    const dir = newDirectory();
    const before = process.umask(0o777);
    try {
      const files = createRecord(dir, OTHER);
      writeSync(files.fd('backend.log'), 'noise');
      files.close();
    } finally {
      process.umask(before);
    }
    expect(readdirSync(dir).sort()).toEqual(RECORD_FILES.filter((file) => file !== 'run.json' && file !== 'manifest.json').sort());
    for (const path of [dir, ...readdirSync(dir).map((name) => join(dir, name))]) {
      const { mode, uid, gid } = lstatSync(path);
      expect([path, mode & 0o7777, uid, gid]).toEqual([path, path === dir ? 0o700 : 0o600, OTHER.uid, OTHER.gid]);
    }
    expect(readFileSync(join(dir, 'backend.log'), 'utf8')).toBe('noise');
  });

  test.each([
    ['does not exist', (dir: string) => `${dir}/none`],
    ['is not a directory', (dir: string) => (writeFileSync(`${dir}/file`, ''), `${dir}/file`)],
    ['is not a directory', (dir: string) => (mkdirSync(`${dir}/real`), symlinkSync(`${dir}/real`, `${dir}/link`), `${dir}/link`)],
    ['is not empty', (dir: string) => (symlinkSync('/nowhere', `${dir}/run.json`), dir)],
  ])('refuses a directory that %s', (why, prepare) => {
    const dir = prepare(newDirectory());
    expect(() => createRecord(dir as HostPath, ME)).toThrow(JailError);
    expect(() => createRecord(dir as HostPath, ME)).toThrow(why);
  });
});

describe('writeRun', () => {
  test('replaces the whole document and keeps owner and mode', () => {
    const dir = newDirectory();
    writeRun(dir, runWith({ notices: ['x'.repeat(10_000)] }), OTHER);
    writeRun(dir, runWith({ notices: ['second'] }), OTHER);
    expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(runWith({ notices: ['second'] }))));
    const { mode, uid } = lstatSync(join(dir, 'run.json'));
    expect([mode & 0o7777, uid]).toEqual([0o600, OTHER.uid]);
    expect(readdirSync(dir)).toEqual(['run.json']);
  });

  test('a link planted under the temporary name is not followed', () => {
    const dir = newDirectory();
    const victim = join(newDirectory(), 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(dir, temporaryName('run.json')));
    writeRun(dir, runWith(), ME);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(lstatSync(join(dir, 'run.json')).isFile()).toBe(true);
  });

  test('a link in place of run.json is replaced, not written through', () => {
    const dir = newDirectory();
    const victim = join(newDirectory(), 'victim');
    writeFileSync(victim, 'untouched');
    symlinkSync(victim, join(dir, 'run.json'));
    writeRun(dir, runWith(), ME);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
  });
});

describe('seal', () => {
  test('lists what is sealed, and gives the SHA-256 of the manifest', () => {
    const { dir, manifest } = makeRecord({ output: 'hello\n' });
    const bytes = readFileSync(join(dir, 'manifest.json'));
    expect(manifest).toBe(digestOf(bytes));
    const { files, id, schema } = JSON.parse(bytes.toString()) as {
      files: Record<string, { sha256: string; size: number }>;
      id: string;
      schema: string;
    };
    expect([schema, id]).toEqual(['agent-jail/manifest@1', ID]);
    expect(Object.keys(files)).toEqual(SEALED_FILES.filter((file) => USUAL_FILES.includes(file)));
    for (const [file, { sha256, size }] of Object.entries(files)) {
      const content = readFileSync(join(dir, file));
      expect([file, sha256, size]).toEqual([file, digestOf(content), content.length]);
    }
  });

  test('patches of other checkouts are sealed where there are some, and gone where there are none', async () => {
    const { dir } = makeRecord({ others: [{ path: 'deep/lib', patch: 'a patch\n' }] });
    const { files } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as { files: object };
    expect(readdirSync(dir).filter((file) => /\d/.test(file))).toEqual(['changes.1.patch']);
    expect(files).toMatchObject({ 'changes.1.patch': { sha256: digestOf('a patch\n'), size: 8 } });
    writeFileSync(join(dir, 'changes.1.patch'), 'b patch\n');
    writeFileSync(join(dir, 'changes.2.patch'), '');
    expect((await verify(dir)).problems).toEqual([
      { file: 'changes.1.patch', message: 'has another SHA-256' },
      { file: 'changes.2.patch', message: 'is not in manifest.json' },
    ]);
  });

  test('leaves out files that are not there, and refuses what is no file', () => {
    const { dir } = makeRecord({ sealed: false });
    unlinkSync(join(dir, 'usage.ndjson'));
    seal(dir, ID, ME);
    const { files } = JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as { files: object };
    expect(Object.keys(files)).toEqual(SEALED_FILES.filter((file) => file !== 'usage.ndjson' && USUAL_FILES.includes(file)));
    symlinkSync('/etc/hostname', join(dir, 'usage.ndjson'));
    expect(() => seal(dir, ID, ME)).toThrow('ELOOP');
  });

  test('every file of the table is filled by descriptor, written whole, or sealed', () => {
    expect(RECORD_FILES).toEqual(Object.keys(RECORD));
    expect(SEALED_FILES).not.toContain('manifest.json');
  });
});

test('hashFile reads large files in pieces', () => {
  const path = join(newDirectory(), 'large');
  writeFileSync(path, '');
  truncateSync(path, 3_000_001);
  expect(hashFile(path)).toEqual({ sha256: digestOf(Buffer.alloc(3_000_001)), size: 3_000_001 });
  expect(existsSync(`${path}.none`)).toBe(false);
  expect(hashFile(`${path}.none`)).toBeNull();
});

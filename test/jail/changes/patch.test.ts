import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import {
  applied,
  base,
  brief,
  collect,
  dir,
  fill,
  line,
  listing,
  mount,
  sameForGit,
  unpacked,
  useWorkspace,
  work,
  write,
} from './fixture.ts';

useWorkspace();

describe('the patch', () => {
  test('modes, links, new, deleted, empty, binary, no final newline: git applies it to the same tree', async () => {
    fill(base, {
      'run.sh': '#!/bin/sh\n',
      'plain.sh': '#!/bin/sh\n',
      'no-end': 'one\ntwo',
      'crlf.txt': 'a\r\nb\r\n',
      'gone/file': 'x\n',
      'empty-gone': '',
      'binary.bin': Buffer.from([0, 1, 2, 3, 0, 255]),
      'long.txt': 'x\n'.repeat(5000),
    });
    chmodSync(join(base, 'plain.sh'), 0o755);
    symlinkSync('run.sh', join(base, 'link'));
    mount();
    chmodSync(join(work, 'run.sh'), 0o755);
    chmodSync(join(work, 'plain.sh'), 0o644);
    write('no-end', 'one\nthree');
    write('crlf.txt', 'a\r\nc\r\n');
    rmSync(join(work, 'gone'), { recursive: true });
    rmSync(join(work, 'empty-gone'));
    write('binary.bin', Buffer.from([9, 0, 8, 0, 255, 254]));
    write('empty-new', '');
    write('long.txt', `${'x\n'.repeat(2500)}y\n${'x\n'.repeat(2500)}`);
    rmSync(join(work, 'link'));
    symlinkSync('no-end', join(work, 'link'));
    symlinkSync('nowhere', join(work, 'dangling'));
    const outcome = await collect();
    expect(outcome.footer.patch).toEqual({ files: 11, others: [], left_out: [], more: 0 });
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(line(outcome, 'binary.bin').flags).toEqual(['binary']);
  });

  test('an owner or a mode that git does not know leaves it empty', async () => {
    fill(base, { a: 'a' });
    mount();
    chmodSync(join(work, 'a'), 0o600);
    mkdirSync(join(work, 'empty'));
    const outcome = await collect();
    expect(outcome.patch.length).toBe(0);
    expect(outcome.footer.patch).toEqual({ files: 0, others: [], left_out: [], more: 0 });
    expect(brief(outcome)).toEqual(['metadata a', 'added empty']);
  });

  test('the base decides what is ignored, the agent does not', async () => {
    fill(base, {
      '.gitignore': 'node_modules/\n*.log\n',
      'sub/.gitignore': '!keep.log\n/only\n',
      'node_modules/dep/index.js': '1',
      'tracked.log': 't',
      'node_modules/dep/old.js': 'o',
      '.git/info/exclude': 'local/\n',
    });
    execFileSync('git', ['init', '-q'], { cwd: base });
    writeFileSync(join(base, '.git/info/exclude'), 'local/\n');
    execFileSync('git', ['add', '-f', '.gitignore', 'sub/.gitignore', 'tracked.log'], { cwd: base });
    mount();
    write('.gitignore', '*\n');
    write('evil.ts', 'shown');
    write('tracked.log', 'shown');
    write('new.log', 'ignored');
    mkdirSync(join(work, 'local'));
    write('local/x', 'ignored');
    write('sub/keep.log', 'shown');
    write('sub/other.log', 'ignored');
    write('sub/only', 'ignored');
    write('node_modules/dep/index.js', 'ignored');
    rmSync(join(work, 'node_modules/dep/old.js'));
    const outcome = await collect();
    const ignored = outcome.lines.filter(({ flags }) => flags.includes('ignored')).map(({ path }) => path);
    expect(ignored).toEqual([
      'local',
      'local/x',
      'new.log',
      'node_modules/dep/index.js',
      'node_modules/dep/old.js',
      'sub/only',
      'sub/other.log',
    ]);
    expect(outcome).toMatchObject({ ignored: 7, changed: 4 });
    expect(outcome.patch.toString().match(/^diff --git a\/\S+/gm)).toEqual([
      'diff --git a/.gitignore',
      'diff --git a/evil.ts',
      'diff --git a/sub/keep.log',
      'diff --git a/tracked.log',
    ]);
    expect(gunzipSync(outcome.archive).includes('node_modules/dep/.wh.old.js')).toBe(true);
  });

  test.each(['deleted', 'retyped'])(
    'of an ignored directory that was %s a thousand paths are listed, and the rest is counted',
    async (op) => {
      const names = Array.from({ length: 1500 }, (_, n) => `node_modules/d${n % 7}/f${n}`);
      fill(base, {
        '.gitignore': 'node_modules/\n',
        ...Object.fromEntries(names.map((name) => [name, name])),
        'node_modules/z/tracked': 'x',
      });
      fill(base, Object.fromEntries(names.map((name, n) => [`src/f${n}`, name])));
      execFileSync('git', ['init', '-q'], { cwd: base });
      execFileSync('git', ['add', '-f', '.gitignore', 'node_modules/z/tracked', 'src'], { cwd: base });
      mount();
      rmSync(join(work, 'node_modules'), { recursive: true });
      if (op === 'retyped') write('node_modules', 'a file');
      rmSync(join(work, 'src'), { recursive: true });
      const outcome = await collect();
      const below = outcome.lines.filter(({ path }) => path.startsWith('node_modules/'));
      const { more = 0 } = line(outcome, 'node_modules');
      // 1,500 files and 8 directories, and the tracked one, wherever it comes.
      expect([below.length + more, line(outcome, 'node_modules').op]).toEqual([1509, op]);
      expect([1000, 1001]).toContain(below.length);
      expect(line(outcome, 'node_modules/z/tracked').flags).toEqual([]);
      // What git tracks is listed, and in the patch.
      expect(outcome.lines.filter(({ path }) => path.startsWith('src/')).length).toBe(1500);
      expect(outcome.footer).toMatchObject({ unlisted: more, patch: { left_out: expect.any(Array) } });
      expect(outcome.patch.toString().match(/^deleted file mode/gm)).toHaveLength(1501);
      expect(listing(unpacked(outcome))).toEqual(listing(work));
    },
  );

  test('without an index, nothing that the base has is ignored', async () => {
    fill(base, { '.gitignore': '*.log\n', 'old.log': '1' });
    mount();
    write('old.log', '2');
    write('new.log', '2');
    const outcome = await collect();
    expect(line(outcome, 'old.log').flags).toEqual([]);
    expect(line(outcome, 'new.log').flags).toEqual(['ignored']);
  });

  test('what git says of itself is in the error', async () => {
    mount();
    write('new', 'x');
    writeFileSync(join(dir, 'git'), '#!/bin/sh\necho "fatal: no room" >&2\nexit 128\n', { mode: 0o755 });
    vi.stubEnv('PATH', dir);
    try {
      await expect(collect()).rejects.toThrow('git could not make the patch: it ended with 128: fatal: no room');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('no git is an error that says so', async () => {
    mount();
    write('new', 'x');
    vi.stubEnv('PATH', dir);
    try {
      await expect(collect()).rejects.toThrow('git could not make the patch: spawn git ENOENT');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

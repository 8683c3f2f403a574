import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { applied, at, base, collect, dir, fill, line, listing, mount, sameForGit, unpacked, useWorkspace, work, write } from './fixture.ts';

useWorkspace();

describe('hostile trees', () => {
  test('names as bytes, in manifest, patch and archive', async () => {
    const names = [
      'new\nline',
      'tab\there',
      'q"uote\\',
      'a:b',
      'dir \u202etxt',
      '-rf',
      'trailing ',
      "it's",
      'é',
      `${'l'.repeat(254)}`,
      'dot.',
      '\x01',
    ];
    const raw = [Buffer.from([0x6e, 0xff, 0xfe]), Buffer.concat([Buffer.alloc(120, 0x78), Buffer.from([0xff])])];
    fill(base, { 'keep me': 'k' });
    for (const name of ['old\nname', 'é']) writeFileSync(at(base, name), 'old');
    writeFileSync(at(base, Buffer.from([0xfe, 0x2d])), 'old');
    mount();
    for (const name of [...names, ...raw]) write(name, 'content\n');
    rmSync(at(work, 'old\nname'));
    rmSync(at(work, Buffer.from([0xfe, 0x2d])));
    const outcome = await collect();
    const paths = outcome.lines.map(({ path, path_b64 }) => (path_b64 === undefined ? Buffer.from(path) : Buffer.from(path_b64, 'base64')));
    expect(paths).toEqual([...paths].sort((a, b) => Buffer.compare(a, b)));
    expect(paths.map((path) => path.toString('latin1'))).toEqual(
      expect.arrayContaining([...names, ...raw].map((name) => Buffer.from(name).toString('latin1'))),
    );
    const odd = outcome.lines.filter(({ flags }) => flags.includes('odd-name')).length;
    expect(odd).toBe(9);
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('a name that looks like a whiteout deletes nothing', async () => {
    fill(base, { delme: 'precious' });
    mount();
    write('.wh.delme', 'forged');
    mkdirSync(join(work, '.wh..wh..opq'));
    write('.wh..wh..opq/x', 'forged');
    const outcome = await collect();
    expect(outcome.lines.every(({ op, flags }) => op === 'added' && flags.includes('odd-name'))).toBe(true);
    expect(outcome.footer.archive).toMatchObject({
      entries: 0,
      left_out: [{ why: 'whiteout-name' }, { why: 'whiteout-name' }, { why: 'whiteout-name' }],
    });
    expect(listing(unpacked(outcome))).toEqual(listing(base));
    expect(sameForGit(applied(outcome), work)).toEqual({ status: 0, text: '' });
  });

  test('FIFO, socket, setuid, escaping link: flagged, and no reader hangs', async () => {
    fill(base, { 'was-a-file': 'x', sock: 'x' });
    mount();
    execFileSync('mkfifo', [join(work, 'pipe')]);
    rmSync(join(work, 'sock'));
    execFileSync('perl', ['-MIO::Socket::UNIX', '-e', `IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1)`, join(work, 'sock')]);
    rmSync(join(work, 'was-a-file'));
    execFileSync('mkfifo', [join(work, 'was-a-file')]);
    write('suid', 'x', 0o4755);
    symlinkSync('../../../../etc/shadow', join(work, 'up'));
    symlinkSync('/etc/shadow', join(work, 'absolute'));
    symlinkSync('sub/../..', join(work, 'sideways'));
    symlinkSync('./suid', join(work, 'inside'));
    symlinkSync('loop', join(work, 'loop'));
    const outcome = await collect();
    expect(Object.fromEntries(outcome.lines.map(({ path, flags }) => [path, flags]))).toEqual({
      absolute: ['escaping-link'],
      inside: [],
      loop: [],
      pipe: ['special'],
      sideways: ['escaping-link'],
      sock: ['special'],
      suid: ['setuid'],
      up: ['escaping-link'],
      'was-a-file': ['special'],
    });
    expect(outcome.footer.patch.left_out.map(({ path }) => path)).toEqual(['pipe', 'sock', 'was-a-file']);
    expect(outcome.footer.archive.left_out).toEqual([{ path: 'sock', why: 'special' }]);
    applied(outcome);
    expect(listing(unpacked(outcome))).toEqual(listing(work, ['sock']));
  });

  test('sparse files, and a large one with one byte changed', async () => {
    writeFileSync(join(base, 'large'), Buffer.alloc(64 << 20, 0x61));
    mount();
    const fd = openSync(join(work, 'large'), 'r+');
    writeSync(fd, 'b', 1000);
    closeSync(fd);
    write('sparse', '');
    truncateSync(join(work, 'sparse'), 100 << 20);
    write('endless', 'start');
    const endless = openSync(join(work, 'endless'), 'r+');
    ftruncateSync(endless, 2 ** 40);
    closeSync(endless);
    const outcome = await collect();
    expect(outcome.footer.patch.left_out).toEqual([
      { path: 'endless', why: 'unread' },
      { path: 'large', why: 'too-large' },
      { path: 'sparse', why: 'too-large' },
    ]);
    expect(line(outcome, 'endless')).toMatchObject({ flags: ['special', 'binary'], after: { size: 2 ** 40, sha256: null } });
    expect(outcome.footer.archive.left_out).toEqual([{ path: 'endless', why: 'unread' }]);
    expect(outcome.withheld).toBe(1);
    expect(listing(unpacked(outcome))).toEqual(listing(work, ['endless']));
  });

  test('one file of many names is read once and archived once', async () => {
    mount();
    write('0', Buffer.alloc(1 << 20, 0x62));
    for (let i = 1; i < 200; i += 1) linkSync(join(work, '0'), join(work, String(i)));
    const outcome = await collect();
    expect(outcome.lines).toHaveLength(200);
    expect(new Set(outcome.lines.map(({ after }) => after?.sha256)).size).toBe(1);
    expect(gunzipSync(outcome.archive).length).toBeLessThan(2 << 20);
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('a sparse file of several names, and one that is gone', async () => {
    fill(base, { old: 'old' });
    mount();
    rmSync(join(work, 'old'));
    write('0', 'begin');
    truncateSync(join(work, '0'), 64 << 20);
    for (const name of ['1', '2']) linkSync(join(work, '0'), join(work, name));
    const outcome = await collect();
    expect(outcome.lines.map(({ path, op }) => [path, op])).toEqual([
      ['0', 'added'],
      ['1', 'added'],
      ['2', 'added'],
      ['old', 'deleted'],
    ]);
    // Further names are links: its bytes are there once.
    expect(gunzipSync(outcome.archive).length).toBeLessThan(65 << 20);
    expect(listing(unpacked(outcome))).toEqual(listing(work));
  });

  test('paths longer than one system call takes', async () => {
    fill(base, { a: 'a' });
    mount();
    execFileSync('perl', [
      '-e',
      'chdir $ARGV[0]; for (1..60) { mkdir "n" x 200; chdir "n" x 200 or die $! } open F, ">", "leaf"; print F "deep"',
      work,
    ]);
    const outcome = await collect();
    expect(outcome.lines).toHaveLength(61);
    expect(outcome.lines.at(-1)).toMatchObject({
      op: 'added',
      after: { size: 4, sha256: createHash('sha256').update('deep').digest('hex') },
    });
    expect(outcome.footer.patch.left_out).toEqual([{ path: outcome.lines.at(-1)?.path, why: 'long-path' }]);
    applied(outcome);
  });

  test('a tree without end is an error that says so', async () => {
    mount();
    execFileSync('perl', ['-e', 'chdir $ARGV[0]; for (1..200) { mkdir "n" x 200; chdir "n" x 200 or die $! }', work]);
    await expect(collect()).rejects.toThrow(/path of more than 32768 bytes/);
  });

  test("the agent's attributes, configuration and repositories do not reach the patch", async () => {
    fill(base, { 'a.txt': 'old\n' });
    execFileSync('git', ['init', '-q'], { cwd: base });
    mount();
    write('.gitattributes', '* -diff\n*.txt binary\n');
    write('a.txt', 'new\n');
    writeFileSync(join(work, '.git/config'), `[core]\n\tfsmonitor = touch ${dir}/owned\n[diff]\n\texternal = touch ${dir}/owned\n`);
    mkdirSync(join(work, 'sub/.GIT'), { recursive: true });
    write('sub/.GIT/config', 'x');
    write('sub/git~1', 'x');
    symlinkSync('a.txt', join(work, '.gitmodules'));
    const outcome = await collect();
    expect(outcome.patch.toString()).toContain('-old\n+new\n');
    expect(outcome.footer.patch.left_out.map(({ path, why }) => `${path} ${why}`)).toEqual([
      '.git/config git-dir',
      '.gitmodules gitmodules-link',
      'sub/.GIT/config git-dir',
      'sub/git~1 git-dir',
    ]);
    expect(existsSync(join(dir, 'owned'))).toBe(false);
    expect(outcome.changed).toBe(3);
    applied(outcome);
  });

  test('modes that refuse reading do not hide content from the collector', async () => {
    mount();
    mkdirSync(join(work, 'closed'));
    write('closed/file', 'hidden', 0);
    chmodSync(join(work, 'closed'), 0);
    const outcome = await collect();
    expect(line(outcome, 'closed/file').after?.sha256).toBe(createHash('sha256').update('hidden').digest('hex'));
  });
});

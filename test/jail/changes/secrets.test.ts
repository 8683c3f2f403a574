import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { collectChanges } from '../../../src/changes/collect.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { base, collect, dir, FILES, fill, line, mount, SECRET, useWorkspace, work, workspace, write } from './fixture.ts';

useWorkspace();

describe('secrets', () => {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: work, encoding: 'utf8' });

  test('a file that holds one, in any listed form, is in neither patch nor archive', async () => {
    fill(base, { removed: `a ${SECRET}\n`, cleaned: `b ${SECRET}\n`, fine: 'fine\n' });
    mount();
    rmSync(join(work, 'removed'));
    write('cleaned', 'clean\n');
    write('plain', `x=${SECRET}\n`);
    write('hex', Buffer.from(SECRET).toString('hex'));
    for (const shift of [0, 1, 2]) write(`base64-${shift}`, Buffer.from(`${'z'.repeat(shift)}${SECRET}zz`).toString('base64'));
    write('packed.gz', gzipSync(`${'x'.repeat(100_000)}${SECRET}`));
    write('border', Buffer.concat([Buffer.alloc((1 << 20) - 7, 0x61), Buffer.from(SECRET), Buffer.alloc(2 << 20, 0x62)]));
    write(`named-${SECRET}`, 'x');
    mkdirSync(join(work, `dir-${SECRET}`));
    write(`dir-${SECRET}/child`, 'y');
    symlinkSync(`to-${SECRET}`, join(work, 'link'));
    git('init', '-q');
    write('note', SECRET);
    git('add', 'note');
    git('commit', '-qm', 'x');
    git('gc', '-q');
    git('add', 'plain');
    write('fine', 'still fine\n');
    const outcome = await collect([workspace()], [{ name: 'TOKEN', value: SECRET }]);
    const withheld = outcome.lines.filter(({ flags }) => flags.includes('secret'));
    expect(withheld.filter(({ path }) => !path.startsWith('.git/')).map(({ op, path }) => `${op} ${path}`)).toEqual([
      'added base64-0',
      'added base64-1',
      'added base64-2',
      'added border',
      'modified cleaned',
      'added dir-***',
      'added dir-***/child',
      'added hex',
      'added link',
      'added named-***',
      'added note',
      'added packed.gz',
      'added plain',
      'deleted removed',
    ]);
    const inGit = withheld.filter(({ path }) => path.startsWith('.git/')).map(({ path }) => path.replace(/[0-9a-f]{38,40}/, 'X'));
    expect(inGit).toEqual([expect.stringMatching(/^\.git\/objects\/[0-9a-f]{2}\/X$/), '.git/objects/pack/pack-X.pack']);
    expect(withheld.every(({ before, after }) => (before?.sha256 ?? null) === null && (after?.sha256 ?? null) === null)).toBe(true);
    expect(line(outcome, 'link').after?.link).toBe('to-***');
    expect(outcome.withheld).toBe(withheld.length);
    const tar = gunzipSync(outcome.archive);
    for (const bytes of [outcome.patch, tar, Buffer.from(JSON.stringify([outcome.lines, outcome.footer]))])
      expect(bytes.includes(SECRET)).toBe(false);
    expect(outcome.patch.toString()).toContain('+still fine');
    expect(tar.includes('still fine')).toBe(true);
  });

  test("the forms are the caller's where it passes some", async () => {
    mount();
    write('reversed', [...SECRET].reverse().join(''));
    const out = join(dir, 'x');
    mkdirSync(out);
    const fds = FILES.map((file) => openSync(join(dir, file), 'wx'));
    const outputs = Object.fromEntries(FILES.map((file, index) => [file, fds[index]])) as Record<(typeof FILES)[number], number>;
    const collected = await collectChanges(
      {
        kind: 'changes',
        id: 'x',
        layers: [workspace()],
        outputs,
        result: join(dir, 'none') as HostPath,
        secrets: [],
        mask: [],
        touched: false,
        agents: [],
        scratch: out as HostPath,
      },
      [{ name: 'TOKEN', bytes: [Buffer.from([...SECRET].reverse().join(''))] }],
    );
    for (const fd of fds) closeSync(fd);
    expect(collected.withheld).toBe(1);
  });
});

describe('what looks like a well-known credential', () => {
  // Put together here: as one word it would be found in this file.
  const token = (tail: string): string => `ghp_${`${tail}aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zaB3dE`.slice(0, 36)}`;

  test('is withheld where it is new in what git would track; the kind is named', async () => {
    fill(base, { '.gitignore': 'cache/\n', old: `a ${token('old')}\n`, moved: 'x\n', config: `t: ${token('old')}\n` });
    mount();
    mkdirSync(join(work, 'cache'));
    write('new', `t=${token('new')}\n`);
    write('old', `b ${token('old')}\nanother line\n`);
    write('config', `t: ${token('other')}\n`);
    write('cache/x', token('new'));
    write('example', 'AKIAIOSFODNN7EXAMPLE\n');
    write('border', Buffer.concat([Buffer.alloc((1 << 20) - 7, 0x20), Buffer.from(token('new')), Buffer.alloc(2 << 20, 0x0a)]));
    const outcome = await collect();
    const flagged = outcome.lines.filter(({ flags }) => flags.includes('secret'));
    expect(flagged.map(({ path, token: kind }) => [path, kind])).toEqual([
      ['border', 'github-token'],
      ['config', 'github-token'],
      ['new', 'github-token'],
    ]);
    expect([outcome.withheld, outcome.lines.length]).toEqual([3, 7]);
    const tar = gunzipSync(outcome.archive);
    for (const bytes of [outcome.patch, tar]) expect(bytes.includes(token('new')) && !bytes.includes('cache/x')).toBe(false);
    expect(outcome.patch.toString()).not.toContain(token('other'));
    expect(outcome.patch.toString()).toContain('another line');
  });

  test('is no change’s business in home and root, which are full of examples', async () => {
    mount();
    const home = join(dir, 'plain');
    writeFileSync(join(home, 'token'), token('new'));
    const outcome = await collect([
      workspace(),
      { ...workspace(), layer: 'home', target: '/home/agent' as JailPath, upper: home as HostPath, lowers: [], merged: home as HostPath },
    ]);
    expect(line(outcome, 'token').flags).toEqual([]);
  });
});

describe('the answer', () => {
  test('text, without secrets, at most 64 KiB', async () => {
    mount();
    writeFileSync(
      join(dir, 'result'),
      Buffer.concat([Buffer.from(`done \xff ${SECRET} é`, 'utf8'), Buffer.from([0xff]), Buffer.alloc(70_000, 0x2e)]),
    );
    const { result } = await collect([workspace()], [{ name: 'TOKEN', value: SECRET }]);
    expect(result.startsWith('done ÿ *** é\ufffd....')).toBe(true);
    expect(Buffer.byteLength(result)).toBeLessThanOrEqual(64 << 10);
  });

  test('a secret across the border is not shown in part', async () => {
    mount();
    writeFileSync(join(dir, 'result'), `${'.'.repeat((64 << 10) - 5)}${SECRET}`);
    const { result } = await collect([workspace()], [{ name: 'TOKEN', value: SECRET }]);
    expect(result.endsWith('.***')).toBe(true);
  });

  test.each([
    ['nothing', () => undefined],
    ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a directory', (path: string) => mkdirSync(path)],
  ])('%s counts as no answer', async (_, make) => {
    mount();
    make(join(dir, 'result'));
    expect((await collect()).result).toBe('');
  });
});

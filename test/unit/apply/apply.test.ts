import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyPlaces, checkPlaces } from '../../../src/apply/apply.ts';
import { findTarget, refuseOtherBase } from '../../../src/apply/target.ts';
import { Tree } from '../../../src/apply/tree.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { BASE, change, checkout, contentsOf, directory, git, planned, recordOf, write } from './support.ts';
import type { Thing, Things } from './support.ts';

const WISH = { message: 'from the agent', name: 'A Caller', email: 'caller@example.com' };

/** git, which is slow to start, need not be asked where its directory is. */
const isOrdinary = (top: string): boolean => lstatSync(join(top, '.git')).isDirectory();

async function apply(top: string, made: ReturnType<typeof recordOf>, commit: string | null = null): Promise<string | null> {
  const { record, places } = await planned(made);
  const target = isOrdinary(top) ? { top: top as HostPath, gitDir: join(top, '.git') as HostPath } : await findTarget(top as HostPath);
  return await applyPlaces(record, target, places, commit === null ? null : { wish: WISH, head: commit });
}
/** The checkout as it would be, made by hand. */
function byHand(things: Things): ReturnType<typeof contentsOf> {
  const top = directory();
  for (const [path, thing] of Object.entries(BASE)) write(join(top, path), thing);
  for (const path of Object.keys(things)) rmSync(join(top, path), { recursive: true, force: true });
  for (const [path, thing] of Object.entries(things)) if (thing !== null) write(join(top, path), thing);
  return contentsOf(top);
}

const CASES: Readonly<Record<string, Things>> = {
  'a file': { 'src/new.txt': 'new\n' },
  'a file in new directories': { 'x/y/z': 'new\n' },
  'an executable': { tool: { x: '#!/bin/sh\nexit\n' } },
  'an empty file': { empty: '' },
  'a changed file': { 'a.txt': 'one\ntwo\n' },
  'a file that becomes executable': { 'a.txt': { x: 'one\n' } },
  'a file that is executable no more': { 'src/run.sh': '#!/bin/sh\n' },
  'a file that goes, with its directories': { 'docs/x/deep': null },
  'a link': { 'src/to': { link: '../a.txt' } },
  'a link to elsewhere in the checkout': { link: { link: 'src/b.txt' } },
  'a file in place of a link': { link: 'plain\n' },
  'a link in place of a file': { 'a.txt': { link: 'src/b.txt' } },
  'a directory in place of a file': { 'a.txt': null, 'a.txt/x': 'x\n' },
  'a directory in place of a link': { link: null, 'link/x': 'x\n' },
  'a file in place of a directory': { docs: 'flat\n', 'docs/x/deep': null },
  'a link in place of a directory': { docs: { link: 'src' }, 'docs/x/deep': null },
  'two files with one content': { one: 'same\n', 'src/two': 'same\n', three: { x: 'same\n' } },
  'a name that is odd': { 'line\nbreak\t"quoted" \\ ;$(x)': 'odd\n', '-n': 'dash\n' },
};

describe('all of the places, as by hand', () => {
  test.each(Object.entries(CASES))('%s', async (_, things) => {
    const { top, commit } = checkout();
    const before = contentsOf(join(top, '.git'), '');
    await apply(top, recordOf(commit, BASE, things));
    expect(contentsOf(top)).toEqual(byHand(things));
    expect(contentsOf(join(top, '.git'), '')).toEqual(before);
  });

  test('all at once, committed: git finds nothing left to commit, and the commit is the caller’s', async () => {
    const { top, commit } = checkout();
    const things: Record<string, Thing> = { ...CASES['a file'], ...CASES['a changed file'], ...CASES['a name that is odd'] };
    Object.assign(things, CASES['a file in place of a directory'], CASES['a directory in place of a link']);
    write(join(top, 'untracked'), 'not asked for\n');
    const made = await apply(top, recordOf(commit, BASE, things), commit);
    expect(git(top, 'rev-parse', 'HEAD')).toBe(made);
    expect(git(top, 'status', '--porcelain')).toBe('?? untracked');
    expect(git(top, 'log', '-1', '--format=%P|%an|%ae|%cn|%ce|%B')).toBe(
      `${commit}|A Caller|caller@example.com|A Caller|caller@example.com|from the agent`,
    );
    expect(git(top, 'diff-tree', '-r', '-z', '--name-only', '--no-commit-id', 'HEAD').split('\0').filter(Boolean).sort()).toEqual(
      Object.keys(things).sort(),
    );
    expect(git(top, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  });

  test('names that are no UTF-8', async () => {
    const { top, commit } = checkout();
    const name = Buffer.from([0x73, 0x72, 0x63, 0x2f, 0xff, 0xfe]);
    const made = recordOf(commit, BASE, { x: 'bytes\n' }, { changes: [change(name, null, 'bytes\n')] });
    await apply(top, made, commit);
    expect(readdirSync(Buffer.from(join(top, 'src')), { encoding: 'buffer' })).toContainEqual(name.subarray(4));
    expect(git(top, 'status', '--porcelain')).toBe('');
  });

  test('umask holds, and no file has two names', async () => {
    const { top, commit } = checkout();
    const before = process.umask(0o077);
    try {
      await apply(top, recordOf(commit, BASE, CASES['two files with one content'] ?? {}));
    } finally {
      process.umask(before);
    }
    expect(contentsOf(top)).toMatchObject({ one: '600 same\n', 'src/two': '600 same\n', three: '700 same\n' });
    writeFileSync(join(top, 'one'), 'other\n');
    expect(contentsOf(top)).toMatchObject({ 'src/two': '600 same\n', three: '700 same\n' });
  });
});

describe('none of the places', () => {
  const wrong: Readonly<Record<string, readonly [Things, (top: string) => void, RegExp]>> = {
    'a file that is not what the run saw': [
      { 'a.txt': 'x\n' },
      (top) => writeFileSync(join(top, 'a.txt'), 'mine\n'),
      /a\.txt: it is not what the run saw/,
    ],
    'a mode that is not': [{ 'a.txt': 'x\n' }, (top) => chmodSync(join(top, 'a.txt'), 0o755), /a\.txt: it is not what the run saw/],
    'a link that is not': [
      { link: null },
      (top) => (rmSync(join(top, 'link')), symlinkSync('/etc', join(top, 'link'))),
      /link: it is not what/,
    ],
    'a file that is gone': [{ 'a.txt': 'x\n' }, (top) => rmSync(join(top, 'a.txt')), /a\.txt: it is not there/],
    'a file that is there already': [{ new: 'x\n' }, (top) => writeFileSync(join(top, 'new'), 'mine\n'), /new: it is there already/],
    'a directory that is there already': [{ new: 'x\n' }, (top) => mkdirSync(join(top, 'new')), /new: it is there already/],
    'a link on the way': [
      { 'src/new': 'x\n' },
      (top) => (renameSync(join(top, 'src'), join(top, 'elsewhere')), symlinkSync('elsewhere', join(top, 'src'))),
      /src\/new: a file or a link is in the way/,
    ],
    'a link of the base on the way': [{ 'link/new': 'x\n' }, () => {}, /link\/new: a file or a link is in the way/],
    'a file of the base on the way': [{ 'a.txt/new': 'x\n' }, () => {}, /a\.txt\/new: a file or a link is in the way/],
    'a repository on the way': [
      { 'src/b.txt': 'x\n' },
      (top) => mkdirSync(join(top, 'src/.git')),
      /src\/b\.txt: it lies in a repository of its own/,
    ],
    'a bare repository': [
      { 'src/HEAD': 'ref: refs/heads/x\n', 'src/config': '[core]\n', 'src/objects/x': '', 'src/refs/x': '' },
      () => {},
      /src\/config: it would be part of a directory that git takes for a repository/,
    ],
    'a bare repository that was there': [
      { 'src/config': '[core]\n\tfsmonitor = touch /tmp/x\n' },
      (top) => (
        writeFileSync(join(top, 'src/HEAD'), 'ref: refs/heads/x\n'), mkdirSync(join(top, 'src/objects')), mkdirSync(join(top, 'src/refs'))
      ),
      /src\/config: it would be part of/,
    ],
    'a worktree of a repository elsewhere': [{ 'src/HEAD': 'x\n', 'src/commondir': '../x\n' }, () => {}, /src\/HEAD: it would be part of/],
    'a directory that does not become empty': [
      { docs: 'flat\n', 'docs/x/deep': null },
      (top) => writeFileSync(join(top, 'docs/mine'), 'mine\n'),
      /docs is not, or did not stay, what the run saw/,
    ],
  };
  test.each(Object.entries(wrong))('%s', async (_, [things, disturb, message]) => {
    const { top, commit } = checkout();
    // What else is in the record must not arrive either.
    const made = recordOf(commit, BASE, { 'aaa/first': 'first\n', ...things, zzz: 'last\n' });
    disturb(top);
    const before = contentsOf(top, '');
    const error = await apply(top, made).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'Refusal' });
    const { message: said, what, remedy } = error as { message: string; what: string[]; remedy: string };
    expect([said, ...what].join('\n')).toMatch(message);
    expect(remedy).not.toBe('');
    expect(contentsOf(top, '')).toEqual(before);
  });

  test('a content that the archive lacks, or has otherwise', async () => {
    const { top, commit } = checkout();
    const before = contentsOf(top, '');
    for (const archived of [[], ['nwe\n'], ['new\n\n']]) {
      const { archive } = await import('./support.ts');
      const made = recordOf(commit, BASE, { new: 'new\n', 'a.txt': 'x\n' }, { archive: archive([...archived, 'x\n']) });
      await expect(apply(top, made)).rejects.toThrow('changes.tar.gz: lacks the content of 1 of the changed files');
      expect(contentsOf(top, '')).toEqual(before);
    }
  });

  test('check alone writes nothing, and finds the same', async () => {
    const { top, commit } = checkout();
    const before = contentsOf(top, '');
    const good = await planned(recordOf(commit, BASE, { new: 'new\n', 'a.txt': null }));
    const target = await findTarget(top as HostPath);
    await checkPlaces(good.record, target, good.places);
    const bad = await planned(recordOf(commit, BASE, { new: 'new\n', 'link/x': 'x\n' }));
    await expect(checkPlaces(bad.record, target, bad.places)).rejects.toThrow('the checkout is not what the run saw');
    expect(contentsOf(top, '')).toEqual(before);
  });
});

describe('a directory that is swapped for a link', () => {
  test('between the look and the write: nothing is written elsewhere', async () => {
    const { top } = checkout();
    const elsewhere = directory();
    const tree = new Tree(top as HostPath);
    try {
      expect(tree.content('src/new')).toBeNull();
      renameSync(join(top, 'src'), join(top, 'old'));
      symlinkSync(elsewhere, join(top, 'src'));
      writeFileSync(join(top, 'staged'), 'x');
      for (const write of [
        () => tree.put('src/new', join(top, 'staged')),
        () => tree.take('src/b.txt', join(top, 'taken')),
        () => tree.remove('src/b.txt'),
      ]) {
        expect(write).toThrow('a file or a link is in the way');
      }
      expect(readdirSync(elsewhere)).toEqual([]);
      // A name that is a link itself is never written through.
      symlinkSync(join(elsewhere, 'target'), join(top, 'planted'));
      expect(() => tree.put('planted', join(top, 'staged'))).toThrow('EEXIST');
      expect(readdirSync(elsewhere)).toEqual([]);
      // And the top itself stays what it was when it was opened.
      renameSync(top, `${top}-moved`);
      symlinkSync(elsewhere, top);
      tree.put('safe', join(`${top}-moved`, 'staged'));
      expect([readdirSync(elsewhere), existsSync(join(`${top}-moved`, 'safe'))]).toEqual([[], true]);
    } finally {
      tree.close();
      rmSync(`${top}-moved`, { recursive: true, force: true });
    }
  });
});

describe('the target', () => {
  test('must be the top of a checkout', async () => {
    const { top } = checkout();
    const plain = directory();
    writeFileSync(join(plain, 'file'), '');
    for (const [dir, message] of [
      [join(plain, 'absent'), 'is not there'],
      [join(plain, 'file'), 'is not a directory'],
      [plain, 'is not a git checkout'],
      [join(top, 'src'), 'is not a git checkout'],
      [join(top, '.git'), 'is not a git checkout'],
    ] as const) {
      await expect(findTarget(dir as HostPath)).rejects.toThrow(message);
    }
    const link = join(plain, 'link');
    symlinkSync(top, link);
    expect(await findTarget(link as HostPath)).toEqual({ top, gitDir: join(top, '.git') });
  });

  test('must be clean, and at the record’s base; how to rebase is told', async () => {
    const { top, commit } = checkout();
    const target = await findTarget(top as HostPath);
    await refuseOtherBase(target, commit, 'ID');
    writeFileSync(join(top, 'untracked'), '');
    await refuseOtherBase(target, commit, 'ID');
    for (const dirty of [() => writeFileSync(join(top, 'a.txt'), 'mine\n'), () => git(top, 'add', 'a.txt')]) {
      dirty();
      await expect(refuseOtherBase(target, commit, 'ID')).rejects.toThrow('is dirty');
    }
    git(top, 'commit', '--quiet', '--message=moved');
    const moved = await refuseOtherBase(target, commit, 'ID').catch((error: unknown) => error);
    expect(moved).toMatchObject({
      message: expect.stringContaining(commit),
      remedy: expect.stringContaining(`git switch --create agent-jail/ID ${commit}`),
    });
    const empty = directory();
    git(empty, 'init', '--quiet');
    await expect(refuseOtherBase(await findTarget(empty as HostPath), commit, 'ID')).rejects.toThrow('has no commit');
  });

  test('may be a work tree that git added', async () => {
    const { top, commit } = checkout();
    const other = join(directory(), 'tree');
    git(top, 'worktree', 'add', '--quiet', '--detach', other);
    expect(await apply(other, recordOf(commit, BASE, { new: 'x\n' }), commit)).toBe(git(other, 'rev-parse', 'HEAD'));
    expect([git(other, 'status', '--porcelain'), git(top, 'status', '--porcelain'), git(top, 'rev-parse', 'HEAD')]).toEqual([
      '',
      '',
      commit,
    ]);
  });
});

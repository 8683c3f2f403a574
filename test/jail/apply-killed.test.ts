import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { applyPlaces, undo } from '../../src/apply/apply.ts';
import { findTarget } from '../../src/apply/target.ts';
import type { HostPath } from '../../src/model/names.ts';
import { applied, killed, killedAt, THINGS } from '../support/kill-apply.ts';
import { BASE, checkout, contentsOf, directory, git, planned, recordOf } from '../unit/apply/support.ts';

const STAGE = '.git/agent-jail-apply';

// All moments are tried in test/long/kill.
test('an apply that is killed: what it did can be taken back, or is completed', async () => {
  const { calls, ...whole } = applied();
  const ends: (string | null)[] = [];
  for (const call of [2, Math.round(calls * 0.6), calls - 2]) ends.push(await killed(call, whole));
  expect(ends).toEqual(['tidied', 'taken back', 'completed']);
});

describe('an apply that fails', () => {
  test('because the disk is full: nothing is changed, and the machine is blamed, not the record', async () => {
    const disk = directory();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    try {
      const { top: origin, commit } = checkout();
      const top = join(disk, 'clone');
      git(disk, 'clone', '--quiet', origin, top);
      const before = contentsOf(top);
      const { record, places } = await planned(recordOf(commit, BASE, { ...THINGS, large: randomBytes(1 << 20).toString('hex') }));
      const error = await applyPlaces(record, await findTarget(top as HostPath), places, null).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'JailError',
        message: expect.stringContaining('ENOSPC'),
        remedy: expect.stringContaining('nothing was changed'),
      });
      expect([contentsOf(top), existsSync(join(top, '.git/agent-jail-apply')), git(top, 'status', '--porcelain')]).toEqual([
        before,
        false,
        '',
      ]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test('while another git holds the index: nothing is changed', async () => {
    const { top, commit } = checkout();
    const before = contentsOf(top);
    writeFileSync(join(top, '.git/index.lock'), '');
    const { record, places } = await planned(recordOf(commit, BASE, THINGS));
    const commitWish = { wish: { message: 'm', name: 'n', email: 'e@example.com' }, head: commit };
    await expect(applyPlaces(record, await findTarget(top as HostPath), places, commitWish)).rejects.toThrow('its index is locked');
    expect([contentsOf(top), existsSync(join(top, '.git/index.lock')), git(top, 'rev-parse', 'HEAD')]).toEqual([before, true, commit]);
    rmSync(join(top, '.git/index.lock'));
    expect(git(top, 'status', '--porcelain')).toBe('');
  });

  test('at a path that goes through a filter, when it is to be committed; without a commit it is applied', async () => {
    const { top, commit } = checkout();
    mkdirSync(join(top, '.git/info'));
    writeFileSync(join(top, '.git/info/attributes'), '*.bin filter=lfs\n');
    const before = contentsOf(top);
    const { record, places } = await planned(recordOf(commit, BASE, { ...THINGS, 'x.bin': 'big\n' }));
    const target = await findTarget(top as HostPath);
    const commitWish = { wish: { message: 'm', name: 'n', email: 'e@example.com' }, head: commit };
    await expect(applyPlaces(record, target, places, commitWish)).rejects.toThrow('x.bin goes through the git filter lfs');
    expect(contentsOf(top)).toEqual(before);
    await applyPlaces(record, target, places, null);
    expect(contentsOf(top)).toMatchObject({ 'x.bin': '644 big\n' });
  });

  test('to go back says where the old files are, and can be ended later', async () => {
    const { top, commit } = checkout();
    const before = contentsOf(top);
    const made = recordOf(commit, BASE, THINGS);
    // In the middle: some are old, some are new.
    killedAt(Math.round(applied().calls * 0.6), made, top, commit);
    rmSync(join(top, 'a.txt'), { force: true });
    mkdirSync(join(top, 'a.txt'));
    writeFileSync(join(top, 'a.txt/mine'), 'mine\n');
    const target = await findTarget(top as HostPath);
    const error = await undo(target).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'JailError',
      message: expect.stringContaining('could not be made what it was'),
      remedy: expect.stringContaining(`what was there before is in ${join(top, STAGE)}`),
    });
    rmSync(join(top, 'a.txt'), { recursive: true });
    expect(await undo(target)).toBe('taken back');
    expect(contentsOf(top)).toEqual(before);
  });
});

test('no hook, filter, monitor or helper of the checkout runs', async () => {
  const { top, commit } = checkout();
  const ran = join(top, '.git/ran');
  const hooks = join(top, '.git/hooks');
  mkdirSync(hooks, { recursive: true });
  const program = join(top, '.git/program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>${ran}\ncat\n`);
  chmodSync(program, 0o755);
  for (const hook of [
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
    'post-checkout',
    'fsmonitor-watchman',
  ]) {
    symlinkSync(program, join(hooks, hook));
  }
  for (const [name, value] of [
    ['core.fsmonitor', program],
    ['core.hooksPath', hooks],
    ['core.sshCommand', program],
    ['core.editor', program],
    ['diff.external', program],
    ['gpg.program', program],
    ['commit.gpgSign', 'true'],
    ['filter.x.clean', program],
    ['filter.x.smudge', program],
    ['credential.helper', program],
  ] as const) {
    git(top, 'config', name, value);
  }
  rmSync(ran, { force: true });
  const { record, places } = await planned(recordOf(commit, BASE, THINGS));
  const target = await findTarget(top as HostPath);
  const made = await applyPlaces(record, target, places, { wish: { message: 'm', name: 'n', email: 'e@example.com' }, head: commit });
  expect(existsSync(ran)).toBe(false);
  // They do run for who asks git itself: the test can tell.
  git(top, 'status');
  expect([existsSync(ran), git(top, '-c', 'core.fsmonitor=false', 'rev-parse', 'HEAD')]).toEqual([true, made]);
});

import { execFileSync } from 'node:child_process';
import { copyFileSync, lstatSync, mkdirSync, readdirSync, readFileSync, statfsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Request } from '../../src/host/hands.ts';
import type { HostPath } from '../../src/model/names.ts';
import { parseMountinfo } from '../../src/system/proc.ts';
import { ownHands, SCRIPT } from '../support/hands.ts';
import { jailed, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { sabotagedScript } from '../support/sabotage.ts';

const MKFS = ['mkfs.ext4', '-q', '-F', '-O', '^has_journal', '-N', '1000'] as const;
const SIZE = 16 << 20;
const mountsIn = (path: string) =>
  parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')).filter(({ target }) => target.startsWith(path));
const unmount = (path: string): void => void execFileSync('umount', [path]);
/** A directory that goes with the test, and whatever is mounted in it. */
function ground(): { path: string } & Disposable {
  const { path, [Symbol.dispose]: remove } = temporary();
  return {
    path,
    [Symbol.dispose]: () => {
      for (const { target } of mountsIn(path).toReversed()) unmount(target);
      remove();
    },
  };
}

/** The scripts in a place of their own, with a change in one of them. */
function changed(at: string, name: string, before: string, after: string): HostPath {
  const place = join(at, 'scripts');
  mkdirSync(place);
  for (const one of readdirSync(dirname(SCRIPT)).filter((file) => file.startsWith('hands')))
    copyFileSync(join(dirname(SCRIPT), one), join(place, one));
  const text = readFileSync(join(place, name), 'utf8');
  expect(text).toContain(before);
  writeFileSync(join(place, name), text.replace(before, after));
  return join(place, 'hands.pl') as HostPath;
}

describe('the scratch disk', () => {
  test.each(['at once', 'in two steps, as kernels before 5.8 have it'])(
    'has a device that is configured %s; with its mount it is gone',
    async (how) => {
      using place = ground();
      const machine = snapshot();
      using hands = ownHands(60_000, how === 'at once' ? SCRIPT : changed(place.path, 'hands-mounts.pl', '0x4C0A', '0x4CFF'));
      const at = join(place.path, 'mounted');
      mkdirSync(at);
      await hands.ask('disk', ['disk', join(place.path, 'image'), String(SIZE), ...MKFS]);
      expect(readdirSync(place.path)).not.toContain('image');
      await hands.ask('disk', ['attach', at]);
      const [mount] = mountsIn(place.path);
      expect(mount).toMatchObject({ target: at, type: 'ext4', source: expect.stringMatching(/^\/dev\/loop\d+$/) });
      expect([...(mount?.options ?? [])]).toEqual(expect.arrayContaining(['rw', 'nosuid', 'nodev']));
      const { files, bsize, blocks } = statfsSync(at);
      expect([files > 900, bsize * blocks <= SIZE, bsize * blocks > SIZE / 2]).toEqual([true, true, true]);
      writeFileSync(join(at, 'file'), 'kept\n');
      unmount(at);
      expect(await settled(machine)).toEqual([]);
    },
  );

  test('of two that are made at the same time, again and again, each has its own', async () => {
    using place = ground();
    using one = ownHands();
    using other = ownHands();
    for (let n = 0; n < 10; n += 1)
      await Promise.all(
        [one, other].map(async (hands, which) => {
          const at = join(place.path, `${n}-${which}`);
          mkdirSync(at);
          await hands.ask('disk', ['disk', `${at}.img`, String(SIZE), ...MKFS]);
          await hands.ask('disk', ['attach', at]);
        }),
      );
    const mounts = mountsIn(place.path);
    expect([mounts.length, new Set(mounts.map(({ source }) => source)).size]).toEqual([20, 20]);
  });

  test.each<[string, (at: string) => Request[], string]>([
    ['more bytes than there are', (at) => [['disk', `${at}/image`, String(2 ** 50), ...MKFS]], '/image: File too large'],
    [
      'fewer than a file system needs',
      (at) => [
        ['disk', `${at}/image`, '1024', ...MKFS],
        ['attach', at],
      ],
      'mkfs.ext4 failed: ',
    ],
    [
      'no program that makes it',
      (at) => [
        ['disk', `${at}/image`, String(SIZE), 'mkfs.none'],
        ['attach', at],
      ],
      'mkfs.none failed: No such file',
    ],
    [
      'nothing in it',
      (at) => [
        ['disk', `${at}/image`, String(SIZE), 'true'],
        ['attach', at],
      ],
      ': Invalid argument',
    ],
    [
      'no place for it',
      (at) => [
        ['disk', `${at}/image`, String(SIZE), ...MKFS],
        ['attach', `${at}/none`],
      ],
      '/none: No such file',
    ],
  ])('with %s: says so, and leaves nothing', async (_, requests, why) => {
    using place = ground();
    const machine = snapshot();
    using hands = ownHands();
    const asked = requests(place.path).map(async (request) => hands.ask('the scratch disk', request));
    const [end] = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(String(end?.reason)).toContain(why);
    expect(readdirSync(place.path)).toEqual([]);
    hands.kill();
    await hands.died;
    expect(await settled(machine)).toEqual([]);
  });
});

describe('layers', () => {
  test('are mounted, id-mapped and hidden by what they are called, whatever that is', async () => {
    using place = ground();
    using hands = ownHands();
    const at = (name: string): string => join(place.path, name);
    const [low, empty, odd, mapped, root] = [at('low'), at('empty'), at(`a, b:c\\d "e"\nf é`), at('mapped'), at('root')];
    for (const directory of [low, empty, odd, mapped, root]) mkdirSync(directory);
    writeFileSync(join(low, 'file'), 'low\n');
    await hands.all([
      ['bind', ['mount', low, odd, 'none', '4096', '']],
      ['map', ['map', odd, mapped, '0', '61001', '0', '61001']],
      ['mount', ['mount', 'overlay', root, 'overlay', '7', `lowerdir=${mapped}:${empty}`]],
    ]);
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('low\n');
    expect([statSync(join(mapped, 'file')).uid, statSync(join(odd, 'file')).uid]).toEqual([61_001, 0]);
    await hands.ask('hide', ['whiteout', join(low, 'gone, too\n'), join(low, 'other')]);
    const node = lstatSync(join(low, 'gone, too\n'));
    expect([node.isCharacterDevice(), node.rdev]).toEqual([true, 0]);
    await hands.ask('freeze', ['freeze', root]);
    // Of what a link leads to nothing is taken; what is not mounted need not be.
    symlinkSync(mapped, at('link'));
    await hands.ask('detach', ['detach', at('link'), at('none'), low, root, odd]);
    expect(mountsIn(place.path).map(({ target }) => target)).toEqual([mapped]);
  });

  test.each<[string, (at: string) => Request, string]>([
    ['no lower', (at) => ['mount', 'overlay', at, 'overlay', '7', `lowerdir=${at}/none:${at}`], ': No such file'],
    ['no place', (at) => ['mount', at, `${at}/none`, 'none', '4096', ''], '/none: No such file'],
    ['nothing to map', (at) => ['map', `${at}/none`, at, '0', '1', '0', '1'], 'open_tree'],
    ['no place for a map', (at) => ['map', at, `${at}/none`, '0', '1', '0', '1'], 'move_mount'],
    ['a map of what is none', (at) => ['map', '/proc', at, '0', '1', '0', '1'], 'mount_setattr /proc'],
    ['nothing to freeze', (at) => ['freeze', `${at}/none`], '/none: No such file'],
  ])('with %s: says so, and leaves nothing', async (_, request, why) => {
    using place = ground();
    using hands = ownHands();
    await expect(hands.ask('the layers', request(place.path))).rejects.toThrow(why);
    expect(mountsIn(place.path)).toEqual([]);
  });
});

describe('a run', () => {
  test.each<[string, string, string, RegExp]>([
    ['hands-mounts.pl', "'ext4', $NOSUID", "'ext5', $NOSUID", /^the scratch disk could not be made: .*\/scratch: No such device/],
    [
      'hands-mounts.pl',
      'sub mounts {',
      'sub mounts { $_[0] = "none"; $_[2] = "none";',
      /^the layers could not be mounted: .*: No such device/,
    ],
    [
      'hands-net.pl',
      '$LOCAL_TABLE, $BOOT, $HOST, $LOCAL, 0)',
      '$LOCAL_TABLE, $BOOT, $HOST, 99, 0)',
      /^the network namespace could not be made: .*route add local 0\.0\.0\.0\/0: Invalid argument/,
    ],
    ['hands-etc.pl', "'cp', '-a'", "'cp', '--none'", /^\/etc could not be copied: cp failed: /],
    ['hands.pl', 'flock($file, $ALONE | $AT_ONCE)', '0', /^the run's directory .* could not be locked: /],
    ['hands.pl', 'sub lock {', 'sub lock { exit 7;', /\(hands\.pl\) ended with 7$/],
  ])('ends as a jail-error that names the cause: %s, %s', async (script, before, after, because) => {
    using place = temporary();
    repository(place.path);
    const machine = snapshot();
    const enter = sabotagedScript(place.path, script, before, after);
    const ran = await jailed(place.path, 'echo ran', { enter, args: ['--backend', 'nspawn'] });
    expect([ran.code, ran.transcript, ran.verdict.outcome]).toEqual([70, '', 'jail-error']);
    expect(ran.verdict.because).toMatch(because);
    expect(await settled(machine)).toEqual([]);
  });
});

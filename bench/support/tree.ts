import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAN_ENV } from '../../src/system/exec.ts';

/** A base, and an overlay of it that an agent changed: as in a run its own layers are on a disk of their own. */
export interface Layered {
  readonly base: string;
  /** An empty one, topmost of the lowers. */
  readonly setup: string;
  readonly upper: string;
  readonly merged: string;
  /** What is mounted, in the order in which it comes down. */
  readonly mounts: readonly string[];
}
/** Bytes of that disk: sparse. */
const DISK = 2 * 1024 ** 3;
const PER_DIRECTORY = 100;
const nameOf = (file: number): string => `d${Math.floor(file / PER_DIRECTORY)}/f${file % PER_DIRECTORY}.txt`;

/** `files` of 1 to 4 KiB, a hundred a directory. */
export function makeTree(at: string, files: number): void {
  const block = Buffer.from('a line of some forty characters, or so..\n'.repeat(100));
  for (let file = 0; file < files; file += 1) {
    if (file % PER_DIRECTORY === 0) mkdirSync(join(at, `d${file / PER_DIRECTORY}`), { recursive: true });
    writeFileSync(join(at, nameOf(file)), Buffer.concat([Buffer.from(`${file}\n`), block.subarray(0, 1024 + ((file * 37) % 3072))]));
  }
}

export function mountOver(place: string, base: string): Layered {
  const [disk, merged] = [join(place, 'disk'), join(place, 'merged')];
  const image = `${disk}.img`;
  for (const directory of [disk, merged]) mkdirSync(directory, { recursive: true });
  writeFileSync(image, '');
  truncateSync(image, DISK);
  // As host/scratch.ts does.
  const options = ['-q', '-F', '-b', '4096', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=1,nodiscard', '-N', '300000'];
  execFileSync('mkfs.ext4', [...options, image], { env: CLEAN_ENV });
  execFileSync('mount', ['-o', 'loop', image, disk], { env: CLEAN_ENV });
  for (const name of ['setup', 'upper', 'work']) mkdirSync(join(disk, name));
  const made = { base, setup: join(disk, 'setup'), upper: join(disk, 'upper'), merged, mounts: [merged, disk] };
  mount(made);
  return made;
}

/** Now nobody has looked at anything through it, as after a run: an agent sees little of a large tree. */
export function mountAgain(layered: Layered): void {
  execFileSync('umount', [layered.merged], { env: CLEAN_ENV });
  mount(layered);
}

function mount({ base, setup, upper, merged }: Layered): void {
  const layers = `lowerdir=${setup}:${base},upperdir=${upper},workdir=${join(upper, '../work')}`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `${layers},redirect_dir=on,metacopy=off,index=off`, merged], { env: CLEAN_ENV });
}

/**
 * 2,000 changes in the first 100,000 files: 500 new, 500 gone, 1,000 with other content, two or more in each directory; and a directory of a
 * hundred renamed, where that can be.
 */
export function change({ merged }: Pick<Layered, 'merged'>, rename: boolean): void {
  for (let n = 0; n < 2000; n += 1) {
    const path = join(merged, nameOf(PER_DIRECTORY + n * 49));
    if (n % 4 === 0) writeFileSync(`${path}.new`, `new ${n}\n`.repeat(100));
    else if (n % 4 === 1) rmSync(path);
    else writeFileSync(path, `edited ${n}\n`.repeat(100));
  }
  if (rename) renameSync(join(merged, 'd0'), join(merged, 'renamed'));
}

export function addFiles({ merged }: Layered, files: number): void {
  makeTree(join(merged, 'new'), files);
}

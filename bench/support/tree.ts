import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAN_ENV } from '../../src/system/exec.ts';

/** A base, and an overlay of it that an agent changed. */
export interface Layered {
  readonly base: string;
  readonly upper: string;
  readonly merged: string;
}
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
  const [upper, merged] = [join(place, 'upper'), join(place, 'merged')];
  for (const name of ['upper', 'work', 'merged']) mkdirSync(join(place, name), { recursive: true });
  const options = `lowerdir=${base},upperdir=${upper},workdir=${place}/work,redirect_dir=on,metacopy=off,index=off`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, merged], { env: CLEAN_ENV });
  return { base, upper, merged };
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

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Side, side } from '../../../src/changes/entry.ts';
import { type Ahead, Readahead } from '../../../src/changes/readahead.ts';
import { BaseDirectory } from '../../../src/changes/lower.ts';
import { Tree } from '../../../src/changes/tree.ts';
import type { View } from '../../../src/changes/view.ts';
import type { HostPath } from '../../../src/model/names.ts';

let dir: string;
let scratch: HostPath;
let tree: Tree;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'readahead-'));
  scratch = join(dir, 'scratch') as HostPath;
  mkdirSync(scratch);
  mkdirSync(join(dir, 'tree'));
  tree = new Tree(join(dir, 'tree') as HostPath);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

function put(name: string, content: string | Buffer): Side {
  writeFileSync(Buffer.concat([tree.root, Buffer.from(`/${name}`, 'latin1')]), content);
  return sideOf(name);
}
function sideOf(name: string): Side {
  const path = Buffer.from(name, 'latin1');
  const stat = tree.lstat(path);
  if (stat === null) throw new Error(`${name} is not there`);
  return side(tree, path, stat, null, null);
}
async function all(readahead: Readahead, sides: readonly Side[]): Promise<ReadonlyMap<Side, Ahead>> {
  for (const one of sides) readahead.ask(one);
  return (await readahead.answers()).sides;
}
const bytesOf = (found: ReadonlyMap<Side, Ahead>, sides: readonly Side[]) => sides.map((one) => found.get(one)?.bytes?.toString('latin1'));
/** A perl of ours on PATH. */
function fake(script: string): void {
  writeFileSync(join(dir, 'perl'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(dir, 'perl'), 0o755);
  vi.stubEnv('PATH', `${dir}:/usr/bin:/bin`);
}

describe('Readahead', () => {
  test('brings what small files hold, whatever it is and they are called', async () => {
    const contents = ['', 'plain', '0 f 5\n\nlines', 'no end\n\n', '\0\xff\0', 'x'.repeat(65_536)];
    const names = ['empty', ' led by a space', 'a\nb', '>out', '\xff\xfe', 'as large as may be'];
    const sides = names.map((name, at) => put(name, Buffer.from(contents[at] ?? '', 'latin1')));
    const readahead = new Readahead(scratch);
    expect(bytesOf(await all(readahead, sides), sides)).toEqual(contents);
    expect(await readahead.end()).toBe(true);
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('leaves to others what is large, is no file, became another one, or has several names', async () => {
    const large = put('large', 'x'.repeat(65_537));
    const grown = put('grown', 'x');
    writeFileSync(join(dir, 'tree/grown'), 'x'.repeat(70_000));
    const swapped = put('swapped', 'x');
    rmSync(join(dir, 'tree/swapped'));
    symlinkSync('/etc/passwd', join(dir, 'tree/swapped'));
    const pipe = put('pipe', 'x');
    rmSync(join(dir, 'tree/pipe'));
    execFileSync('mkfifo', [join(dir, 'tree/pipe')]);
    const gone = put('gone', 'x');
    rmSync(join(dir, 'tree/gone'));
    const several: Side = { ...put('several', 'x'), inode: 'one' };
    mkdirSync(join(dir, 'tree/directory'));
    const plain = put('plain', 'read all the same');
    const sides = [large, grown, swapped, pipe, gone, several, sideOf('directory'), plain];
    const found = await all(new Readahead(scratch), sides);
    expect(bytesOf(found, sides)).toEqual([...Array<undefined>(7), 'read all the same']);
  });

  test('many paths, and one batch after the other', async () => {
    const readahead = new Readahead(scratch);
    for (const batch of ['a', 'b']) {
      const sides = Array.from({ length: 1000 }, (_, at) => put(`${batch}${at}`, `${batch} ${at}`));
      const found = await all(readahead, sides);
      expect(bytesOf(found, sides)).toEqual(sides.map((_, at) => `${batch} ${at}`));
    }
    expect(await readahead.answers()).toEqual({ sides: new Map(), directories: new Map() });
  });

  test('keeps 32 MiB, and reads no more', async () => {
    const one = put('one', 'x'.repeat(65_536));
    const sides = Array.from({ length: 520 }, () => ({ ...one }));
    const found = await all(new Readahead(scratch), sides);
    expect(sides.map((side) => found.get(side)?.bytes?.length)).toEqual([...Array<number>(512).fill(65_536), ...Array<undefined>(8)]);
  });

  test('tells of a directory whether it is the lower one’s own, and what git would look for', async () => {
    const [lower, copy, all, none] = ['lower', 'copy', 'all', 'none'].map((name) => {
      mkdirSync(join(dir, name, 'd/sub'), { recursive: true });
      return new Tree(join(dir, name) as HostPath);
    }) as [Tree, Tree, Tree, Tree];
    for (const tree of [lower, copy, all])
      for (const name of ['.gitignore', 'a', 'b']) writeFileSync(join(tree.root.toString(), 'd', name), name);
    rmSync(join(dir, 'none/d/sub'), { recursive: true });
    const readahead = new Readahead(scratch);
    const ask = async (merged: Tree, upper: Tree): Promise<object | undefined> => {
      const doubt = { path: Buffer.from('d'), base: new BaseDirectory(Buffer.from('d'), [lower]) };
      readahead.askWhether(doubt, { merged, upper } as View);
      return (await readahead.answers()).directories.get(doubt);
    };
    const lacks = ['.git', '.gitattributes'];
    expect(await ask(lower, none)).toEqual({ own: true, lacks });
    expect(await ask(copy, none)).toEqual({ own: false, lacks });
    expect(await ask(none, none)).toEqual({ own: false, lacks });
    // Every name is the upper layer's: there is nothing to go by.
    expect(await ask(lower, all)).toEqual({ own: false, lacks });
  });

  test.each([
    ['there is no perl', null],
    ['it cannot start', 'exit 126'],
    ['it ends at once', 'exit 0'],
    ['it is ended in the middle of a line', `printf '0 f 4\\nfull1 f 4\\nha'; kill -9 $$`],
  ])('%s: nothing is invented', async (why, script) => {
    const sides = [put('a', 'full'), put('b', 'half')];
    if (script === null) vi.stubEnv('PATH', dir);
    else fake(script);
    const readahead = new Readahead(scratch);
    const found = await all(readahead, sides);
    expect(bytesOf(found, sides)).toEqual([why.includes('middle') ? 'full' : undefined, undefined]);
    expect(await readahead.end()).toBe(why.includes('at once'));
    expect(readdirSync(scratch)).toEqual([]);
  });
});

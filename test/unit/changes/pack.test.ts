import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { GitTree } from '../../../src/changes/git-tree.ts';
import { type Id, Pack } from '../../../src/changes/pack.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { temporary } from '../../support/jail.ts';

const hex = (id: Id): string => Buffer.from(id, 'latin1').toString('hex');
const SIZES = [0, 1, 15, 16, 2047, 2048, 65_534, 65_535, 65_536, 70_000, 1 << 20, (1 << 20) + 5];

test('git finds no fault in a pack, and every object in it as it was put there', () => {
  using place = temporary();
  const pack = new Pack(place.path as HostPath);
  const tree = new GitTree();
  // Names in whose order a directory counts as `x/`, and bytes that are no UTF-8.
  const names = ['x', 'x-', 'x.', 'x0', 'y/x', 'y.', 'y0', 'z/deep/er', 'z/deep-', '\xff\xfe', 'new\nline', 'last'];
  const contents = SIZES.map((size) => Buffer.alloc(size, `${size} bytes, or so `));
  for (const [at, name] of names.entries())
    tree.add(Buffer.from(name, 'latin1'), { mode: '100644', id: pack.add('blob', contents[at] as Buffer) });
  tree.add(Buffer.from('again'), { mode: '100755', id: pack.add('blob', contents[0] as Buffer) });
  tree.add(Buffer.from('link'), { mode: '120000', id: pack.add('blob', Buffer.from('nowhere')) });
  const id = hex(tree.write(pack));
  pack.close();
  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, {
      cwd: pack.repository,
      env: { PATH: process.env['PATH'] ?? '', GIT_DIR: '.' },
      maxBuffer: 1 << 24,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(git('fsck', '--full', '--strict', '--no-dangling', id).toString()).toBe('');
  expect(git('ls-tree', '-r', '-z', '--name-only', id).toString('latin1').split('\0').filter(Boolean).toSorted()).toEqual(
    [...names, 'again', 'link'].toSorted(),
  );
  for (const [at, name] of names.entries()) {
    if (name.includes('\xff')) continue; // no argument of a command here
    expect(git('cat-file', 'blob', `${id}:${name}`).equals(contents[at] as Buffer)).toBe(true);
  }
});

test('a side without files is an empty tree', () => {
  using place = temporary();
  const pack = new Pack(place.path as HostPath);
  expect(hex(new GitTree().write(pack))).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  pack.close();
});

import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Leaf, treeOf } from '../../../src/changes/git-tree.ts';
import { type Id, Pack } from '../../../src/changes/pack.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { temporary } from '../../support/jail.ts';

const hex = (id: Id): string => Buffer.from(id, 'latin1').toString('hex');
const SIZES = [0, 1, 15, 16, 2047, 2048, 65_534, 65_535, 65_536, 70_000, 1 << 20, (1 << 20) + 5];

test('git finds no fault in a pack, and every object in it as it was put there', () => {
  using place = temporary();
  const pack = new Pack(place.path as HostPath);
  const leaves: Leaf[] = [];
  // Names in whose order a directory would count as `x/`, and bytes that are no UTF-8.
  const names = ['x', 'x-', 'x.', 'x0', 'y/x', 'y.', 'y0', 'z/deep/er', 'z/deep-', '\xff\xfe', 'new\nline', 'last'];
  const contents = SIZES.map((size) => Buffer.alloc(size, `${size} bytes, or so `));
  for (const [at, name] of names.entries())
    leaves.push({ path: Buffer.from(name, 'latin1'), mode: '100644', id: pack.add('blob', contents[at] as Buffer) });
  leaves.push({ path: Buffer.from('again'), mode: '100755', id: pack.add('blob', contents[0] as Buffer) });
  leaves.push({ path: Buffer.from('link'), mode: '120000', id: pack.add('blob', Buffer.from('nowhere')) });
  const id = hex(pack.add('tree', treeOf(leaves)));
  pack.close();
  const git = (...args: string[]): Buffer =>
    execFileSync('git', args, {
      cwd: pack.repository,
      env: { PATH: process.env['PATH'] ?? '', GIT_DIR: '.' },
      maxBuffer: 1 << 24,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  // A path where git itself puts a name is meant.
  expect(git('-c', 'fsck.fullPathname=ignore', 'fsck', '--full', '--strict', '--no-dangling', id).toString()).toBe('');
  const listed = git('ls-tree', '-r', '-z', id).toString('latin1').split('\0').filter(Boolean);
  expect(listed.map((line) => line.slice(line.indexOf('\t') + 1))).toEqual([...names, 'again', 'link'].toSorted());
  for (const [at, name] of names.entries()) {
    const line = listed.find((one) => one.endsWith(`\t${name}`)) ?? '';
    expect(git('cat-file', ...line.slice(line.indexOf(' ') + 1, line.indexOf('\t')).split(' ')).equals(contents[at] as Buffer)).toBe(true);
  }
});

test('a side without files is an empty tree', () => {
  using place = temporary();
  const pack = new Pack(place.path as HostPath);
  expect(hex(pack.add('tree', treeOf([])))).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
  pack.close();
});

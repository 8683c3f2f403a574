import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { split } from '../../../src/host/image.ts';
import { inside, requireRoot } from '../../../src/host/root-tree.ts';
import { decompressor } from '../../../src/host/unpack.ts';
import type { HostPath } from '../../../src/model/names.ts';

let tree: HostPath;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'aj-tree-')) as HostPath;
  mkdirSync(join(tree, 'usr/bin'), { recursive: true });
  writeFileSync(join(tree, 'usr/bin/dash'), '', { mode: 0o755 });
  symlinkSync('usr/bin', join(tree, 'bin'));
  symlinkSync('dash', join(tree, 'usr/bin/sh'));
});
afterEach(() => rmSync(tree, { recursive: true }));

describe('inside', () => {
  test.each([
    ['/bin/sh', '/usr/bin/dash'],
    ['bin/../bin/.//sh', '/usr/bin/dash'],
    ['bin/../usr', null],
    ['/../../usr', '/usr'],
    ['/', ''],
    ['/absolute/bin/sh', '/usr/bin/dash'],
    ['/upwards/usr/bin/dash', '/usr/bin/dash'],
    ['/out', null],
    ['/circle', null],
    ['/usr/bin/dash/x', null],
    ['/usr/none', null],
  ])('%s is %s', (path, found) => {
    symlinkSync('/', join(tree, 'absolute'));
    symlinkSync('../../../..', join(tree, 'upwards'));
    symlinkSync(tree, join(tree, 'out'));
    symlinkSync('circle', join(tree, 'circle'));
    expect(inside(tree, path)).toBe(found === null ? null : `${tree}${found}`);
  });
});

describe('requireRoot', () => {
  const refusal = (): string => {
    try {
      requireRoot(tree, 'the root');
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  test('a shell is all that a root needs', () => {
    expect(refusal()).toBe('');
    rmSync(join(tree, 'bin'));
    mkdirSync(join(tree, 'bin'));
    writeFileSync(join(tree, 'bin/sh'), '', { mode: 0o755 });
    rmSync(join(tree, 'usr'), { recursive: true });
    expect(refusal()).toBe('');
  });
  test.each([
    ['no shell', () => rmSync(join(tree, 'bin')), 'holds no root file system: there is no `/bin/sh` in it'],
    [
      'one that is no program',
      () => chmodSync(join(tree, 'usr/bin/dash'), 0o644),
      'holds no root file system: its `/bin/sh` is not a program',
    ],
    [
      'a shell of the host’s',
      () => {
        rmSync(join(tree, 'usr/bin/sh'));
        symlinkSync(`${process.execPath}`, join(tree, 'usr/bin/sh'));
      },
      'holds no root file system: there is no `/bin/sh` in it',
    ],
    [
      'a link for `usr`',
      () => {
        rmSync(join(tree, 'usr'), { recursive: true });
        symlinkSync('/usr', join(tree, 'usr'));
      },
      'holds no root file system: `usr` is not a directory in it',
    ],
  ])('%s', (_, spoil, message) => {
    spoil();
    expect(refusal()).toBe(`the root ${message}`);
  });
});

test.each([
  ['debian', 'debian', 'latest'],
  ['debian:12', 'debian', '12'],
  ['ghcr.io/a/b:1.2', 'ghcr.io/a/b', '1.2'],
  ['localhost:5000/a', 'localhost:5000/a', 'latest'],
  ['localhost:5000/a:b', 'localhost:5000/a', 'b'],
  [`a/b@sha256:${'0'.repeat(64)}`, 'a/b', `sha256:${'0'.repeat(64)}`],
  [`a/b:1@sha256:${'0'.repeat(64)}`, 'a/b', `sha256:${'0'.repeat(64)}`],
])('split %s', (ref, name, tag) => {
  expect(split(ref)).toEqual({ name, tag });
});

test.each([
  ['1f8b0800', 'gzip'],
  ['425a6839', 'bzip2'],
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['2e2f00000000', null],
  ['', null],
])('what begins with %s is unpacked by %s', (head, program) => {
  expect(decompressor(Buffer.from(head, 'hex'))).toBe(program);
});

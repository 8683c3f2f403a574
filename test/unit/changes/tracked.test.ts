import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trackedPaths } from '../../../src/changes/tracked.ts';

let dir: string;
const git = (...args: string[]): string => execFileSync('git', ['-C', dir, ...args], { encoding: 'latin1' });
const index = (): Buffer => readFileSync(join(dir, '.git/index'));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tracked-'));
  git('init', '-q');
  for (const name of ['a', 'dir/file', 'dir/file-longer', 'dir/sub/x', 'é', 'z'.repeat(200), 'intent']) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), name);
  }
  git('add', '.', ':!intent');
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('trackedPaths', () => {
  test.each([2, 3, 4])('reads version %i as git does', (version) => {
    if (version === 3) git('add', '-N', 'intent');
    git('update-index', '--index-version', String(version));
    expect(index().readUInt32BE(4)).toBe(version);
    const expected = git('ls-files', '-z')
      .split('\0')
      .filter((path) => path !== '');
    expect([...(trackedPaths(index()) ?? [])].sort()).toEqual(expected.sort());
  });

  test('a split index is not trusted', () => {
    git('update-index', '--split-index');
    expect(trackedPaths(index())).toBe(null);
  });

  test('a sparse index is not trusted', () => {
    git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
    git('sparse-checkout', 'init', '--cone', '--sparse-index');
    expect(trackedPaths(index())).toBe(null);
  });

  test('other bytes are no index, and never an exception', () => {
    expect(trackedPaths(Buffer.alloc(0))).toBe(null);
    const whole = index();
    fc.assert(
      fc.property(fc.nat(whole.length), fc.uint8Array({ maxLength: 64 }), (cut, rest) => {
        const result = trackedPaths(Buffer.concat([whole.subarray(0, cut), rest]));
        expect(result === null || result instanceof Set).toBe(true);
      }),
    );
  });
});

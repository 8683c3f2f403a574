import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cpio } from '../../../src/system/cpio.ts';

it('writes what cpio reads: names, modes and contents of every length', () => {
  const at = mkdtempSync(join(tmpdir(), 'aj-cpio-'));
  try {
    const contents = [0, 1, 2, 3, 4, 5, 70_000].map((length) => Buffer.alloc(length, 'x'));
    const archive = cpio([
      { path: 'd', kind: 'directory' },
      ...contents.map((bytes, index) => ({ path: `d/${'n'.repeat(index + 1)}`, kind: 'file', mode: 0o755, bytes }) as const),
    ]);
    execFileSync('cpio', ['--extract', '--quiet', '--no-preserve-owner'], { cwd: at, input: archive });
    expect(statSync(join(at, 'd')).isDirectory()).toBe(true);
    for (const [index, bytes] of contents.entries()) {
      const file = join(at, 'd', 'n'.repeat(index + 1));
      expect(readFileSync(file).equals(bytes)).toBe(true);
      expect(statSync(file).mode & 0o7777).toBe(0o755);
    }
    const listed = execFileSync('cpio', ['--list', '--verbose', '--numeric-uid-gid'], { input: archive, encoding: 'utf8' });
    expect(listed.match(/ 0 +0 /g)?.length).toBe(contents.length + 1);
  } finally {
    rmSync(at, { recursive: true });
  }
});

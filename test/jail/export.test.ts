import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exec } from '../../src/system/exec.ts';

const SCRIPT = join(import.meta.dirname, '../../src/host/export.pl');
let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'agent-jail-export-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const mount = (at: string): void => {
  mkdirSync(at, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', at]);
};
const mounts = (): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(place));
const back = async (...targets: string[]) => {
  const { code, stderr } = await exec(['perl', SCRIPT, '--back', '/proc/self/ns/mnt', ...targets]);
  return `${code} ${stderr}`;
};

describe('what was shown is taken back', () => {
  test('with all that is mounted below it or over it, also where somebody reads, and nothing else', async () => {
    const [one, other, kept] = ['one', 'other', 'one-more'].map((name) => join(place, name)) as [string, string, string];
    for (const at of [one, join(one, 'a'), join(one, 'a/b'), one, join(one, 'c'), other, kept]) mount(at);
    const reader = spawn('sleep', ['60'], { cwd: join(one, 'c'), stdio: 'ignore' });
    try {
      expect(await back(one, other)).toBe('0 ');
      expect(mounts()).toEqual([kept]);
      expect(await back(one, other)).toBe('0 '); // once more
    } finally {
      reader.kill();
      execFileSync('umount', [kept]);
    }
  });

  test('where something stays mounted that is told', async () => {
    const below = join(place, 'not-a-mount/below');
    mount(below);
    try {
      expect(await back(join(place, 'not-a-mount'))).toBe(`71 export: still mounted: ${join(place, 'not-a-mount')}`);
    } finally {
      execFileSync('umount', [below]);
    }
  });

  test('of a namespace that is not there: told', async () => {
    const { code, stderr } = await exec(['perl', SCRIPT, '--back', '/nonexistent', place]);
    expect(`${code} ${stderr}`).toBe('71 export: /nonexistent: No such file or directory');
  });
});

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FREE } from '../../../src/host/lock.ts';

it('tells the locks that nobody holds, and makes none', async () => {
  const at = mkdtempSync(join(tmpdir(), 'aj-lock-'));
  const [free, held, gone] = ['free', 'held', 'gone'].map((name) => join(at, name));
  for (const path of [free, held]) writeFileSync(path ?? '', '');
  const holder = spawn('flock', ['--no-fork', held ?? '', 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((resolve) => holder.once('close', resolve));
  try {
    holder.stdin.write('locked\n');
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const ask = (): string => execFileSync('sh', ['-c', FREE, 'sh', gone ?? '', held ?? '', free ?? ''], { encoding: 'utf8' });
    // Twice: it keeps none itself.
    expect([ask(), ask()]).toEqual([`${free}\n`, `${free}\n`]);
    expect(readdirSync(at)).toEqual(['free', 'held']);
  } finally {
    holder.stdin.end();
    await ended;
    rmSync(at, { recursive: true });
  }
});

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Launcher } from '../../src/backend/launcher.ts';
import { cgroupLayout } from '../../src/host/cgroup-layout.ts';
import { CLEAN_ENV } from '../../src/system/exec.ts';
import { parseMountinfo, readProc } from '../../src/system/proc.ts';

const SCRIPT = join(import.meta.dirname, '../../src/host/launch.pl');
const { unified, controllers } = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
/** A group of the test's own, in one hierarchy. */
const group = `${unified ?? controllers.get('pids')}/agent-jail-launcher-test`;
const members = (): string[] => readFileSync(`${group}/cgroup.procs`, 'utf8').split('\n').filter(Boolean);
beforeEach(() => mkdirSync(group));
afterEach(() => rmdirSync(group));

/** What it became printed, by stream, and how it ended. */
async function became(launcher: Launcher, argv: readonly string[]) {
  const said = { stdout: '', stderr: '' };
  launcher.become(argv, (chunk, from) => void (said[from] += chunk.toString('latin1')));
  const end = await launcher.ended;
  return { ...said, ...end };
}
const launcher = (doors = [`${group}/cgroup.procs`], script = SCRIPT) => new Launcher(script, doors, { ...CLEAN_ENV, OWN: 'x' });

describe('launch.pl that waits', () => {
  it('is in its cgroup before it knows what it shall become, stays there, and becomes that with nothing as its input', async () => {
    const one = launcher();
    await expect.poll(members).toHaveLength(1);
    const before = members();
    await sleep(500); // longer than it keeps others from having to wait
    expect(members()).toEqual(before);
    const script = 'printf "%s|" "$@"; cat; echo "$OWN"; cat /proc/$$/cgroup >&2; grep Seccomp: /proc/$$/status; exit 3';
    const words = ['', 'two words', 'a\nb', 'é', ''];
    const { stdout, stderr, code } = await became(one, ['sh', '-c', script, 'sh', ...words]);
    expect([stdout, code]).toEqual([Buffer.from('|two words|a\nb|é||x\nSeccomp:\t2\n').toString('latin1'), 3]);
    expect(stderr).toContain('/agent-jail-launcher-test');
  });
  it('becomes something longer than a pipe holds', async () => {
    const { stdout, code } = await became(launcher(), ['sh', '-c', 'echo ${#1}', 'sh', 'x'.repeat(120_000)]);
    expect([stdout, code]).toEqual(['120000\n', 0]);
  });
  it('tells what it said before anybody heard it, and how it ended, where it cannot join', async () => {
    const one = launcher(['/nonexistent/cgroup.procs']);
    await one.ended;
    expect(await became(one, ['echo', 'ran'])).toMatchObject({
      stdout: '',
      stderr: 'launch: /nonexistent/cgroup.procs: No such file or directory\n',
      code: 71,
    });
  });
  it('says what it could not become', async () => {
    const { stderr, code } = await became(launcher(), ['/nonexistent']);
    expect([stderr, code]).toEqual([expect.stringContaining('launch: /nonexistent: No such file or directory'), 71]);
  });
  it('ends where there is nothing to become, and where it is killed', async () => {
    expect(spawnSync('perl', [SCRIPT, '--wait'], { input: '', encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '', stderr: '' });
    const one = launcher();
    await expect.poll(members).toHaveLength(1);
    process.kill(Number(members()[0]), 'SIGKILL');
    expect(await became(one, ['echo', 'ran'])).toMatchObject({ stdout: '', signal: 'SIGKILL' });
  });
});

import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, ENGINE, jailed, NODE, record, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { SOON, until, WAIT } from '../support/waiting.ts';

const STATE = '/var/lib/agent-jail';
const POLICY = 'limits: { disk: 64MiB, memory: 256MiB, time: 3m }\n';
const BACKENDS = ['nspawn', 'docker'] as const;
/** A run on a backend. */
const on = (backend: string) => ({ policy: POLICY, args: ['--backend', backend] });

const clean = async (): Promise<{ removed: string[]; live: string[] }> => {
  const { stdout, stderr } = await cli(['doctor', '--clean', '--json'], { cwd: '/' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { removed: string[]; live: string[] };
};

/** A run that goes on while the test looks at it. */
function living(at: string, script: string, backend: string) {
  const out = mkdtempSync(join(at, 'record-'));
  writeFileSync(join(at, 'policy.yml'), POLICY);
  const child = spawn(
    NODE,
    [CLI, 'run', '--backend', backend, '--policy', join(at, 'policy.yml'), '--out', out, '--', 'sh', '-c', script],
    {
      cwd: join(at, 'work'),
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root', ...ENGINE },
      stdio: 'ignore',
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = async (text: string): Promise<void> => until(() => record(out).transcript.includes(text), 30_000);
  return { child, out, ended, says };
}

test('what an engine holds that is gone for good is told once, and by doctor each time', async () => {
  using place = temporary();
  repository(place.path);
  const id = '01AAAAAAAAAAAAAAAAAAAAAAAA';
  const state = join(STATE, id);
  mkdirSync(state, { recursive: true });
  try {
    writeFileSync(join(state, 'engine'), '/nonexistent/docker.sock\n');
    writeFileSync(join(state, 'lock'), '');
    const notices = async (): Promise<readonly string[]> => (await jailed(place.path, 'true', on('nspawn'))).run.notices;
    const told = `a dead run left something that could not be removed: ${id}: there is no Docker engine: /nonexistent/docker.sock is not there`;
    expect((await notices()).filter((notice) => notice.startsWith(told))).toHaveLength(1);
    expect((await notices()).filter((notice) => notice.includes(id))).toEqual([]);
    for (let n = 0; n < 2; n += 1) {
      const { code, stdout } = await cli(['doctor', '--clean'], { cwd: '/' });
      expect(`${code} ${stdout}`).toMatch(new RegExp(`^70 [^]*could not be removed: ${id}: there is no Docker engine`));
    }
  } finally {
    rmSync(state, { recursive: true });
  }
});

describe('doctor --clean', () => {
  test.each(BACKENDS)('leaves a run alone that lives, and tells of it; the run succeeds; %s', async (backend) => {
    using place = temporary();
    repository(place.path);
    const before = snapshot();
    const run = living(place.path, `echo ready; ${WAIT}; echo x > made; echo done`, backend);
    await run.says('ready');
    const { id } = record(run.out).run;
    const { removed, live } = await clean();
    expect(removed).not.toContain(id);
    expect(live).toContain(id);
    expect(existsSync(join(STATE, id))).toBe(true);
    // So does another run, which begins and ends meanwhile.
    expect(await jailed(place.path, 'true', on(backend))).toMatchObject({ code: 0 });
    expect(record(run.out).transcript).not.toContain('done');
    appendFileSync(join(place.path, 'work/src/b.txt'), 'go\n');
    expect(await run.ended).toBe(0);
    expect(record(run.out).transcript).toBe('ready\ndone\n');
    expect(record(run.out).ndjson('changes.ndjson')).toMatchObject([{ op: 'added', path: 'made' }]);
    expect(await settled(before, SOON)).toEqual([]);
  });

  test.each(BACKENDS)('removes what a run left whose main and unshare were killed at once; %s', async (backend) => {
    using place = temporary();
    repository(place.path);
    const before = snapshot();
    const run = living(place.path, 'echo ready; sleep 30', backend);
    await run.says('ready');
    const { id } = record(run.out).run;
    const main = run.child.pid ?? -1;
    const [unshare = -1] = childrenOf(main);
    expect(readFileSync(`/proc/${unshare}/cmdline`, 'utf8')).toMatch(/^unshare\0/);
    const jail = processesBelow(unshare);
    expect(jail.length).toBeGreaterThan(backend === 'nspawn' ? 3 : 1); // a container's processes are the engine's
    // main first: it would sweep after the other's death.
    process.kill(main, 'SIGKILL');
    process.kill(unshare, 'SIGKILL');
    await run.ended;
    // The kernel's part: no process is left, nor the mounts of their namespace.
    await until(() => jail.every((pid) => !isAlive(pid)));
    expect(leftOf(id).length).toBeGreaterThan(0);
    expect((await clean()).removed).toEqual([id]);
    expect(leftOf(id)).toEqual([]);
    expect(await clean()).toMatchObject({ removed: [], live: [] });
    expect(await settled(before, SOON)).toEqual([]);
    // And what it had recorded is a valid prefix.
    expect(await cli(['verify', run.out], { cwd: '/' })).toMatchObject({ code: 4, stdout: 'cut-off\n' });
  });

  test('says so where there is nothing, and touches nothing that is not of a run', async () => {
    using place = temporary();
    const mine = join(STATE, 'not-a-run-of-ours');
    mkdirSync(mine, { recursive: true });
    try {
      expect(await cli(['doctor', '--clean'], { cwd: place.path })).toMatchObject({ code: 0, stdout: 'nothing to remove\n', stderr: '' });
      expect(existsSync(mine)).toBe(true);
    } finally {
      rmdirSync(mine);
    }
  });
});

/** State directory and cgroups of a run that are still there. */
function leftOf(id: string): string[] {
  const groups = readdirSync('/sys/fs/cgroup').flatMap((name) => [join('/sys/fs/cgroup', name, `agent-jail-${id}`)]);
  return [join(STATE, id), join('/sys/fs/cgroup', `agent-jail-${id}`), ...groups].filter((path) => existsSync(path));
}
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}
const processesBelow = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...processesBelow(child)]);
/** A zombie has no executable any more. */
function isAlive(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== '';
  } catch {
    return false;
  }
}

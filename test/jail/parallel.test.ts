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
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, cli, ENGINE, git, jailed, NODE, record, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';

const STATE = '/var/lib/agent-jail';
/** ms until the kernel has ended what is dying, on a busy machine. */
const SOON = 10_000;
const POLICY = 'limits: { disk: 64MiB, memory: 256MiB, time: 3m }\n';
const BACKENDS = ['nspawn', 'docker'] as const;
/** A run on a backend. */
const on = (backend: string) => ({ policy: POLICY, args: ['--backend', backend] });

const clean = async (): Promise<{ removed: string[]; live: string[] }> => {
  const { stdout, stderr } = await cli(['doctor', '--clean', '--json'], { cwd: '/' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as { removed: string[]; live: string[] };
};
async function until(what: () => boolean, ms = SOON): Promise<void> {
  for (const end = Date.now() + ms; !what(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what.toString()}`);
}

/**
 * Steps that go on when the host says so: a word that is appended to a file of the workspace shows through the layers, and changes
 * nothing that a run records. So they live at the same time however slow the machine is.
 */
const MANY = 20;
const WAIT = 'until grep -q go src/b.txt; do sleep 0.05; done';
async function tellAll(at: string, count: number): Promise<void> {
  const said = (): number =>
    readdirSync(at).filter((name) => name.startsWith('record-') && record(join(at, name)).transcript.includes('here')).length;
  await until(() => said() === count, 100_000);
  appendFileSync(join(at, 'work/src/b.txt'), 'go\n');
}

test('twenty runs at once on both backends, most in one repository: each has its own changes, the host has none', async () => {
  using place = temporary();
  using elsewhere = temporary();
  const work = repository(place.path);
  repository(elsewhere.path);
  const before = snapshot();
  const script = (n: number): string => `echo run ${n} here; echo ${n} >> a.txt; echo ${n} > own-${n}; echo ${n} > /tmp/mine; ${WAIT}
    ls own-*; cat /tmp/mine; ls -p /tmp | grep -v /; ls -d /proc/[0-9]* | wc -l`;
  const backendOf = (n: number) => BACKENDS[n % BACKENDS.length] ?? 'nspawn';
  const [runs] = await Promise.all([
    Promise.all(
      Array.from({ length: MANY }, async (_, n) => jailed(n < MANY - 1 ? place.path : elsewhere.path, script(n), on(backendOf(n)))),
    ),
    tellAll(place.path, MANY - 1),
    tellAll(elsewhere.path, 1),
  ]);
  for (const [n, ran] of runs.entries()) {
    expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /);
    expect(ran.run.backend.name).toBe(backendOf(n));
    // No other run's file, in the workspace or in /tmp, and of the processes its own handful.
    expect(ran.transcript).toMatch(new RegExp(`^run ${n} here\\nown-${n}\\n${n}\\nmine\\n[1-9]\\n$`));
    const paths = ran.ndjson('changes.ndjson').map(({ op, path }) => `${String(op)} ${String(path)}`);
    expect(paths.sort()).toEqual([`added own-${n}`, 'added tmp/mine', 'modified a.txt']);
    expect(readFileSync(join(ran.out, 'changes.patch'), 'utf8')).toContain(`\n+${n}\n`);
  }
  expect(new Set(runs.map(({ run }) => run.id)).size).toBe(MANY);
  expect(git(work, 'status', '--porcelain')).toBe(' M src/b.txt\n');
  expect(await settled(before, SOON)).toEqual([]);
});
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

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import type { Outcome } from '../../../src/model/outcome.ts';
import { verify } from '../../../src/record/verify.ts';
import { CLI, ENGINE, git, jailed, NODE, record, repository, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';

const RUNS = 500;
const AT_ONCE = 20;
/** Of the row, so many in as many are by the engine, which goes on between them. */
const DOCKER = 5;
/** Of the engine's processes: what a leak of 2 MiB a run by it would make is more. */
const GROWTH = 100 << 20;
/** What others on the machine may write meanwhile; a scratch disk that stays would be 32 MiB a run. */
const NOISE = 1 << 30;

const LIMITS = 'disk: 32MiB, memory: 256MiB, processes: 100';
type Backend = 'nspawn' | 'docker';
interface Kind {
  readonly outcome: Outcome;
  readonly policy: string;
  readonly script: string;
}
/** How runs end, one after the other. */
const KINDS: readonly Kind[] = [
  { outcome: 'succeeded', policy: `limits: { ${LIMITS} }`, script: 'echo x >> a.txt; (setsid sleep 100 &) ; echo done' },
  { outcome: 'step-failed', policy: `limits: { ${LIMITS} }`, script: 'echo bye; exit 3' },
  { outcome: 'timed-out', policy: `limits: { ${LIMITS}, time: 1s }`, script: "trap '' TERM INT; while :; do sleep 1; done" },
  { outcome: 'limit-exceeded', policy: `limits: { ${LIMITS.replace('256', '32')} }`, script: `perl -e '$x = "a" x 100_000_000; sleep 9'` },
  { outcome: 'guard-failed', policy: `limits: { ${LIMITS} }\nguards: { changes: { allow: [src/] } }`, script: 'mkfifo p; echo x > y' },
  {
    outcome: 'limit-exceeded',
    policy: `limits: { ${LIMITS} }`,
    script: 'i=0; while [ $i -lt 300 ]; do sleep 60 & i=$((i+1)); done; exit 1',
  },
  { outcome: 'cancelled', policy: `limits: { ${LIMITS} }`, script: 'echo ready; sleep 60' },
  { outcome: 'limit-exceeded', policy: `limits: { ${LIMITS} }`, script: 'head -c 100M /dev/zero > big || exit 1' },
];

/** One run; its record is removed, so that the disk can be compared. */
async function once(at: string, { outcome, policy, script }: Kind, backend: Backend): Promise<void> {
  const args = ['--backend', backend];
  const out = outcome === 'cancelled' ? await cancelled(at, policy, script, args) : (await jailed(at, script, { policy, args })).out;
  const { verdict, run } = record(out);
  expect(run?.backend?.name).toBe(backend);
  expect(`${verdict?.outcome}: ${verdict?.because}`).toMatch(new RegExp(`^${outcome}: `));
  expect(await verify(out as HostPath)).toMatchObject({ state: 'intact', problems: [] });
  rmSync(out, { recursive: true });
}

async function cancelled(at: string, policy: string, script: string, args: readonly string[]): Promise<string> {
  const out = mkdtempSync(join(at, 'record-'));
  writeFileSync(join(at, 'cancel.yml'), policy);
  const child = spawn(NODE, [CLI, 'run', '--policy', join(at, 'cancel.yml'), '--out', out, ...args, '--', 'sh', '-c', script], {
    cwd: join(at, 'work'),
    env: { PATH: process.env['PATH'] ?? '', HOME: '/root', ...ENGINE },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (let n = 0; n < 1500 && !record(out).transcript.includes('ready'); n += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  return out;
}

const backendOf = (n: number): Backend => (n % DOCKER === DOCKER - 1 ? 'docker' : 'nspawn');

/** Resident bytes of the processes that outlive runs. */
function engineMemory(): number {
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (/^Name:\t(?:dockerd|containerd)$/m.test(status)) sum += 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
    } catch {} // it ended
  return sum;
}

/** Things of the kernel's that have no name: they are counted. */
function counts(): Record<'free' | 'cgroups' | 'files' | 'engine', number> {
  // What is only still cached would count as left: a cgroup lives until the last page that it paid for is given up.
  writeFileSync('/proc/sys/vm/drop_caches', '3');
  const { bavail, bsize } = statfsSync('/var/lib/agent-jail');
  const memory = /^memory\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/cgroups', 'utf8'))?.[1];
  return {
    free: bavail * bsize,
    cgroups: Number(memory),
    files: Number(readFileSync('/proc/sys/fs/file-nr', 'utf8').split('\t')[0]),
    engine: engineMemory(),
  };
}

test(
  `${RUNS} runs in a row and ${AT_ONCE} at once, which end in every way: the machine is as it was`,
  async () => {
    using place = temporary();
    const work = repository(place.path);
    for (const kind of KINDS) for (const backend of ['nspawn', 'docker'] as const) await once(place.path, kind, backend);
    const before = snapshot();
    const first = counts();
    const began = performance.now();
    for (let n = 0; n < RUNS; n += 1) await once(place.path, KINDS[n % KINDS.length] as Kind, backendOf(n));
    const afterRow = await settled(before, 10_000);
    const row = performance.now() - began;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, n) => {
        // Places of their own: the records of one are not told apart by time.
        using own = temporary();
        repository(own.path);
        await once(own.path, KINDS[n % KINDS.length] as Kind, backendOf(n));
      }),
    );
    const afterAll = await settled(before, 10_000);
    const last = counts();
    console.log(`${RUNS} runs in ${Math.round(row / 1000)} s; before ${JSON.stringify(first)}, after ${JSON.stringify(last)}`);
    expect(afterRow).toEqual([]);
    expect(afterAll).toEqual([]);
    expect(first.free - last.free).toBeLessThan(NOISE);
    // A leak would be one a run.
    expect(last.cgroups - first.cgroups).toBeLessThan(RUNS / 4);
    expect(last.files - first.files).toBeLessThan(RUNS * 4);
    expect(first.engine).toBeGreaterThan(0);
    expect(last.engine - first.engine).toBeLessThan(GROWTH);
    expect(git(work, 'status', '--porcelain')).toBe('');
  },
  60 * 60_000,
);

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { parseMountinfo, readProc } from '../../src/system/proc.ts';
import { cgroupLayout } from '../../src/host/cgroup-layout.ts';
import { jailed, repository, temporary } from '../support/jail.ts';
import { hits, limits, stepHits } from '../support/limits.ts';

// A warden that gets no processor while an engine removes the group of a step, and with it what the kernel counted there.

const { kind, unified, controllers } = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
const GROUPS = (kind === 'v2' ? unified : controllers.get('pids')) ?? '';

/** Processes whose arguments have this, each with a byte 0 behind it. */
const having = (argument: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && (readProc(Number(name), 'cmdline') ?? '').includes(argument))
    .map(Number);
async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await sleep(20)) if (Date.now() > end) throw new Error(`never: ${holds.toString()}`);
}
/** The group of the container that this process is in. */
const groupOf = (pid: number): string =>
  GROUPS + (/^\d+:(?:pids)?:(.*agent.jail.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1] ?? '/no group of a run');

test.each([
  ['processes', `perl -e 'for (1 .. 60) { my $pid = fork; exit 7 unless defined $pid; if (!$pid) { sleep 60; exit } }'`, 7],
  ['memory', `perl -e '$x = "a" x 300_000_000'`, 137],
  ['nothing', 'exit 3', 3],
])('a warden that is held up when a container ends tells which limit was reached: %s', async (name, script, code) => {
  using place = temporary();
  repository(place.path);
  const length = `1.5${process.pid}`;
  const running = jailed(place.path, `sleep ${length}; ${script}`, {
    policy: limits({ processes: 40, memory: '64MiB' }),
    args: ['--backend', 'docker'],
  });
  await until(() => having(`sleep\0${length}\0`).length > 0);
  const group = groupOf(having(`sleep\0${length}\0`)[0] ?? 0);
  expect(existsSync(group)).toBe(true);
  const wardens = having('/warden.cjs\0');
  expect(wardens.length).toBeGreaterThan(0);
  for (const pid of wardens) process.kill(pid, 'SIGSTOP');
  try {
    await until(() => !existsSync(group));
  } finally {
    for (const pid of wardens) process.kill(pid, 'SIGCONT');
  }
  const ran = await running;
  const reached = name === 'nothing' ? [] : [name];
  expect([ran.run.steps[0]?.exit?.code, hits(ran), stepHits(ran)]).toEqual([code, reached, [reached]]);
  expect(ran.verdict.outcome).toBe(name === 'nothing' ? 'step-failed' : 'limit-exceeded');
});

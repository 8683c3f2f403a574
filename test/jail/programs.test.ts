import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cli, jailed, NODE, REPOSITORY, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { programs } from './conformance/programs.ts';

const POLICY = 'limits: { disk: 64MiB, memory: 512MiB, time: 60s }\n';

describe.each(['nspawn', 'docker'])('%s: programs.ndjson', (backend) => {
  programs(backend);
});

describe('a machine that does not tell', () => {
  test.each([
    ['without tracefs', ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /sys/kernel && exec "$@"', 'sh'], /^no tracefs: /],
    ['in a PID namespace', ['unshare', '--mount', '--pid', '--fork', '--mount-proc'], /^this machine is in a PID namespace/],
  ])('%s: the record says why, and the run goes on', async (_, enter, why) => {
    using place = temporary();
    repository(place.path);
    const ran = await jailed(place.path, '/usr/bin/true; echo done', { policy: POLICY, enter });
    expect([ran.verdict.outcome, ran.transcript]).toEqual(['succeeded', 'done\n']);
    expect(ran.run.programs).toEqual({ source: 'none', why: expect.stringMatching(why) });
    expect(ran.ndjson('programs.ndjson')).toEqual([]);
    expect((await cli(['verify', ran.out], { cwd: place.path })).code).toBe(0);
  });
});

/** Of the log of programs, by whether they read what an agent's processes did: that one has a uid of its own. */
function logProcesses(): { readonly pid: number; readonly role: 'reader' | 'remover' }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/trace.pl\0')) return [];
      const [, uid] = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return [{ pid: Number(pid), role: uid === '0' ? 'remover' : 'reader' } as const];
    } catch {
      return []; // it ended meanwhile
    }
  });
}

describe('where a process of the log is killed in a step, the run goes on, and nothing is left of it', () => {
  test.each([
    ['the one that reads', ['reader']],
    ['the one that removes', ['remover']],
    ['both', ['remover', 'reader']],
  ])('%s', async (_, roles) => {
    using place = temporary();
    repository(place.path);
    const before = snapshot();
    const running = jailed(place.path, 'echo begun > begun; sleep 2', { policy: POLICY });
    let there: ReturnType<typeof logProcesses> = [];
    // Until it has a uid of its own, the one that reads looks like the other.
    for (; there.filter(({ role }) => role === 'reader').length !== 1 || there.length !== 2; there = logProcesses()) await setTimeout(20);
    for (const { pid, role } of there) if (roles.includes(role)) process.kill(pid, 'SIGKILL');
    const ran = await running;
    expect([ran.verdict.outcome, ran.run.counts.changed]).toEqual(['succeeded', 1]);
    const lost = { source: 'none', why: expect.stringMatching(/^the log of programs ended with SIGKILL/) };
    expect(ran.run.programs).toMatchObject(roles.includes('reader') ? lost : { source: 'tracefs', lost: 0 });
    expect(await settled(before)).toEqual([]);
  });
});

test('what a dead run left of it is removed by `doctor --clean`', async () => {
  using place = temporary();
  const before = snapshot();
  const id = '01JZ0000000000000000000000';
  const at = '/sys/kernel/tracing';
  const make = `[ -d ${at}/instances ] || mount -t tracefs tracefs ${at}; mkdir ${at}/instances/agent-jail-${id}`;
  execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', make]);
  expect(snapshot().traces).toContain(`agent-jail-${id}`);
  const { code, stdout } = await cli(['doctor', '--clean'], { cwd: place.path });
  expect([code, stdout]).toEqual([0, expect.stringContaining(id)]);
  expect(snapshot().traces).toEqual(before.traces);
});

test('what others remove at the same moment is gone, and what is still read for a moment is waited for', () => {
  const before = snapshot();
  const within = 'mount -t tracefs tracefs /sys/kernel/tracing; exec "$@"';
  const argv = ['--mount', '--propagation', 'private', 'sh', '-c', within, 'sh', NODE, join(REPOSITORY, 'test/support/traces.ts')];
  const lines = execFileSync('unshare', argv, { encoding: 'utf8' }).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    ...Array.from({ length: 10 }, () => ({ byFour: [4, false] })),
    { soon: ['removed', false], late: [expect.stringMatching(/^an instance of tracefs is left: EBUSY/), false] },
  ]);
  expect(snapshot().traces).toEqual(before.traces);
});

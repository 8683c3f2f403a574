import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { cli, jailed, repository, temporary } from '../support/jail.ts';
import { snapshot } from '../support/machine.ts';
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

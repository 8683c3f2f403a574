import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { OwnEngine } from '../support/engine.ts';
import { cli, record, temporary } from '../support/jail.ts';
import { killTests } from '../support/kill-cases.ts';
import { killGround, strike } from '../support/kill.ts';
import { settled, snapshot } from '../support/machine.ts';

describe('SIGKILL leaves nothing behind, and a record that is a valid prefix', () => {
  killTests(['layers', 'steps', 'collect'], 'nspawn', ['main', 'unshare', 'warden', 'nspawn', 'gateway', 'collector']);
  killTests(['check', 'layers', 'selftest', 'steps', 'stopped', 'collect', 'seal', 'clean'], 'nspawn', ['hands']);
  killTests(['steps'], 'docker', ['main', 'unshare', 'warden', 'hands', 'container', 'engine', 'gateway']);
  killTests(['layers', 'collect'], 'docker', ['main', 'engine']);
  killTests(['check'], 'docker', ['hands']);
});

test.each(['nspawn', 'docker'] as const)('a cancel as the runner does it: SIGINT to main alone, %s', async (backend) => {
  using place = temporary();
  killGround(place.path, (file) => writeFileSync(file, 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n'));
  const before = snapshot();
  const { code, result, record, verified, phase } = await strike(place.path, 'main', 'steps', { signal: 'SIGINT', backend });
  expect(phase).toBe('steps');
  expect(code).toBe(130);
  expect(result?.outcome).toBe('cancelled');
  expect(record.transcript).not.toContain('got a signal');
  expect(verified).toBe(0);
  expect(await settled(before)).toEqual([]);
});

test('what an engine that is gone still has is told, also where stderr is no terminal', async () => {
  using place = temporary();
  killGround(place.path, (file) => writeFileSync(file, 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n'));
  const out = join(place.path, 'record');
  const before = snapshot();
  const engine = await OwnEngine.start();
  const argv = [
    'run',
    '--backend',
    'docker',
    '--policy',
    join(place.path, 'policy.yml'),
    '--out',
    out,
    '--',
    'sh',
    '-c',
    'echo begun; sleep 20',
  ];
  const running = cli(argv, { cwd: join(place.path, 'work'), env: { DOCKER_HOST: engine.host } });
  for (const end = Date.now() + 30_000; !record(out).transcript.includes('begun') && Date.now() < end; ) await sleep(20);
  process.kill(engine.pid, 'SIGKILL');
  const { code, stderr } = await running;
  expect([code, stderr]).toEqual([
    70,
    expect.stringMatching(/^agent-jail: this run left something that could not be removed: there is no Docker engine: /m),
  ]);
  await engine.gone();
  {
    await using back = await OwnEngine.start(engine.place);
    expect(await cli(['doctor', '--clean'], { cwd: place.path, env: { DOCKER_HOST: back.host } })).toMatchObject({ code: 0 });
  }
  expect(await settled(before)).toEqual([]);
});

import { describe, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
import { temporary } from '../support/jail.ts';
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

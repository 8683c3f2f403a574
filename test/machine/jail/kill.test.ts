import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporary } from '../../support/jail.ts';
import { killTests } from '../../support/kill-cases.ts';
import { killGround, strike } from '../../support/kill.ts';
import { settled, snapshot } from '../../support/machine.ts';

describe('SIGKILL leaves nothing behind', () => {
  killTests(['steps'], 'nspawn', ['main', 'warden', 'nspawn']);
});

test.each(['nspawn', 'docker'] as const)('a cancel as the runner does it leaves nothing behind: %s', async (backend) => {
  using place = temporary();
  killGround(place.path, (file) => writeFileSync(file, 'limits: { disk: 64MiB, memory: 512MiB, time: 10m }\n'));
  const before = snapshot();
  const { code, result, record, verified, phase } = await strike(place.path, 'main', 'steps', { signal: 'SIGINT', backend });
  expect({ phase, code, outcome: result?.outcome, verified }).toEqual({ phase: 'steps', code: 130, outcome: 'cancelled', verified: 0 });
  expect(record.transcript).not.toContain('got a signal');
  expect(await settled(before)).toEqual([]);
});

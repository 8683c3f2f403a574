import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PHASES } from '../../../src/model/names.ts';
import { temporary } from '../../support/jail.ts';
import { isOver, killGround, livesAt, strike, type Struck } from '../../support/kill.ts';
import { settled, snapshot } from '../../support/machine.ts';

/** A phase may pass before the signal is sent: then the same is tried again. */
const TRIES = 20;

describe.each(['nspawn', 'docker'] as const)('a cancel leaves nothing behind, and a whole record: %s', (backend) => {
  describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
    test.each(PHASES.filter((phase) => livesAt('main', backend, phase)))('at %s', async (phase) => {
      using place = temporary();
      killGround(place.path, (file) => writeFileSync(file, 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n'));
      const before = snapshot();
      let struck: Struck | null = null;
      for (let n = 0; n < TRIES && struck?.phase !== phase; n += 1) struck = await strike(place.path, 'main', phase, { signal, backend });
      // Once the jail is dead there is nothing to cancel any more.
      const [code, outcome] = isOver(phase) ? [0, 'succeeded'] : [130, 'cancelled'];
      expect(struck).toMatchObject({ phase, code, result: { outcome }, verified: 0 });
      expect(struck?.record.transcript).not.toContain('got a signal');
      expect(await settled(before)).toEqual([]);
    });
  });
});

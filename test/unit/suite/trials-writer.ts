// Adds trials until it is killed, or cannot; says how many there are. Usage: node trials-writer.ts FILE COUNT
import { writeSync } from 'node:fs';
import { openTrials } from '../../../src/suite/trials-write.ts';
import { trialOf } from '../../support/trials.ts';

const [path = '', count = '0'] = process.argv.slice(2);
const task = { task: 'sum', first: 1, trials: Number(count), policy: 'b'.repeat(64), deterministic: false, tags: [] };
const header = {
  schema: 'agent-jail/trials@1',
  suite: 'nightly',
  digest: 'a'.repeat(64),
  agent: 'pi',
  backend: 'auto',
  version: '0.1.0',
  started: '2026-11-29T02:00:00.000Z',
  seed: 7,
  shard: null,
  expected: [task],
  origin: null,
};
const writer = openTrials(path, header as unknown as Parameters<typeof openTrials>[1]);
try {
  for (let trial = 1; trial <= Number(count); trial += 1) {
    writer.add(trialOf('sum', trial));
    if (trial === 100) writeSync(1, `${trial}\n`);
  }
} catch (error) {
  writeSync(1, error instanceof Error ? error.message : String(error));
}

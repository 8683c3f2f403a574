import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../../support/jail.ts';
import { writeNight } from '../../support/trials.ts';

const NIGHT = join(import.meta.dirname, '../../support/merge-night.ts');
const SHARDS = 256;
const LINES = 10_000;
const TRIALS = 100;
const MOST_MS = 60_000;
const MOST_BYTES = 500e6;

test('256 shards of 10,000 trials are merged in a minute and 500 MB, and so is what they become read', () => {
  using place = temporary();
  const night = writeNight(place.path, { tasks: (SHARDS * LINES) / TRIALS, trials: TRIALS, shards: SHARDS });
  expect([night.files.length, night.lines]).toEqual([SHARDS, SHARDS * LINES]);
  expect(night.bytes / night.lines).toBeGreaterThan(700);
  const out = join(place.path, 'trials.ndjson');
  for (const what of ['merge', 'read']) {
    const said = execFileSync(process.execPath, [NIGHT, what, place.path, out], { encoding: 'utf8' });
    const { trials, ms, cpu, bytes } = JSON.parse(said) as Record<'trials' | 'ms' | 'cpu' | 'bytes', number>;
    console.log(`${what}: ${trials} trials, ${ms} ms (${cpu} ms of processors), ${Math.round(bytes / 1e6)} MB`);
    expect(trials).toBe(SHARDS * LINES);
    // Where others are at work, the clock tells of them too, and processor time does not; the benchmark looks at the clock.
    expect(Math.min(ms, cpu)).toBeLessThan(MOST_MS);
    expect(bytes).toBeLessThan(MOST_BYTES);
  }
  // All that was there, and `shard-N/` before the path of each record.
  expect(statSync(out).size).toBeGreaterThan(night.bytes);
});

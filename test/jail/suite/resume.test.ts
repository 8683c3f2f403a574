import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CLI, cli, ENGINE, NODE, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { files, LIMITS, results } from '../../support/suite.ts';

const SUITE = `policy: { ${LIMITS} }
agents: { one: { run: 'sleep 0.3; echo "$AGENT_JAIL_TASK $AGENT_JAIL_SEED" > done.txt' } }
verifier: { checks: [{ file-exists: done.txt }, { diff-touches: [done.txt] }] }
tasks:
${['a', 'b', 'c', 'd'].map((id) => `  - { id: ${id}, instruction: do, directory: start, trials: 2 }`).join('\n')}
`;

/** Starts a run of the suite and sends a signal once two trials are told. */
async function cutOff(at: string, signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(NODE, [CLI, 'suite', 'run', 'suite.yml', '--jobs', '2', '--out', 'out'], {
    cwd: at,
    // What it is killed with stays there.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/root', TMPDIR: at, ...ENGINE },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.split('\n').filter((line) => line.startsWith('[')).length >= 2 && !child.killed) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

test.each(['SIGKILL', 'SIGINT'] as const)('a run that %s cuts off goes on where it was, and does nothing twice', async (signal) => {
  using place = temporary();
  files(place.path, { 'suite.yml': SUITE, 'start/readme.txt': 'x\n' });
  const before = snapshot();
  const code = await cutOff(place.path, signal);
  expect(code).toBe(signal === 'SIGINT' ? 130 : null);
  const cut = results(join(place.path, 'out'));
  expect(cut.complete).toBe(false);
  expect(cut.trials.length).toBeGreaterThanOrEqual(2);
  expect(cut.trials.length).toBeLessThan(8);
  expect(cut.trials.every(({ outcome }) => outcome === 'pass')).toBe(true);

  const foreign = await cli(['suite', 'run', 'suite.yml', '--resume', 'out', '--seed', '7'], { cwd: place.path });
  expect([foreign.code, foreign.stderr]).toEqual([2, expect.stringMatching(/was begun for something else: seed/)]);
  // Torn in the middle of a line, as a machine that lost its power leaves it.
  const file = join(place.path, 'out/trials.ndjson');
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"task":"a","tri`);
  const resumed = await cli(['suite', 'run', 'suite.yml', '--resume', 'out'], { cwd: place.path });
  expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringContaining(`${cut.trials.length} trials are finished already`)]);
  const whole = results(join(place.path, 'out'));
  expect([whole.complete, whole.trials.length]).toEqual([true, 8]);
  expect(whole.trials.slice(0, cut.trials.length)).toEqual(cut.trials);
  // The seed is that of the trial, whoever runs it and when.
  const seeds = (task: string): number[] => whole.trials.filter((trial) => trial.task === task).map(({ seed }) => seed);
  expect(new Set(['a', 'b', 'c', 'd'].flatMap(seeds)).size).toBe(8);
  expect(await settled(before)).toEqual([]);
});

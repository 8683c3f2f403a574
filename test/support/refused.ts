import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { record, repository, temporary } from './jail.ts';
import { settled, snapshot } from './machine.ts';
import type { Ended } from './spoiled.ts';
import { SMALL } from './steps.ts';

/** What the agent would say if it were started. */
export const PAYLOAD = ['--', 'sh', '-c', 'echo the agent was here'];

/** A place with a repository, a policy, and the arguments of a run in it. */
export function ground(policy = SMALL) {
  const place = temporary();
  const work = repository(place.path);
  writeFileSync(join(place.path, 'policy.yml'), policy);
  const out = join(place.path, 'rec');
  return { ...place, work, out, args: ['run', '--policy', '../policy.yml', '--out', out, ...PAYLOAD] };
}

/** Asserts one message, the right code, and that nothing was started; returns what is not as it was on the machine. */
export async function refused(bad: () => Promise<Ended>, out: string, code: number, message: RegExp): Promise<string[]> {
  const before = snapshot();
  const ran = await bad();
  // What stands before the line about the record is the message: one line, whatever went wrong.
  const said = ran.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('agent-jail: record '));
  expect(said).toEqual([expect.stringMatching(message)]);
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' });
  const { run, transcript, verdict } = record(out);
  expect(transcript).toBe('');
  if (code === 2) expect(existsSync(out)).toBe(false);
  // Where even the one who judges cannot be started there is no verdict.
  else expect(verdict?.outcome ?? 'jail-error').toBe('jail-error');
  // No run.json where not even the warden came up.
  if (run !== null) {
    expect(run.end).toMatchObject({ how: 'error', started: false });
    expect(run.steps.map(({ started }) => started)).toEqual([null]);
  }
  return await settled(before);
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/model/errors.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { defaultPolicy } from '../../../src/policy/parse.ts';
import { harborTasks } from '../../../src/suite/harbor.ts';

const directory = mkdtempSync(join(tmpdir(), 'harbor-read-')) as HostPath;
afterAll(() => rmSync(directory, { recursive: true }));
for (const name of ['tests', 'environment']) mkdirSync(join(directory, name));
for (const name of ['instruction.md', 'tests/test.sh', 'environment/Dockerfile']) writeFileSync(join(directory, name), 'x');

function tasks(toml: string) {
  writeFileSync(join(directory, 'task.toml'), toml);
  return harborTasks(directory, { policy: defaultPolicy(), place: { file: 'suite.yml', line: 2, column: 3 }, trials: 1 });
}
function refused(toml: string): string {
  try {
    tasks(toml);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ message }) => message.replace(/^.*task\.toml: /, '')).join('; ');
    throw error;
  }
  return '';
}

describe('a task of Harbor', () => {
  it.each([
    ['memory = "2G"', 2 ** 31],
    ['memory = "512MiB"', 2 ** 29],
    ['memory = 1073741824', 2 ** 30],
    ['memory_mb = 2048', 2_048_000_000],
    ['memory_mb = 0.5e2', 50_000_000],
    ['cpus = 1', null],
  ])('%s', (line, memory) => {
    expect(tasks(`[environment]\n${line}\n`)[0]?.policy.agent.limits.memory).toBe(memory);
  });

  it('has times in whole milliseconds, as a policy has them', () => {
    const [task] = tasks('[agent]\ntimeout_sec = 120.00049\n[verifier]\ntimeout_sec = 60.5\n[environment]\nbuild_timeout_sec = 1.0004\n');
    expect([task?.policy.agent.limits.time, task?.verifier.time, task?.image?.time]).toEqual([120_000, 60_500, 1000]);
  });

  // What a policy would refuse: the image becomes a path at the engine, and a limit of NaN is none.
  it.each([
    ['docker_image = ";"', '";" is not an image'],
    ['docker_image = "a/../../containers/x"', '"a/../../containers/x" is not an image'],
    ['docker_image = ""', '"" is not an image'],
    ['cpus = inf', 'environment.cpus: '],
    ['cpus = nan', 'environment.cpus: '],
    ['memory_mb = inf', 'environment.memory_mb: '],
    ['memory_mb = -5', 'environment.memory_mb: '],
    ['memory_mb = 1', 'is too small'],
    ['memory = 1.5', 'is not a size'],
    ['memory = "-1"', 'is not a size'],
    ['memory = "10KB"', 'is too small'],
  ])('%s is refused', (line, why) => {
    expect(refused(`[environment]\n${line}\n`)).toContain(why);
  });

  it.each([
    ['"A=B" = "x"', 'is not the name of an environment variable'],
    ['A = "\\u0000"', 'holds a NUL character'],
    ['A = "${KEY}"', 'is filled in from outside'],
  ])('%s is refused in the environment of the verifier', (line, why) => {
    expect(refused(`[verifier.env]\n${line}\n`)).toContain(why);
  });
});

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const program = fileURLToPath(new URL('comparison.ts', import.meta.url));

it.each([
  ['few tasks with many trials', 256, 1250],
  ['many tasks with few trials', 2000, 10],
])('eight nights of %s are compared in the memory of their tasks', (name, tasks, trials) => {
  const found = JSON.parse(execFileSync(process.execPath, [program, String(tasks), String(trials)], { encoding: 'utf8' })) as Record<
    string,
    number
  >;
  console.log(name, found);
  expect(found).toMatchObject({ verdict: 'steady', trials: 8 * tasks * trials });
  expect(found['megabytes']).toBeLessThan(500);
  expect(found['seconds']).toBeLessThan(120);
});

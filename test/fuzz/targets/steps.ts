import assert from 'node:assert/strict';
import { parseSteps } from '../../../src/policy/steps.ts';
import { assertClean, assertRefused } from '../say.ts';
import type { Target } from '../target.ts';

const FILE = 'steps.yml';

/** The input `steps`. */
export const target: Target = {
  seeds: [
    '- run: echo hi\n- { name: two, run: npm test, shell: bash, time: 5m, env: { A: b } }\n',
    '- name: set up\n  setup: true\n  run: |\n    npm ci\n    npm run build\n  working-directory: sub\n- run: x\n  tty: true\n  agent: codex\n  idle: 1m\n',
    '- run: x\n  tty: { rows: 10, columns: 20 }\n',
  ],
  words: ['- ', ': ', 'run', 'name', 'setup', 'shell', 'env', 'time', 'idle', 'tty', 'agent', 'working-directory', 'rows', 'columns', '{0}', '"', '\\0', '\n', '|\n'],
  perByte: 60,
  check(input) {
    const text = input.toString();
    try {
      const steps = parseSteps(text, FILE);
      assert.ok(steps.length > 0 && steps.length <= 100);
      const first = steps.findIndex(({ setup }) => !setup);
      // None behind a step of the agent's.
      assert.ok(first === -1 || steps.slice(first).every(({ setup }) => !setup));
      for (const { time, idle, name } of steps) {
        for (const ms of [time, idle]) assert.ok(ms === null || Number.isSafeInteger(ms));
        assert.doesNotMatch(name, /[\n\0]/);
      }
    } catch (error) {
      assertRefused(error, text, FILE);
    } finally {
      assertClean();
    }
  },
}; // biome-ignore format: a list

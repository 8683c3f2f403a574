import assert from 'node:assert/strict';
import { parseScript } from '../../../src/scripted/parse.ts';
import { assertClean, assertRefused } from '../say.ts';
import type { Target } from '../target.ts';

const FILE = 'script.yml';

/** The script of a model. */
export const target: Target = {
  seeds: [
    'version: 1\nanswers:\n  - error: { status: 529, message: overloaded, retry-after: 0 }\n  - say: I look.\n    read: sum.mjs\n  - write: { path: sum.mjs, content: "x\\n" }\n    delay: 100ms\n  - say: no\n    when: { tool-result: ^broken }\n  - say: yes\n    usage: { input: 2400, output: 12, cached: 1200 }\n',
    'models:\n  "claude-*": [{ run: ls, chance: 0.5 }, { cut: true, times: 3 }]\n  gpt: [{ call: [{ tool: bash, arguments: { command: ls } }, { tool: x }] }]\ndefault: { say: done }\naside: words\n',
  ],
  words: ['- ', ': ', 'answers', 'models', 'default', 'say', 'run', 'write', 'read', 'call', 'tool', 'arguments', 'error', 'status', 'cut', 'times', 'when', 'contains', 'matches', 'tool-result', 'chance', 'usage', 'delay', '(', '[', '\\p{', '*', '1h', '{', '}', '\n'],
  perByte: 60,
  check(input) {
    const text = input.toString();
    try {
      const { answers, models } = parseScript(text, FILE);
      assert.ok(answers !== null || models.size > 0);
      for (const { answers: list } of [...(answers === null ? [] : [answers]), ...models.values()])
        for (const { times, chance, delay } of list) {
          assert.ok(times >= 1 && chance >= 0 && chance <= 1);
          assert.ok(delay >= 0 && delay <= 3_600_000);
        }
    } catch (error) {
      assertRefused(error, text, FILE);
    } finally {
      assertClean();
    }
  },
}; // biome-ignore format: a list

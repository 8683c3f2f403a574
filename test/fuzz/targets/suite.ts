import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSuite } from '../../../src/suite/read.ts';
import { assertClean, assertRefused } from '../say.ts';
import type { Target } from '../target.ts';

const FILE = 'suite.yml';
const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-'));
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
for (const name of ['start', 'verify']) {
  mkdirSync(join(place, name));
  writeFileSync(join(place, name, 'file'), 'x');
}

/** A suite file. Paths in it stay within an empty directory: what they lead to is hashed, and the machine is large. */
export const target: Target = {
  seeds: [
    'version: 1\nname: example\ntrials: 3\npolicy: { network: none, limits: { time: 5m } }\nagents: { a: { deterministic: true, run: "true" } }\nagent: a\ntasks:\n  - id: one\n    instruction: do\n    directory: start\n    tags: [bug]\n    solution: "true"\n    verifier: { files: verify, run: sh x, checks: [{ diff-avoids: [README.md] }] }\n',
    'agents:\n  a: { setup: npm ci, steps: [{ run: x, env: { A: b } }], shell: sh, env: { B: c } }\ntasks:\n  - id: two\n    instruction: do\n    repository: { url: "r", commit: 0123456789012345678901234567890123456789, path: sub }\n    policy: { limits: { cpus: 1 } }\n    verifier: { checks: [{ file-json: { path: c.json, at: p, equals: 8080 } }, { command: "true" }] }\n',
    'verifier: { run: x, reward: true, threshold: 0.5, root: agent, workspace: copy-on-write, env: { A: b }, time: 1m }\ngate: { pass-rate: 0.5, infra: 0 }\nbuild: allow\njobs: 2\nseed: 7\ntasks: [{ id: x, instruction: y, directory: start, agent: { run: z } }]\n',
  ],
  words: ['- ', ': ', 'tasks', 'id', 'instruction', 'directory', 'start', 'verify', 'repository', 'agents', 'agent', 'verifier', 'checks', 'harbor', 'policy', 'policy-file', 'tags', 'trials',
    'file-exists', 'file-json', 'diff-avoids', 'diff-within', 'result', 'at', 'equals', 'command', 'files', 'target', 'reward', 'oracle', 'null', '{', '}', '[', ']', '\n'],
  perByte: 100,
  check(input) {
    const text = input.toString().replace(/\/|\.\./g, '_').replaceAll('\\', '_');
    try {
      const suite = readSuite(text, FILE, place);
      const ids = suite.tasks.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      assert.match(suite.digest, /^[0-9a-f]{64}$/);
      assert.deepEqual(readSuite(text, FILE, place), suite);
    } catch (error) {
      assertRefused(error, text, FILE);
    } finally {
      assertClean();
    }
  },
}; // biome-ignore format: lists

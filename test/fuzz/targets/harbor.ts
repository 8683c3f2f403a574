import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../../src/model/errors.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';
import { toUser } from '../../../src/policy/to-user.ts';
import { harborTasks } from '../../../src/suite/harbor.ts';
import { assertClean } from '../say.ts';
import type { Target } from '../target.ts';

const place = mkdtempSync(join(tmpdir(), 'aj-fuzz-')) as HostPath;
process.on('exit', () => rmSync(place, { recursive: true, force: true }));
for (const name of ['tests', 'environment', 'solution']) mkdirSync(join(place, name));
for (const [name, text] of [
  ['instruction.md', 'do'],
  ['tests/test.sh', ''],
  ['solution/solve.sh', ''],
  ['environment/Dockerfile', 'FROM x'],
] as const)
  writeFileSync(join(place, name), text);
const given = { policy: defaultPolicy(), place: { file: 'suite.yml', line: 1, column: 1 }, trials: 1 };

/** Harbor's task.toml: a task whose policy a user could have written, or refused. */
export const target: Target = {
  seeds: [
    'version = "1.0"\n[task]\nname = "org/hello-world"\nkeywords = ["a", "b"]\n[metadata]\ntags = ["easy"]\n[agent]\ntimeout_sec = 120.0\n[verifier]\ntimeout_sec = 60.5\n[verifier.env]\nA = "b"\n[environment]\nbuild_timeout_sec = 600.0\ncpus = 1\nmemory = "2G"\n',
    '[environment]\ndocker_image = "x:y"\nmemory_mb = 2048\ncpus = 0.5\ngpus = 0\n',
    'steps = []\n[environment]\ngpus = 1\n',
  ],
  words: ['[', ']', ' = ', '"', '\n', 'nan', 'inf', '-inf', '1e308', '-1', '0', '1979-05-27T07:32:00Z', '0x10', '[[', ']]', "'''", '"""', 'memory', 'memory_mb', 'cpus', 'timeout_sec', 'gpus', 'docker_image', 'environment', 'agent', 'verifier', 'env', '${X}', '__proto__', 'name', 'tags', 'G', 'GiB'],
  perByte: 60,
  check(input) {
    writeFileSync(join(place, 'task.toml'), input);
    try {
      for (const { id, tags, policy, verifier, image } of harborTasks(place, given)) {
        for (const name of [id, ...tags]) assert.match(name, /^[a-z0-9][a-z0-9._-]{0,99}$/);
        assert.ok(Number.isFinite(verifier.time) && verifier.time > 0, `verifier: ${verifier.time} ms`);
        assert.ok(image === null || (Number.isFinite(image.time) && image.time > 0));
        // With an image to be: what is built has no name yet.
        const { root } = policy.jail;
        const named = { ...policy, jail: { ...policy.jail, root: root.kind === 'image' && root.ref === '' ? ({ kind: 'host' } as const) : root } };
        assert.deepEqual(parsePolicy(JSON.stringify(toUser(named)), 'x').agent.limits, policy.agent.limits);
      }
    } catch (error) {
      if (!(error instanceof UserError) || error.problems.some(({ place: at }) => at?.file === 'x')) throw error;
    } finally {
      assertClean();
    }
  },
}; // biome-ignore format: lists

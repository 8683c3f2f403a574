import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../support/sources.ts';

// Within the repository, so that `vitest` is found; git ignores it.
mkdirSync(join(root, '.tmp'), { recursive: true });
const directory = mkdtempSync(join(root, '.tmp', 'reporter-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const HEAD = "import { afterAll, describe, expect, it } from 'vitest';\n";
const CASES = {
  'passing tests': {
    body: "it('a', () => expect(1).toBe(1)); it('b', () => expect(1).toBe(1));",
    last: '2 passed, 0 failed, 0 skipped',
    code: 0,
  },
  'a failing test': {
    body: "it('a', () => expect(1).toBe(2)); it('b', () => expect(1).toBe(1));",
    last: '1 passed, 1 failed, 0 skipped',
    code: 1,
  },
  'a skipped test': { body: "it.skip('a', () => {}); it('b', () => expect(1).toBe(1));", last: '1 passed, 0 failed, 1 skipped', code: 1 },
  'a skipped group': {
    body: "describe.skip('g', () => { it('a', () => {}); }); it('b', () => {});",
    last: '1 passed, 0 failed, 1 skipped',
    code: 1,
  },
  'a test to be written': { body: "it.todo('a'); it('b', () => {});", last: '1 passed, 0 failed, 1 skipped', code: 1 },
  'a file that does not load': { body: "throw new Error('no');", last: '0 passed, 1 failed, 0 skipped', code: 1 },
  'a hook that fails': {
    body: "it('a', () => {}); afterAll(() => { throw new Error('no'); });",
    last: '1 passed, 1 failed, 0 skipped',
    code: 1,
  },
};

it.each(Object.entries(CASES))('ends with its sum: %s', async (_, { body, last, code }) => {
  const run = await vitest(['run', '--root', project(body)]);
  expect([run.stdout.trimEnd().split('\n').at(-1), run.code]).toEqual([last, code]);
});

it.each([
  [
    "it('a', () => expect([`a ${'long '.repeat(20)}line`, 'b'], 'why').toEqual([]));",
    /^failed: some\.test\.ts > a: why: .*; there was .*long line.*$/m,
  ],
  ["it('a', () => { throw new Error('some\\nlines'); });", /^failed: some\.test\.ts > a: some lines$/m],
  ["it('a', () => expect(1).toBe(1)); throw new Error('no');", /^failed: some\.test\.ts > the file itself: no$/m],
])('says on one line why it failed: %s', async (body, line) => {
  const run = await vitest(['run', '--root', project(body)]);
  expect(run.stdout).toMatch(line);
});

it('fails where nothing ran', async () => {
  const run = await vitest(['run', '--root', mkdtempSync(join(directory, 'none-'))]);
  expect(run.code).toBe(1);
});

/** One with a single file of tests. */
function project(body: string): string {
  const own = mkdtempSync(join(directory, 'one-'));
  writeFileSync(join(own, 'some.test.ts'), HEAD + body);
  writeFileSync(
    join(own, 'vitest.config.ts'),
    `export default { test: { reporters: [${JSON.stringify(join(root, 'test/support/reporter.ts'))}] } };\n`,
  );
  return own;
}

function vitest(args: readonly string[]): Promise<{ stdout: string; code: number }> {
  return new Promise((done) => {
    execFile(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, env: { PATH: process.env['PATH'] } }, (error, stdout) => {
      done({ stdout, code: error === null ? 0 : Number(error.code) });
    });
  });
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { headOf, originOf } from '../../../src/run/origin.ts';

test.each([
  ['no event', null, 'o/r'],
  ['an issue', { issue: { number: 1 } }, 'o/r'],
  ['a branch of the repository', { pull_request: { head: { repo: { full_name: 'o/r' } } } }, 'o/r'],
  ['a fork', { pull_request: { head: { repo: { full_name: 'evil/r' } } } }, 'evil/r'],
  ['a fork that was deleted', { pull_request: { head: { repo: null } } }, null],
  ['a pull request that is none', { pull_request: null }, null],
  ['another workflow’s run of a fork', { workflow_run: { head_repository: { full_name: 'evil/r' } } }, 'evil/r'],
])('the head of %s', (_, event, expected) => {
  expect(headOf(event, 'o/r')).toBe(expected);
});

test('what the runner says becomes the origin; without a runner there is none', async () => {
  const runner = { GITHUB_SERVER_URL: 'https://ghe.example', GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '42' };
  expect(await originOf(runner)).toEqual({ server: 'https://ghe.example', repository: 'o/r', run: '42', head: 'o/r' });
  for (const env of [{}, { ...runner, GITHUB_RUN_ID: 'x' }, { ...runner, GITHUB_REPOSITORY: 'r' }, { GITHUB_RUN_ID: '42' }]) {
    expect(await originOf(env)).toBeNull();
  }
});

test('an event that cannot be read is about a head that is not known', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'aj-origin-'));
  try {
    const runner = { GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '42', GITHUB_EVENT_PATH: join(dir, 'event.json') };
    expect(await originOf(runner)).toMatchObject({ server: 'https://github.com', head: null });
    writeFileSync(runner.GITHUB_EVENT_PATH, '{"pull_request":{"head":{"repo":{"full_name":"evil/r"}}}}');
    expect(await originOf(runner)).toMatchObject({ head: 'evil/r' });
  } finally {
    rmSync(dir, { recursive: true });
  }
});

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PACE } from '../support/pace.ts';
import { Runner } from './support/runner.ts';
import type { StepResult } from './support/runner.ts';

/** Command lines of all processes that are wardens. */
function wardens(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes('warden.cjs'));
}

const errors = (result: StepResult): string[] => result.commands.filter(({ name }) => name === 'error').map(({ data }) => data);

describe('a mistake in the workflow', () => {
  it.each([
    ['no step', {}, /neither `run` nor `steps`/],
    ['an unknown input', { run: 'true', polcy: 'x' }, /"polcy" is not known\. Did you mean `policy`/],
    ['an unknown value', { run: 'true', log: 'ful' }, /`log`: "ful"/],
    ['a comment without a token', { run: 'true', comment: 'true' }, /`comment`: .*Give `github-token:/],
    ['an unknown key of the policy', { run: 'true', policy: 'version: 1\nnetwrok: none\n' }, /:2:1: .*netwrok.*network/],
    ['a policy that is not there yet', { run: 'true', policy: 'jail: { user: root }' }, /key "user" is reserved|jail: key "user" is/],
    ['a mistake in steps', { steps: '- rnu: true\n' }, /input steps:1:3: .*rnu/],
    ['a secret that is not set', { run: 'true', policy: 'secrets: { API_KEY_OF_TEST: expose }' }, /API_KEY_OF_TEST/],
    ['a directory out of the workspace', { run: 'true', 'working-directory': '../..' }, /\.\.\/\.\./],
    ['a shell that is none', { run: 'true', shell: 'tcsh-of-nowhere' }, /tcsh-of-nowhere/],
  ])('%s: exit 2, an annotation, nothing started', async (_, given, expected) => {
    using runner = new Runner();
    const result = await runner.step({ with: given });
    expect(errors(result).join('\n')).toMatch(expected);
    expect(result).toMatchObject({ code: 2, foreign: [], leaked: { env: '', path: '' } });
    expect(result.outputs).toMatchObject({ outcome: 'usage-error', 'manifest-sha256': '', record: '' });
    expect(wardens()).toEqual([]);

    const [post] = await runner.finish();
    expect(post).toMatchObject({ code: 0, commands: [], raw: '' });
  });

  it('is an annotation at its line in the policy file', async () => {
    using runner = new Runner();
    writeFileSync(`${runner.workspace}/policy.yml`, 'version: 1\nlimits:\n  time: 5 parsecs\n');
    const git = (...args: string[]): string => execFileSync('git', args, { cwd: runner.workspace, encoding: 'utf8', env: GIT });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'policy');
    const sha = git('rev-parse', 'HEAD').trim();
    const result = await runner.step({
      with: { run: 'true', 'policy-file': 'policy.yml' },
      env: { GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' },
    });
    const annotation = result.commands.find(({ name }) => name === 'error');
    expect(annotation?.properties).toEqual({ title: 'agent-jail', file: 'policy.yml', line: '3', col: '9' });
    expect(result.code).toBe(2);
  });

  it('is told quickly, without the artifact client', async () => {
    using runner = new Runner();
    const result = await runner.step({ with: { run: 'true', log: 'x' } });
    expect(result.ms).toBeLessThan(2000 * PACE);
  });
});

describe('a runner where no jail can be', () => {
  it('a job container is refused', async () => {
    using runner = new Runner();
    const result = await runner.step({
      with: { run: 'true' },
      env: { GITHUB_WORKSPACE: '/__w/repo/repo', DOCKER_HOST: 'unix:///nonexistent' },
    });
    expect(errors(result)).toEqual([expect.stringMatching(/runs in a container.*Take `container:` out.*docker\.sock/)]);
    expect(result).toMatchObject({ code: 70, outputs: { outcome: 'jail-error' } });
  });

  it('a missing workspace is refused', async () => {
    using runner = new Runner();
    const result = await runner.step({ with: { run: 'true' }, env: { GITHUB_WORKSPACE: '' } });
    expect(errors(result)).toEqual([expect.stringContaining('GITHUB_WORKSPACE is not set')]);
    expect(result.code).toBe(2);
  });
});

const GIT = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

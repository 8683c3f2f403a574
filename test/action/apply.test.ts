import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { APPLY_OUTPUTS } from '../../src/action/outputs.ts';
import { seal } from '../../src/record/write.ts';
import type { HostPath } from '../../src/model/names.ts';
import { ArtifactService } from './support/artifact-service.ts';
import { Runner } from './support/runner.ts';
import type { StepResult } from './support/runner.ts';

// Two jobs on two runners, with nothing in common but an artifact and an output.

const POLICY = 'version: 1\nguards:\n  changes:\n    allow: ["src/**", "docs/**"]\n    review: ["docs/**"]\n';
let service: ArtifactService;
let first: Runner;
let repository: string;
let sha: string;
let jail: StepResult;
let artifact: ReadonlyMap<string, Buffer>;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', HOME: '/nonexistent' },
  }).trimEnd();
const event = (runner: Runner): void =>
  void Object.assign(runner.env, { GITHUB_EVENT_NAME: 'push', GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' });

beforeAll(async () => {
  service = await ArtifactService.start();
  first = new Runner();
  first.env['ACTIONS_RESULTS_URL'] = service.url;
  repository = first.workspace;
  mkdirSync(join(repository, 'src'));
  writeFileSync(join(repository, 'src/a.txt'), 'one\n');
  writeFileSync(join(repository, 'policy.yml'), POLICY);
  git(repository, 'init', '--quiet', '--initial-branch=main');
  git(repository, 'add', '.');
  git(repository, 'commit', '--quiet', '--message=base');
  sha = git(repository, 'rev-parse', 'HEAD');
  event(first);
  const run = 'echo two >> src/a.txt; printf "#!/bin/sh\\n" > src/tool; chmod +x src/tool; mkdir docs; echo "<b>new</b>" > docs/x.md';
  jail = await first.step({ with: { run, 'policy-file': 'policy.yml' } });
  expect(jail).toMatchObject({ code: 0, outputs: { outcome: 'needs-review' } });
  artifact = service.files([...service.artifacts.keys()][0] ?? '');
});
afterAll(async () => {
  first[Symbol.dispose]();
  await service[Symbol.asyncDispose]();
});

/** The second job: a fresh checkout, and the artifact beside it. */
class Second extends Runner {
  readonly record = join(this.temp, 'record');
  readonly expect = jail.outputs['manifest-sha256'] ?? '';

  constructor() {
    super();
    event(this);
    rmSync(this.workspace, { recursive: true });
    git(this.home, 'clone', '--quiet', repository, this.workspace);
    mkdirSync(this.record);
    for (const [name, bytes] of artifact) writeFileSync(join(this.record, name), bytes);
  }

  async apply(given: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Promise<StepResult> {
    return await this.step({
      action: 'apply',
      with: { record: this.record, expect: this.expect, 'policy-file': 'policy.yml', ...given },
      env,
    });
  }
  get status(): string {
    return git(this.workspace, 'status', '--porcelain', '--untracked-files=all');
  }
  edit(file: string, from: string | RegExp, to: string): void {
    const path = join(this.record, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  }
}
const errors = (result: StepResult): string =>
  result.commands
    .filter(({ name }) => name === 'error')
    .map(({ data }) => data)
    .join('\n');
const expectRefused = (second: Second, result: StepResult, message: RegExp, code = 3): void => {
  expect(errors(result)).toMatch(message);
  expect([result.code, result.foreign, result.leaked]).toEqual([code, [], { env: '', path: '' }]);
  expect([second.status, git(second.workspace, 'rev-parse', 'HEAD')]).toEqual(['', sha]);
  expect(readdirSync(join(second.workspace, '.git'))).not.toContain('agent-jail-apply');
};

describe('the second job', () => {
  it('has the changes in its checkout, and what a pull request needs', async () => {
    using second = new Second();
    const result = await second.apply();
    expect(result).toMatchObject({ code: 0, foreign: [], leaked: { env: '', path: '' } });
    expect(Object.keys(result.outputs)).toEqual(Object.keys(APPLY_OUTPUTS));
    const { outputs } = result;
    expect(outputs).toMatchObject({
      state: 'applied',
      outcome: 'needs-review',
      review: 'true',
      'changed-files': '3',
      base: sha,
      commit: '',
    });
    expect(outputs['branch']).toMatch(/^agent-jail\/[0-9a-z]{26}$/);
    const body = readFileSync(outputs['body-path'] ?? '', 'utf8');
    expect(body).toContain('needs-review');
    expect(second.status).toBe(' M src/a.txt\n?? docs/x.md\n?? src/tool');
    expect(readFileSync(join(second.workspace, 'src/a.txt'), 'utf8')).toBe('one\ntwo\n');
  });

  it('commits by the caller’s identity when asked, and says who is missing', async () => {
    using second = new Second();
    expectRefused(second, await second.apply({ commit: 'agent' }), /git does not know who commits/, 2);
    const { outputs, code } = await second.apply({ commit: 'agent', author: 'A Bot <bot@example.com>', only: 'src/**\nnothing/**' });
    expect([code, outputs['state'], outputs['changed-files']]).toEqual([0, 'applied', '2']);
    expect(git(second.workspace, 'log', '-1', '--format=%H %an <%ae> %s')).toBe(`${outputs['commit']} A Bot <bot@example.com> agent`);
    expect(second.status).toBe('');
  });

  it('looks only, with check; warns of a glob that matches nothing', async () => {
    using second = new Second();
    const result = await second.apply({ check: 'true', only: 'src/**\nnothing/**' });
    expect(result).toMatchObject({ code: 0, outputs: { state: 'checked' } });
    expect(result.commands.filter(({ name }) => name === 'warning').map(({ data }) => data)).toContain(
      'only "nothing/**" matches no change',
    );
    expect(second.status).toBe('');
  });

  it('stops where a review is wanted', async () => {
    using second = new Second();
    const result = await second.apply({ 'on-review': 'fail' });
    expectRefused(second, result, /needs-review: .*guards\.changes\.review/, 4);
    expect(result.outputs['state']).toBe('needs-review');
  });
});

describe('the example', () => {
  interface Workflow {
    readonly jobs: Readonly<
      Record<
        string,
        {
          readonly outputs?: Record<string, string>;
          readonly steps: readonly { readonly id?: string; readonly with?: Record<string, string> }[];
        }
      >
    >;
  }
  const { jobs } = parse(readFileSync(new URL('../../examples/workflows/pull-request.yml', import.meta.url), 'utf8')) as Workflow;
  const given = (job: string, step: string): Readonly<Record<string, string>> => jobs[job]?.steps.find(({ id }) => id === step)?.with ?? {};

  it('passes by its outputs what the second job needs, and that is enough', async () => {
    using second = new Second();
    const needs = Object.entries(jobs['fix']?.outputs ?? {}).map(([name, from]): [string, string] => {
      const [, output = ''] = /^\$\{\{ steps\.jail\.outputs\.([a-z0-9-]+) \}\}$/.exec(from) ?? [];
      return [`needs.fix.outputs.${name}`, jail.outputs[output] ?? ''];
    });
    const values = new Map([...needs, ['runner.temp', second.temp]]);
    const filled = Object.entries(given('open', 'apply')).map(([name, text]): [string, string] => [
      name,
      text.replace(/\$\{\{ ([a-z.]+) \}\}/g, (_, expression: string) => values.get(expression) ?? `no ${expression}`),
    ]);
    const inputs = Object.fromEntries(filled);
    expect(inputs).toEqual({ record: second.record, expect: second.expect, 'policy-file': '.github/agent-jail.yml' });
    const result = await second.step({ action: 'apply', with: { ...inputs, 'policy-file': 'policy.yml' } });
    expect(result).toMatchObject({ code: 0, outputs: { state: 'applied' } });
    expect(values.get('needs.fix.outputs.artifact')).toBe('1001');
  });
});

describe('refused', () => {
  it('a forged record that agrees with itself', async () => {
    using second = new Second();
    second.edit('run.json', '"exact": true', '"exact": true ');
    const { id } = JSON.parse(readFileSync(join(second.record, 'run.json'), 'utf8')) as { id: string };
    const forged = seal(second.record as HostPath, id, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
    second.edit('verdict.json', /"manifest": "[0-9a-f]{64}"/, `"manifest": "${forged}"`);
    expectRefused(second, await second.apply(), /not the record that is expected/);
  });

  it('a verdict and a policy in the record that say all is well', async () => {
    using second = new Second();
    second.edit('verdict.json', '"outcome": "needs-review"', '"outcome": "succeeded"');
    const result = await second.apply({ policy: 'guards: { changes: { allow: ["docs/**"] } }', 'policy-file': '' });
    expectRefused(second, result, /refused: the run counts as guard-failed: guards\.changes\.allow/);
    expect(result.log.join('\n')).toContain('src/a.txt');
  });

  it('a record of another run, another repository, or a fork', async () => {
    using second = new Second();
    expectRefused(second, await second.apply({}, { GITHUB_RUN_ID: '43' }), /of the workflow run 42, not 43/);
    expectRefused(second, await second.apply({}, { GITHUB_REPOSITORY: 'octo/other' }), /of the repository octo\/repo, not octo\/other/);
    expectRefused(second, await second.apply({}, { GITHUB_SERVER_URL: 'https://ghe.example' }), /of the server/);
    expect((await second.apply({ 'run-id': '42', check: 'true' }, { GITHUB_RUN_ID: '43' })).code).toBe(0);

    // The same commit, looked at for a pull request of a fork.
    using fork = new Runner({ name: 'pull_request', payload: { pull_request: { head: { repo: { full_name: 'evil/repo' } } } } });
    cpSync(repository, fork.workspace, { recursive: true });
    const evil = await fork.step({ with: { run: 'echo evil > src/evil', upload: 'never' } });
    const given = { record: evil.outputs['record'] ?? '', expect: evil.outputs['manifest-sha256'] ?? '' };
    expectRefused(second, await second.apply(given), /about a commit of evil\/repo, not of octo\/repo/);
    expect((await second.apply({ ...given, forks: 'allow', check: 'true' })).code).toBe(0);
  });

  it('a checkout that has moved on, or is dirty', async () => {
    using second = new Second();
    writeFileSync(join(second.workspace, 'src/a.txt'), 'mine\n');
    expect(errors(await second.apply())).toMatch(/is dirty: .*Commit, stash or discard/);
    git(second.workspace, 'commit', '--quiet', '--all', '--message=moved');
    expect(errors(await second.apply())).toMatch(/has changes of [0-9a-f]{40}.*git rebase/);
    expect(readFileSync(join(second.workspace, 'src/a.txt'), 'utf8')).toBe('mine\n');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['an output that was never set', { expect: '' }, /`expect`: is not a SHA-256/],
    ['no record', { record: '' }, /`record`: is not given/],
    ['an unknown input', { onlly: 'x' }, /"onlly" is not known\. Did you mean `only`/],
    ['an unknown value', { 'runs-later': 'yes' }, /`runs-later`: "yes" is not one of refuse, allow/],
    ['a glob that cannot be read', { only: 'src/**\nsrc/[a' }, /input only:2:1: "src\/\[a" has a `\[` without/],
    ['two policies', { policy: 'version: 1' }, /both `policy` and `policy-file`/],
    ['a policy that is wrong', { policy: 'gards: {}', 'policy-file': '' }, /gards/],
    ['a policy that is not there', { 'policy-file': 'absent.yml' }, /absent\.yml is not there at the base commit/],
    ['an author that is none', { author: 'me' }, /`author`: "me" is not/],
  ])('%s: exit 2', async (_, given, message) => {
    using second = new Second();
    const result = await second.apply(given);
    expectRefused(second, result, message, 2);
    expect(result.outputs['state']).toBe('usage-error');
  });
});

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { git, REPOSITORY, temporary } from '../support/jail.ts';
import { ArtifactService } from './support/artifact-service.ts';
import { RunsService } from './support/runs-service.ts';
import { runWorkflow } from './support/workflow.ts';

// Workflows as people copy them. The nights, which need an agent, are in test/long/agents.

let [service, github]: [ArtifactService | null, RunsService | null] = [null, null];
beforeAll(async () => {
  service = await ArtifactService.start();
  github = await RunsService.start();
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await github?.[Symbol.asyncDispose]();
});

/** A repository with the example's suite, a policy and something that acts as an agent; its commit. */
function repositoryAt(at: string): { checkout: string; sha: string } {
  const checkout = join(at, 'repository');
  cpSync(join(REPOSITORY, 'examples/suite'), join(checkout, 'evals'), { recursive: true });
  mkdirSync(join(checkout, '.github'));
  mkdirSync(join(checkout, 'scripts'));
  mkdirSync(join(checkout, 'src'));
  writeFileSync(join(checkout, '.github/agent-jail.yml'), 'pass-env: [TASK]\nguards: { changes: { allow: ["src/**"] } }\n');
  writeFileSync(join(checkout, 'scripts/agent.sh'), 'echo "$1" > src/answer.txt\n');
  writeFileSync(join(checkout, 'src/a.txt'), 'a\n');
  git(checkout, 'init', '--quiet', '--initial-branch=main');
  git(checkout, 'add', '--all');
  git(checkout, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
  return { checkout, sha: git(checkout, 'rev-parse', 'HEAD').trim() };
}

it('a pull request is evaluated with a token that can only read, under the policy of its base', async () => {
  using place = temporary();
  const { checkout, sha } = repositoryAt(place.path);
  if (service === null || github === null) throw new Error('no services');
  // The pull request opens the network, and forgets how to answer.
  const suite = join(checkout, 'evals/suite.yml');
  const run = readFileSync(suite, 'utf8');
  writeFileSync(suite, run.replace('network: none', 'network: [evil.example]').replace('echo 42 >', 'echo 43 >'));
  git(checkout, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--all', '--message=change');
  const head = git(checkout, 'rev-parse', 'HEAD').trim();
  const payload = { pull_request: { base: { sha, ref: 'main' }, head: { sha: head, repo: { full_name: 'someone/fork' } } } };
  const jobs = await runWorkflow(join(REPOSITORY, 'examples/workflows/evaluate.yml'), {
    checkout,
    service,
    token: 'the-token',
    event: { name: 'pull_request', payload },
    env: { GITHUB_REPOSITORY: 'octo/agent', GITHUB_SHA: head, GITHUB_REF: 'refs/pull/1/merge', GITHUB_API_URL: github.url },
  });
  const [ran, compared] = ['run', 'compare'].map((id) => jobs[0]?.steps.get(id));
  expect(ran?.outputs, ran?.raw).toMatchObject({ outcome: 'succeeded', trials: '15', passed: '15' });
  expect(compared?.outputs, compared?.raw).toMatchObject({ outcome: 'succeeded', verdict: 'none' });
  expect(compared?.raw).toContain('there is no earlier successful scheduled run of nightly.yml on main');
  const line = String(service.files([...service.artifacts.keys()][0] ?? '').get('trials.ndjson')).split('\n')[0] ?? '';
  expect(JSON.parse(line)).toMatchObject({ origin: { event: 'pull_request', head: 'someone/fork' } });
});

it('an agent works on an issue, guards judge, and a second job has what opens a pull request', async () => {
  using place = temporary();
  const { checkout, sha } = repositoryAt(place.path);
  service?.artifacts.clear();
  if (service === null) throw new Error('no service');
  const jobs = await runWorkflow(join(REPOSITORY, 'examples/workflows/pull-request.yml'), {
    checkout,
    service,
    event: { name: 'issues', payload: { action: 'labeled' } },
    github: { 'event.issue.body': 'forty-two', 'event.issue.number': '7', 'event.repository.default_branch': 'main', sha },
    env: { GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' },
  });
  expect(
    jobs.map(({ job, failed }) => [job, failed]),
    jobs.flatMap(({ steps }) => [...steps.values()].map(({ raw }) => raw)).join('\n'),
  ).toEqual([
    ['fix', false],
    ['open', false],
  ]);
  expect(jobs[1]?.steps.get('apply')?.outputs).toMatchObject({ state: 'applied', 'changed-files': '1' });
  expect(jobs[1]?.opened).toMatchObject([
    { base: 'main', branch: expect.stringMatching(/^agent-jail\/[0-9a-z]{26}$/), title: "Agent's work on issue 7", draft: 'false' },
  ]);
});

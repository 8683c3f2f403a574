import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Schema, Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { suiteSchemas } from '../../scripts/record-schema.ts';
import type { Comparison, Trial } from '../../src/model/suite.ts';
import { git, REPOSITORY } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { ArtifactService } from './support/artifact-service.ts';
import { GitHubService } from './support/github-service.ts';
import { Runner, type StepResult } from './support/runner.ts';
import { RunsService, zipOf } from './support/runs-service.ts';

let service: ArtifactService;
let runner: Runner;
beforeAll(async () => {
  service = await ArtifactService.start();
});
afterAll(() => service[Symbol.asyncDispose]());

/** A job whose checkout has the example below `evals`. */
function job(event?: ConstructorParameters<typeof Runner>[0]): Runner {
  const made = new Runner(event);
  cpSync(join(REPOSITORY, 'examples/suite'), join(made.workspace, 'evals'), { recursive: true });
  git(made.workspace, 'init', '--quiet', '--initial-branch=main');
  git(made.workspace, 'add', '--all');
  git(made.workspace, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
  const sha = git(made.workspace, 'rev-parse', 'HEAD').trim();
  Object.assign(made.env, { ACTIONS_RESULTS_URL: service.url, GITHUB_SHA: sha, GITHUB_REF: 'refs/heads/main' });
  return made;
}
beforeEach(() => {
  service.artifacts.clear();
  runner?.[Symbol.dispose]();
  runner = job();
});
afterAll(() => runner[Symbol.dispose]());

const said = ({ raw, outputs, code }: StepResult): string => `${code} ${JSON.stringify(outputs)} ${raw}`;
const suite = (given: Readonly<Record<string, string>>): Promise<StepResult> => runner.step({ action: 'suite', with: given });
const lineJudge = new Validator(JSON.parse(suiteSchemas().get('trials.schema.json') ?? '') as Schema);
const trials = (artifact: string): Trial[] =>
  String(service.files(artifact).get('trials.ndjson'))
    .split('\n')
    .filter((line) => line.includes('"trial":'))
    .map((line) => JSON.parse(line) as Trial);

describe('suite/action.yml', () => {
  it('plans, runs the shards, joins them; what is missing, there twice or of another plan is named', async () => {
    const which = { suite: 'evals/suite.yml', agent: 'oracle', filter: 'answer,dedupe', trials: '2' };
    const planned = await suite({ command: 'plan', ...which, shards: '2' });
    expect(planned.outputs, said(planned)).toMatchObject({ outcome: 'succeeded', shards: '2' });
    const { include } = JSON.parse(planned.outputs['matrix'] ?? '') as {
      include: Record<'shard' | 'of' | 'plan' | 'tasks', string | number>[];
    };
    expect(include.map(({ shard, of, tasks }) => [shard, of, tasks])).toEqual([
      [1, 2, 'dedupe:1 answer:1'],
      [2, 2, 'dedupe:2 answer:2'],
    ]);
    for (const entry of include) {
      const matrix = Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, String(value)]));
      const ran = await suite({ ...which, ...matrix, 'artifact-name': `shard-${entry.shard}` });
      expect(ran.outputs, said(ran)).toMatchObject({
        outcome: 'succeeded',
        trials: '2',
        passed: '2',
        'pass-rate': '1',
        'artifact-id': expect.stringMatching(/^\d+$/),
      });
      expect([...ran.commands, ...ran.foreign].filter(({ name }) => name === 'error')).toEqual([]);
    }
    expect([...service.files('shard-1').keys()]).toEqual(
      expect.arrayContaining(['trials.ndjson', 'trials/answer/1/agent/run.json', 'trials/dedupe/1/agent/verdict.json']),
    );

    const place = (name: string, from: string): void => {
      for (const [file, bytes] of service.files(from)) {
        mkdirSync(join(runner.temp, name, from, file, '..'), { recursive: true });
        writeFileSync(join(runner.temp, name, from, file), bytes);
      }
    };
    place('shards', 'shard-1');
    const missing = await suite({ command: 'merge', results: join(runner.temp, 'shards') });
    expect([missing.code, missing.raw]).toEqual([2, expect.stringMatching(/shard 2 of 2 is missing|missing.* 2/)]);
    place('shards', 'shard-2');
    const merged = await suite({ command: 'merge', results: join(runner.temp, 'shards'), records: 'none' });
    expect(merged.outputs, said(merged)).toMatchObject({ outcome: 'succeeded', trials: '4', passed: '4' });
    // As they ended.
    const lines = trials('agent-jail-results-example').map(({ task, trial, record }) => `${task} ${trial} ${record}`);
    expect(lines.toSorted()).toEqual([
      'answer 1 shard-1/trials/answer/1',
      'answer 2 shard-2/trials/answer/2',
      'dedupe 1 shard-1/trials/dedupe/1',
      'dedupe 2 shard-2/trials/dedupe/2',
    ]);

    const compared = await runner.step({ action: 'compare', with: { results: merged.outputs['results'] ?? '', baseline: 'none' } });
    expect(compared.outputs, said(compared)).toMatchObject({ outcome: 'succeeded', verdict: 'none', 'pass-rate': '1' });
    const report = service.files('agent-jail-report-example');
    expect([...report.keys()].sort()).toEqual(['comparison.json', 'junit.xml', 'suite.html', 'suite.json', 'summary.md', 'trials.ndjson']);
    const comparison = JSON.parse(String(report.get('comparison.json'))) as Comparison;
    expect(comparison.tasks.map(({ task, verdict }) => [task, verdict])).toEqual([
      ['dedupe', 'new'],
      ['answer', 'new'],
    ]);
    const wrong = String(report.get('trials.ndjson'))
      .trim()
      .split('\n')
      .filter((line) => !lineJudge.validate(JSON.parse(line)).valid);
    expect(wrong).toEqual([]);
    expect(lineJudge.validate({ end: true, lines: 1, more: 1 }).valid).toBe(false);
    expect(compared.summary).toContain('example');

    // One comment, however often it runs.
    await using github = await GitHubService.start();
    using pull = new Runner({ name: 'pull_request', payload: { pull_request: { number: 7, head: { sha: 'ab'.repeat(20) } } } });
    for (const run of ['42', '43']) {
      const commented = await pull.step({
        action: 'compare',
        with: {
          results: merged.outputs['results'] ?? '',
          baseline: 'none',
          upload: 'false',
          comment: 'true',
          'github-token': 'of-this-job',
        },
        env: { GITHUB_GRAPHQL_URL: github.url, GITHUB_REPOSITORY: 'octo/repo', GITHUB_RUN_ID: run },
      });
      expect(commented.outputs, said(commented)).toMatchObject({ verdict: 'none' });
    }
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.body).toMatch(/^<!-- agent-jail comment [0-9a-f]{64} -->[^]*example[^]*\[Run 43, /);

    // Itself, a stranger, and what is no results at all: named, and never averaged in.
    writeFileSync(join(runner.workspace, 'garbage.ndjson'), '{"schema":"agent-jail/trials@1"}\n');
    const strange = await runner.step({
      action: 'compare',
      with: { results: merged.outputs['results'] ?? '', baseline: './garbage.ndjson', upload: 'false' },
    });
    expect(said(strange)).toMatch(/garbage\.ndjson/);
    expect(strange.outputs['baselines'] ?? '0').not.toBe('1');
  });

  it('plans by how long trials took in earlier nights, and without those that cannot be read', async () => {
    await using github = await RunsService.start();
    const which = { suite: 'evals/suite.yml', agent: 'oracle', filter: 'answer,dedupe' };
    const night = await suite({ ...which, trials: '1', upload: 'false' });
    const lines = readFileSync(join(night.outputs['results'] ?? '', 'trials.ndjson'), 'utf8');
    // Both take long or short by what the night says, not by what they do.
    const slow = (task: string): Buffer =>
      Buffer.from(
        lines.replace(/^.*"trial":.*$/gm, (line) => line.replace(/"total":\d+/, `"total":${line.includes(`"${task}"`) ? 90_000 : 1000}`)),
      );
    const stored = (id: number, content: Buffer): void => {
      const zip = zipOf([{ name: 'trials.ndjson', content }]);
      github.runs.push({ id, artifacts: [{ id: id * 10, name: 'agent-jail-results-example', zip }] });
    };
    const env = {
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'octo/agent',
      GITHUB_WORKFLOW_REF: 'octo/agent/.github/workflows/nightly.yml@refs/heads/main',
    };
    const plan = async (): Promise<{ readonly tasks: readonly string[]; readonly raw: string }> => {
      const more = { command: 'plan', trials: '4', shards: '2', past: 'last-2', 'github-token': 'the-token' };
      const step = await runner.step({ action: 'suite', with: { ...which, ...more }, env });
      const { outputs, raw } = step;
      expect(outputs, JSON.stringify(step)).toMatchObject({ outcome: 'succeeded' });
      const { include } = JSON.parse(outputs['matrix'] ?? '{"include":[]}') as { include: { tasks: string }[] };
      return { tasks: include.map(({ tasks }) => tasks), raw };
    };
    const first = await plan();
    expect(first.raw).toContain(
      'durations are not taken from baseline: there is no earlier successful scheduled run of nightly.yml on main',
    );
    expect(first.tasks).toEqual(['dedupe:1-2 answer:1-2', 'dedupe:3-4 answer:3-4']);
    stored(41, slow('answer'));
    stored(43, Buffer.from('{"schema":"agent-jail/trials@1"}\n'));
    const second = await plan();
    expect(second.raw).toMatch(/durations are not taken from run 43: suite: Invalid key/);
    expect(second.tasks).toEqual(['dedupe answer:1-2', 'answer:3-4']);
  });

  it('tries again what may be chance, and then names it', async () => {
    const start = 'directory: evals/tasks/answer/start, verifier: { checks: [{ file-exists: done.txt }] }';
    const text = (script: string): string =>
      `name: two\ntrials: 4\npolicy: { limits: { disk: 64MiB, memory: 256MiB, cpus: 1 } }\nagents: { a: { run: '${script}' } }\ntasks:\n  - { id: good, instruction: do, ${start} }\n  - { id: bad, instruction: do, ${start} }\n`;
    const file = join(runner.workspace, 'two.yml');
    const given = { suite: 'two.yml', 'suite-source': 'workspace' };
    writeFileSync(file, text('touch done.txt'));
    const then = await runner.step({ action: 'suite', with: { ...given, upload: 'false' }, env: { GITHUB_RUN_ID: '41' } });
    expect(then.outputs, said(then)).toMatchObject({ outcome: 'succeeded', passed: '8' });
    writeFileSync(file, text('[ $AGENT_JAIL_TASK = bad ] || touch done.txt'));
    const now = await suite({ ...given, upload: 'false' });
    const results = now.outputs['results'] ?? '';
    expect(now.outputs, said(now)).toMatchObject({ trials: '8', passed: '4' });
    const compare = (more: Readonly<Record<string, string>>): Promise<StepResult> =>
      runner.step({ action: 'compare', with: { results, baseline: then.outputs['results'] ?? '', upload: 'false', ...more } });
    // Half of it is gone, and no task is named: 4 of 4, then 0 of 4, is one of 70 ways, which is not enough among two tasks.
    const first = await compare({});
    expect([first.outputs['verdict'], first.outputs['regressed'], first.code], said(first)).toEqual(['regressed', '0', 1]);
    const second = await compare({ confirm: '4', ...given });
    expect(second.outputs, said(second)).toMatchObject({ verdict: 'regressed', regressed: '1', outcome: 'step-failed' });
    expect(second.raw).toContain('trying again, 4 times each: bad');
    const { tasks } = JSON.parse(readFileSync(join(results, 'comparison.json'), 'utf8')) as Comparison;
    expect(tasks.find(({ task }) => task === 'bad')).toMatchObject({
      now: { passed: 0, trials: 4 },
      confirm: { now: { passed: 0, trials: 4 } },
    });
  });

  it('keeps what is finished when the job is cancelled', async () => {
    const before = snapshot();
    const slow =
      'policy: { limits: { disk: 64MiB, memory: 256MiB } }\nagents: { slow: { run: "sleep 0.2; [ $AGENT_JAIL_TASK = quick ] || sleep 100" } }\ntasks:\n';
    const task = (id: string): string =>
      `  - { id: ${id}, instruction: do, directory: evals/tasks/answer/start, verifier: { checks: [{ diff-empty: true }] } }\n`;
    writeFileSync(join(runner.workspace, 'slow.yml'), slow + task('quick') + task('slow'));
    const ran = await runner.step({
      action: 'suite',
      with: { suite: 'slow.yml', 'suite-source': 'workspace', jobs: '1' },
      cancelWhen: (log) => log.includes('[1/2]'),
    });
    expect(ran.outputs, said(ran)).toMatchObject({ outcome: 'cancelled', trials: '1', passed: '1' });
    expect(ran.code).toBe(130);
    const [artifact = ''] = [...service.artifacts.keys()];
    expect(trials(artifact).map(({ task: id, outcome }) => [id, outcome])).toEqual([['quick', 'pass']]);
    expect(await settled(before)).toEqual([]);
  });

  it('takes policy and suite of a pull request from its base, and builds nothing for a head that is not trusted', async () => {
    const pull = {
      pull_request: { base: { sha: '0'.repeat(40), ref: 'main' }, head: { sha: '1'.repeat(40), repo: { full_name: 'evil/repo' } } },
    };
    using fork = job({ name: 'pull_request', payload: pull });
    const wide =
      'policy: { network: [example.org] }\nagents: { a: { run: "true" } }\ntasks:\n  - { id: x, instruction: x, directory: evals, verifier: { checks: [{ diff-empty: true }] } }\n';
    writeFileSync(join(fork.workspace, 'wide.yml'), wide);
    const refused = await fork.step({ action: 'suite', with: { suite: 'wide.yml', 'suite-source': 'workspace' } });
    expect([refused.code, refused.raw]).toEqual([2, expect.stringContaining('asks for the host example.org')]);
    const based = await fork.step({ action: 'suite', with: { suite: 'wide.yml' } });
    expect([based.code, based.raw]).toEqual([2, expect.stringMatching(/base commit/)]);
    const harbor = join(fork.workspace, 'harbor');
    mkdirSync(join(harbor, 'environment'), { recursive: true });
    mkdirSync(join(harbor, 'tests'));
    for (const [file, text] of [
      ['task.toml', ''],
      ['instruction.md', 'x'],
      ['environment/Dockerfile', 'FROM scratch\n'],
      ['tests/test.sh', 'true\n'],
    ] as const)
      writeFileSync(join(harbor, file), text);
    writeFileSync(join(fork.workspace, 'build.yml'), 'build: allow\nagents: { a: { run: "true" } }\ntasks: [{ harbor: harbor }]\n');
    const build = await fork.step({ action: 'suite', with: { suite: 'build.yml', 'suite-source': 'workspace' } });
    expect([build.code, build.raw]).toEqual([2, expect.stringContaining('no image is built of what this event does not make trustworthy')]);
  });

  it('names what is wrong with a suite, and starts nothing', async () => {
    writeFileSync(join(runner.workspace, 'wrong.yml'), 'taks: []\n');
    const wrong = await suite({ suite: 'wrong.yml', 'suite-source': 'workspace' });
    expect([wrong.code, wrong.outputs['outcome']]).toEqual([2, 'usage-error']);
    expect(wrong.commands.find(({ name }) => name === 'error')).toMatchObject({ properties: { file: 'wrong.yml', line: '1' } });
    const absent = await suite({ suite: 'absent.yml' });
    expect([absent.code, absent.raw]).toEqual([2, expect.stringContaining('absent.yml is not there at the base commit')]);
    expect(service.artifacts.size).toBe(0);
  });
});

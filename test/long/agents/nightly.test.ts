import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../../src/model/suite.ts';
import { ArtifactService } from '../../action/support/artifact-service.ts';
import { RunsService } from '../../action/support/runs-service.ts';
import { type JobResult, runWorkflow } from '../../action/support/workflow.ts';
import { installAgents, mounts, pinned, SMALL } from '../../support/agents.ts';
import { CLI, ENGINE, git, NODE, REPOSITORY, temporary } from '../../support/jail.ts';

// The example's nights as GitHub would run them: a real agent, a model that follows a script, four shards on four runners, artifacts, and
// the nights before by GitHub's interface.

const NIGHTLY = join(REPOSITORY, 'examples/workflows/nightly.yml');
const [PI] = SMALL;
const WELL = 'version: 1\nanswers:\n  - run: "echo proof > agent-proof.txt"\n  - say: Done.\n';
const LAZY = 'version: 1\nanswers:\n  - say: I would rather not.\n';
const SECRET = 'sk-not-to-be-seen-0123456789';

function suiteOf(port: number): string {
  if (PI === undefined) throw new Error('there is no small agent');
  const tasks = ['one', 'two', 'three', 'four'].map((id) => ({
    id,
    instruction: 'Write the proof file.',
    directory: 'start',
    verifier: { checks: [{ 'file-contains': { path: 'agent-proof.txt', text: 'proof' } }] },
  }));
  return JSON.stringify({
    name: 'evals',
    trials: 5,
    policy: {
      mounts: mounts(PI),
      network: { services: { model: port } },
      secrets: { MODEL_KEY: 'expose' },
      env: { OPENAI_API_KEY: 'none' },
      limits: { disk: '256MiB', memory: '1GiB', cpus: 1, time: '2m' },
    },
    agents: { pi: { run: PI.task(`http://model:${port}`) } },
    tasks,
  });
}

let [service, github]: [ArtifactService | null, RunsService | null] = [null, null];
let model: ChildProcess | null = null;
beforeAll(async () => {
  await installAgents(SMALL);
  github = await RunsService.start();
}, 10 * 60_000);
afterAll(async () => {
  model?.kill();
  await github?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** `agent-jail model`, until it listens. */
async function serve(at: string, script: string, port: number): Promise<void> {
  if (model !== null) {
    const ended = once(model, 'close');
    model.kill();
    await ended;
  }
  writeFileSync(join(at, 'script.yml'), script);
  model = spawn(NODE, [CLI, 'model', 'script.yml', '--listen', `127.0.0.1:${port}`, '--log', join(at, 'model.ndjson')], {
    cwd: at,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(model.stdout as NodeJS.ReadableStream, 'data');
}

describe('nights of a real agent', () => {
  test(
    'are planned, run in four shards, merged, compared and reported; the bad one is found',
    async () => {
      using place = temporary();
      const port = await freePort();
      const checkout = join(place.path, 'repository');
      mkdirSync(join(checkout, 'evals/start'), { recursive: true });
      writeFileSync(join(checkout, 'evals/suite.yml'), suiteOf(port));
      writeFileSync(join(checkout, 'evals/start/readme.txt'), 'nothing yet\n');
      git(checkout, 'init', '--quiet', '--initial-branch=main');
      git(checkout, 'add', '--all');
      git(checkout, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
      const sha = git(checkout, 'rev-parse', 'HEAD').trim();

      const night = async (
        run: number,
      ): Promise<{
        jobs: JobResult[];
        compare: JobResult['steps'] extends ReadonlyMap<string, infer S> ? S : never;
        report: ReadonlyMap<string, Buffer>;
        comparison: Comparison;
      }> => {
        await service?.[Symbol.asyncDispose]();
        service = await ArtifactService.start();
        const jobs = await runWorkflow(NIGHTLY, {
          checkout,
          service,
          event: { name: 'schedule', payload: {} },
          secrets: { MODEL_KEY: SECRET },
          token: 'the-token',
          env: {
            ...ENGINE,
            GITHUB_REPOSITORY: 'octo/agent',
            GITHUB_RUN_ID: String(run),
            GITHUB_SHA: sha,
            GITHUB_REF: 'refs/heads/main',
            GITHUB_API_URL: github?.url ?? '',
            GITHUB_WORKFLOW_REF: 'octo/agent/.github/workflows/nightly.yml@refs/heads/main',
          },
        });
        const compare = jobs.at(-1)?.steps.get('compare');
        const merge = jobs.at(-1)?.steps.get('merge');
        if (compare === undefined || merge === undefined)
          throw new Error(jobs.map(({ job, steps }) => `${job}: ${[...steps.values()].map(({ raw }) => raw).join('\n')}`).join('\n'));
        expect([merge.code, merge.raw]).toEqual([0, expect.stringContaining('succeeded')]);
        const report = service.files('agent-jail-report-evals');
        return { jobs, compare, report, comparison: JSON.parse(String(report.get('comparison.json'))) as Comparison };
      };

      await serve(place.path, WELL, port);
      const first = await night(101);
      expect(first.jobs.map(({ job }) => job)).toEqual(['plan', 'run', 'run', 'run', 'run', 'compare']);
      expect(first.compare.outputs).toMatchObject({ outcome: 'succeeded', verdict: 'none', 'pass-rate': '1', baselines: '0' });
      expect(first.comparison.current).toMatchObject({ tasks: 4, trials: 20, passed: 20 });
      // The model saw the agent that the lockfile lists; the record tells its version.
      const asked = readFileSync(join(place.path, 'model.ndjson'), 'utf8');
      expect(asked).toMatch(/"user-agent":"|user.?agent/i);
      const lines = String(first.report.get('trials.ndjson'))
        .split('\n')
        .filter((line) => line.includes('"trial":'));
      expect(lines).toHaveLength(20);
      for (const line of lines)
        expect(JSON.parse(line)).toMatchObject({
          outcome: 'pass',
          agent: { name: 'pi' },
          behaviour: { paths: ['A agent-proof.txt'], hosts: [`+model:${port}`] },
        });
      expect(PI === undefined ? '' : pinned(PI)).not.toBe('');
      expect(first.compare.summary).toContain('evals');
      expect(first.report.get('junit.xml')?.toString()).toContain('<testsuites');
      expect(first.report.get('suite.html')?.toString()).toContain('<!doctype html>');

      // The artifact of the first night is what GitHub has of it.
      const results = service?.artifacts.get('agent-jail-results-evals') ?? Buffer.alloc(0);
      github?.runs.push({ id: 101, artifacts: [{ id: 7, name: 'agent-jail-results-evals', zip: results }] });

      await serve(place.path, LAZY, port);
      const second = await night(102);
      expect(second.compare.code).toBe(1);
      expect(second.compare.outputs).toMatchObject({
        outcome: 'step-failed',
        verdict: 'regressed',
        regressed: '4',
        'pass-rate': '0',
        baselines: '1',
      });
      const named = second.comparison.tasks.filter(({ verdict }) => verdict === 'regressed').map(({ task, p }) => [task, p]);
      // 5 of 5, then 0 of 5: one of 252 ways.
      expect(Object.fromEntries(named)).toEqual(
        Object.fromEntries(['four', 'one', 'three', 'two'].map((task) => [task, expect.closeTo(1 / 252, 10)])),
      );
      expect(second.comparison.gate?.p).toBeLessThan(0.1);
      expect(second.comparison.drift.map(({ kind }) => kind)).toContain('lost-path');
      expect(second.compare.summary).toContain('regressed');
      const everything = [first, second].flatMap(({ jobs }) =>
        jobs.flatMap(({ steps }) => [...steps.values()].map(({ raw, summary }) => raw + summary)),
      );
      expect(everything.some((text) => text.includes(SECRET))).toBe(false);
    },
    20 * 60_000,
  );
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostPath } from '../../src/model/names.ts';
import { openRecordDir } from '../../src/record/read.ts';
import { USAGE } from '../../src/scripted/parse.ts';
import { expectValid } from '../unit/trajectory/support.ts';
import { type Agent, command, installAgents, mounts, pinned } from './agents.ts';
import { jailed, type Ran, repository, temporary } from './jail.ts';
import { nspawnIsHere } from './world/nspawn.ts';
import { World } from './world/world.ts';

const PROOF = 'hello from a scripted agent';
const BASH = `echo '${PROOF}' > agent-proof.txt && env && cat agent-proof.txt`;
const SAID = 'Done: wrote agent-proof.txt';
/** What the scripted model says that each answer took. */
const { input: INPUT, output: OUTPUT } = USAGE;

function policyOf(agent: Agent): string {
  const { host, key } = agent;
  return JSON.stringify({
    mounts: mounts(agent),
    limits: { disk: '1GiB', memory: '2GiB', time: '5m' },
    network: [host],
    secrets: { [key]: { inject: host } },
  });
}

/** What the agent says of itself is what the scripted model had it do; so are the tokens, which it and the gateway count. */
function expectTrajectory({ out, run, verdict }: Ran, agent: Agent, { input, output }: { input: number; output: number }): void {
  const { name, home, asked, cost } = agent;
  const { value: trajectory } = openRecordDir(out as HostPath).document('trajectory.json');
  expectValid(trajectory);
  expect(trajectory).toMatchObject({
    agent: { name },
    final_metrics: { total_prompt_tokens: input, total_completion_tokens: output },
    // Told twice, and known to be one.
    extra: {
      sessions: [
        {
          agent: name,
          from: expect.stringMatching(home),
          step: 0,
          unknown_events: 0,
          broken_lines: 0,
          calls_without_result: 0,
          results_without_call: 0,
        },
      ],
    },
  });
  const { steps } = trajectory;
  expect(steps.filter(({ source }) => source === 'user').at(-1)?.message).toContain('Write the proof file');
  const answers = steps.filter(({ source }) => source === 'agent');
  expect(answers).toHaveLength(2);
  expect(answers[0]?.tool_calls).toMatchObject([{ arguments: { [asked]: BASH } }]);
  expect(answers[0]?.observation?.results).toMatchObject([{ content: expect.stringContaining(PROOF) }]);
  expect(answers[1]?.message).toBe(SAID);
  expect(run.steps).toMatchObject([{ agent: null }]);
  expect(verdict.totals).toMatchObject({
    turns: { value: 2, source: 'agent' },
    toolCalls: { value: 1, source: 'agent' },
    inputTokens: { value: input, source: 'gateway' },
    outputTokens: { value: output, source: 'gateway' },
    costUsd: cost === null ? null : { value: cost, source: 'agent' },
    model: { source: 'agent' },
  });
}

/** Has each of them do its task, in both backends, through the real gateway, by a model that follows a script. */
export function agentTests(agents: readonly Agent[]): void {
  let world: World;
  beforeAll(async () => {
    await nspawnIsHere();
    await installAgents(agents);
    // TLS alone: what agents ask in the clear has to become TLS on the way.
    world = await World.create({
      hosts: Object.fromEntries(agents.map(({ host }) => [host, { ports: { 443: 'https:model' } }])),
      script: { answers: [{ run: BASH }, { say: SAID }] },
    });
  }, 15 * 60_000);
  afterAll(() => world[Symbol.asyncDispose]());

  const cases = ['nspawn', 'docker'].flatMap((backend) =>
    agents.flatMap((agent) => agent.schemes.map((scheme) => ({ name: agent.name, agent, scheme, backend }))),
  );
  describe('an agent whose key it never holds', () => {
    test.each(cases)('does its task: $name, $scheme, $backend', async ({ agent, scheme, backend }) => {
      using place = temporary();
      repository(place.path);
      const secret = `sk-REAL-${randomBytes(12).toString('hex')}`;
      await world.forget();
      const script = `echo "version $(${command(agent)} --version 2>&1)"; echo "key $${agent.key}"; ${agent.task(`${scheme}://${agent.host}`)}`;
      const ran = await jailed(place.path, script, {
        policy: policyOf(agent),
        args: ['--backend', backend],
        env: { [agent.key]: secret, NODE_EXTRA_CA_CERTS: world.authority.file },
        enter: world.enter,
      });
      expect(`${ran.code} ${ran.verdict.outcome} ${ran.stderr}${ran.transcript}`).toMatch(/^0 succeeded /);
      expect(ran.run.backend).toMatchObject({ name: backend });
      const version = pinned(agent);
      expect(ran.transcript).toContain(`version ${agent.version(version)}\n`);
      expect(ran.transcript).toMatch(/^key agent-jail-placeholder-/m);
      expect(ran.transcript).toContain(PROOF);
      // opencode notes the checkout's identity below `.git`, where no patch takes it from.
      const isTracked = ({ layer, flags }: Record<string, unknown>): boolean =>
        layer === 'workspace' && !(flags as string[]).includes('git-dir');
      const changed = ran.ndjson('changes.ndjson').filter(isTracked);
      expect(changed).toMatchObject([{ op: 'added', path: 'agent-proof.txt' }]);

      const { requests } = await world.seen();
      expect(requests.length).toBeGreaterThanOrEqual(2);
      for (const { host, headers } of requests) {
        expect(host).toBe(agent.host);
        expect(headers['user-agent']).toMatch(agent.userAgent(version));
        expect(headers[agent.header]).toBe(agent.header === 'authorization' ? `Bearer ${secret}` : secret);
      }
      // Nowhere in the jail was it seen, so the record has it nowhere.
      const found = execFileSync('sh', ['-c', 'grep -rlaF -e "$0" . || true', secret], { cwd: ran.out, encoding: 'utf8' });
      expect(found).toBe('');
      expect(ran.ndjson('network.ndjson').filter((line) => line['secret'] === agent.key).length).toBe(requests.length);
      const tokens = { input: 2 * INPUT, output: 2 * OUTPUT };
      expect(ran.run).toMatchObject({ tokens });
      expectTrajectory(ran, agent, tokens);
    });
  });
}

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HostPath } from '../../../src/model/names.ts';
import { openRecordDir } from '../../../src/record/read.ts';
import { type Agent, ALL, command, installAgents, MOUNTS, pinned } from '../../support/agents.ts';
import { jailed, type Ran, repository, temporary } from '../../support/jail.ts';
import { nspawnIsHere } from '../../support/world/nspawn.ts';
import { World } from '../../support/world/world.ts';

import { expectValid } from '../../unit/trajectory/support.ts';

const PROOF = 'hello from a scripted agent';
const SCRIPT = {
  steps: [{ bash: `echo '${PROOF}' > agent-proof.txt && env && cat agent-proof.txt` }, { text: 'Done: wrote agent-proof.txt' }],
};

let world: World;
beforeAll(async () => {
  await nspawnIsHere();
  await installAgents();
  // TLS alone: what agents ask in the clear has to become TLS on the way.
  world = await World.create({
    hosts: Object.fromEntries(ALL.map(({ host }) => [host, { ports: { 443: 'https:model' } }])),
    script: SCRIPT,
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const policyOf = ({ host, key }: Agent): string =>
  JSON.stringify({
    mounts: MOUNTS,
    limits: { disk: '1GiB', memory: '2GiB', time: '5m' },
    network: [host],
    secrets: { [key]: { inject: host } },
  });

const cases = ['nspawn', 'docker'].flatMap((backend) =>
  ALL.flatMap((agent) => ['http', 'https'].map((scheme) => ({ name: agent.name, agent, scheme, backend }))),
);

/** What the agent says of itself is what the scripted model had it do; so are the tokens, which it and the gateway count. */
function expectTrajectory({ out, run, verdict }: Ran, { name }: Agent, { input, output }: { input: number; output: number }): void {
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
          from: expect.stringMatching(/^stdout, ~\/\.(pi|gemini)\/.*\.jsonl$/),
          step: 0,
          unknown_events: 0,
          broken_lines: 0,
          calls_without_result: 0,
          results_without_call: 0,
        },
      ],
    },
  });
  expect(trajectory.steps.map(({ source }) => source)).toEqual(['user', 'agent', 'agent']);
  const [asked, did, ended] = trajectory.steps;
  expect(asked?.message).toContain('Write the proof file');
  expect(did?.tool_calls).toMatchObject([{ arguments: { command: SCRIPT.steps[0]?.bash } }]);
  expect(did?.observation?.results).toMatchObject([{ content: expect.stringContaining(PROOF) }]);
  expect(ended?.message).toBe(SCRIPT.steps[1]?.text);
  expect(run.steps).toMatchObject([{ agent: null }]);
  expect(verdict.totals).toMatchObject({
    turns: { value: 2, source: 'agent' },
    toolCalls: { value: 1, source: 'agent' },
    inputTokens: { value: input, source: 'gateway' },
    outputTokens: { value: output, source: 'gateway' },
    model: { source: 'agent' },
  });
}

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
    expect(ran.transcript).toContain(`version ${pinned(agent)}\n`);
    expect(ran.transcript).toMatch(/^key agent-jail-placeholder-/m);
    expect(ran.transcript).toContain(PROOF);
    const changed = ran.ndjson('changes.ndjson').filter(({ layer }) => layer === 'workspace');
    expect(changed).toMatchObject([{ op: 'added', path: 'agent-proof.txt' }]);

    const { requests } = await world.seen();
    expect(requests.length).toBeGreaterThanOrEqual(SCRIPT.steps.length);
    for (const { host, headers } of requests) {
      expect(host).toBe(agent.host);
      expect(headers['user-agent']).toMatch(agent.userAgent);
      expect(headers[agent.header]).toBe(agent.header === 'authorization' ? `Bearer ${secret}` : secret);
    }
    // Nowhere in the jail was it seen, so the record has it nowhere.
    const found = execFileSync('sh', ['-c', 'grep -rlaF -e "$0" . || true', secret], { cwd: ran.out, encoding: 'utf8' });
    expect(found).toBe('');
    expect(ran.ndjson('network.ndjson').filter((line) => line['secret'] === agent.key).length).toBe(requests.length);
    const [input, output] = [1200 * SCRIPT.steps.length, 40 * SCRIPT.steps.length];
    expect(ran.run).toMatchObject({ tokens: { input, output } });
    expectTrajectory(ran, agent, { input, output });
  });
});

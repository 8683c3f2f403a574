import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Agent, ALL, command, installAgents, MOUNTS, pinned } from '../../support/agents.ts';
import { jailed, repository, temporary } from '../../support/jail.ts';
import { nspawnIsHere } from '../../support/world/nspawn.ts';
import { World } from '../../support/world/world.ts';

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
    expect(ran.run).toMatchObject({ tokens: { input: 1200 * SCRIPT.steps.length, output: 40 * SCRIPT.steps.length } });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { nspawnIsHere } from '../support/world/nspawn.ts';
import { World } from '../support/world/world.ts';
import { ArtifactService } from './support/artifact-service.ts';
import { Runner } from './support/runner.ts';

const HOST = 'model.world.test';
const KEY = 'sk-real-0123456789abcdef';
const POLICY = `
network: [${HOST}, other.world.test]
secrets: { KEY: { inject: ${HOST} } }
limits: { disk: 64MiB }
`;

let world: World;
beforeAll(async () => {
  await nspawnIsHere();
  world = await World.create({ hosts: { [HOST]: { ports: { 80: 'http:web', 443: 'https:web' } } } });
});
afterAll(() => world[Symbol.asyncDispose]());

it('tells the tokens that the gateway saw, and which hosts were reached and denied', async () => {
  const service = await ArtifactService.start();
  using runner = new Runner();
  runner.env['ACTIONS_RESULTS_URL'] = service.url;
  const ask = `curl -sS --fail -H "x-api-key: $KEY" http://${HOST}/v1/x >/dev/null`;
  const result = await runner.step({
    enter: world.enter,
    env: { KEY, NODE_EXTRA_CA_CERTS: world.authority.file },
    with: { policy: POLICY, upload: 'never', run: `${ask} && ${ask}; curl -sS https://elsewhere.world.test/ || true` },
  });
  await service[Symbol.asyncDispose]();
  expect(result.log.join('\n')).not.toMatch(/curl: \(22\)/);
  expect(result.outputs).toMatchObject({ outcome: 'succeeded', 'input-tokens': '22', 'output-tokens': '14', 'tokens-source': 'gateway' });
  expect(Number(result.outputs['denied'])).toBeGreaterThanOrEqual(1);
  expect(result.summary).toMatch(new RegExp(`\\| \`${HOST}:80\` \\| 2 \\| \\d+ B \\| [\\d.]+ (?:B|KiB) \\|`));
  expect(result.summary).toMatch(/\| `elsewhere\.world\.test:53` \| [12] \|/);
  expect(result.summary).not.toContain(KEY);
});

it('a run of which no model server told anything has no number', async () => {
  using runner = new Runner();
  const result = await runner.step({ with: { policy: 'limits: { disk: 64MiB }', upload: 'never', run: 'true' } });
  expect(result.outputs).toMatchObject({ outcome: 'succeeded', 'input-tokens': '', 'output-tokens': '' });
});

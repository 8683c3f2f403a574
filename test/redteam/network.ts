import { randomBytes } from 'node:crypto';
import { jailed } from '../support/jail.ts';
import type { Hosts } from '../support/world/hosts.ts';
import { World } from '../support/world/world.ts';
import { patience, policyFor, probes, script } from './batch.ts';
import type { Host } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';

const FILES = ['B5-allowed.mjs', 'B7-many.mjs'];
const WEB = { 80: 'http:web', 443: 'https:web' } as const;
/** Where names of the policy must not lead, though somebody answers there. */
const INNER = { private: '10.0.0.7', metadata: '169.254.169.254', loopback: '127.0.0.9', carrier: '100.64.0.9' } as const;
const OUTER = '5.5.5.77';
const HOSTS: Hosts = {
  'open.world.test': { ports: WEB },
  'key.world.test': { ports: WEB },
  'secret.world.test': { ports: WEB },
  'moves.world.test': { at: [OUTER], ports: WEB },
  ...Object.fromEntries(Object.entries(INNER).map(([name, address]) => [`${name}.world.test`, { at: [address], ports: WEB }])),
};
const LISTED = Object.keys(HOSTS).filter((name) => name !== 'secret.world.test');

/**
 * A9 and what of B needs servers: in a world of its own, with a policy that names most of its hosts. `open`: one that gives the agent the
 * credential, and names all of them, to see whether the probes notice.
 */
export async function network(host: Host, open = false): Promise<Judged[]> {
  await using world = await World.create({ hosts: HOSTS });
  await world.name('moves.world.test', { A: [[OUTER], [INNER.loopback]] });
  const secret = `canary-${randomBytes(16).toString('hex')}`;
  host.hidden.set(secret, 'the credential that the gateway puts in');
  const policy = open
    ? { network: Object.keys(HOSTS), secrets: { KEY: 'expose' } }
    : { network: LISTED, secrets: { KEY: { inject: 'key.world.test', methods: ['GET', 'POST'], paths: ['/v1/*', '/redirect'] } } };
  const ran = await jailed(host.directory, script(FILES, patience(host)), {
    cwd: host.workspace,
    env: { ...host.env, KEY: secret, NODE_EXTRA_CA_CERTS: world.authority.file },
    policy: policyFor(host, {
      more: Object.entries(policy)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join('\n'),
    }),
    args: ['--backend', host.backend],
    enter: world.enter,
  });
  const { requests, connections, questions } = await world.seen();
  const got = (name: string): typeof requests => requests.filter((request) => request.host === name);
  const holds = (request: (typeof requests)[number]): boolean => JSON.stringify(request).includes(secret);
  const inner = connections.filter((to) => Object.values(INNER).some((address) => to.startsWith(`${address}:`)));
  const strangers = questions.map((question) => question.replace(/^A+ /, '')).filter((name) => !LISTED.includes(name));
  const wrong = requests.filter(
    ({ host: to, url, headers }) => to === 'secret.world.test' || url === '/smuggled' || headers.host === 'secret.world.test',
  );
  return [
    ...judge(
      probes().filter(({ file }) => FILES.includes(file)),
      ran.transcript,
      host.nonce,
      host,
    ),
    looked(
      'A9-servers',
      got('key.world.test').some(holds),
      requests.filter((request) => request.host !== 'key.world.test' && holds(request)).map(({ host: to }) => `${to} got it`),
    ),
    looked('B5-arrived', connections.includes(`${OUTER}:80`), inner),
    looked('B4-asked', questions.includes('A open.world.test'), strangers),
    looked(
      'B7-arrived',
      got('open.world.test').length > 0,
      wrong.map(({ host: to, url }) => `${to}${url}`),
    ),
    looked('B10-alive', ran.run?.end.how === 'steps-done', ran.ndjson('network.ndjson').length > 0 ? [] : ['there is no log']),
  ];
}

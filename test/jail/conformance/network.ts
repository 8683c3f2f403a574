import { expect } from 'vitest';
import { type Case, shows } from './bench.ts';

const ASK = 'curl -sS --max-time 3 http://example.com/ || true; curl -sS --max-time 3 http://93.184.215.14/; true';

/** Each map of a host, and the settings that it has. */
const RULES: readonly (readonly [string, string])[] = [
  ['', 'a.example'],
  ['.host', '{ host: a.example }'],
  ['.ports[]', '{ host: a.example, ports: [8443] }'],
  ['.methods[]', '{ host: a.example, methods: [GET] }'],
  ['.paths[]', '{ host: a.example, paths: ["/v1/*"] }'],
];

/** Settings of the next version's network: read, and refused before anything starts. `prefix`: '' or 'setup.' */
function later(prefix: string): Case[] {
  const policy = (text: string): string => (prefix === '' ? `${text}\n` : `setup:\n  ${text.replaceAll('\n', '\n  ')}\n`);
  const secret = (more: string): string => policy(`network: [a.example]\nsecrets: { KEY: ${more} }`);
  return [
    ...RULES.map(([leaf, rule]) =>
      shows(`${prefix}network[]${leaf}`, async (on) => on.isNotYet(policy(`network: [${rule}]`), `${prefix}network.allow`)),
    ),
    ...RULES.map(([leaf, rule]) =>
      shows(`${prefix}network.allow[]${leaf}`, async (on) =>
        on.isNotYet(policy(`network: { allow: [${rule}] }`), `${prefix}network.allow`),
      ),
    ),
    shows(`${prefix}network.services.NAME`, async (on) =>
      on.isNotYet(policy('network: { services: { registry: 4873 } }'), `${prefix}network.services`),
    ),
    shows(`${prefix}network.observe`, async (on) => on.isNotYet(policy('network: { observe: true }'), `${prefix}network.observe`)),
    ...['', '[]'].map((leaf) =>
      shows(`${prefix}secrets.NAME.inject${leaf}`, async (on) =>
        on.isNotYet(secret(leaf === '' ? '{ inject: a.example }' : '{ inject: [a.example] }'), `${prefix}secrets.KEY: { inject }`),
      ),
    ),
    shows(`${prefix}secrets.NAME.methods[]`, async (on) =>
      on.isNotYet(secret('{ inject: a.example, methods: [POST] }'), `${prefix}secrets.KEY: { inject }`),
    ),
    shows(`${prefix}secrets.NAME.paths[]`, async (on) =>
      on.isNotYet(secret('{ inject: a.example, paths: [/v1/*] }'), `${prefix}secrets.KEY: { inject }`),
    ),
  ];
}

export const NETWORK: readonly Case[] = [
  shows('network=none', async (on) => {
    const ran = await on.run('network: none', ASK);
    expect(ran.transcript).toContain('Could not resolve host');
    expect(ran.transcript).toContain('is not allowed by the policy');
    const denied = ran.ndjson('network.ndjson');
    expect(denied.map(({ verdict }) => verdict)).not.toContain('allowed');
    expect(denied).toContainEqual(expect.objectContaining({ name: 'example.com', verdict: 'denied' }));
    expect(denied).toContainEqual(expect.objectContaining({ address: '93.184.215.14', port: 80, verdict: 'denied' }));
  }),
  shows('setup.network=none', async (on) => {
    const ran = await on.run('setup: { network: none }', 'echo agent', { setup: ASK });
    expect(ran.ndjson('network.ndjson')).toContainEqual(expect.objectContaining({ step: 0, name: 'example.com', verdict: 'denied' }));
    // It stands alone: the run's hosts are not the setup's.
    await on.isNotYet('network: [a.example]\nsetup: { network: none }\n', 'network.allow');
  }),
  ...later(''),
  ...later('setup.'),
];

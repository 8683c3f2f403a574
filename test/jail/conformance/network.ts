import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Hosts } from '../../support/world/hosts.ts';
import { type Bench, type Case, shows } from './bench.ts';

/** Hosts of the world around these jails: one a setting. */
const NAMES = ['listed', 'map', 'ports', 'methods', 'paths', 'visible', 'named', 'any', 'key', 'keys', 'unlisted'] as const;
export const HOSTS: Hosts = {
  ...Object.fromEntries(
    NAMES.map((name) => [`${name}.world.test`, { ports: { 80: 'http:web', 443: 'https:web', 2222: 'tcp:nonsense' } }] as const),
  ),
  'loopback.world.test': { at: ['127.0.0.1'], ports: { 4873: 'http:web' } },
};
const KEY = 'sk-of-the-world-1234';

const RULES = `
  - listed.world.test
  - { host: map.world.test }
  - { host: ports.world.test, ports: [2222] }
  - { host: methods.world.test, methods: [GET] }
  - { host: paths.world.test, paths: ["/v1/*"] }
  - { host: visible.world.test, tls: visible }
  - { host: named.world.test, methods: [GET], tls: named }
  - { host: any.world.test, tls: any }
  - key.world.test
  - keys.world.test`;
const SECRETS = `
  ONE: { inject: key.world.test, methods: [POST], paths: [/v1/*] }
  TWO: { inject: [keys.world.test] }`;

/** Each line: what was tried, and its HTTP status, or `failed`. */
const TRY = `
try() { name=$1; shift; curl -sS -m 5 --cacert world.pem -o /dev/null -w "$name %{http_code}\n" "$@" 2> /dev/null || echo "$name failed"; }
raw() { bash -c 'exec 3<> /dev/tcp/$0/$1 && printf "%b" "$2" >&3 && IFS= read -r -t 5 line <&3 && printf "%s\n" "\${line%?}"' "$1" "$2" "$3" 2> /dev/null || echo failed; }
try listed http://listed.world.test/; try listed-tls https://listed.world.test/
try unlisted http://unlisted.world.test/
try map http://map.world.test/
echo "ports $(raw ports.world.test 2222)"; try ports-80 http://ports.world.test/
try methods http://methods.world.test/; try methods-post -X POST http://methods.world.test/
try paths http://paths.world.test/v1/x; try paths-other http://paths.world.test/v2
try visible http://visible.world.test/; try visible-tls https://visible.world.test/
try named https://named.world.test/
at() { getent ahostsv4 "$1" | head -n 1 | cut -d " " -f 1; }
try any -k "https://$(at any.world.test)/"; try not-any -k "https://$(at listed.world.test)/"
try key -X POST -H "x-api-key: $ONE" http://key.world.test/v1/x; try key-get -H "x-api-key: $ONE" http://key.world.test/v1/x
try key-path -X POST -H "x-api-key: $ONE" http://key.world.test/v2
curl -sS -m 5 -o /dev/null -w "keys %{http_code}\n" -H "Authorization: Bearer $TWO" https://keys.world.test/ || echo keys failed
`;

const settings = (prefix: string, form: 'list' | 'map'): string => {
  const network = form === 'list' ? `network:${RULES}` : `network:\n  allow:${RULES.replaceAll('\n', '\n  ')}`;
  const text = `${network}\nsecrets:${SECRETS}`;
  return prefix === '' ? text : `setup:\n  ${text.replaceAll('\n', '\n  ')}`;
};

/** One jail for all settings of a form; what each attempt came to. In force for the steps it is for, and for no others. */
async function tried(on: Bench, prefix: string, form: 'list' | 'map'): Promise<(name: string) => string> {
  const env = { ONE: KEY, TWO: KEY };
  const options = prefix === '' ? { env } : { env, setup: TRY };
  const ran = await on.once(
    settings(prefix, form),
    prefix === '' ? TRY : 'curl -sS -m 5 -o /dev/null -w "agent %{http_code}\\n" http://listed.world.test/ || echo agent failed',
    options,
  );
  expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /);
  if (prefix !== '') expect(ran.transcript).toMatch(/^agent (?:000\nagent )?failed$/m);
  return (name) => new RegExp(`^${name} (.*)$`, 'm').exec(ran.transcript)?.[1] ?? 'not tried';
}

function rules(prefix: string, form: 'list' | 'map'): Case[] {
  const base = `${prefix}network${form === 'list' ? '' : '.allow'}[]`;
  const leaf = (name: string, expected: Readonly<Record<string, string | RegExp>>): Case =>
    shows(`${base}${name}`, async (on) => {
      const said = await tried(on, prefix, form);
      for (const [attempt, wanted] of Object.entries(expected))
        expect([attempt, said(attempt)]).toEqual([attempt, expect.stringMatching(wanted)]);
    });
  const FAILED = /^(?:000|failed)$/;
  return [
    leaf('', { listed: '200', 'listed-tls': '200', unlisted: FAILED }),
    leaf('.host', { map: '200' }),
    leaf('.ports[]', { ports: /nonsense/, 'ports-80': '403' }),
    leaf('.methods[]', { methods: '200', 'methods-post': '403' }),
    leaf('.paths[]', { paths: '200', 'paths-other': '403' }),
    leaf('.tls=visible', { visible: '200', 'visible-tls': FAILED }),
    leaf('.tls=named', { named: '200', 'not-any': FAILED }),
    leaf('.tls=any', { any: '200' }),
  ];
}

/** What a host of the world was sent in a header. */
async function sent(on: Bench, host: string, header: string): Promise<unknown[]> {
  const requests = (await on.world?.seen())?.requests ?? [];
  return requests.filter((one) => one.host === host).map(({ headers }) => headers[header]);
}

function others(prefix: string): Case[] {
  const put = (text: string): string => (prefix === '' ? text : `setup: { ${text} }`);
  const run = async (on: Bench, policy: string, script: string) =>
    on.once(policy, prefix === '' ? script : 'true', prefix === '' ? {} : { setup: script });
  return [
    shows(`${prefix}network.services.NAME`, async (on) => {
      const script = 'curl -sS -m 5 http://registry:4873/of-the-runner; curl -sS -m 5 http://other:4873/ || true';
      const { transcript, stderr } = await run(on, put('network: { services: { registry: 4873 } }'), script);
      expect(transcript, stderr).toContain('"host":"registry:4873"');
      expect(transcript).toContain('Could not resolve host: other');
    }),
    shows(`${prefix}network.observe`, async (on) => {
      const ran = await run(
        on,
        put('network: { observe: true }'),
        'curl -sS -m 5 -o /dev/null -w "%{http_code}\\n" --cacert world.pem https://unlisted.world.test/',
      );
      expect(ran.transcript, ran.stderr).toBe('200\n');
      expect(ran.ndjson('network.ndjson')).toContainEqual(
        expect.objectContaining({ kind: 'connection', name: 'unlisted.world.test', verdict: 'allowed', reason: 'observe' }),
      );
      expect(ran.run.notices).toContain(`weak: ${prefix === '' ? 'agent' : 'setup'} can reach every public host (\`network.observe\`)`);
      expect(readFileSync(join(ran.out, 'summary.md'), 'utf8')).toMatch(/^## agent-jail: succeeded, weak$/m);
    }),
    shows(`${prefix}secrets.NAME.inject`, async (on) => {
      expect((await tried(on, prefix, 'list'))('key')).toBe('200');
      expect(await sent(on, 'key.world.test', 'x-api-key')).toContain(KEY);
    }),
    shows(`${prefix}secrets.NAME.inject[]`, async (on) => {
      expect((await tried(on, prefix, 'list'))('keys')).toBe('200');
      expect(await sent(on, 'keys.world.test', 'authorization')).toContain(`Bearer ${KEY}`);
    }),
    shows(`${prefix}secrets.NAME.methods[]`, async (on) => expect((await tried(on, prefix, 'list'))('key-get')).toBe('403')),
    shows(`${prefix}secrets.NAME.paths[]`, async (on) => expect((await tried(on, prefix, 'list'))('key-path')).toBe('403')),
  ];
}

/** A limit of the network that a script goes beyond. */
const limit = (name: string, value: string, script: string): Case =>
  shows(`limits.${name}`, async (on) => {
    const ran = await on.run(`network: [listed.world.test]\nlimits: { disk: 128MiB, time: 1m, ${name}: ${value} }`, script);
    expect(`${ran.verdict.outcome}: ${ran.verdict.because}`).toMatch(
      new RegExp(`^limit-exceeded: .* failed after it had reached limits\\.${name}$`),
    );
    expect(ran.run.limits.find((one) => one.name === name)).toMatchObject({ hit: true });
    const within = await on.run('network: [listed.world.test]', script);
    expect(`${within.code} ${within.stderr}`).toMatch(/^0 /);
    expect(within.run.limits.find((one) => one.name === name)?.peak).toBeGreaterThan(0);
  });
const ASK = 'curl -sS --fail -m 5 -o /dev/null http://listed.world.test/';

export const NETWORK: readonly Case[] = [
  shows('network=none', async (on) => {
    const ran = await on.run('network: none', `${ASK} || curl -sS -m 5 http://5.5.5.1/; true`);
    expect(ran.transcript).toContain('Could not resolve host');
    expect(ran.transcript).toContain('is not allowed by the policy');
    const denied = ran.ndjson('network.ndjson');
    expect(denied.map(({ verdict }) => verdict)).not.toContain('allowed');
    expect(denied).toContainEqual(expect.objectContaining({ name: 'listed.world.test', verdict: 'denied' }));
    expect(denied).toContainEqual(expect.objectContaining({ address: '5.5.5.1', port: 80, verdict: 'denied' }));
  }),
  shows('setup.network=none', async (on) => {
    const ran = await on.run('network: [listed.world.test]\nsetup: { network: none }', ASK, { setup: `${ASK} || echo none for the setup` });
    expect(ran.transcript, ran.stderr).toContain('none for the setup');
    expect(ran.code).toBe(0); // it stands alone: the run's hosts are not the setup's
  }),
  ...['', 'setup.'].flatMap((prefix) => [...rules(prefix, 'list'), ...rules(prefix, 'map'), ...others(prefix)]),
  limit('upload', '100KB', 'head -c 300000 /dev/zero | curl -sS --fail -m 5 -o /dev/null --data-binary @- http://listed.world.test/'),
  limit('download', '100KB', "curl -sS --fail -m 5 -o /dev/null 'http://listed.world.test/download?bytes=300000'"),
  limit('connections', '1', `${ASK} && ${ASK}`),
  limit('requests', '1', `${ASK} && ${ASK}`),
];

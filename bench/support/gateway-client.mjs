// Measures how long small requests take: `gateway-client.mjs HOST PORT [PROXY_PORT]`. Prints JSON: p50 in µs of requests on one connection,
// and of connections with one request each. With a proxy, each connection is a CONNECT tunnel.
import net from 'node:net';

const [host, port, proxy] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 0)];
const REQUEST = `GET /200 HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
const [KEPT, NEW] = [2000, 400];

const kept = [];
const one = await open();
for (let at = 0; at < KEPT; at += 1) kept.push(await timed(() => ask(one)));
one.destroy();
const fresh = [];
for (let at = 0; at < NEW; at += 1) {
  fresh.push(
    await timed(async () => {
      const socket = await open();
      await ask(socket);
      socket.destroy();
    }),
  );
}
console.log(JSON.stringify({ kept: middle(kept), fresh: middle(fresh) }));

async function open() {
  const socket = net.connect({ host: proxy === 0 ? host : '127.0.0.1', port: proxy === 0 ? port : proxy, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  if (proxy !== 0) {
    socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`);
    await until(socket, (text) => text.includes('\r\n\r\n'));
  }
  return socket;
}
function ask(socket) {
  socket.write(REQUEST);
  return until(socket, (text) => text.length - text.indexOf('\r\n\r\n') - 4 >= 200 && text.includes('\r\n\r\n'));
}
function until(socket, whole) {
  let text = '';
  return new Promise((resolve, reject) => {
    const take = (chunk) => {
      text += chunk.toString('latin1');
      if (!whole(text)) return;
      socket.off('data', take).off('close', gone);
      resolve();
    };
    const gone = () => reject(new Error(`it was closed: ${text}`));
    socket.on('data', take).once('close', gone);
  });
}
async function timed(work) {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1000;
}
function middle(values) {
  return Math.round(values.sort((a, b) => a - b)[values.length >> 1]);
}

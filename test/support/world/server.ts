// The servers of a test's internet: one process inside its network namespace. Reads one JSON line (WorldRequest) on stdin, then says what is
// asked of it, one JSON line each, on stdout. Ends with its input.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import net, { type Socket } from 'node:net';
import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Interception } from '../../../src/model/protocol.ts';
import { serveDns } from './dns.ts';

/** How a host behaves. `down`: nothing listens; `private`, `turning`: its name leads to a private address, or does from the second question on. */
export type Behaviour = 'web' | 'down' | 'silent' | 'resets' | 'nonsense' | 'private' | 'turning' | 'unsigned';
export interface WorldRequest {
  readonly hosts: Readonly<Record<string, { readonly behaviour: Behaviour; readonly address: string }>>;
  readonly certificates: Interception['certificates'];
  /** For hosts whose certificate nobody trusts. */
  readonly strangers: Interception['certificates'];
  readonly nameserver: string;
  /** Files that every web host serves below `/files/`. */
  readonly files: string;
}
export type Seen =
  | { readonly kind: 'ready' }
  | { readonly kind: 'question'; readonly name: string; readonly type: number }
  | {
      readonly kind: 'request';
      readonly host: string;
      readonly tls: boolean;
      readonly method: string;
      readonly path: string;
      readonly headers: Record<string, unknown>;
      readonly body: string;
    }
  | { readonly kind: 'connection'; readonly host: string; readonly port: number };

/** A port of a protocol in which the server speaks first. */
export const GREETING_PORT = 2222;
/** On loopback, as a service of the runner. */
export const SERVICE_PORT = 4873;
const tell = (seen: Seen): void => void process.stdout.write(`${JSON.stringify(seen)}\n`);

process.stdin.once('data', (line: Buffer) => void serve(JSON.parse(line.toString()) as WorldRequest)).on('end', () => process.exit(0));

async function serve({ hosts, certificates, strangers, nameserver, files }: WorldRequest): Promise<void> {
  const listening: Promise<void>[] = [serveDns(nameserver, hosts, (name, type) => tell({ kind: 'question', name, type }))];
  for (const [host, { behaviour, address }] of Object.entries(hosts)) {
    if (['down', 'private'].includes(behaviour)) continue;
    const listen = (server: net.Server, port: number): void => {
      server.on('connection', () => tell({ kind: 'connection', host, port }));
      server.listen(port, address, 4096);
      listening.push(new Promise((resolve) => server.once('listening', () => resolve())));
    };
    if (behaviour === 'web' || behaviour === 'turning' || behaviour === 'unsigned') {
      const own = (behaviour === 'unsigned' ? strangers : certificates)[host];
      const web = (tls: boolean) => (request: IncomingMessage, response: ServerResponse) =>
        void answer(request, response, { host, tls, files }).catch(() => response.destroy()); // it was cut off;
      listen(http.createServer(web(false)).on('upgrade', upgrade), 80);
      listen(https.createServer({ cert: own?.certificate, key: own?.key }, web(true)).on('upgrade', upgrade), 443);
      listen(https.createServer({ cert: own?.certificate, key: own?.key }, web(true)), 8443);
      listen(
        net.createServer((socket) => greet(socket)),
        GREETING_PORT,
      );
    } else {
      for (const port of [80, 443])
        listen(
          net.createServer((socket) => misbehave(socket, behaviour)),
          port,
        );
    }
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  http
    .createServer(
      (request, response) => void answer(request, response, { host: 'loopback', tls: false, files }).catch(() => response.destroy()),
    )
    .listen(SERVICE_PORT, '127.0.0.1', resolve);
  listening.push(promise);
  await Promise.all(listening);
  tell({ kind: 'ready' });
}

/** `/bytes/N`, `/events`, `/redirect?URL`, `/status/N`, `/slow`, `/files/…`, `/compressed`; anything else says what was asked. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { host, tls, files }: { host: string; tls: boolean; files: string },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('latin1');
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const { method = '', headers } = request;
  tell({ kind: 'request', host, tls, method, path: request.url ?? '', headers, body: body.slice(0, 1000) });
  const [, what, rest = ''] = path.split('/');
  if (what === 'bytes') return void response.end(Buffer.alloc(Number(rest)));
  if (what === 'status') return void response.writeHead(Number(rest)).end(`status ${rest}\n`);
  if (what === 'redirect') return void response.writeHead(302, { location: decodeURIComponent(query) }).end();
  if (what === 'slow') return void setTimeout(() => response.end('at last\n'), Number(rest));
  if (what === 'events') return events(response);
  if (what === 'compressed') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
  if (what === 'files') return file(response, join(files, normalize(path.slice('/files'.length))));
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-said', String(headers['x-api-key'] ?? headers.authorization ?? ''));
  response.setHeader('set-cookie', 'session=1');
  response.end(
    `${JSON.stringify({ host, tls, method, path: request.url, headers, body, usage: { input_tokens: 11, output_tokens: 7 } })}\n`,
  );
}

/** Three, 100 ms apart. */
function events(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let number = 0;
  const timer = setInterval(() => {
    number += 1;
    response.write(`data: {"event":${number}}\n\n`);
    if (number < 3) return;
    clearInterval(timer);
    response.end();
  }, 100);
}

function file(response: ServerResponse, path: string): void {
  try {
    response.end(readFileSync(path));
  } catch {
    response.writeHead(404).end('not found\n');
  }
}

/** WebSocket, as far as a test needs it: after the handshake bytes are sent back as they came. */
function upgrade(request: IncomingMessage, socket: Socket): void {
  tell({
    kind: 'request',
    host: request.headers.host ?? '',
    tls: false,
    method: 'UPGRADE',
    path: request.url ?? '',
    headers: request.headers,
    body: '',
  });
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
  socket.on('error', () => {}).pipe(socket);
}

function greet(socket: Socket): void {
  socket.on('error', () => {}).write('220 hello\r\n');
  socket.pipe(socket);
}

function misbehave(socket: Socket, behaviour: Behaviour): void {
  socket.on('error', () => {});
  if (behaviour === 'resets') socket.resetAndDestroy();
  else if (behaviour === 'nonsense') socket.end('\0\x01nonsense\r\n\r\n');
  else socket.resume(); // silent
}

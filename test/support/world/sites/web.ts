import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { baseOf, bodyOf, send, type Site } from './site.ts';

type Page = (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>;
const number = (url: URL, name: string, usual: number): number => Number(url.searchParams.get(name) ?? usual);

/** What it was asked. */
const echo: Page = async (request, response) => {
  const { method, url, headers } = request;
  const body = (await bodyOf(request)).toString('latin1');
  // As careless servers do: what they were sent in a header, and a cookie.
  response.setHeader('x-said', headers['x-api-key'] ?? headers.authorization ?? 'nothing').setHeader('set-cookie', 'session=1');
  send(response, 200, 'application/json', JSON.stringify({ method, url, headers, body, usage: { input_tokens: 11, output_tokens: 7 } }));
};

/** What HTTP servers do, a path each; any other is an echo. */
const PAGES: Readonly<Record<string, Page>> = {
  '/redirect'(_request, response, url) {
    response.writeHead(302, { location: url.searchParams.get('to') ?? '/echo' }).end();
  },
  /** `n` events, `ms` apart. */
  async '/events'(_request, response, url) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for (let n = 0; n < number(url, 'n', 3); n += 1) {
      response.write(`data: ${n}\n\n`);
      await sleep(number(url, 'ms', 10));
    }
    response.end();
  },
  async '/download'(_request, response, url) {
    const chunk = Buffer.alloc(1 << 16, 'x');
    const bytes = number(url, 'bytes', 1024);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes });
    for (let left = bytes; left > 0 && !response.destroyed; left -= chunk.length)
      if (!response.write(chunk.subarray(0, left))) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    response.end();
  },
  async '/upload'(request, response) {
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    send(response, 200, 'application/json', JSON.stringify({ bytes }));
  },
  /** The head at once, the body after `ms`. */
  async '/slow'(_request, response, url) {
    response.writeHead(200).flushHeaders();
    await sleep(number(url, 'ms', 1000));
    response.end('slow\n');
  },
  '/reset'(request) {
    request.socket.destroy();
  },
  '/compressed'(_request, response) {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip');
  },
  '/nonsense'(request) {
    request.socket.end('nonsense\r\n\r\n');
  },
};
const once = (response: ServerResponse, event: string): Promise<void> => new Promise((resolve) => response.once(event, resolve));

/** A site with a page for each thing that servers do, and an echo of websockets on every path. */
export function web(): Site {
  const sockets = new WebSocketServer({ noServer: true });
  return {
    answer(request, response) {
      const url = new URL(request.url ?? '/', baseOf(request));
      return (PAGES[url.pathname] ?? echo)(request, response, url);
    },
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => {}).on('message', (data, binary) => client.send(data, { binary }));
      });
    },
  };
}

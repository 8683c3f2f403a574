import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Model, type Outcome, type Request, refuse, sendJson } from './exchange.ts';
import { fields, parsed } from './json.ts';
import { judgeKeys, type KeyState, keysOf } from './keys.ts';
import type { Logged } from './log.ts';
import { wireOf } from './wires/all.ts';

/** Bytes of a request: what the largest of the real ones takes. */
const MOST_BYTES = 32 << 20;
/** Requests that are answered at once: each may hold that much. */
const MOST_AT_ONCE = 64;
/** Characters of what the log shows of a request. */
const SHOWN = 2000;

export interface Serving {
  readonly model: Model;
  /** Of `--require-key`; null: any, or none. */
  readonly key: string | null;
  readonly note: (line: Logged & Readonly<Record<string, unknown>>) => void;
}

/** Answers requests: reads them within bounds, looks at their keys, has the model answer, and notes it. Never rejects. */
export function handler({ model, key, note }: Serving): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const began = performance.now();
  let open = 0;
  return async (incoming, response) => {
    const url = URL.parse(incoming.url ?? '/', 'http://model');
    if (url === null) return sendJson(response, 400, {});
    // What clients ask to see whether there is a server.
    if (url.pathname === '/') return sendJson(response, 200, {});
    const target = { path: url.pathname, query: url.searchParams, wire: wireOf(url.pathname) };
    const state = judgeKeys(keysOf(incoming.headers, url.searchParams), key);
    let body: Buffer = Buffer.alloc(0);
    const answer = async (): Promise<Outcome> => {
      if (key !== null && state !== 'right') return refuse(target, response, 401, WRONG[state]);
      if (open > MOST_AT_ONCE) return refuse(target, response, 429, `more than ${MOST_AT_ONCE} requests at once`);
      const read = await bodyOf(incoming);
      if (read === null) return refuse(target, response, 413, `the request has more than ${MOST_BYTES >> 20} MiB`);
      body = read;
      const { method = 'GET', headers } = incoming;
      return await model.answer({ ...target, method, url: incoming.url ?? '/', headers, body }, response);
    };
    response.on('error', () => {}); // who goes away in the middle is no trouble of ours
    open += 1;
    const outcome = await answer().catch((error: unknown) => failed(target, response, error));
    open -= 1;
    const { details = {}, ...rest } = outcome;
    note({ ...shown(incoming, { ...target, body }), t: Math.round(performance.now() - began), key: state, ...rest, ...details });
    if (!response.writableEnded) response.destroy();
  };
}

const WRONG: Readonly<Record<KeyState, string>> = {
  none: 'the request has no key, and one is required',
  wrong: 'the key is not the one that is required',
  given: '',
  right: '',
};

function failed(target: Pick<Request, 'wire'>, response: ServerResponse, error: unknown): Outcome {
  const problem = error instanceof Error ? error.message : String(error);
  if (!response.headersSent && !response.destroyed) return refuse(target, response, 500, problem);
  return { status: 0, answer: 'none', problem };
}

/** null: there is too much of it; the rest goes nowhere, so that the client comes to read why. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > MOST_BYTES) {
      request.resume();
      return null;
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function shown({ method = '', headers }: IncomingMessage, { wire, path, query, body }: Pick<Request, 'wire' | 'path' | 'query' | 'body'>) {
  const asked = wire.read({ path, query }, fields(parsed(body.toString())));
  return {
    wire: wire.name,
    method,
    path: path.slice(0, SHOWN),
    model: (asked?.model ?? '').slice(0, SHOWN),
    stream: asked?.stream ?? false,
    tools: (asked?.tools ?? []).slice(0, 100).map(({ name }) => name.slice(0, 100)),
    told: (asked?.messages.findLast(({ by }) => by !== 'model')?.text ?? '').slice(-SHOWN),
    user_agent: (headers['user-agent'] ?? '').slice(0, SHOWN),
  };
}

/** A server that listens. `host` is an IP address; port 0 is any that is free. Throws what node:net throws. */
export async function listen(serving: Serving, host: string, port: number): Promise<{ readonly url: string; readonly server: Server }> {
  const handle = handler(serving);
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const { address, family, port: chosen } = server.address() as AddressInfo;
  return { server, url: `http://${family === 'IPv6' ? `[${address}]` : address}:${chosen}` };
}

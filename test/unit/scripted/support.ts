import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import type { Model } from '../../../src/scripted/exchange.ts';
import { ScriptedModel } from '../../../src/scripted/model.ts';
import { parseScript } from '../../../src/scripted/parse.ts';
import { handler } from '../../../src/scripted/server.ts';

export type Json = Record<string, unknown>;

/** A value deep in an answer. */
export const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((v, key) => (v as Json | null)?.[key], value);

/** A server on loopback, and what it noted. */
export class Served implements AsyncDisposable {
  readonly log: Json[] = [];
  readonly base: string;
  readonly #server: Server;

  private constructor(server: Server, log: Json[]) {
    this.#server = server;
    this.log = log;
    this.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  static async model(model: Model, key: string | null = null): Promise<Served> {
    const log: Json[] = [];
    const handle = handler({ model, key, note: (line) => void log.push(line) });
    return await Served.by((request, response) => void handle(request, response), log);
  }
  static async script(yaml: string, { seed = 0, key = null }: { seed?: number; key?: string | null } = {}): Promise<Served> {
    return await Served.model(new ScriptedModel(parseScript(yaml, 'script.yml'), seed), key);
  }
  static async by(listener: Parameters<typeof createServer>[1], log: Json[] = []): Promise<Served> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Served(server, log);
  }
  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(this.base + path, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export interface ServerEvent {
  readonly event: string | null;
  readonly data: string;
}
/** The events of a stream, as HTML's standard on them has it; each has one line of data here. */
export async function eventsOf(response: Response): Promise<ServerEvent[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const blocks = (await response.text()).split('\n\n');
  expect(blocks.pop()).toBe('');
  return blocks.map((block) => {
    const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
    return { event: fields['event'] ?? null, data: fields['data'] ?? '' };
  });
}

/** A conversation as a client tells it. */
export type Turn =
  | { readonly user: string }
  | { readonly said: string }
  | { readonly called: string; readonly id: string }
  | { readonly result: string; readonly id: string };
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
}
/** An answer, put together as a client does it. */
export interface Heard {
  readonly text: string;
  readonly calls: readonly Call[];
  readonly usage: readonly [input: number, output: number, cached: number];
}

/** One wire format, from the side of a client. */
export interface Format {
  readonly name: string;
  /** The name by which its best-known agent has its shell. */
  readonly shell: string;
  path(stream: boolean): string;
  body(turns: readonly Turn[], stream: boolean, tools?: readonly string[], model?: string): Json;
  heard(answer: Json): Heard;
  /** Of a stream. */
  joined(events: readonly ServerEvent[]): Heard;
  message(error: Json): unknown;
}

export async function ask(served: Served, format: Format, turns: readonly Turn[], stream = false, tools = [format.shell]): Promise<Heard> {
  const response = await served.post(format.path(stream), format.body(turns, stream, tools));
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, '']);
  return stream ? format.joined(await eventsOf(response)) : format.heard((await response.json()) as Json);
}

/** What a client adds to the conversation once it has done what it was told. */
export const done = ({ text, calls }: Heard, result = 'ok'): Turn[] => [
  ...(text === '' ? [] : [{ said: text }]),
  ...calls.map(({ id, name }) => ({ called: name, id })),
  ...(calls.length === 0 ? [{ user: 'go on' }] : calls.map(({ id }) => ({ result, id }))),
];

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Model } from '../../support/model/server.ts';

const SCRIPT = { steps: [{ bash: 'echo hi' }, { text: 'It is done' }] };
const USAGE = [1200, 40];
type Json = Record<string, unknown>;

let server: Server;
let model: Model;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function start(script: unknown = SCRIPT): Promise<string> {
  model = new Model(script);
  server = createServer((request, response) => void model.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
/** What stands in the events of a stream. */
async function events(response: Response): Promise<Json[]> {
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const data = (await response.text()).split('\n').flatMap((line) => (line.startsWith('data: ') ? line.slice(6) : []));
  return data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Json);
}

/** One wire format: where it asks, a conversation with `results` tool results, and where an answer has its parts. */
interface Format {
  readonly path: (stream: boolean) => string;
  readonly body: (results: number, stream: boolean) => Json;
  readonly call: (answer: Json) => unknown;
  readonly text: (answer: Json) => unknown;
  readonly usage: (answer: Json) => unknown;
  /** The parts of a stream, put together as a client does. */
  readonly whole: (all: Json[]) => Json;
}
/** A value deep in an answer. */
const at = (value: unknown, ...path: (string | number)[]): unknown => path.reduce<unknown>((v, key) => (v as Json)?.[key], value);
const times = <T>(n: number, value: T): T[] => Array.from({ length: n }, () => value);

const FORMATS: Readonly<Record<string, Format>> = {
  messages: {
    path: () => '/v1/messages?beta=true',
    body: (results, stream) => ({
      model: 'm',
      stream,
      tools: [{ name: 'Bash' }],
      messages: [{ role: 'user', content: 'go' }, ...times(results, { role: 'user', content: [{ type: 'tool_result' }] })],
    }),
    call: (answer) => [at(answer, 'content', 0, 'name'), at(answer, 'content', 0, 'input', 'command')],
    text: (answer) => at(answer, 'content', 0, 'text'),
    usage: (answer) => [at(answer, 'usage', 'input_tokens'), at(answer, 'usage', 'output_tokens')],
    whole(all) {
      const of = (type: string): Json => all.find((event) => event['type'] === type) ?? {};
      const block = of('content_block_start')['content_block'] as Json;
      const delta = of('content_block_delta')['delta'] as Json;
      const input: unknown = JSON.parse((delta['partial_json'] as string | undefined) ?? 'null');
      expect(all.map((event) => event['type'])).toEqual([
        'message_start',
        'content_block_start',
        'content_block_delta',
        'content_block_stop',
        'message_delta',
        'message_stop',
      ]);
      return {
        content: [{ ...block, input, text: delta['text'] }],
        usage: { ...(at(of('message_start'), 'message', 'usage') as Json), ...(of('message_delta')['usage'] as Json) },
      };
    },
  },
  responses: {
    path: () => '/v1/responses',
    body: (results, stream) => ({
      model: 'm',
      stream,
      tools: [{ type: 'function', name: 'exec_command' }],
      input: [{ type: 'message' }, ...times(results, { type: 'function_call_output' })],
    }),
    call: (answer) => [at(answer, 'output', 0, 'name'), (JSON.parse(String(at(answer, 'output', 0, 'arguments'))) as Json)['cmd']],
    text: (answer) => at(answer, 'output', 0, 'content', 0, 'text'),
    usage: (answer) => [at(answer, 'usage', 'input_tokens'), at(answer, 'usage', 'output_tokens')],
    whole(all) {
      expect(all.map((event) => event['sequence_number'])).toEqual(all.map((_, n) => n));
      expect(at(all, 0, 'type')).toBe('response.created');
      expect(at(all.at(-2), 'item')).toEqual(at(all.at(-1), 'response', 'output', 0));
      return at(all.at(-1), 'response') as Json;
    },
  },
  chat: {
    path: () => '/v1/chat/completions',
    body: (results, stream) => ({
      model: 'm',
      stream,
      tools: [{ type: 'function', function: { name: 'bash' } }],
      messages: [{ role: 'user', content: 'go' }, ...times(results, { role: 'tool', content: '' })],
    }),
    call: (answer) => [
      at(answer, 'choices', 0, 'message', 'tool_calls', 0, 'function', 'name'),
      (JSON.parse(String(at(answer, 'choices', 0, 'message', 'tool_calls', 0, 'function', 'arguments'))) as Json)['command'],
    ],
    text: (answer) => at(answer, 'choices', 0, 'message', 'content'),
    usage: (answer) => [at(answer, 'usage', 'prompt_tokens'), at(answer, 'usage', 'completion_tokens')],
    whole(all) {
      const message = Object.assign({}, ...all.map((chunk) => at(chunk, 'choices', 0, 'delta'))) as Json;
      return { choices: [{ message }], usage: all.at(-1)?.['usage'] };
    },
  },
  gemini: {
    path: (stream) => `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (results) => ({
      tools: [{ functionDeclarations: [{ name: 'run_shell_command' }] }],
      contents: [{ role: 'user', parts: [{ text: 'go' }] }, ...times(results, { role: 'user', parts: [{ functionResponse: {} }] })],
    }),
    call: (answer) => [
      at(answer, 'candidates', 0, 'content', 'parts', 0, 'functionCall', 'name'),
      at(answer, 'candidates', 0, 'content', 'parts', 0, 'functionCall', 'args', 'command'),
    ],
    text: (answer) => at(answer, 'candidates', 0, 'content', 'parts', 0, 'text'),
    usage: (answer) => [at(answer, 'usageMetadata', 'promptTokenCount'), at(answer, 'usageMetadata', 'candidatesTokenCount')],
    whole: ([first = {}]) => first,
  },
};
const TOOL: Readonly<Record<string, string>> = { messages: 'Bash', responses: 'exec_command', chat: 'bash', gemini: 'run_shell_command' };

describe.each(Object.entries(FORMATS))('the scripted model, %s', (name, format) => {
  const ask = async (base: string, results: number, streamed: boolean): Promise<Json> => {
    const response = await post(base + format.path(streamed), format.body(results, streamed));
    expect(response.status).toBe(200);
    return streamed ? format.whole(await events(response)) : ((await response.json()) as Json);
  };

  it.each([false, true])('has the agent run a command, then speaks; streamed: %s', async (streamed) => {
    const base = await start();
    const first = await ask(base, 0, streamed);
    expect(format.call(first)).toEqual([TOOL[name], 'echo hi']);
    expect(format.usage(first)).toEqual(USAGE);
    const second = await ask(base, 1, streamed);
    expect(format.text(second)).toBe('It is done');
    expect(format.usage(second)).toEqual(USAGE);
    expect(format.text(await ask(base, 2, streamed))).toBe('Done.');
    // Asked again, it answers the same: the conversation says which step it is.
    expect(await ask(base, 0, streamed)).toEqual(first);
    expect(model.log.map(({ wire, results }) => [wire, results])).toEqual([0, 1, 2, 0].map((n) => [name, n]));
  });

  it('fails where the script says so, and says nothing of the script to who has no shell', async () => {
    const base = await start({ steps: [{ bash: 'x' }, { error: { status: 529 } }] });
    const failed = await post(base + format.path(true), format.body(1, true));
    expect(failed.status).toBe(529);
    expect(JSON.stringify(await failed.json())).toContain('the script has it fail');
    const { tools: _, ...rest } = format.body(0, false);
    const aside = (await (await post(base + format.path(false), rest)).json()) as Json;
    expect(format.text(aside)).toBe('An aside.');
  });
});

describe('the scripted model', () => {
  it('logs who asked, with which key', async () => {
    const base = await start();
    const headers = { 'user-agent': 'an-agent/1', authorization: 'Bearer k1', 'x-api-key': 'k2', 'x-goog-api-key': 'k3' };
    await post(`${base}/v1/messages`, { model: 'm-1' }, headers);
    const { 'user-agent': userAgent, ...credentials } = headers;
    expect(model.log).toEqual([{ wire: 'messages', model: 'm-1', results: 0, userAgent, credentials }]);
  });
  it('answers what clients ask beside', async () => {
    const base = await start();
    const asked = async (path: string) => (await post(base + path, {})).json();
    expect(await asked('/v1/messages/count_tokens')).toEqual({ input_tokens: 1200 });
    expect(await asked('/v1beta/models/m:countTokens')).toEqual({ totalTokens: 1200 });
    expect((await fetch(base, { method: 'HEAD' })).status).toBe(200);
    expect((await post(`${base}/v1/none`, {})).status).toBe(404);
    expect(model.log).toEqual([]);
  });
  it.each([
    [null, 'has no list `steps`'],
    [{ steps: [{ text: 'a' }, { say: 'b' }] }, 'step 2 of the model'],
    [{ steps: [{ text: 'a', bash: 'b' }] }, 'step 1 of the model'],
    [{ steps: [{ error: 500 }] }, 'step 1 of the model'],
  ])('refuses the script %j', (script, why) => {
    expect(() => new Model(script)).toThrow(why);
  });
});

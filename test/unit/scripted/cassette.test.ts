import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request as rawRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CassetteWriter, type Entry } from '../../../src/scripted/cassette.ts';
import { FORMATS } from './formats.ts';
import { done, eventsOf, type Format, type Json, Served, type Turn } from './support.ts';
import { KEY, Tape } from './tape.ts';

let tape: Tape;
beforeEach(() => {
  tape = new Tape();
});
afterEach(() => tape[Symbol.dispose]());

const CHAT = FORMATS[2] as Format;
const GO: Turn[] = [{ user: 'go' }];
const post = (served: Served, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  served.post('/v1/chat/completions', body, headers);

describe.each(FORMATS.flatMap((format) => [false, true].map((stream) => ({ format, name: format.name, stream }))))(
  'a conversation over $name, streamed: $stream',
  ({ format, stream }) => {
    it('is played as it was recorded, byte for byte', async () => {
      await using real = await Served.script(`
answers:
  - { run: "date +%s", say: I look at the time 🙂 }
  - { error: { status: 429, retry-after: 1 } }
  - { say: It is late }
`);
      const bytes: string[] = [];
      const conversation = async (served: Served): Promise<void> => {
        const text = async (turns: readonly Turn[]): Promise<Response> => {
          const response = await served.post(format.path(stream), format.body(turns, stream));
          bytes.push(
            `${response.status} ${response.headers.get('content-type')} ${response.headers.get('retry-after')} ${await response.clone().text()}`,
          );
          return response;
        };
        const response = await text(GO);
        const first = stream ? format.joined(await eventsOf(response)) : format.heard((await response.json()) as Json);
        // What the tool says is another time in each run.
        const next = [
          ...GO,
          ...done(first, `It is ${new Date(Date.now() + bytes.length * 1e7).toISOString()}, ${Date.now() + bytes.length}`),
        ];
        await text(next);
        await text(next);
      };
      await tape.record(real.base, conversation);
      const recorded = bytes.splice(0);
      expect(recorded.map((line) => line.slice(0, 3))).toEqual(['200', '429', '200']);
      await using played = await tape.play();
      await conversation(played);
      expect(bytes).toEqual(recorded);
      expect(played.log.map(({ answer, problem }) => [answer, problem])).toEqual([1, 2, 3].map((n) => [`request ${n}`, null]));
      expect(real.log).toHaveLength(3);
    });
  },
);

describe('a cassette', () => {
  it('holds no key and no header, and the client gets none either', async () => {
    const seen: IncomingHttpHeaders[] = [];
    // A server that tells what it was given, in a body and in events that are torn.
    await using real = await Served.by((request, response) => {
      seen.push(request.headers);
      const key = request.headers['x-api-key'] as string;
      response.setHeader('set-cookie', `session=${key}`).setHeader('x-key', key);
      if (request.url?.startsWith('/base/v1/messages') === true) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: {"text":"your key is ${key.slice(0, 5)}`);
        setTimeout(() => response.end(`${key.slice(5)}"}\n\n`), 30);
      } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ key }));
    });
    const texts: string[] = [];
    const log = await tape.record(
      `${real.base}/base`,
      async (served) => {
        const headers = { 'x-api-key': 'agent-jail-placeholder-1', cookie: 'a=b', 'x-mine': 'kept' };
        const streamed = await served.post('/v1/messages?beta=true&key=abc', { stream: true, told: `MASKED-VALUE and ${KEY}` }, headers);
        texts.push(JSON.stringify([...streamed.headers]), await streamed.text());
        texts.push(await (await served.post('/v1/chat/completions', {}, headers)).text());
      },
      { inject: true, mask: 'MASKED-VALUE' },
    );
    for (const headers of seen) {
      expect(headers).toMatchObject({ 'x-api-key': KEY, 'x-mine': 'kept', 'accept-encoding': 'identity' });
      expect(headers['cookie']).toBeUndefined();
    }
    expect(texts.slice(1)).toEqual(['data: {"text":"your key is [redacted KEY]"}\n\n', '{"key":"[redacted KEY]"}']);
    expect(readFileSync(tape.file, 'utf8') + JSON.stringify([texts, log])).not.toMatch(/sk-live|MASKED|placeholder|session=|kept/);
    expect(tape.lines()[1]).toMatchObject({
      place: 'POST /v1/messages',
      request: { stream: true, told: '[redacted MASK] and [redacted KEY]' },
      events: [[expect.any(Number), 'data: {"text":"your key is [redacted KEY]"}\n\n']],
    });
    expect(statSync(tape.file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['x-api-key', KEY],
    ['authorization', `Bearer ${KEY}`],
    ['x-goog-api-key', KEY],
  ])('passes on a client’s own %s, and does not keep it', async (header, value) => {
    const seen: IncomingHttpHeaders[] = [];
    await using real = await Served.by((request, response) => {
      seen.push(request.headers);
      response.end(`you said ${KEY}`);
    });
    await tape.record(real.base, async (served) => {
      expect(await (await post(served, { text: `I have ${KEY}` }, { [header]: value })).text()).toBe(`you said ${KEY}`);
    });
    expect(seen[0]).toMatchObject({ [header]: value });
    expect(readFileSync(tape.file, 'utf8')).not.toContain(KEY);
    expect(tape.lines()[1]).toMatchObject({ request: { text: 'I have [redacted key]' }, body: 'you said [redacted key]', type: '' });
  });

  it('lends its key for nothing but asking a model', async () => {
    const seen: string[] = [];
    await using real = await Served.by((request, response) => {
      seen.push(`${request.method} ${request.url}`);
      response.end('{}');
    });
    const fine = [
      'POST /v1/messages',
      'POST /v1/messages/count_tokens',
      'GET /v1/models',
      'POST /responses',
      'POST /v1beta/models/g-1:streamGenerateContent',
    ];
    const other = [
      'GET /v1/files',
      'POST /v1/files',
      'DELETE /v1/responses/resp_1',
      'POST /v1/messages/batches',
      'GET /v1/organizations/api_keys',
      'POST /v1/messages/../files',
      'POST /v1/messages/%2e%2e/files',
      'DELETE /v1/models/ft:mine',
      'POST /v1beta/cachedContents',
    ];
    const { port } = new URL(real.base);
    const log = await tape.record(
      `http://127.0.0.1:${port}`,
      async (served) => {
        for (const line of [...fine, ...other]) {
          const [method = '', path = ''] = line.split(' ');
          // As it stands: `fetch` would shorten it.
          const status = await new Promise<number | undefined>((resolve) =>
            rawRequest({ port: new URL(served.base).port, method, path }, (response) => resolve(response.resume().statusCode)).end(
              method === 'POST' ? '{}' : '',
            ),
          );
          expect([line, status]).toEqual([line, fine.includes(line) ? 200 : 403]);
        }
      },
      { inject: true },
    );
    expect(seen).toEqual(fine);
    expect(log.at(-1)?.['problem']).toBe('the key is not lent for POST /v1beta/cachedContents');
  });

  it('keeps when events came, bytes that are no text, and that a connection died', async () => {
    await using real = await Served.by((request, response) => {
      if (request.url === '/bytes') return void response.end(Buffer.from([0xff, 0, 0xfe]));
      if (request.url === '/dies') {
        response.writeHead(200, { 'content-length': 100 });
        return void response.write('half', () => response.destroy());
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\ndata: 2\n');
      setTimeout(() => response.end('\ndata: 3\n\n'), 200);
    });
    const dies = async (served: Served): Promise<void> => {
      const response = await fetch(`${served.base}/dies`);
      await expect(response.text()).rejects.toThrow('terminated');
    };
    await tape.record(real.base, async (served) => {
      await (await fetch(`${served.base}/events`)).text();
      await (await fetch(`${served.base}/bytes`)).arrayBuffer();
      await dies(served);
    });
    const [, events, bytes, dead] = tape.lines() as unknown as Entry[];
    expect(events?.events).toEqual([
      [expect.any(Number), 'data: 1\n\n'],
      [expect.any(Number), 'data: 2\n\ndata: 3\n\n'],
    ]);
    expect(events?.events?.[1]?.[0]).toBeGreaterThan(180);
    expect([bytes?.base64, dead?.body, dead?.cut]).toEqual(['/wD+', 'half', true]);

    await using played = await tape.play();
    expect(Buffer.from(await (await fetch(`${played.base}/bytes`)).arrayBuffer())).toEqual(Buffer.from([0xff, 0, 0xfe]));
    await dies(played);
    const time = async (served: Served): Promise<number> => {
      const began = performance.now();
      expect(await (await fetch(`${served.base}/events`)).text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
      return performance.now() - began;
    };
    await using slow = await tape.play({ pace: true });
    expect(await time(slow)).toBeGreaterThan(180);
    expect(await time(played)).toBeLessThan(150);
  });

  it('records no answer that is compressed, or that nobody waited for', async () => {
    await using real = await Served.by((request, response) => {
      if (request.url === '/gzip') return void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      response.writeHead(200).write('begun');
    });
    const log = await tape.record(real.base, async (served) => {
      const response = await fetch(`${served.base}/gzip`);
      expect([response.status, CHAT.message((await response.json()) as Json)]).toEqual([
        502,
        'agent-jail model: the model server compressed its answer, though it was not to',
      ]);
      const leave = new AbortController();
      await fetch(`${served.base}/slow`, { signal: leave.signal });
      leave.abort();
      await expect.poll(() => served.log.length).toBe(2);
    });
    expect(log[1]).toMatchObject({ answer: 'none', problem: 'the client went away, so this is not recorded' });
    expect(tape.lines()).toMatchObject([{ schema: 'agent-jail/cassette@1' }, { end: true, lines: 0 }]);
  });

  it('says that the real model could not be asked', async () => {
    const log = await tape.record('http://127.0.0.1:9', async (served) => expect((await post(served, {})).status).toBe(502));
    expect(log).toMatchObject([{ status: 502, problem: expect.stringMatching(/^the model server could not be asked: .*ECONNREFUSED/) }]);
  });

  it('overwrites nothing', () => {
    writeFileSync(tape.file, 'mine');
    expect(() => new CassetteWriter(tape.file, 'http://x')).toThrow('EEXIST');
    expect(readFileSync(tape.file, 'utf8')).toBe('mine');
  });
});

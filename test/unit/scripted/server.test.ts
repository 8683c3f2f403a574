import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ModelLog } from '../../../src/scripted/log.ts';
import { FORMATS } from './formats.ts';
import { type Json, Served } from './support.ts';

const KEY = 'sk-the-right-one';
const SCRIPT = 'answers: [{ say: hello }]';
const directory = mkdtempSync(join(tmpdir(), 'agent-jail-model-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the server', () => {
  const body = { messages: [{ role: 'user', content: 'go' }] };

  it.each([
    [{ 'x-api-key': KEY }, 200, 'right'],
    [{ authorization: `Bearer ${KEY}` }, 200, 'right'],
    [{ 'x-goog-api-key': KEY }, 200, 'right'],
    [{}, 401, 'none'],
    [{ 'x-api-key': `${KEY}x` }, 401, 'wrong'],
    [{ 'x-api-key': KEY, authorization: 'Bearer agent-jail-placeholder-1' }, 401, 'wrong'],
  ])('with a key that is required: %j gets %d', async (headers: Record<string, string>, status, state) => {
    await using served = await Served.script(SCRIPT, { key: KEY });
    expect((await served.post('/v1/messages', body, headers)).status).toBe(status);
    expect(served.log).toMatchObject([{ status, key: state }]);
    expect(JSON.stringify(served.log)).not.toContain(KEY);
  });

  it('says which key is missing, in the format of each API; Gemini has it in the address too', async () => {
    await using served = await Served.script(SCRIPT, { key: KEY });
    for (const format of FORMATS) {
      const refused = await served.post(format.path(false), format.body([{ user: 'go' }], false));
      expect([refused.status, format.message((await refused.json()) as Json)]).toEqual([
        401,
        'agent-jail model: the request has no key, and one is required',
      ]);
    }
    const path = `/v1beta/models/m:generateContent?key=${KEY}`;
    expect((await served.post(path, { contents: [] })).status).toBe(200);
    expect(JSON.stringify(served.log)).not.toContain(KEY);
  });

  it('notes who asked what, with any key', async () => {
    await using served = await Served.script(SCRIPT);
    const tools = [{ name: 'Bash' }];
    await served.post(
      '/v1/messages?beta=true',
      { ...body, model: 'm-1', tools, stream: true },
      { 'user-agent': 'an-agent/1', 'x-api-key': KEY },
    );
    expect(served.log).toEqual([
      {
        t: expect.any(Number),
        wire: 'messages',
        method: 'POST',
        path: '/v1/messages',
        model: 'm-1',
        stream: true,
        tools: ['Bash'],
        told: 'go',
        key: 'given',
        user_agent: 'an-agent/1',
        status: 200,
        answer: 'answers[0]',
        problem: null,
        conversation: 1,
        turn: 1,
      },
    ]);
  });

  it('takes what a large conversation needs, and no more', async () => {
    await using served = await Served.script(SCRIPT);
    const large = (mib: number) => JSON.stringify({ messages: [{ role: 'user', content: 'x'.repeat(mib << 20) }] });
    expect((await served.post('/v1/messages', large(31))).status).toBe(200);
    const refused = await served.post('/v1/messages', large(33));
    expect([refused.status, await refused.json()]).toEqual([
      413,
      {
        type: 'error',
        error: { type: 'request_too_large', message: 'agent-jail model: the request has more than 32 MiB' },
        request_id: null,
      },
    ]);
    expect(served.log[0]?.['told']).toHaveLength(2000);
  });

  it('answers no more than 64 at once', async () => {
    await using served = await Served.script('answers: [{ say: hello, delay: 1s }]');
    const all = await Promise.all(Array.from({ length: 66 }, () => served.post('/v1/messages', body)));
    const statuses = all.map(({ status }) => status);
    expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length]).toEqual([64, 2]);
  });

  it('outlives clients that go away in the middle of a request', async () => {
    await using served = await Served.script(SCRIPT);
    const { port } = new URL(served.base);
    const going = request({ port, method: 'POST', path: '/v1/messages', headers: { 'content-length': 1000, expect: '100-continue' } });
    going.on('error', () => {});
    // The server has begun with it.
    const begun = once(going, 'continue');
    going.flushHeaders();
    await begun;
    going.write('{"messages"');
    going.destroy();
    await expect.poll(() => served.log).toMatchObject([{ status: 0, problem: 'aborted' }]);
    expect((await served.post('/v1/messages', body)).status).toBe(200);
  });
});

describe('the log', () => {
  it('is NDJSON that ends, of the user alone, without what is to be hidden', () => {
    const file = join(directory, 'log.ndjson');
    const log = new ModelLog(file, (text) => text.replaceAll(KEY, '***'));
    log.line({ told: `my key is ${KEY}`, tools: [KEY], turn: 1 });
    log.end();
    expect(readFileSync(file, 'utf8')).toBe(
      '{"schema":"agent-jail/model-log@1"}\n{"told":"my key is ***","tools":["***"],"turn":1}\n{"end":true,"lines":1,"more":0}\n',
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('stops growing', () => {
    const file = join(directory, 'large.ndjson');
    const log = new ModelLog(file, (text) => text);
    for (let n = 0; n < 80; n += 1) log.line({ told: 'x'.repeat(1 << 20) });
    log.end();
    expect(statSync(file).size).toBeLessThan(64 << 20);
    expect(readFileSync(file).subarray(-50).toString()).toMatch(/\{"end":true,"lines":63,"more":17\}\n$/);
  });
});

import { statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCassette } from '../../../src/scripted/cassette.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { problemsOf } from '../policy/support.ts';
import { FORMATS } from './formats.ts';
import { ask, done, type Format, type Json, Served, type Turn } from './support.ts';
import { Tape } from './tape.ts';

let tape: Tape;
beforeEach(() => {
  tape = new Tape();
});
afterEach(() => tape[Symbol.dispose]());

const CHAT = FORMATS[2] as Format;
const GO: Turn[] = [{ user: 'go' }];
const post = (served: Served, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  served.post('/v1/chat/completions', body, headers);

describe('playing', () => {
  const recordTwo = async (): Promise<void> => {
    await using real = await Served.script('answers: [{ say: one }, { say: two }]');
    await tape.record(real.base, async (served) => {
      const first = await ask(served, CHAT, GO);
      await ask(served, CHAT, [...GO, ...done(first)]);
    });
  };

  it('names the nearest recorded request and what differs', async () => {
    await recordTwo();
    await using played = await tape.play();
    const turns: Turn[] = [...GO, { said: 'one' }, { user: 'stop at once' }];
    const refused = await post(played, CHAT.body(turns, false));
    expect([refused.status, CHAT.message((await refused.json()) as Json)]).toEqual([
      400,
      'agent-jail model: no recorded request is the same; the nearest is number 2, which differs at messages[3].content',
    ]);
    expect(played.log[0]).toMatchObject({
      nearest: 2,
      differences: [{ at: 'messages[3].content', recorded: 'go on', asked: 'stop at once' }],
    });
    const other = await played.post('/v1/responses', {});
    expect(CHAT.message((await other.json()) as Json)).toBe('agent-jail model: no request to POST /v1/responses was recorded');
  });

  it('gives the last answer again, and with `loose` all of them in order, to anybody', async () => {
    await recordTwo();
    await using played = await tape.play();
    for (let n = 0; n < 3; n += 1) expect((await ask(played, CHAT, GO)).text).toBe('one');
    await using loose = await tape.play({ loose: true });
    expect((await ask(loose, CHAT, [{ user: 'something' }])).text).toBe('one');
    expect((await ask(loose, CHAT, [{ user: 'else' }])).text).toBe('two');
    const refused = await post(loose, {});
    expect(CHAT.message((await refused.json()) as Json)).toBe(
      'agent-jail model: all 2 recorded requests to POST /v1/chat/completions were answered',
    );
  });

  it('needs the same mask as the recording where a secret stands in a request', async () => {
    await using real = await Served.script('answers: [{ say: one }]');
    const body = CHAT.body([{ user: 'my word is MASKED-VALUE' }], false);
    await tape.record(real.base, async (served) => void (await post(served, body)), { mask: 'MASKED-VALUE' });
    const redactor = new Redactor([{ name: 'MASK', value: 'MASKED-VALUE' }]);
    await using masked = await tape.play({ clean: (text) => redactor.redactText(text) });
    await using bare = await tape.play();
    expect([(await post(masked, body)).status, (await post(bare, body)).status]).toEqual([200, 400]);
    expect(JSON.stringify(masked.log)).not.toContain('no recorded request');
  });

  it('reads what a killed recorder left', async () => {
    await recordTwo();
    truncateSync(tape.file, statSync(tape.file).size - 60);
    const { entries, complete } = await readCassette(tape.file, 'c.ndjson');
    expect([entries.length, complete]).toEqual([1, false]);
  });

  const HEAD = '{"schema":"agent-jail/cassette@1","upstream":"x"}\n';
  const entry = { place: 'POST /x', key: 'a'.repeat(64), request: {}, status: 200, type: 'text/plain', body: 'x' };
  const RECORD = 'Record it again: agent-jail model --record FILE --upstream URL.';
  it.each([
    ['{"schema":"agent-jail/cassette@2"}\n', 1, 'this version of agent-jail reads agent-jail/cassette@1 only'],
    [HEAD, 1, 'the cassette holds no request'],
    [`${HEAD}${JSON.stringify({ ...entry, status: 42 })}\n`, 2, /^not a recorded request: status: /],
    [`${HEAD}${JSON.stringify({ ...entry, type: 'a\r\nset-cookie: x' })}\n`, 2, /^not a recorded request: type: /],
    [`${HEAD}${JSON.stringify({ ...entry, more: 1 })}\n`, 2, /^not a recorded request: more: /],
    [`${HEAD}${JSON.stringify({ ...entry, events: [] })}\n`, 2, 'not a recorded request: it needs exactly one of body, base64, events'],
    [`${HEAD}${JSON.stringify(entry)}\n{"end":true,"lines":2}\n`, 3, 'the last line does not count 1 requests'],
    [`${HEAD}${JSON.stringify(entry)}\n{"end":true,"lines":1}\n{}\n`, 4, 'something stands after the last line of the cassette'],
  ])('refuses %.90j', async (text, line, message) => {
    writeFileSync(tape.file, text);
    const error: unknown = await readCassette(tape.file, 'c.ndjson').then(
      () => null,
      (thrown: unknown) => thrown,
    );
    const [problem] = problemsOf(() => {
      throw error;
    });
    expect(problem).toEqual({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      remedy: RECORD,
      place: { file: 'c.ndjson', line, column: 1 },
    });
  });
});

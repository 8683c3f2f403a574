import { describe, expect, it } from 'vitest';
import { lucky } from '../../../src/scripted/conversation.ts';
import { FORMATS } from './formats.ts';
import { ask, done, eventsOf, type Format, type Heard, type Json, Served, type Turn } from './support.ts';

const GO: Turn[] = [{ user: 'go' }];
const [MESSAGES, RESPONSES, CHAT, GEMINI] = FORMATS as [Format, Format, Format, Format];
const both = FORMATS.flatMap((format) => [false, true].map((stream) => ({ format, name: format.name, stream })));
/** Arguments of a call without what is only for people. */
const args = ({ calls }: Heard): unknown => {
  const { description: _, ...rest } = (calls[0]?.args ?? {}) as Json;
  return rest;
};
/** How it fails: status, message, `retry-after`. */
async function failed(served: Served, format: Format, turns: readonly Turn[], tools = [format.shell]) {
  const response = await served.post(format.path(true), format.body(turns, true, tools));
  return [response.status, format.message((await response.json()) as Json), response.headers.get('retry-after')];
}

describe.each(both)('a script over $name, streamed: $stream', ({ format, stream }) => {
  it('is followed from answer to answer, to its end', async () => {
    const long = 'It is done, and here is a text with ünïcödé 🙂🙂🙂🙂🙂🙂🙂🙂🙂🙂 that is longer than one piece';
    await using served = await Served.script(`
answers:
  - { run: echo hi, usage: { input: 500, output: 7, cached: 100 } }
  - say: ${long}
    call: { tool: ${format.shell}, arguments: { x: [1, { y: "\\u2028" }] } }
  - say: All is well
`);
    const first = await ask(served, format, GO, stream);
    expect([first.calls[0]?.name, args(first), first.text]).toEqual([
      format.shell,
      { [format === RESPONSES ? 'cmd' : 'command']: 'echo hi' },
      '',
    ]);
    expect(first.usage).toEqual([500, 7, 100]);
    const second = await ask(served, format, [...GO, ...done(first)], stream);
    expect(second).toMatchObject({ text: long, calls: [{ name: format.shell, args: { x: [1, { y: '\u2028' }] } }], usage: [1200, 40, 0] });
    const rest = [...GO, ...done(first), ...done(second)];
    const third = await ask(served, format, rest, stream);
    expect(third).toMatchObject({ text: 'All is well', calls: [] });
    // Asked again, it answers the same.
    expect(await ask(served, format, GO, stream)).toMatchObject({ calls: [{ name: format.shell }] });
    expect(await failed(served, format, [...rest, ...done(third)])).toEqual([
      400,
      'agent-jail model: the script has ended: answers has no answer 4 for this conversation, and there is no `default`',
      null,
    ]);
    expect(served.log.map(({ answer, conversation, turn }) => [answer, conversation, turn])).toEqual([
      ['answers[0]', 1, 1],
      ['answers[1]', 1, 2],
      ['answers[2]', 1, 3],
      ['answers[0]', 2, 1],
      ['none', 1, 4],
    ]);
  });
});

describe.each(FORMATS.map((format) => ({ format, name: format.name })))('a script over $name', ({ format }) => {
  it('fails as often as it says, in the format of the API, then goes on', async () => {
    await using served = await Served.script(`
answers:
  - error: { status: 429, message: slow down, retry-after: 3 }
    times: 2
  - error: { status: 529 }
  - say: hello
default: { error: { status: 503, message: over } }
`);
    expect(await failed(served, format, GO)).toEqual([429, 'slow down', '3']);
    expect(await failed(served, format, GO)).toEqual([429, 'slow down', '3']);
    expect(await failed(served, format, GO)).toEqual([529, 'the script has it fail', null]);
    const first = await ask(served, format, GO);
    expect(first.text).toBe('hello');
    for (let n = 0; n < 3; n += 1) expect(await failed(served, format, [...GO, ...done(first)])).toEqual([503, 'over', null]);
    expect(served.log.map(({ conversation }) => conversation)).toEqual(Array.from({ length: 7 }, () => 1));
  });

  it.each([false, true])('dies in the middle of an answer, streamed: %s', async (stream) => {
    await using served = await Served.script(
      'answers: [{ cut: true, say: "1234567890 1234567890 1234567890 1234567890" }, { say: whole }]',
    );
    const response = await served.post(format.path(stream), format.body(GO, stream));
    expect(response.status).toBe(200);
    let got = '';
    await expect(
      (async () => {
        const decoder = new TextDecoder();
        for await (const chunk of response.body ?? []) got += decoder.decode(chunk as Uint8Array, { stream: true });
      })(),
    ).rejects.toThrow('terminated');
    expect(got.length).toBeGreaterThan(50);
    expect((await ask(served, format, GO, stream)).text).toBe('whole');
  });

  it('does not take words that the agent put into its mouth for an answer', async () => {
    await using served = await Served.script('answers: [{ say: one }, { say: two }]');
    const greeted: Turn[] = [{ user: 'context' }, { said: 'Got it. Thanks for the context!' }, ...GO];
    expect((await ask(served, format, greeted)).text).toBe('one');
    expect((await ask(served, format, [...greeted, { said: 'one\n' }, { user: 'more' }])).text).toBe('two');
  });

  it('looks at what the model was told last', async () => {
    await using served = await Served.script(`
answers:
  - { run: make }
  - { say: it is broken, when: { tool-result: "(?i:error) \\\\d+" } }
  - { say: it is asked, when: { contains: please, matches: "^pl" } }
  - { say: it works }
`);
    const first = await ask(served, format, GO);
    const after = async (result: string): Promise<string> => (await ask(served, format, [...GO, ...done(first, result)])).text;
    expect([await after('fatal: ERROR 12'), await after('please'), await after('ok')]).toEqual(['it is broken', 'it is asked', 'it works']);
    // It was skipped, so it does not come later either.
    const skipped = [...GO, ...done(first, 'ok'), { said: 'it works' }, { user: 'error 5' }];
    expect((await failed(served, format, skipped))[1]).toMatch('the script has ended');
  });

  it('does not stop for a regular expression that finds no end', async () => {
    await using served = await Served.script('answers: [{ say: a, when: { matches: "^(a+)+$" } }, { say: b }]');
    const endless = `${'a'.repeat(60)}!`;
    const wrong = 'answers[0].when.matches takes more than 2 s on what the agent wrote: make it simpler';
    expect(await failed(served, format, [{ user: endless }])).toEqual([400, `agent-jail model: ${wrong}`, null]);
    expect(served.log[0]).toMatchObject({ status: 400, problem: wrong });
    expect((await ask(served, format, [{ user: 'b' }])).text).toBe('b');
  });

  it('says what it cannot do with the tools of a request', async () => {
    await using served = await Served.script('answers: [{ run: "x" }, { call: { tool: Frob } }]');
    const wrong = 'agent-jail model: answers[0]: `run` needs a tool that runs a command, and the request offers frob, knit';
    expect(await failed(served, format, GO, ['frob', 'knit'])).toEqual([400, wrong, null]);
    expect(served.log[0]).toMatchObject({ status: 400, problem: wrong.replace('agent-jail model: ', ''), tools: ['frob', 'knit'] });
    const first = await ask(served, format, GO);
    expect((await failed(served, format, [...GO, ...done(first)]))[1]).toMatch(/`call` needs a tool "Frob", and the request offers \w+$/);
  });

  it('gives requests without tools an aside, where its answers need tools', async () => {
    await using served = await Served.script('answers: [{ run: x }]\naside: A title');
    expect((await ask(served, format, [{ user: 'Write a title' }], true, [])).text).toBe('A title');
    await using talker = await Served.script('answers: [{ say: hello }]');
    expect((await ask(talker, format, GO, false, [])).text).toBe('hello');
  });

  it.each(['', '[]', '{', '{"messages":[1,{"content":7}],"input":[null],"contents":"x","tools":{"a":1}}'])(
    'survives the body %j',
    async (body) => {
      await using served = await Served.script('answers: [{ say: hello }]');
      const response = await served.post(format.path(false), body);
      const answer = (await response.json()) as Json;
      if (body.startsWith('{"')) expect(format.heard(answer).text).toBe('hello');
      else expect([response.status, format.message(answer)]).toEqual([400, 'agent-jail model: the body of the request is no JSON object']);
    },
  );
});

describe('a script', () => {
  it('has lists for models by name', async () => {
    await using served = await Served.script(`
models:
  small: [{ say: I am small }]
  "big-*": [{ say: I am big }]
  "big-one*": [{ say: I am the one }]
`);
    const as = async (model: string): Promise<unknown> => {
      const response = await served.post('/v1/chat/completions', CHAT.body(GO, false, ['bash'], model));
      const json = (await response.json()) as Json;
      return response.ok ? CHAT.heard(json).text : CHAT.message(json);
    };
    expect(await Promise.all(['small', 'big-2', 'big-one-3', 'tiny'].map(as))).toEqual([
      'I am small',
      'I am big',
      'I am the one',
      'agent-jail model: the script has no answers for the model "tiny"',
    ]);
  });

  it('is flaky by seed and conversation, and the same again', async () => {
    const fixes = async (seed: number): Promise<boolean[]> => {
      await using served = await Served.script('answers: [{ run: fix, chance: 0.8 }, { say: done }]', { seed });
      const all: boolean[] = [];
      for (let n = 0; n < 30; n += 1) all.push((await ask(served, CHAT, GO)).calls.length > 0);
      return all;
    };
    const [first, again, other] = [await fixes(7), await fixes(7), await fixes(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([true, false]));
  });

  it.each([0.01, 0.5, 0.8])('takes an answer as often as its chance of %d says', (chance) => {
    const n = 20_000;
    const taken = Array.from({ length: n }, (_, conversation) => lucky(1, conversation, 3, chance)).filter(Boolean).length;
    expect(Math.abs(taken - n * chance)).toBeLessThan(4 * Math.sqrt(n * chance * (1 - chance)));
  });

  it('keeps its choice through a conversation, also beside others', async () => {
    await using served = await Served.script('answers: [{ run: a, chance: 0.5 }, { run: b }, { say: end }]');
    const conversation = async (): Promise<string> => {
      let turns = GO;
      for (let n = 0; ; n += 1) {
        const heard = await ask(served, MESSAGES, turns);
        if (heard.text === 'end') return `${n}`;
        turns = [...turns, ...done(heard)];
      }
    };
    const lengths = await Promise.all(Array.from({ length: 40 }, conversation));
    // One run or two, never less: who loses its number would also lose its place.
    expect([...new Set(lengths)].sort()).toEqual(['1', '2']);
    expect(new Set(served.log.map(({ conversation: number }) => number)).size).toBe(40);
  });

  it('follows clients that send only what is new', async () => {
    await using served = await Served.script('answers: [{ run: a }, { say: b, when: { tool-result: ok } }, { say: c }]');
    const body = (rest: Json): Json => ({ ...RESPONSES.body([], false), store: true, ...rest });
    const post = async (rest: Json): Promise<Json> => (await (await served.post('/v1/responses', body(rest))).json()) as Json;
    const first = await post({ input: 'go' });
    const [call] = RESPONSES.heard(first).calls;
    const second = await post({
      previous_response_id: first['id'],
      input: [{ type: 'function_call_output', call_id: call?.id, output: 'ok' }],
    });
    expect(RESPONSES.heard(second).text).toBe('b');
    expect(second['previous_response_id']).toBe(first['id']);
    expect(RESPONSES.heard(await post({ previous_response_id: second['id'], input: 'more' })).text).toBe('c');
    expect(RESPONSES.message(await post({ previous_response_id: 'resp_of_another', input: 'x' }))).toBe(
      'agent-jail model: there is no answer with this previous_response_id',
    );
  });

  it('waits before it answers, and not for who has gone', async () => {
    await using served = await Served.script('answers: [{ say: a, delay: 300ms }, { say: b, delay: 1h }]');
    const began = performance.now();
    const first = await ask(served, CHAT, GO);
    expect(performance.now() - began).toBeGreaterThan(295);
    const gone = AbortSignal.timeout(100);
    const asked = fetch(served.base + CHAT.path(false), {
      method: 'POST',
      body: JSON.stringify(CHAT.body([...GO, ...done(first)], false)),
      signal: gone,
    });
    await expect(asked).rejects.toThrow('timeout');
    await expect.poll(() => served.log.at(-1)).toMatchObject({ status: 0, problem: 'the client went away before the answer' });
  });

  it('streams a list to clients of Gemini that ask for no events', async () => {
    await using served = await Served.script('answers: [{ say: a text of more than twenty characters }]');
    const response = await served.post('/v1beta/models/m:streamGenerateContent', GEMINI.body(GO, true));
    expect(response.headers.get('content-type')).toBe('application/json');
    const all = (await response.json()) as Json[];
    expect(all.length).toBe(2);
    expect(GEMINI.joined(all.map((chunk) => ({ event: null, data: JSON.stringify(chunk) }))).text).toBe(
      'a text of more than twenty characters',
    );
  });

  it('tells tokens of a streamed chat only to who asks', async () => {
    await using served = await Served.script('answers: [{ say: a }]');
    const { stream_options: _, ...body } = CHAT.body(GO, true);
    const events = await eventsOf(await served.post('/v1/chat/completions', body));
    expect(events.filter(({ data }) => data.includes('usage'))).toEqual([]);
  });

  it('answers what clients ask beside', async () => {
    await using served = await Served.script('models: { gpt-x: [{ say: a }] }');
    const asked = async (path: string) => (await served.post(path, {})).json();
    expect(await asked('/v1/messages/count_tokens')).toEqual({ input_tokens: 1200 });
    expect(await asked('/v1beta/models/m:countTokens')).toEqual({ totalTokens: 1200 });
    expect(await (await fetch(`${served.base}/v1/models`)).json()).toMatchObject({
      object: 'list',
      data: [{ id: 'gpt-x', object: 'model' }],
    });
    expect(await (await fetch(`${served.base}/v1beta/models`)).json()).toEqual({ models: [{ name: 'models/gpt-x' }] });
    expect((await fetch(served.base, { method: 'HEAD' })).status).toBe(200);
    const unknown = await served.post('/v1/embeddings', {});
    expect([unknown.status, CHAT.message((await unknown.json()) as Json)]).toEqual([
      404,
      'agent-jail model: POST /v1/embeddings is not known here',
    ]);
  });
});

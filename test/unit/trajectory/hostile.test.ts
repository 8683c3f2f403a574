import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AGENTS } from '../../../src/model/trajectory.ts';
import { LIMITS } from '../../../src/trajectory/bounds.ts';
import { linesOf, logOf, pieces, printed, read, readOne } from './support.ts';

const LOGS =
  'claude-code.stdout claude-code.session codex.stdout codex.session gemini.stdout gemini.session copilot.stdout opencode.stdout pi.stdout pi.session'.split(
    ' ',
  );
const INIT = { type: 'session', version: 3, id: 's', timestamp: '2026-11-25T16:18:40.200Z', cwd: '/work' };
const said = (message: object) => ({ type: 'message_end', message: { role: 'assistant', ...message } });
const text = (content: string) => said({ content: [{ type: 'text', text: content }] });
const call = (id: string, args: unknown = {}) => said({ content: [{ type: 'toolCall', id, name: 'bash', arguments: args }] });
const answer = (id: string, content: string) => ({ type: 'message_end', message: { role: 'toolResult', toolCallId: id, content } });

describe('a log that is not what it should be', () => {
  test.each(LOGS)('%s, cut anywhere, is read as far as it goes', async (log) => {
    const bytes = logOf(log);
    for (let at = bytes.indexOf(10) + 1; at < bytes.length; at += 211) {
      const { trajectory, about } = await readOne(bytes.subarray(0, at));
      if (trajectory !== null && bytes[at - 1] !== 10) expect(about).toMatchObject([{ broken_lines: expect.any(Number) }]);
    }
    const { about } = await readOne(bytes.subarray(0, -9));
    expect(about).toMatchObject([{ broken_lines: 1 }]);
  });

  test.each(LOGS)('%s without any one line', async (log) => {
    const lines = logOf(log).toString().trimEnd().split('\n');
    let unread = 0;
    for (const skipped of lines.keys()) {
      const { trajectory } = await readOne(Buffer.from(lines.filter((_, index) => index !== skipped).join('\n')));
      if (trajectory === null) unread += 1;
    }
    expect(unread).toBeLessThanOrEqual(1); // one line may be all that tells whose it is
  });

  test.each(LOGS)('%s with values of other kinds: no value stops the reader, whatever it is', async (log) => {
    const lines = logOf(log)
      .toString()
      .trimEnd()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    const odd = fc.constantFrom<unknown>(
      null,
      -1,
      1e308,
      '',
      'x',
      [],
      {},
      [[]],
      [{}],
      [null],
      true,
      { __proto__: null, toString: 1 },
      '\ud800',
    );
    const chosen = fc.record({ line: fc.nat(lines.length - 1), place: fc.nat(40), value: odd });
    await fc.assert(
      fc.asyncProperty(fc.array(chosen, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = [...lines];
        for (const { line, place, value } of changes)
          changed[line] = JSON.stringify(replaced(JSON.parse(changed[line] ?? '{}'), place, value));
        await readOne(Buffer.from(changed.join('\n')));
      }),
      { numRuns: 60 },
    );
  });

  test('what nobody knows is counted; other programs’ lines are not', async () => {
    const { about } = await readOne(
      linesOf('{ not json', INIT, 'compiling…', { type: 'of the future' }, { nothing: 1 }, '{"type":', '[1]', text('x')),
    );
    expect(about).toMatchObject([{ unknown_events: 2, broken_lines: 1 }]);
  });

  test('calls without a result, results without a call, the same again', async () => {
    const { steps, about } = await readOne(
      linesOf(INIT, answer('early', 'lost'), call('a'), call('b'), answer('b', 'first'), answer('b', 'last'), answer('z', 'of none')),
    );
    expect(steps).toHaveLength(2);
    expect(steps[1]?.observation?.results).toEqual([{ source_call_id: 'b', content: 'last' }, { content: 'of none' }]);
    expect(about).toMatchObject([{ calls_without_result: 1, results_without_call: 2 }]);
  });

  test('is no log where nobody recognises it, or it says nothing', async () => {
    for (const bytes of [linesOf('hello', { type: 'result', ok: true }), linesOf(INIT), Buffer.alloc(0), Buffer.alloc(5000, '{')])
      expect((await readOne(bytes)).trajectory).toBeNull();
  });

  test('numbers that are none do not count', async () => {
    const used = (usage: object) => said({ content: 'x', usage });
    const { totals } = await readOne(
      linesOf(INIT, used({ input: -5, output: 1e300 }), used({ input: '7', output: 3, cacheRead: null }), used({ input: 2, output: 1 })),
    );
    expect([totals.inputTokens?.value, totals.outputTokens?.value]).toEqual([2, 4]);
  });

  test('only what was asked for is read', async () => {
    const { trajectory } = await read([printed(logOf('pi.stdout'), { wanted: ['codex'] }), printed(logOf('pi.stdout'), { wanted: [] })]);
    expect(trajectory).toBeNull();
  });
});

describe('a log of any size', () => {
  test.each([
    ['64 MiB of other text', 'x', 65],
    ['10,000 other objects', '{"x":1}\n', 1],
  ])('nobody is looked for in %s and beyond', async (_, text, pieces) => {
    let given = 0;
    function* endless() {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1 << 20, text);
      }
    }
    expect((await read([printed(Buffer.alloc(0), { pieces: endless() })])).trajectory).toBeNull();
    expect(given).toBe(pieces);
  });

  test('a line longer than is read is skipped and counted; the next one is read', async () => {
    const { steps, about } = await readOne(linesOf(INIT, text('x'.repeat(LIMITS.line)), text('after it')));
    expect(steps.map(({ message }) => message)).toEqual(['after it']);
    expect(about).toMatchObject([{ long_lines: 1 }]);
  });

  test('a long text keeps head and tail, and says what is missing', async () => {
    const { steps, trajectory } = await readOne(
      linesOf(INIT, text(`head${'x'.repeat(1 << 20)}tail`), call('a', { command: `c${'y'.repeat(1 << 20)}` })),
    );
    expect(steps[0]?.message).toMatch(/^headx+\n\[cut: \d+ characters\]\nx+tail$/);
    expect(steps[0]?.message.length).toBeLessThan(LIMITS.text + 100);
    expect(String(steps[1]?.tool_calls?.[0]?.arguments['command']).length).toBeLessThan(LIMITS.text + 100);
    expect(trajectory?.extra).toMatchObject({ cut_texts: 2 });
  });

  test('a text in a million pieces is one text', async () => {
    const piece = { type: 'message', timestamp: '2026-11-25T16:18:43.317Z', role: 'assistant', content: 'piece ', delta: true };
    const init = { type: 'init', timestamp: piece.timestamp, session_id: 's', model: 'm' };
    const { steps } = await readOne(Buffer.concat([linesOf(init), Buffer.from(`${JSON.stringify(piece)}\n`.repeat(100_000))]));
    expect(steps).toHaveLength(1);
    expect(steps[0]?.message.length).toBeLessThanOrEqual(LIMITS.text + 100);
  });

  test('so many turns and calls are kept, the rest is counted', async () => {
    const many = Buffer.concat([linesOf(INIT), Buffer.from(`${JSON.stringify(text('x'))}\n`.repeat(LIMITS.turns + 5))]);
    expect(await readOne(many)).toMatchObject({ steps: { length: LIMITS.turns }, about: [{ left_out: 5 }] });
    const calls = Array.from({ length: LIMITS.calls + 7 }, (_, id) => ({ type: 'toolCall', id: `${id}`, name: 'bash', arguments: {} }));
    const { steps, about } = await readOne(linesOf(INIT, said({ content: calls })));
    expect([steps[0]?.tool_calls?.length, about[0]?.['left_out']]).toEqual([LIMITS.calls, 7]);
  });

  test('all logs together have one bound', async () => {
    const log = (session: number) =>
      Buffer.concat([
        linesOf({ ...INIT, id: `s${session}` }),
        Buffer.from(`${JSON.stringify(text('\u0001'.repeat(60_000)))}\n`.repeat(30)),
      ]);
    const { trajectory } = await read(
      Array.from({ length: 4 }, (_, session) => printed(log(session), { pieces: pieces(log(session), 1 << 20) })),
    );
    expect(JSON.stringify(trajectory).length).toBeLessThan(LIMITS.all + (2 << 20));
  });

  test('what is deep or wide is cut', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const wide = JSON.stringify({ list: Array.from({ length: 100_000 }, () => 1), ['k'.repeat(10_000)]: 1 });
    const raw = (args: string) => JSON.stringify(call('a', '@')).replace('"@"', args);
    const { steps } = await readOne(linesOf(INIT, raw(deep), raw(wide)));
    expect(JSON.stringify(steps).length).toBeLessThan(20_000);
    expect(JSON.stringify(steps)).toContain('[cut: 99000 entries]');
  });
});

test('hostile text stays text, and nothing of it becomes a property of objects', async () => {
  const texts = ['</script><script>alert(1)</script>', '::set-output name=x::y', '\u202egnp', '\x1b]0;x\x07', '__proto__'];
  const { steps } = await readOne(
    linesOf(INIT, ...texts.map(text), JSON.stringify(call('a', '@')).replace('"@"', '{"__proto__":{"polluted":1}}')),
  );
  expect(steps.slice(0, texts.length).map(({ message }) => message)).toEqual(texts);
  expect(Object.keys(steps.at(-1)?.tool_calls?.[0]?.arguments ?? {})).toEqual(['__proto__']);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test.each([...AGENTS])('bytes of no text are read as far as they go: %s', async (agent) => {
  const lines = logOf(`${agent}.stdout`);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(lines.length), async (bytes, at) => {
      await readOne(Buffer.concat([lines.subarray(0, at), bytes, lines.subarray(at)]));
    }),
    { numRuns: 30 },
  );
});

/** The value at the nth place of a JSON value, in the order of its text, put in the place of another. */
function replaced(value: unknown, place: number, by: unknown): unknown {
  let left = place;
  const walk = (one: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one === 'object' && one !== null) return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, walk(item)]));
    return one;
  };
  return walk(value);
}

import { expect, it } from 'vitest';
import { Budget } from '../../../src/network/budget.ts';
import { Tokens } from '../../../src/network/tokens.ts';

const read = (type: string | undefined, chunks: readonly string[]) => {
  const tokens = new Tokens();
  const reader = tokens.reader(type);
  for (const chunk of chunks) reader?.take(Buffer.from(chunk));
  reader?.end();
  return reader === null ? null : tokens.total;
};
const event = (value: object): string => `event: x\ndata: ${JSON.stringify(value)}\n\n`;

it.each([
  [
    'Anthropic, as a stream',
    'text/event-stream; charset=utf-8',
    [
      event({
        type: 'message_start',
        message: { usage: { input_tokens: 10, cache_read_input_tokens: 5, cache_creation_input_tokens: 2, output_tokens: 1 } },
      }),
      event({ type: 'message_delta', usage: { output_tokens: 40 } }),
    ],
    { requests: 1, input: 17, output: 40 },
  ],
  ['Anthropic', 'application/json', ['{"usage":{"input_tok', 'ens":3,"output_tokens":4}}'], { requests: 1, input: 3, output: 4 }],
  [
    'OpenAI chat',
    'text/event-stream',
    [event({ usage: null }), event({ usage: { prompt_tokens: 7, completion_tokens: 8, total_tokens: 15 } }), 'data: [DONE]\n\n'],
    { requests: 1, input: 7, output: 8 },
  ],
  [
    'OpenAI responses',
    'text/event-stream',
    [event({ type: 'response.completed', response: { usage: { input_tokens: 9, output_tokens: 2 } } })],
    { requests: 1, input: 9, output: 2 },
  ],
  [
    'Google, cumulative',
    'text/event-stream',
    [
      event({ usageMetadata: { promptTokenCount: 6, candidatesTokenCount: 1 } }),
      event({ usageMetadata: { promptTokenCount: 6, candidatesTokenCount: 5, thoughtsTokenCount: 3 } }),
    ],
    { requests: 1, input: 6, output: 8 },
  ],
  [
    'Google, as a list',
    'application/json',
    [JSON.stringify([{ usageMetadata: { promptTokenCount: 6, candidatesTokenCount: 5 } }])],
    { requests: 1, input: 6, output: 5 },
  ],
  ['an answer without', 'application/json', ['{"a":1}'], { requests: 0, input: 0, output: 0 }],
  ['nonsense', 'application/json', ['{"usage":'], { requests: 0, input: 0, output: 0 }],
  [
    'numbers that are none',
    'application/json',
    ['{"usage":{"input_tokens":"7","output_tokens":-1,"prompt_tokens":1e99}}'],
    { requests: 0, input: 0, output: 0 },
  ],
  ['a page', 'text/html', ['<usage>'], null],
  ['what has no type', undefined, ['x'], null],
] as const)('reads what %s says of tokens', (_name, type, chunks, expected) => {
  expect(read(type, chunks)).toEqual(expected);
});

it('does not read what is too long, and goes on after it', () => {
  const long = `data: {"usage":{"input_tokens":1},"x":"${'y'.repeat(5 << 20)}"}\n`;
  const chunks = [long.slice(0, 4_500_000), long.slice(4_500_000), event({ usage: { input_tokens: 2, output_tokens: 3 } })];
  expect(read('text/event-stream', chunks)).toEqual({ requests: 1, input: 2, output: 3 });
});

it('a budget refuses what goes beyond it, and says so once', () => {
  const told: string[] = [];
  const budget = new Budget({ upload: 10, download: null, connections: 1, requests: 0 }, (limit) => told.push(limit));
  expect([budget.take('upload', 10), budget.take('upload', 1), budget.take('upload', 1), budget.take('download', 1e12)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect([budget.take('connections', 1), budget.take('connections', 1), budget.take('requests', 1)]).toEqual([true, false, false]);
  expect(told).toEqual(['upload', 'connections', 'requests']);
  expect(budget.used).toEqual({ upload: 10, download: 1e12, connections: 1, requests: 0 });
});

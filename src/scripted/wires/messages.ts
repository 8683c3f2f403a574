import { fields, list, text, textOf } from '../json.ts';
import { type Asked, type Event, type Message, pieces, type Said, type Wire } from '../wire.ts';

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error', 401: 'authentication_error', 403: 'permission_error', 404: 'not_found_error',
  413: 'request_too_large', 429: 'rate_limit_error', 529: 'overloaded_error',
}; // biome-ignore format: a table

type Block = { readonly type: 'text'; readonly text: string } | { readonly type: 'tool_use'; id: string; name: string; input: unknown };

/** Anthropic Messages (docs.anthropic.com/en/api/messages, …/messages-streaming, …/errors). */
export const MESSAGES: Wire = {
  name: 'messages',
  read({ path }, body) {
    if (path !== '/v1/messages') return null;
    return {
      model: text(body['model']),
      stream: body['stream'] === true,
      tools: list(body['tools']).map((one) => {
        const { name, input_schema: schema } = fields(one);
        return { name: text(name), properties: fields(fields(schema)['properties']), custom: false };
      }),
      messages: list(body['messages']).flatMap((one) => messagesOf(fields(one)['role'], fields(one)['content'])),
      after: null,
      stored: false,
      countsTokens: true,
    };
  },
  events(asked, said) {
    const blocks = blocksOf(said);
    const of = (event: string, rest: object): Event => ({ event, data: { type: event, ...rest } });
    const { usage } = whole(asked, said);
    const message = { ...whole(asked, said), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
    return [
      of('message_start', { message }),
      of('ping', {}),
      ...blocks.flatMap((block, index) => [
        of('content_block_start', { index, content_block: block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} } }),
        ...deltas(block).map((delta) => of('content_block_delta', { index, delta })),
        of('content_block_stop', { index }),
      ]),
      of('message_delta', {
        delta: { stop_reason: reason(said), stop_sequence: null },
        usage: { output_tokens: said.usage.output },
      }),
      of('message_stop', {}),
    ];
  },
  json: whole,
  error: (status, message) => ({
    type: 'error',
    error: { type: TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), message },
    request_id: null,
  }),
  owns: (path) => path === '/v1/messages' || path.startsWith('/v1/messages/'),
  aside: ({ path }) => (path === '/v1/messages/count_tokens' ? { input_tokens: 1200 } : null),
};

function messagesOf(role: unknown, content: unknown): Message[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(fields);
  if (role === 'assistant') {
    const calls = blocks.filter(({ type }) => type === 'tool_use').map((block) => text(fields(block)['id']));
    return [{ by: 'model', text: textOf(blocks.filter(({ type }) => type === 'text')), calls }];
  }
  return blocks.map((block) =>
    block.type === 'tool_result' ? { by: 'tool', text: textOf(fields(block)['content']) } : { by: 'user', text: textOf(block) },
  );
}

function whole({ model }: Asked, said: Said) {
  const { input, output, cached } = said.usage;
  return {
    id: `msg_${said.id}`,
    type: 'message',
    role: 'assistant',
    model,
    content: blocksOf(said),
    stop_reason: reason(said),
    stop_sequence: null,
    // What came from the cache is counted apart here.
    usage: { input_tokens: input - cached, cache_creation_input_tokens: 0, cache_read_input_tokens: cached, output_tokens: output },
  };
}

const reason = ({ calls }: Said): string => (calls.length === 0 ? 'end_turn' : 'tool_use');
const blocksOf = (said: Said): Block[] => [
  ...(said.text === '' ? [] : [{ type: 'text', text: said.text } as const]),
  ...said.calls.map(({ id, name, args }) => ({ type: 'tool_use', id: `toolu_${id}`, name, input: args }) as const),
];
const deltas = (block: Block): object[] =>
  block.type === 'text'
    ? pieces(block.text).map((piece) => ({ type: 'text_delta', text: piece }))
    : ['', ...pieces(JSON.stringify(block.input))].map((partial_json) => ({ type: 'input_json_delta', partial_json }));

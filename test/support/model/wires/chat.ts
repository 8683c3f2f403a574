import { type Asked, type Event, type Said, TOKENS, type Wire } from '../wire.ts';

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly function?: { readonly name: string } }[];
  readonly messages?: readonly { readonly role: string }[];
}

const usage = { prompt_tokens: TOKENS.input, completion_tokens: TOKENS.output, total_tokens: TOKENS.input + TOKENS.output };
const why = (said: Said): string => ('text' in said ? 'stop' : 'tool_calls');
const called = ({ call }: Extract<Said, { call: unknown }>) => ({
  id: call.id,
  type: 'function',
  function: { name: call.name, arguments: JSON.stringify(call.args) },
});
const head = (object: string, { model }: Asked) => ({ id: 'chatcmpl-1', object, created: 1_700_000_000, model });

/** OpenAI Chat Completions. */
export const CHAT: Wire = {
  name: 'chat',
  read(path, _query, body) {
    if (path !== '/v1/chat/completions') return null;
    const { model = '', stream = false, tools = [], messages = [] } = body as Body;
    const results = messages.filter(({ role }) => role === 'tool').length;
    return { model, stream, results, tools: tools.flatMap((tool) => tool.function?.name ?? []) };
  },
  events(asked, said) {
    const chunk = (choices: readonly object[], rest: object = {}): Event => ({
      data: { ...head('chat.completion.chunk', asked), choices, ...rest },
    });
    const choice = (delta: object, finish_reason: string | null = null) => [{ index: 0, delta, finish_reason }];
    return [
      chunk(choice({ role: 'assistant', content: '' })),
      chunk(choice('text' in said ? { content: said.text } : { tool_calls: [{ index: 0, ...called(said) }] })),
      chunk(choice({}, why(said))),
      chunk([], { usage }),
      { data: '[DONE]' },
    ];
  },
  json(asked, said) {
    const message = 'text' in said ? { content: said.text } : { content: null, tool_calls: [called(said)] };
    const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: why(said) }];
    return { ...head('chat.completion', asked), choices, usage };
  },
  error: (status, message) => ({ error: { message, type: 'api_error', code: String(status) } }),
  aside: (path) => (path === '/v1/models' ? { object: 'list', data: [] } : null),
};

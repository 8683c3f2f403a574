import { type Asked, type Event, type Said, TOKENS, type Wire } from '../wire.ts';

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name: string }[];
  readonly messages?: readonly { readonly content: string | readonly { readonly type: string }[] }[];
}

const block = (said: Said): object =>
  'text' in said ? { type: 'text', text: said.text } : { type: 'tool_use', id: said.call.id, name: said.call.name, input: said.call.args };
const why = (said: Said): string => ('text' in said ? 'end_turn' : 'tool_use');
/** An answer has an id of its own: by that its parts are put together. */
const head = ({ model, results }: Asked) => ({ id: `msg_${results + 1}`, type: 'message', role: 'assistant', model });
const usage = { input_tokens: TOKENS.input, output_tokens: TOKENS.output };

/** Anthropic Messages. */
export const MESSAGES: Wire = {
  name: 'messages',
  read(path, _query, body) {
    if (path !== '/v1/messages') return null;
    const { model = '', stream = false, tools = [], messages = [] } = body as Body;
    const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    return { model, stream, results: blocks.filter(({ type }) => type === 'tool_result').length, tools: tools.map(({ name }) => name) };
  },
  events(asked, said) {
    const started = 'text' in said ? { type: 'text', text: '' } : { type: 'tool_use', id: said.call.id, name: said.call.name, input: {} };
    const delta =
      'text' in said ? { type: 'text_delta', text: said.text } : { type: 'input_json_delta', partial_json: JSON.stringify(said.call.args) };
    const of = (event: string, rest: object): Event => ({ event, data: { type: event, ...rest } });
    return [
      of('message_start', { message: { ...head(asked), content: [], stop_reason: null, usage: { ...usage, output_tokens: 0 } } }),
      of('content_block_start', { index: 0, content_block: started }),
      of('content_block_delta', { index: 0, delta }),
      of('content_block_stop', { index: 0 }),
      of('message_delta', { delta: { stop_reason: why(said), stop_sequence: null }, usage: { output_tokens: TOKENS.output } }),
      of('message_stop', {}),
    ];
  },
  json: (asked, said) => ({ ...head(asked), content: [block(said)], stop_reason: why(said), stop_sequence: null, usage }),
  error: (status, message) => ({ type: 'error', error: { type: status === 529 ? 'overloaded_error' : 'api_error', message } }),
  aside: (path) => (path === '/v1/messages/count_tokens' ? { input_tokens: TOKENS.input } : null),
};

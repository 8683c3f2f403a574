import { type Asked, type Event, type Said, TOKENS, type Wire } from '../wire.ts';

interface Body {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly { readonly name?: string }[];
  readonly input?: string | readonly { readonly type?: string }[];
}

const usage = {
  input_tokens: TOKENS.input,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: TOKENS.output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: TOKENS.input + TOKENS.output,
};
const item = (said: Said): object =>
  'text' in said
    ? {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: said.text, annotations: [] }],
      }
    : {
        type: 'function_call',
        id: `fc_${said.call.id}`,
        call_id: said.call.id,
        name: said.call.name,
        arguments: JSON.stringify(said.call.args),
        status: 'completed',
      };
const response = ({ model }: Asked, status: string, rest: object) => ({ id: 'resp_1', object: 'response', model, status, ...rest });

/** OpenAI Responses. */
export const RESPONSES: Wire = {
  name: 'responses',
  read(path, _query, body) {
    if (path !== '/v1/responses') return null;
    const { model = '', stream = false, tools = [], input = [] } = body as Body;
    const items = typeof input === 'string' ? [] : input;
    const results = items.filter(({ type }) => type === 'function_call_output').length;
    return { model, stream, results, tools: tools.flatMap(({ name }) => name ?? []) };
  },
  events(asked, said) {
    const of = (event: string, rest: object, sequence_number: number): Event => ({
      event,
      data: { type: event, sequence_number, ...rest },
    });
    const whole = item(said);
    const done = response(asked, 'completed', { output: [whole], usage });
    return [
      ['response.created', { response: response(asked, 'in_progress', { output: [] }) }] as const,
      ['response.output_item.added', { output_index: 0, item: whole }] as const,
      ...('text' in said
        ? [['response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta: said.text }] as const]
        : []),
      ['response.output_item.done', { output_index: 0, item: whole }] as const,
      ['response.completed', { response: done }] as const,
    ].map(([event, rest], n) => of(event, rest, n));
  },
  json: (asked, said) => response(asked, 'completed', { output: [item(said)], usage }),
  error: (status, message) => ({ error: { message, type: 'api_error', code: String(status) } }),
  aside: () => null,
};

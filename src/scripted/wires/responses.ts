import { type Fields, fields, list, text, textOf } from '../json.ts';
import { type Asked, CREATED, type Event, type Message, pieces, type Said, type ToolCall, type Wire } from '../wire.ts';
import { error, isPath, models } from './openai.ts';

/** OpenAI Responses (platform.openai.com/docs/api-reference/responses, …/responses-streaming). */
export const RESPONSES: Wire = {
  name: 'responses',
  read(target, body) {
    if (!isPath(target, 'responses')) return null;
    const { input, previous_response_id: after } = body;
    return {
      model: text(body['model']),
      stream: body['stream'] === true,
      tools: list(body['tools']).map((one) => {
        const { name, type, parameters } = fields(one);
        return { name: text(name), properties: fields(fields(parameters)['properties']), custom: type === 'custom' };
      }),
      messages: typeof input === 'string' ? [{ by: 'user', text: input }] : list(input).flatMap((item) => messageOf(fields(item))),
      after: typeof after === 'string' ? after.replace(/^resp_/, '') : null,
      stored: body['store'] !== false,
      countsTokens: true,
    };
  },
  events(asked, said) {
    const begun = response(asked, said, 'in_progress', [], null);
    const all: (readonly [string, object])[] = [
      ['response.created', { response: begun }],
      ['response.in_progress', { response: begun }],
      ...itemsOf(said).flatMap(({ begin, parts, whole }, output_index) => [
        ['response.output_item.added', { output_index, item: begin }] as const,
        ...parts.map(([event, rest]) => [event, { item_id: whole['id'], output_index, ...rest }] as const),
        ['response.output_item.done', { output_index, item: whole }] as const,
      ]),
      ['response.completed', { response: completed(asked, said) }],
    ];
    return all.map(([event, rest], sequence_number): Event => ({ event, data: { type: event, sequence_number, ...rest } }));
  },
  json: completed,
  error,
  owns: (path) => /^(?:\/v1)?\/responses(?:\/|$)/.test(path),
  aside: models,
};

/** Reasoning, and whatever else the model made beside, is part of its turn. */
function messageOf(item: Fields): Message[] {
  const { type = 'message', role, content, call_id: id, output } = item;
  if (type === 'function_call' || type === 'custom_tool_call') return [{ by: 'model', text: '', calls: [text(id)] }];
  if (type === 'function_call_output' || type === 'custom_tool_call_output') return [{ by: 'tool', text: textOf(output) }];
  if (type === 'reasoning') return [{ by: 'model', text: '', calls: [] }];
  if (type !== 'message') return [];
  if (role === 'assistant') return [{ by: 'model', text: textOf(content), calls: [] }];
  return role === 'user' ? [{ by: 'user', text: textOf(content) }] : [];
}

interface Item {
  /** As it is announced, empty. */
  readonly begin: Fields;
  /** Events, without what all events of an item have. */
  readonly parts: readonly (readonly [event: string, rest: object])[];
  readonly whole: Fields;
}
const itemsOf = (said: Said): Item[] => [...(said.text === '' ? [] : [messageItem(said)]), ...said.calls.map(callItem)];

function messageItem(said: Said): Item {
  const at = { content_index: 0 };
  const part = { type: 'output_text', annotations: [], logprobs: [], text: said.text };
  const item = { id: `msg_${said.id}`, type: 'message', role: 'assistant' };
  return {
    begin: { ...item, status: 'in_progress', content: [] },
    parts: [
      ['response.content_part.added', { ...at, part: { ...part, text: '' } }],
      ...pieces(said.text).map((delta) => ['response.output_text.delta', { ...at, delta, logprobs: [] }] as const),
      ['response.output_text.done', { ...at, text: said.text, logprobs: [] }],
      ['response.content_part.done', { ...at, part }],
    ],
    whole: { ...item, status: 'completed', content: [part] },
  };
}

function callItem({ id, name, args, custom }: ToolCall): Item {
  const [type, key, event] = custom
    ? ['custom_tool_call', 'input', 'response.custom_tool_call_input']
    : ['function_call', 'arguments', 'response.function_call_arguments'];
  const given = custom ? text(args['input']) : JSON.stringify(args);
  const item = { id: `${custom ? 'ctc' : 'fc'}_${id}`, type, call_id: `call_${id}`, name };
  return {
    begin: { ...item, status: 'in_progress', [key]: '' },
    parts: [...pieces(given).map((delta) => [`${event}.delta`, { delta }] as const), [`${event}.done`, { [key]: given }]],
    whole: { ...item, status: 'completed', [key]: given },
  };
}

function completed(asked: Asked, said: Said) {
  const output = itemsOf(said).map(({ whole }) => whole);
  return response(asked, said, 'completed', output, usageOf(said));
}
const response = ({ model, after }: Asked, { id }: Said, status: string, output: readonly Fields[], usage: object | null) => ({
  id: `resp_${id}`,
  object: 'response',
  created_at: CREATED,
  status,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model,
  output,
  parallel_tool_calls: true,
  previous_response_id: after === null ? null : `resp_${after}`,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  usage,
});
const usageOf = ({ usage: { input, output, cached } }: Said) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: input + output,
});

import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FORMATS } from './formats.ts';
import { eventsOf, type Format, type Json, Served, type Turn } from './support.ts';

// Shapes as the vendors publish them: required fields, and no others that they do not have. Where the reference says so, a field may be null.
const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const nothing = v.strictObject({});
const id = (prefix: string) => v.pipe(v.string(), v.regex(new RegExp(`^${prefix}[A-Za-z0-9_]+$`)));
const only = <const S extends string>(value: S) => v.literal(value);
const json = v.pipe(v.string(), v.parseJson(), v.looseObject({}));

// docs.anthropic.com/en/api/messages
const usage = { input_tokens: count, cache_creation_input_tokens: count, cache_read_input_tokens: count, output_tokens: count };
const blocks = v.variant('type', [
  v.strictObject({ type: only('text'), text }),
  v.strictObject({ type: only('tool_use'), id: id('toolu_'), name: text, input: v.looseObject({}) }),
]);
const message = {
  id: id('msg_'),
  type: only('message'),
  role: only('assistant'),
  model: only('m'),
  content: v.array(blocks),
  stop_reason: v.nullable(v.picklist(['end_turn', 'tool_use'])),
  stop_sequence: v.null(),
  usage: v.strictObject(usage),
};
// …/api/messages-streaming
const messageEvents = v.variant('type', [
  v.strictObject({ type: only('message_start'), message: v.strictObject({ ...message, content: v.tuple([]), stop_reason: v.null() }) }),
  v.strictObject({ type: only('ping') }),
  v.strictObject({ type: only('content_block_start'), index: count, content_block: blocks }),
  v.strictObject({
    type: only('content_block_delta'),
    index: count,
    delta: v.variant('type', [
      v.strictObject({ type: only('text_delta'), text }),
      v.strictObject({ type: only('input_json_delta'), partial_json: text }),
    ]),
  }),
  v.strictObject({ type: only('content_block_stop'), index: count }),
  v.strictObject({
    type: only('message_delta'),
    delta: v.strictObject({ stop_reason: v.picklist(['end_turn', 'tool_use']), stop_sequence: v.null() }),
    usage: v.strictObject({ output_tokens: count }),
  }),
  v.strictObject({ type: only('message_stop') }),
]);

// platform.openai.com/docs/api-reference/chat/object
const chatUsage = v.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: v.strictObject({ cached_tokens: count }),
  completion_tokens_details: v.strictObject({ reasoning_tokens: count }),
});
const chatHead = { id: id('chatcmpl-'), created: count, model: only('m'), system_fingerprint: v.null() };
const call = v.strictObject({ id: id('call_'), type: only('function'), function: v.strictObject({ name: text, arguments: json }) });
const finish = v.picklist(['stop', 'tool_calls']);
const chat = v.strictObject({
  ...chatHead,
  object: only('chat.completion'),
  choices: v.tuple([
    v.strictObject({
      index: v.literal(0),
      message: v.strictObject({
        role: only('assistant'),
        content: v.nullable(text),
        refusal: v.null(),
        tool_calls: v.optional(v.pipe(v.array(call), v.minLength(1))),
      }),
      logprobs: v.null(),
      finish_reason: finish,
    }),
  ]),
  usage: chatUsage,
});
// …/chat-streaming
const part = v.strictObject({
  index: count,
  id: v.optional(id('call_')),
  type: v.optional(only('function')),
  function: v.strictObject({ name: v.optional(text), arguments: text }),
});
const delta = v.strictObject({
  role: v.optional(only('assistant')),
  content: v.optional(v.nullable(text)),
  refusal: v.optional(v.null()),
  tool_calls: v.optional(v.tuple([part])),
});
const chatChunk = v.strictObject({
  ...chatHead,
  object: only('chat.completion.chunk'),
  choices: v.union([
    v.tuple([]),
    v.tuple([v.strictObject({ index: v.literal(0), delta, logprobs: v.null(), finish_reason: v.nullable(finish) })]),
  ]),
  usage: v.nullable(chatUsage),
});

// platform.openai.com/docs/api-reference/responses/object
const outputText = v.strictObject({ type: only('output_text'), text, annotations: v.tuple([]), logprobs: v.tuple([]) });
const state = v.picklist(['in_progress', 'completed']);
const items = v.variant('type', [
  v.strictObject({ type: only('message'), id: id('msg_'), role: only('assistant'), status: state, content: v.array(outputText) }),
  v.strictObject({ type: only('function_call'), id: id('fc_'), call_id: id('call_'), name: text, arguments: text, status: state }),
  v.strictObject({ type: only('custom_tool_call'), id: id('ctc_'), call_id: id('call_'), name: text, input: text, status: state }),
]);
const response = v.strictObject({
  id: id('resp_'),
  object: only('response'),
  created_at: count,
  status: state,
  error: v.null(),
  incomplete_details: v.null(),
  instructions: v.null(),
  metadata: nothing,
  model: only('m'),
  output: v.array(items),
  parallel_tool_calls: v.boolean(),
  previous_response_id: v.null(),
  temperature: v.number(),
  tool_choice: only('auto'),
  tools: v.array(v.unknown()),
  top_p: v.number(),
  usage: v.nullable(
    v.strictObject({
      input_tokens: count,
      input_tokens_details: v.strictObject({ cached_tokens: count }),
      output_tokens: count,
      output_tokens_details: v.strictObject({ reasoning_tokens: count }),
      total_tokens: count,
    }),
  ),
});
// …/responses-streaming
const numbered = { sequence_number: count };
const ofItem = { ...numbered, item_id: text, output_index: count };
const ofPart = { ...ofItem, content_index: v.literal(0) };
const responseEvents = v.variant('type', [
  v.strictObject({ type: v.picklist(['response.created', 'response.in_progress', 'response.completed']), ...numbered, response }),
  v.strictObject({
    type: v.picklist(['response.output_item.added', 'response.output_item.done']),
    ...numbered,
    output_index: count,
    item: items,
  }),
  v.strictObject({ type: v.picklist(['response.content_part.added', 'response.content_part.done']), ...ofPart, part: outputText }),
  v.strictObject({ type: only('response.output_text.delta'), ...ofPart, delta: text, logprobs: v.tuple([]) }),
  v.strictObject({ type: only('response.output_text.done'), ...ofPart, text, logprobs: v.tuple([]) }),
  v.strictObject({ type: only('response.function_call_arguments.delta'), ...ofItem, delta: text }),
  v.strictObject({ type: only('response.function_call_arguments.done'), ...ofItem, arguments: json }),
  v.strictObject({ type: only('response.custom_tool_call_input.delta'), ...ofItem, delta: text }),
  v.strictObject({ type: only('response.custom_tool_call_input.done'), ...ofItem, input: text }),
]);

// ai.google.dev/api/generate-content
const geminiPart = v.union([
  v.strictObject({ text }),
  v.strictObject({ functionCall: v.strictObject({ id: text, name: text, args: v.looseObject({}) }) }),
]);
const gemini = v.strictObject({
  candidates: v.tuple([
    v.strictObject({
      content: v.strictObject({ role: only('model'), parts: v.pipe(v.array(geminiPart), v.minLength(1)) }),
      finishReason: v.optional(only('STOP')),
      index: v.literal(0),
    }),
  ]),
  usageMetadata: v.strictObject({
    promptTokenCount: count,
    cachedContentTokenCount: v.optional(count),
    candidatesTokenCount: count,
    totalTokenCount: count,
  }),
  modelVersion: only('m'),
  responseId: text,
});

const SHAPES: Readonly<Record<string, { whole: v.GenericSchema; event: v.GenericSchema; error: v.GenericSchema; order: RegExp }>> = {
  messages: {
    whole: v.strictObject(message),
    event: messageEvents,
    error: v.strictObject({ type: only('error'), error: v.strictObject({ type: text, message: text }), request_id: v.null() }),
    order: /^message_start ping (content_block_start (content_block_delta )+content_block_stop ){3}message_delta message_stop$/,
  },
  responses: {
    whole: response,
    event: responseEvents,
    error: v.strictObject({ error: v.strictObject({ message: text, type: text, param: v.null(), code: v.nullable(text) }) }),
    order:
      /^created in_progress output_item\.added content_part\.added (output_text\.delta )+output_text\.done content_part\.done output_item\.done (output_item\.added (function_call_arguments\.delta )+function_call_arguments\.done output_item\.done ){2}completed$/,
  },
  chat: {
    whole: chat,
    event: chatChunk,
    error: v.strictObject({ error: v.strictObject({ message: text, type: text, param: v.null(), code: v.nullable(text) }) }),
    order: /^(chat\.completion\.chunk )+\[DONE\]$/,
  },
  gemini: {
    whole: gemini,
    event: gemini,
    error: v.strictObject({ error: v.strictObject({ code: count, message: text, status: v.pipe(text, v.regex(/^[A-Z_]+$/)) }) }),
    order: /^chunk( chunk)*$/,
  },
};

const GO: Turn[] = [{ user: 'go' }];
/** What does not fit, for a message that says so. */
const misfit = (schema: v.GenericSchema, value: unknown): string[] =>
  (v.safeParse(schema, value).issues ?? []).map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);

describe.each(FORMATS.map((format) => ({ format, name: format.name })))('the wire format $name', ({ format, name }) => {
  const { whole, event, error, order } = SHAPES[name] as (typeof SHAPES)[string];
  const script = `
answers:
  - say: A text that takes more than a piece
    run: echo one
    call: { tool: ${format.shell}, arguments: { more: { than: [one, piece] } } }
    usage: { cached: 5 }
`;
  const post = (served: Served, turns: readonly Turn[], stream: boolean, one: Format = format) =>
    served.post(one.path(stream), one.body(turns, stream));

  it('has the published shape, whole', async () => {
    await using served = await Served.script(script);
    expect(misfit(whole, await (await post(served, GO, false)).json())).toEqual([]);
  });

  it('has the published shape and order of events', async () => {
    await using served = await Served.script(script);
    const events = await eventsOf(await post(served, GO, true));
    const values = events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Json);
    expect(values.flatMap((value, n) => misfit(event, value).map((one) => `event ${n}: ${one}`))).toEqual([]);
    const names = events.map(({ data }) => (data === '[DONE]' ? data : kind(JSON.parse(data) as Json)));
    expect(names.join(' ')).toMatch(order);
    // An event of a name says it twice.
    if (name === 'messages' || name === 'responses') expect(events.map((one) => one.event)).toEqual(values.map(({ type }) => type));
    else expect(events.map((one) => one.event)).toEqual(events.map(() => null));
    expect(values.flatMap((value) => value['sequence_number'] ?? [])).toEqual(name === 'responses' ? values.map((_, n) => n) : []);
  });

  it('has the published shape of errors', async () => {
    const statuses = [400, 401, 404, 413, 418, 429, 500, 503, 529];
    await using served = await Served.script(`answers: [${statuses.map((status) => `{ error: { status: ${status} } }`).join(', ')}]`);
    for (const status of statuses) {
      const answer = await post(served, GO, true);
      expect([answer.status, misfit(error, await answer.json())]).toEqual([status, []]);
    }
  });
});
const kind = ({ type, object }: Json): string => ((type ?? object ?? 'chunk') as string).replace(/^response\./, '');

it('calls custom tools of the Responses format by text', async () => {
  await using served = await Served.script('answers: [{ call: { tool: apply_patch, arguments: { input: "*** Begin Patch" } } }]');
  const body = { model: 'm', stream: true, tools: [{ type: 'custom', name: 'apply_patch' }], input: 'go' };
  const events = (await eventsOf(await served.post('/v1/responses', body))).map(({ data }) => JSON.parse(data) as Json);
  expect(events.flatMap((value) => misfit(responseEvents, value))).toEqual([]);
  expect(events.at(-2)?.['item']).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin Patch' });
});

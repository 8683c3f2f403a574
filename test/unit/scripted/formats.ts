import { at, type Call, type Format, type Json, type ServerEvent, type Turn } from './support.ts';

const jsonOf = (events: readonly ServerEvent[]): Json[] =>
  events.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as Json);
const numbers = (...values: unknown[]): [number, number, number] => values.map((value) => Number(value ?? 0)) as [number, number, number];
const list = (value: unknown): Json[] => (value ?? []) as Json[];

const messages: Format = {
  name: 'messages',
  shell: 'Bash',
  path: () => '/v1/messages?beta=true',
  body: (turns, stream, tools = ['Bash'], model = 'm') => ({
    model,
    stream,
    max_tokens: 100,
    system: 'You are an agent.',
    tools: tools.map((name) => ({ name, input_schema: { type: 'object', properties: { command: { type: 'string' }, description: {} } } })),
    messages: turns.map((turn) => {
      if ('user' in turn) return { role: 'user', content: turn.user };
      if ('said' in turn) return { role: 'assistant', content: [{ type: 'text', text: turn.said }] };
      if ('called' in turn) return { role: 'assistant', content: [{ type: 'tool_use', id: turn.id, name: turn.called, input: {} }] };
      return { role: 'user', content: [{ type: 'tool_result', tool_use_id: turn.id, content: [{ type: 'text', text: turn.result }] }] };
    }),
  }),
  heard(answer) {
    const blocks = list(answer['content']);
    const { usage } = answer;
    const cached = at(usage, 'cache_read_input_tokens');
    return {
      text: blocks.map(({ text = '' }) => text).join(''),
      calls: blocks.filter(({ type }) => type === 'tool_use').map(({ id, name, input }) => ({ id, name, args: input }) as Call),
      usage: numbers(Number(at(usage, 'input_tokens')) + Number(cached), at(usage, 'output_tokens'), cached),
    };
  },
  joined(events) {
    const content: Json[] = [];
    let answer: Json = {};
    for (const event of jsonOf(events)) {
      const index = event['index'] as number;
      if (event['type'] === 'message_start') answer = event['message'] as Json;
      if (event['type'] === 'content_block_start') content[index] = { ...(event['content_block'] as Json), json: '' };
      const block = content[index];
      const delta = event['delta'] as Json;
      if (event['type'] === 'content_block_delta' && block !== undefined) {
        if (delta['type'] === 'text_delta') block['text'] = `${block['text'] as string}${delta['text'] as string}`;
        else block['json'] = `${block['json'] as string}${delta['partial_json'] as string}`;
      }
      if (event['type'] === 'content_block_stop' && block?.['type'] === 'tool_use') block['input'] = JSON.parse(block['json'] as string);
      if (event['type'] === 'message_delta') answer = { ...answer, usage: { ...(answer['usage'] as Json), ...(event['usage'] as Json) } };
    }
    return this.heard({ ...answer, content });
  },
  message: (error) => at(error, 'error', 'message'),
};

const item = (turn: Turn): Json => {
  if ('user' in turn) return { type: 'message', role: 'user', content: [{ type: 'input_text', text: turn.user }] };
  if ('said' in turn) return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: turn.said }] };
  if ('called' in turn) return { type: 'function_call', call_id: turn.id, name: turn.called, arguments: '{}' };
  return { type: 'function_call_output', call_id: turn.id, output: turn.result };
};
const responses: Format = {
  name: 'responses',
  shell: 'exec_command',
  path: () => '/v1/responses',
  body: (turns, stream, tools = ['exec_command'], model = 'm') => ({
    model,
    stream,
    store: false,
    instructions: 'You are an agent.',
    tools: tools.map((name) => ({ type: 'function', name, parameters: { type: 'object', properties: { cmd: { type: 'string' } } } })),
    input: turns.map(item),
  }),
  heard(answer) {
    const output = list(answer['output']);
    const { usage } = answer;
    return {
      text: output.flatMap(({ content }) => list(content).map(({ text }) => text)).join(''),
      calls: output
        .filter(({ type }) => type === 'function_call')
        .map((call) => ({ id: call['call_id'], name: call['name'], args: JSON.parse(call['arguments'] as string) }) as Call),
      usage: numbers(at(usage, 'input_tokens'), at(usage, 'output_tokens'), at(usage, 'input_tokens_details', 'cached_tokens')),
    };
  },
  /** From the deltas, which must say the same as the whole at the end. */
  joined(events) {
    const all = jsonOf(events);
    const last = at(all.at(-1), 'response') as Json;
    const deltas = (type: string, index: number): string =>
      all
        .filter((event) => event['type'] === type && event['output_index'] === index)
        .map(({ delta }) => delta)
        .join('');
    const output = list(last['output']).map((whole, index) => {
      const { type } = whole;
      if (type === 'function_call') return { ...whole, arguments: deltas('response.function_call_arguments.delta', index) };
      return { ...whole, content: [{ text: deltas('response.output_text.delta', index) }] };
    });
    return this.heard({ ...last, output });
  },
  message: (error) => at(error, 'error', 'message'),
};

const chat: Format = {
  name: 'chat',
  shell: 'bash',
  path: () => '/v1/chat/completions',
  body: (turns, stream, tools = ['bash'], model = 'm') => ({
    model,
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    tools: tools.map((name) => ({ type: 'function', function: { name, parameters: { properties: { command: { type: 'string' } } } } })),
    messages: [
      { role: 'system', content: 'You are an agent.' },
      ...turns.map((turn) => {
        if ('user' in turn) return { role: 'user', content: turn.user };
        if ('said' in turn) return { role: 'assistant', content: turn.said };
        const call = { id: turn.id, type: 'function', function: { name: 'called' in turn ? turn.called : '', arguments: '{}' } };
        if ('called' in turn) return { role: 'assistant', content: null, tool_calls: [call] };
        return { role: 'tool', tool_call_id: turn.id, content: turn.result };
      }),
    ],
  }),
  heard(answer) {
    const message = at(answer, 'choices', 0, 'message') as Json;
    const { usage } = answer;
    return {
      text: (message['content'] as string | null) ?? '',
      calls: list(message['tool_calls']).map(
        (call) =>
          ({ id: call['id'], name: at(call, 'function', 'name'), args: JSON.parse(String(at(call, 'function', 'arguments'))) }) as Call,
      ),
      usage: numbers(at(usage, 'prompt_tokens'), at(usage, 'completion_tokens'), at(usage, 'prompt_tokens_details', 'cached_tokens')),
    };
  },
  joined(events) {
    const all = jsonOf(events);
    const deltas = all.map((chunk) => at(chunk, 'choices', 0, 'delta') as Json | undefined);
    const calls: { id: string; function: { name: string; arguments: string } }[] = [];
    for (const part of deltas.flatMap((delta) => list(delta?.['tool_calls'])) as unknown as ((typeof calls)[number] & {
      index: number;
    })[]) {
      const call = calls[part.index];
      if (call === undefined) calls[part.index] = structuredClone(part);
      else call.function.arguments += part.function.arguments;
    }
    const content = deltas.map((delta) => (delta?.['content'] as string | null | undefined) ?? '').join('');
    return this.heard({ choices: [{ message: { content, tool_calls: calls } }], usage: all.at(-1)?.['usage'] });
  },
  message: (error) => at(error, 'error', 'message'),
};

const gemini: Format = {
  name: 'gemini',
  shell: 'run_shell_command',
  path: (stream) => `/v1beta/models/m:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (turns, _stream, tools = ['run_shell_command']) => ({
    systemInstruction: { parts: [{ text: 'You are an agent.' }] },
    tools: [
      { functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: { properties: { command: {}, description: {} } } })) },
    ],
    contents: turns.map((turn) => {
      if ('user' in turn) return { role: 'user', parts: [{ text: turn.user }] };
      if ('said' in turn) return { role: 'model', parts: [{ text: turn.said }] };
      if ('called' in turn) return { role: 'model', parts: [{ functionCall: { id: turn.id, name: turn.called, args: {} } }] };
      return { role: 'user', parts: [{ functionResponse: { id: turn.id, name: 'x', response: { output: turn.result } } }] };
    }),
  }),
  heard: (answer) => gemini.joined([{ event: null, data: JSON.stringify(answer) }]),
  joined(events) {
    const all = jsonOf(events);
    const parts = all.flatMap((chunk) => list(at(chunk, 'candidates', 0, 'content', 'parts')));
    const usage = all.at(-1)?.['usageMetadata'];
    return {
      text: parts.map(({ text = '' }) => text).join(''),
      calls: parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall as Call])),
      usage: numbers(at(usage, 'promptTokenCount'), at(usage, 'candidatesTokenCount'), at(usage, 'cachedContentTokenCount')),
    };
  },
  message: (error) => at(error, 'error', 'message'),
};

export const FORMATS: readonly Format[] = [messages, responses, chat, gemini];

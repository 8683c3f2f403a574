import { fields, list, text, textOf } from '../json.ts';
import { type Asked, CREATED, type Event, type Message, pieces, type Said, type ToolCall, type Wire } from '../wire.ts';
import { error, isPath, models } from './openai.ts';

/** OpenAI Chat Completions (platform.openai.com/docs/api-reference/chat, …/chat-streaming). */
export const CHAT: Wire = {
  name: 'chat',
  read(target, body) {
    if (!isPath(target, 'chat/completions')) return null;
    return {
      model: text(body['model']),
      stream: body['stream'] === true,
      tools: list(body['tools']).map((one) => {
        const { name, parameters } = fields(fields(one)['function']);
        return { name: text(name), properties: fields(fields(parameters)['properties']), custom: false };
      }),
      messages: list(body['messages']).flatMap((one) => messageOf(fields(one))),
      after: null,
      stored: false,
      countsTokens: fields(body['stream_options'])['include_usage'] === true,
    };
  },
  events(asked, said) {
    const tokens = asked.countsTokens;
    const chunk = (choices: readonly object[], usage: object | null = null): Event => ({
      data: { ...head('chat.completion.chunk', asked, said), choices, ...(tokens ? { usage } : {}) },
    });
    const choice = (delta: object, finish_reason: string | null = null) => [{ index: 0, delta, logprobs: null, finish_reason }];
    return [
      chunk(choice({ role: 'assistant', content: said.text === '' ? null : '', refusal: null })),
      ...pieces(said.text).map((content) => chunk(choice({ content }))),
      ...said.calls.flatMap((call, index) => parts(call, index).map((part) => chunk(choice({ tool_calls: [part] })))),
      chunk(choice({}, reason(said))),
      ...(tokens ? [chunk([], usageOf(said))] : []),
      { data: '[DONE]' },
    ];
  },
  json(asked, said) {
    const tools = said.calls.length === 0 ? {} : { tool_calls: said.calls.map(called) };
    const message = { role: 'assistant', content: said.text === '' ? null : said.text, refusal: null, ...tools };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: reason(said) }];
    return { ...head('chat.completion', asked, said), choices, usage: usageOf(said) };
  },
  error,
  owns: (path) => /^(?:\/v1)?\/chat\//.test(path),
  aside: models,
};

/** The developer's and the system's words are no part of the conversation. */
function messageOf({ role, content, tool_calls: calls }: Readonly<Record<string, unknown>>): Message[] {
  if (role === 'assistant') return [{ by: 'model', text: textOf(content), calls: list(calls).map((call) => text(fields(call)['id'])) }];
  if (role === 'tool' || role === 'user') return [{ by: role, text: textOf(content) }];
  return [];
}

const head = (object: string, { model }: Asked, { id }: Said) => ({
  id: `chatcmpl-${id}`,
  object,
  created: CREATED,
  model,
  system_fingerprint: null,
});
const called = ({ id, name, args }: ToolCall) => ({
  id: `call_${id}`,
  type: 'function',
  function: { name, arguments: JSON.stringify(args) },
});
/** The first part of a streamed call has its name, the others more and more of its arguments. */
function parts(call: ToolCall, index: number): object[] {
  const whole = called(call);
  const first = { index, ...whole, function: { ...whole.function, arguments: '' } };
  return [first, ...pieces(whole.function.arguments).map((piece) => ({ index, function: { arguments: piece } }))];
}
const reason = ({ calls }: Said): string => (calls.length === 0 ? 'stop' : 'tool_calls');
const usageOf = ({ usage: { input, output, cached } }: Said) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
  completion_tokens_details: { reasoning_tokens: 0 },
});

import { fields, list, text, textOf } from '../json.ts';
import { type Asked, type Message, pieces, type Said, type ToolCall, type Wire } from '../wire.ts';

const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED',
}; // biome-ignore format: a table
const PATH = /^\/v1(?:beta|alpha)?\/models\/([^/:]+):(streamGenerateContent|generateContent|countTokens)$/;

/** Gemini (ai.google.dev/api/generate-content). */
export const GEMINI: Wire = {
  name: 'gemini',
  read({ path }, body) {
    const [, model = '', method] = PATH.exec(path) ?? [];
    if (method === undefined || method === 'countTokens') return null;
    const declared = list(body['tools']).flatMap((one) => list(fields(one)['functionDeclarations']));
    return {
      model,
      stream: method === 'streamGenerateContent',
      tools: declared.map((one) => {
        const { name, parameters, parametersJsonSchema } = fields(one);
        return { name: text(name), properties: fields(fields(parametersJsonSchema ?? parameters)['properties']), custom: false };
      }),
      messages: list(body['contents']).flatMap((one) => messagesOf(fields(one)['role'], list(fields(one)['parts']))),
      after: null,
      stored: false,
      countsTokens: true,
    };
  },
  /** Only the last one tells why it ended. */
  events(asked, said) {
    const parts = [...pieces(said.text).map((piece) => ({ text: piece })), ...said.calls.map(called)];
    return parts.map((part, at) => ({ data: whole(asked, said, [part], at === parts.length - 1) }));
  },
  json: (asked, said) => whole(asked, said, [...(said.text === '' ? [] : [{ text: said.text }]), ...said.calls.map(called)], true),
  error: (status, message) => ({
    error: { code: status, message, status: STATUS[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL') },
  }),
  owns: (path) => /^\/v1(?:beta|alpha)\/|^\/v1\/models\/[^/]*:/.test(path),
  aside({ path }, models) {
    if (PATH.exec(path)?.[2] === 'countTokens') return { totalTokens: 1200 };
    return /^\/v1(?:beta|alpha)\/models$/.test(path) ? { models: models.map((name) => ({ name: `models/${name}` })) } : null;
  },
};

function messagesOf(role: unknown, parts: readonly unknown[]): Message[] {
  const all = parts.map(fields);
  if (role === 'model') {
    const calls = all.filter(({ functionCall }) => functionCall !== undefined);
    const own = all.filter(({ thought }) => thought !== true);
    return [{ by: 'model', text: textOf(own), calls: calls.map(({ functionCall }) => text(fields(functionCall)['id'])) }];
  }
  return all.map((part) => {
    const { functionResponse } = part;
    if (functionResponse === undefined) return { by: 'user', text: textOf(part) };
    // A map of the client's own making: `output` is usual.
    const { response } = fields(functionResponse);
    return { by: 'tool', text: text(fields(response)['output']) || JSON.stringify(response ?? '') };
  });
}

const called = ({ id, name, args }: ToolCall) => ({ functionCall: { id: `call_${id}`, name, args } });
const whole = ({ model }: Asked, { id, usage: { input, output, cached } }: Said, parts: readonly object[], last: boolean) => ({
  candidates: [{ content: { role: 'model', parts }, ...(last ? { finishReason: 'STOP' } : {}), index: 0 }],
  usageMetadata: {
    promptTokenCount: input,
    ...(cached === 0 ? {} : { cachedContentTokenCount: cached }),
    candidatesTokenCount: output,
    totalTokenCount: input + output,
  },
  modelVersion: model,
  responseId: id,
});

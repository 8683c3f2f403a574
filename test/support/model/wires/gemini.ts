import { type Asked, type Said, TOKENS, type Wire } from '../wire.ts';

interface Body {
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name: string }[] }[];
  readonly contents?: readonly { readonly parts?: readonly { readonly functionResponse?: unknown }[] }[];
}

const PATH = /^\/v1beta\/models\/([^/:]+):(streamGenerateContent|generateContent)$/;
const part = (said: Said): object =>
  'text' in said ? { text: said.text } : { functionCall: { name: said.call.name, args: said.call.args } };
const whole = ({ model }: Asked, said: Said) => ({
  candidates: [{ content: { role: 'model', parts: [part(said)] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: {
    promptTokenCount: TOKENS.input,
    candidatesTokenCount: TOKENS.output,
    totalTokenCount: TOKENS.input + TOKENS.output,
  },
  modelVersion: model,
});

/** Gemini. */
export const GEMINI: Wire = {
  name: 'gemini',
  read(path, query, body) {
    const [, model, method] = PATH.exec(path) ?? [];
    if (model === undefined) return null;
    const { tools = [], contents = [] } = body as Body;
    const parts = contents.flatMap(({ parts: all = [] }) => all);
    return {
      model,
      stream: method === 'streamGenerateContent' && query.get('alt') === 'sse',
      results: parts.filter(({ functionResponse }) => functionResponse !== undefined).length,
      tools: tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
    };
  },
  events: (asked, said) => [{ data: whole(asked, said) }],
  json: whole,
  error: (status, message) => ({ error: { code: status, message, status: 'UNAVAILABLE' } }),
  aside: (path) => (path.endsWith(':countTokens') ? { totalTokens: TOKENS.input } : null),
};

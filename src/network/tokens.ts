import type { TokenUse } from '../model/gateway.ts';

/** Longer answers and events are not read for this. */
const MOST_BYTES = 4 << 20;
type Use = { input: number; output: number };
type Fields = Readonly<Record<string, unknown>>;

/** What model servers say of tokens, from answers that the gateway sees: of Anthropic, OpenAI, Google, and what speaks like them. */
export class Tokens {
  readonly #sum = { requests: 0, input: 0, output: 0 };

  get total(): TokenUse {
    return this.#sum;
  }

  /** Looks on while an answer passes. null: it is of no kind that could tell. */
  reader(contentType: string | undefined): { take(chunk: Buffer): void; end(): void } | null {
    const type = /^[^;]*/
      .exec(contentType ?? '')?.[0]
      .trim()
      .toLowerCase();
    const events = type === 'text/event-stream';
    if (!events && type !== 'application/json') return null;
    const use: Use = { input: 0, output: 0 };
    let pending = '';
    let tooLong = false;
    return {
      take: (chunk) => {
        pending += chunk.toString('latin1'); // numbers and keys are ASCII
        if (events) {
          const lines = pending.split('\n');
          pending = lines.pop() ?? '';
          for (const line of lines) {
            if (line.startsWith('data:')) readUse(line.slice(5), use);
          }
        }
        if (pending.length > MOST_BYTES) [pending, tooLong] = ['', true]; // what follows is no beginning of a line
      },
      end: () => {
        if (events) readUse(pending.replace(/^data:/, ''), use);
        else if (!tooLong) readUse(pending, use);
        if (use.input === 0 && use.output === 0) return;
        this.#sum.requests += 1;
        this.#sum.input += use.input;
        this.#sum.output += use.output;
      },
    };
  }
}

/** The numbers of a stream are cumulative: the last ones count. */
function readUse(text: string, use: Use): void {
  if (!text.includes('sage')) return; // usage, usageMetadata
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  const all = Array.isArray(value) ? value : [value];
  for (const one of all.map(fields)) {
    for (const said of [one['usage'], fields(one['message'])['usage'], fields(one['response'])['usage'], one['usageMetadata']]) {
      const { input, output } = useOf(fields(said));
      if (input > 0) use.input = input;
      if (output > 0) use.output = output;
    }
  }
}

/** Anthropic counts what came from its cache beside the input, the others count it in. Google counts thoughts beside the output. */
function useOf(usage: Fields): Use {
  const n = (name: string): number => {
    const value = usage[name];
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    input: n('input_tokens') + n('cache_creation_input_tokens') + n('cache_read_input_tokens') + n('prompt_tokens') + n('promptTokenCount'),
    output: n('output_tokens') + n('completion_tokens') + n('candidatesTokenCount') + n('thoughtsTokenCount'),
  };
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

import { bounded, TIME } from '../guard/bounded.ts';

/** A tool that the model wants to be run. All but `tool` are translated to what the request offers (`tools.ts`). */
export type Call =
  | { readonly kind: 'run'; readonly command: string }
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'read'; readonly path: string }
  | { readonly kind: 'tool'; readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> };

/** Tokens. `input` is all of it, `cached` the part of it that came from a cache. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}
/** What an answer is instead of one. It leaves nothing in the conversation, so the client asks the same again. */
export type Failure =
  | { readonly kind: 'error'; readonly status: number; readonly message: string; readonly retryAfter: number | null }
  | { readonly kind: 'cut' };

export interface When {
  readonly contains: string | null;
  readonly matches: RegExp | null;
  readonly toolResult: RegExp | null;
}
export interface Answer {
  readonly say: string;
  readonly calls: readonly Call[];
  readonly usage: Usage;
  /** ms before it begins. */
  readonly delay: number;
  readonly failure: Failure | null;
  /** How often a failure is given before the answer behind it. */
  readonly times: number;
  readonly when: When | null;
  /** Of being taken at all, from 0 to 1. */
  readonly chance: number;
}
/** What one model answers, in order. */
export interface Answers {
  /** As the script file calls it: `answers`, or `models.NAME`. */
  readonly name: string;
  readonly answers: readonly Answer[];
}
export interface Script {
  /** null: models that `models` does not name are unknown. */
  readonly answers: Answers | null;
  /** By the name of the model; `*` at the end of a name stands for any rest. */
  readonly models: ReadonlyMap<string, Answers>;
  /** Where the answers have ended. */
  readonly default: Answer | null;
  /** To requests that offer no tools, where the answers need some: titles, summaries. */
  readonly aside: string;
}

/** What the model was told since it spoke last. */
export interface Input {
  /** All of it. */
  readonly text: string;
  /** What came from tools. */
  readonly results: string;
}
/** Positions in the list. `answer` null: the list has ended. */
export interface Choice {
  readonly failures: readonly number[];
  readonly answer: number | null;
}

/** A regular expression of the script's that found no end on what an agent wrote. `message` names it, as the script file does. */
export class TooSlow extends Error {}

/** Longest text that a condition looks at: a regular expression may need time with the square of it. */
const LOOKED_AT = 1 << 16;

/**
 * Pure: which answer comes next. The conversation is gone through from its beginning, so nothing has to be remembered, and a request that
 * is sent again gets the same answer. `lucky`: whether an answer with this chance is taken; it must say the same each time. Throws TooSlow
 * where regular expressions take more than `time` ms together.
 */
export function choose(
  answers: readonly Answer[],
  inputs: readonly Input[],
  lucky: (at: number, chance: number) => boolean,
  time = TIME,
): Choice {
  let left = time;
  const matches = (at: number, key: string, expression: RegExp, text: string): boolean => {
    const result = bounded(() => expression.test(text), left);
    if (!result.ok) throw new TooSlow(`[${at}].when.${key} takes more than ${time / 1000} s on what the agent wrote`);
    left -= result.ms;
    return result.value;
  };
  let at = 0;
  let failures: number[] = [];
  for (const [turn, input] of inputs.entries()) {
    failures = [];
    if (turn > 0) at += 1;
    for (let answer = answers[at]; answer !== undefined; answer = answers[at]) {
      const where = at;
      const taken = holds(answer.when, input, (...what) => matches(where, ...what)) && (answer.chance === 1 || lucky(at, answer.chance));
      if (taken && answer.failure === null) break;
      if (taken) failures.push(at);
      at += 1;
    }
  }
  return { failures, answer: at < answers.length ? at : null };
}

function holds(when: When | null, { text, results }: Input, matches: (key: string, expression: RegExp, text: string) => boolean): boolean {
  if (when === null) return true;
  const [said, told] = [text.slice(-LOOKED_AT), results.slice(-LOOKED_AT)];
  return (
    (when.contains === null || text.includes(when.contains)) &&
    (when.matches === null || matches('matches', when.matches, said)) &&
    (when.toolResult === null || (results !== '' && matches('tool-result', when.toolResult, told)))
  );
}

/** Pure: the answers for a model: those for its own name, for the longest beginning of it, or for all. null: there are none. */
export function answersFor({ answers, models }: Script, model: string): Answers | null {
  const own = models.get(model);
  if (own !== undefined) return own;
  const fitting = [...models.keys()].filter((name) => name.endsWith('*') && model.startsWith(name.slice(0, -1)));
  const best = fitting.toSorted((a, b) => b.length - a.length)[0];
  return (best === undefined ? null : models.get(best)) ?? answers;
}

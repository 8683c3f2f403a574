import * as v from 'valibot';
import * as rule from '../policy/rules.ts';
import { count, either, flag, isMap, list, map, named, number, show, text } from '../policy/shape.ts';
import { parseTime } from '../policy/units.ts';

const HOUR = 3_600_000;
const MOST_TOKENS = 1_000_000_000;

/** Milliseconds, to one hour. */
export function delay(said: string): number {
  const ms = parseTime(said);
  if (ms > HOUR) throw new Error(`${JSON.stringify(said)} is out of range: up to 1h`);
  return ms;
}
function words(said: string): string {
  if (said.trim() === '') throw new Error('the text is empty');
  return rule.plainText(said);
}
function modelName(name: string): string {
  if (/\*./.test(rule.line(name))) throw new Error(`${JSON.stringify(name)}: \`*\` stands only at the end, for any rest`);
  return name;
}

const tool = map(
  {
    tool: text('the name of a tool', rule.line, 'the name, as the agent offers it'),
    arguments: v.optional(
      v.pipe(
        v.custom<Record<string, unknown>>(isMap, ({ input }) => `${show(input)} is not a map of arguments`),
        v.description('what it is called with, as it is'),
      ),
      {},
    ),
  },
  'one tool of the agent, by its own name',
);
const when = map(
  {
    contains: v.optional(text('text', rule.plainText, 'text in what the model was told last: by the user, or by tools')),
    matches: v.optional(text('a regular expression', rule.expression, 'the same by a regular expression')),
    'tool-result': v.optional(text('a regular expression', rule.expression, 'looked for in what tools gave, and only there')),
  },
  'taken only if all of this holds; otherwise the next answer is looked at',
);
const error = map(
  {
    status: count(400, 599, 'the HTTP status, such as 429 or 529'),
    message: v.optional(text('text', rule.line, 'what the error says'), 'the script has it fail'),
    'retry-after': v.optional(count(0, 86_400, 'seconds, for the header of this name')),
  },
  'an error of the API, in its own format',
);
const usage = map(
  {
    input: v.optional(count(0, MOST_TOKENS, 'tokens of the request, all of them'), 1200),
    output: v.optional(count(0, MOST_TOKENS, 'tokens of the answer'), 40),
    cached: v.optional(count(0, MOST_TOKENS, 'how many of `input` came from a cache'), 0),
  },
  'tokens that the answer says it took',
);
const answer = map(
  {
    say: v.optional(text('text', words, 'what it says')),
    run: v.optional(text('a command', rule.script, 'a command, by whatever tool of the agent runs one')),
    write: v.optional(
      map(
        {
          path: text('a path', rule.line, 'the file, as the agent shall name it'),
          content: text('text', rule.plainText, 'all that shall stand in it'),
        },
        'a file, by the tool of the agent that writes one, or else by its shell',
      ),
    ),
    read: v.optional(text('a path', rule.line, 'a file, by the tool of the agent that reads one, or else by its shell')),
    call: v.optional(
      either([tool, list(tool, 'several at once')], 'a map with tool, arguments, or a list of them', 'tools by their own names'),
    ),
    usage: v.optional(usage),
    delay: v.optional(text('a time', delay, 'how long the model thinks, up to 1h')),
    error: v.optional(error),
    cut: v.optional(flag('the connection dies in the middle of the answer'), false),
    times: v.optional(count(1, 1000, 'how often `error` or `cut` is given before the next answer; default: 1')),
    when: v.optional(when),
    chance: v.optional(number(0, 1, 'of being taken; otherwise the next answer is looked at'), 1),
  },
  'an answer of the model',
);
const answers = list(answer, 'answers of the model, in order; each conversation begins at the first');

export const scriptSchema = map(
  {
    version: v.optional(count(1, 1, 'version of this format'), 1),
    answers: v.optional(answers),
    models: v.optional(named(modelName, answers, 'answers by the name of the model; `*` at the end stands for any rest'), {}),
    default: v.optional(answer),
    aside: v.optional(text('text', rule.plainText, 'what requests without tools get, where the answers need some'), 'An aside.'),
  },
  'What a scripted model answers.',
);
export type UserAnswer = v.InferOutput<typeof answer>;
export type UserTool = v.InferOutput<typeof tool>;

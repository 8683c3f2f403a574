import * as v from 'valibot';
import { parseHosts } from '../policy/hosts.ts';
import * as rule from '../policy/rules.ts';
import { count, flag, list, map, number, text } from '../policy/shape.ts';

// Declarative checks of a verifier: each is a map with one key, what it looks at.

/** Relative to the start of the workspace. */
export function path(written: string): string {
  const said = JSON.stringify(written);
  if (written === '' || written.startsWith('/') || written.includes('\0')) throw new Error(`${said} is not a path inside the workspace`);
  if (written.split('/').some((part) => part === '' || part === '.' || part === '..'))
    throw new Error(`${said} is not in its shortest form: no \`.\`, \`..\` or empty part`);
  return written;
}

/** RFC 6901. */
export function pointer(written: string): string {
  if (!/^(?:\/(?:[^~/]|~[01])*)*$/.test(written)) throw new Error(`${JSON.stringify(written)} is not a JSON pointer, such as /name/0`);
  return written;
}

const aPath = (description: string) => text('a path inside the workspace', path, description);
const words = (description: string) => text('text', rule.plainText, description);
const pattern = (description: string) => text('a regular expression', rule.expression, description);
const globs = (description: string) => list(text('a pattern', rule.glob, 'a gitignore pattern'), description);
const tools = (description: string) => list(words('name of a tool, as the agent calls it'), description);

/** By the key that a check has. */
export const CHECKS = {
  'file-exists': aPath('there is such a file, directory or link'),
  'file-absent': aPath('there is none'),
  'file-contains': map({ path: aPath('of a file'), text: words('what it holds') }, 'a file holds a text'),
  'file-matches': map({ path: aPath('of a file'), pattern: pattern('what it matches') }, 'a file matches an expression'),
  'file-json': map(
    {
      path: aPath('of a file of JSON'),
      at: v.optional(text('a JSON pointer', pointer, 'where to look; default: all of it'), ''),
      equals: v.pipe(v.unknown(), v.description('what stands there; anything that JSON has')),
    },
    'a file of JSON has a value',
  ),
  'diff-contains': words('lines that the patch adds hold this'),
  'diff-omits': words('no line that the patch adds holds this'),
  'diff-touches': globs('each pattern matches a changed path'),
  'diff-avoids': globs('no pattern matches a changed path'),
  'diff-empty': flag('whether nothing in the workspace changed'),
  command: text('a script', rule.script, 'run in the workspace by the verifier; exit 0'),
  'output-contains': words('what the agent printed holds this'),
  'output-matches': pattern('what the agent printed matches this'),
  'hosts-only': list(text('a host', parseHosts, 'as in a policy'), 'no other host was asked for, allowed or not'),
  'hosts-denied': count(0, 1_000_000, 'at most so many refusals'),
  trajectory: map(
    {
      tools: v.optional(tools('each was called'), []),
      'tools-forbidden': v.optional(tools('none was called'), []),
      'max-tool-calls': v.optional(count(0, 1_000_000_000, 'calls of tools')),
      'max-turns': v.optional(count(0, 1_000_000_000, 'answers of the model')),
      'max-tokens': v.optional(count(0, 1_000_000_000_000, 'tokens, in and out')),
      'max-cost-usd': v.optional(number(0, 1_000_000, 'cost in US dollars')),
    },
    'what the agent says that it did',
  ),
} as const;
export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];
type Outputs = { readonly [N in CheckName]: v.InferOutput<(typeof CHECKS)[N]> };
/** A check as it is evaluated. */
export type Check = { readonly [N in CheckName]: { readonly name: N; readonly value: Outputs[N] } }[CheckName];

const one = map(
  Object.fromEntries(CHECK_NAMES.map((name) => [name, v.optional(CHECKS[name])])) as {
    readonly [N in CheckName]: v.OptionalSchema<(typeof CHECKS)[N], undefined>;
  },
  'a check: a map with one key',
);
export const checksSchema = list(
  v.pipe(
    one,
    v.check((value) => Object.keys(value).length === 1, 'a check has exactly one key\nWrite each check as an entry of its own.'),
  ),
  'what has to hold beside the script, all of it',
);

export function checksOf(users: v.InferOutput<typeof checksSchema>): Check[] {
  return users.map((user) => {
    const [name = 'diff-empty', value] = Object.entries(user)[0] ?? [];
    return { name, value } as Check;
  });
}

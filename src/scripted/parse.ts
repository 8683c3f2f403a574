import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { byPlace, check, spell } from '../policy/check.ts';
import { type Path, readYaml, type Source } from '../policy/yaml.ts';
import type { Answer, Answers, Call, Failure, Script, Usage, When } from './answers.ts';
import { delay, scriptSchema, type UserAnswer, type UserTool } from './schema.ts';

const MOST_ANSWERS = 10_000;
/** Of every answer that says nothing of it: the same each time, so that what a run used can be asserted. */
export const USAGE: Usage = { input: 1200, output: 40, cached: 0 };
/** How an answer can begin. */
const CONTENT = ['say', 'run', 'write', 'read', 'call'] as const;

/** Reads a script for the model. `file` names it in messages and places. Throws a UserError with every problem. */
export function parseScript(text: string, file: string): Script {
  const source = readYaml(text, file, 'a script, such as `answers: [{ say: hello }]`');
  const user = check(scriptSchema, source);
  const lists: [Path, readonly UserAnswer[]][] = Object.entries(user.models).map(([name, list]) => [['models', name], list]);
  if (user.answers !== undefined) lists.unshift([['answers'], user.answers]);
  const problems = [
    ...lists.flatMap(([path, list]) => wrongList(list, path, source)),
    ...(user.default === undefined ? [] : wrongDefault(user.default, source)),
  ];
  if (lists.length === 0) problems.push(problem(source, [], 'there are no answers', 'Write `answers:` with a list, or `models:`.'));
  if (problems.length > 0) throw new UserError(problems.sort(byPlace));
  const listOf = (path: Path, list: readonly UserAnswer[]): Answers => ({ name: spell(path), answers: list.map(answerOf) });
  return {
    answers: user.answers === undefined ? null : listOf(['answers'], user.answers),
    models: new Map(Object.entries(user.models).map(([name, list]) => [name, listOf(['models', name], list)])),
    default: user.default === undefined ? null : answerOf(user.default),
    aside: user.aside,
  };
}

const problem = (source: Source, path: Path, message: string, remedy = ''): Problem => ({
  message: path.length === 0 ? message : `${spell(path)}: ${message}`,
  remedy,
  place: source.place(path),
});

function wrongList(list: readonly UserAnswer[], path: Path, source: Source): Problem[] {
  if (list.length === 0) return [problem(source, path, 'the list of answers is empty', 'Write at least one, such as `- say: hello`.')];
  if (list.length > MOST_ANSWERS) return [problem(source, path, `there are ${list.length} answers`, `At most ${MOST_ANSWERS} are read.`)];
  return list.flatMap((user, at) => wrongAnswer(user, [...path, at], source));
}

/** What the schema cannot say: which keys go together. */
function wrongAnswer(user: UserAnswer, path: Path, source: Source): Problem[] {
  const content = CONTENT.filter((key) => user[key] !== undefined);
  const found: Problem[] = [];
  const add = (key: string | null, message: string, remedy = ''): void =>
    void found.push(problem(source, key === null ? path : [...path, key], message, remedy));
  if (content.length === 0 && user.error === undefined && !user.cut) {
    add(null, 'the answer is nothing', `Write one of ${CONTENT.join(', ')}, error, cut.`);
  }
  const beside = user.error === undefined ? undefined : (content[0] ?? (user.cut ? 'cut' : undefined));
  if (beside !== undefined) add(beside, 'an answer with `error` is nothing else', 'Make two answers of it.');
  if (user.times !== undefined && user.error === undefined && !user.cut) {
    add('times', 'only answers with `error` or `cut` are given several times', 'Write the answer as often as it is to be given.');
  }
  if (user.usage !== undefined && user.usage.cached > user.usage.input) {
    add('usage', `cached is ${user.usage.cached}, and input ${user.usage.input}`, '`input` counts what came from the cache as well.');
  }
  if (user.when !== undefined && Object.keys(user.when).length === 0) add('when', 'there is no condition', 'Leave it out, or write one.');
  if (Array.isArray(user.call) && user.call.length === 0) add('call', 'the list is empty', 'Leave it out, or name a tool.');
  return found;
}

/** It comes whenever nothing else does. */
function wrongDefault(user: UserAnswer, source: Source): Problem[] {
  const without = (['when', 'chance', 'times'] as const).filter((key) => (key === 'chance' ? user.chance !== 1 : user[key] !== undefined));
  return [
    ...wrongAnswer(user, ['default'], source),
    ...without.map((key) => problem(source, ['default', key], 'the default answer is given always', 'Leave it out.')),
  ];
}

function answerOf(user: UserAnswer): Answer {
  return {
    say: user.say ?? '',
    calls: callsOf(user),
    usage: user.usage ?? USAGE,
    delay: user.delay === undefined ? 0 : delay(user.delay),
    failure: failureOf(user),
    times: user.times ?? 1,
    when: user.when === undefined ? null : whenOf(user.when),
    chance: user.chance,
  };
}

function callsOf({ run, write, read, call }: UserAnswer): Call[] {
  const tools: readonly UserTool[] = call === undefined ? [] : Array.isArray(call) ? (call as readonly UserTool[]) : [call as UserTool];
  return [
    ...(run === undefined ? [] : [{ kind: 'run', command: run } as const]),
    ...(write === undefined ? [] : [{ kind: 'write', ...write } as const]),
    ...(read === undefined ? [] : [{ kind: 'read', path: read } as const]),
    ...tools.map((tool) => ({ kind: 'tool', ...tool }) as const),
  ];
}

function failureOf({ error, cut }: UserAnswer): Failure | null {
  if (error === undefined) return cut ? { kind: 'cut' } : null;
  return { kind: 'error', status: error.status, message: error.message, retryAfter: error['retry-after'] ?? null };
}

function whenOf(user: NonNullable<UserAnswer['when']>): When {
  const expression = (text: string | undefined): RegExp | null => (text === undefined ? null : expressionOf(text));
  return { contains: user.contains ?? null, matches: expression(user.matches), toolResult: expression(user['tool-result']) };
}

/** As `rule.expression` reads it. */
function expressionOf(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    return new RegExp(text);
  }
}

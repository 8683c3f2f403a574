import * as v from 'valibot';
import type { Problem } from '../model/errors.ts';
import { UserError } from '../model/errors.ts';
import type { Path, Source } from './yaml.ts';

/** Nobody reads more than this many problems at once. */
const MANY = 50;

interface Found {
  readonly path: Path;
  readonly onKey: boolean;
  readonly unknownKey: boolean;
  readonly message: string;
}

/** The data of a source, checked and with the schema's defaults. Throws a UserError with every problem, in the order of the file. */
export function check<S extends v.GenericSchema>(schema: S, source: Source): v.InferOutput<S> {
  const value: unknown = structuredClone(source.value);
  const problems = new Map<string, Problem>();
  // The schema names one unknown key of a map at a time: it is taken out, and the rest looked at again.
  for (;;) {
    const result = v.safeParse(schema, value);
    if (result.success && problems.size === 0) return result.output;
    const found = result.success ? [] : result.issues.flatMap((issue) => flatten(issue, []));
    for (const one of found) problems.set(JSON.stringify([one.path, one.message]), problem(one, source));
    const unknown = found.filter((one) => one.unknownKey);
    for (const { path } of unknown) remove(value, path);
    if (unknown.length === 0 || problems.size >= MANY) break;
  }
  throw new UserError([...problems.values()].slice(0, MANY).sort(byPlace));
}

/** Of alternatives, the one whose shape was meant speaks; else the list of alternatives does. */
function flatten(issue: v.BaseIssue<unknown>, above: Path): Found[] {
  const path = [...above, ...(issue.path ?? []).map((item) => item.key as string | number)];
  if (issue.type === 'union' && issue.issues !== undefined) {
    const deeper = issue.issues.filter((sub) => sub.path !== undefined || sub.kind === 'validation');
    if (deeper.length > 0) return deeper.flatMap((sub) => flatten(sub, path));
    const remedy = issue.issues.find((sub) => sub.type === 'picklist')?.message.split('\n')[1];
    if (remedy) return [{ path, onKey: false, unknownKey: false, message: `${issue.message}\n${remedy}` }];
  }
  return [
    {
      path,
      onKey: issue.path?.at(-1)?.origin === 'key',
      unknownKey: issue.type === 'strict_object' && issue.expected === 'never',
      message: issue.message,
    },
  ];
}

function problem({ path, onKey, message }: Found, source: Source): Problem {
  const [text = '', remedy = ''] = message.split('\n');
  const where = spell(onKey ? path.slice(0, -1) : path);
  return { message: where === '' ? text : `${where}: ${text}`, remedy, place: source.place(path, onKey ? 'key' : 'value') };
}

/** `network.allow[2].ports`, list positions from 0. */
export function spell(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function remove(value: unknown, path: Path): void {
  const last = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], value);
  if (last !== undefined) delete (parent as Record<string | number, unknown>)[last];
}

export function byPlace(a: Problem, b: Problem): number {
  if (a.place === null || b.place === null) return 0;
  return a.place.line - b.place.line || a.place.column - b.place.column;
}

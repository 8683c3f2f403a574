import * as v from 'valibot';
import { nearest } from './nearest.ts';

// Schemas whose messages say what was found and what is allowed. A message may have a second line: the remedy.

/** How a value is named in a message. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const notA =
  (allowed: string) =>
  (issue: { readonly input: unknown }): string =>
    `${show(issue.input)} is not ${allowed}`;

/** Text that `parse` takes. */
export function text(allowed: string, parse: (text: string) => unknown, description: string) {
  const wrong = ({ input }: { readonly input: unknown }): string => {
    const message = notA(allowed)({ input });
    if (typeof input !== 'number' && typeof input !== 'boolean') return message;
    // YAML has made something else of it; it may be right all the same.
    const refused = refusal(parse, String(input));
    return refused ?? `${message}\nQuote it where text is meant: "${String(input)}".`;
  };
  return v.pipe(v.string(wrong), parsed(parse), v.description(description));
}

/** Bytes: `512MiB`, or a whole number; or a word that `parse` takes as well. */
export function sizeOf(parse: (text: string | number) => unknown, description: string) {
  const allowed = 'a size, such as 512MiB or 2GB';
  const wrong = notA(allowed);
  return v.pipe(v.union([v.pipe(v.number(wrong), v.integer(wrong)), v.string(wrong)], wrong), parsed(parse), v.description(description));
}

function parsed<T>(parse: (value: T) => unknown) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    const refused = dataset.typed ? refusal(parse, dataset.value) : null;
    if (refused !== null) addIssue({ message: refused });
  });
}

/** Why `parse` does not take the value; null: it does. */
function refusal<T>(parse: (value: T) => unknown, value: T): string | null {
  try {
    parse(value);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A whole number. */
export function count(min: number, max: number, description: string) {
  const wrong = notA(`a whole number from ${min} to ${max}`);
  return v.pipe(v.number(wrong), v.integer(wrong), v.minValue(min, wrong), v.maxValue(max, wrong), v.description(description));
}

export function number(min: number, max: number, description: string) {
  const wrong = notA(`a number from ${min} to ${max}`);
  return v.pipe(v.number(wrong), v.minValue(min, wrong), v.maxValue(max, wrong), v.description(description));
}

export function flag(description: string) {
  return v.pipe(v.boolean(notA('true or false')), v.description(description));
}

/** `hints`: remedies for values that people try. */
export function oneOf<const T extends readonly string[]>(values: T, description: string, hints: Readonly<Record<string, string>> = {}) {
  const wrong = (issue: { readonly input: unknown }): string => {
    const input = String(issue.input);
    const near = nearest(input, values);
    const remedy = Object.hasOwn(hints, input) ? hints[input] : near === null ? '' : `Did you mean \`${near}\`?`;
    return `${notA(`one of ${values.join(', ')}`)(issue)}\n${remedy}`;
  };
  return v.pipe(v.picklist(values, wrong), v.description(description));
}

/** A map with these keys and no others. `later`: keys that have a meaning in a later version. */
export function map<const E extends v.ObjectEntries>(entries: E, description: string, later: readonly string[] = []) {
  const names = Object.keys(entries);
  const key = (issue: { readonly input: unknown; readonly expected: string | null }): string => {
    if (issue.expected !== 'never') return `key ${issue.expected ?? ''} is missing`;
    const name = String(issue.input);
    if (later.includes(name)) return `key ${show(name)} is reserved for a later version\nLeave it out.`;
    const near = nearest(name, names);
    return `unknown key ${show(name)}\n${near === null ? '' : `Did you mean \`${near}\`? `}Allowed here: ${names.join(', ')}.`;
  };
  return v.pipe(
    // valibot takes a list for an object.
    v.custom<Record<string, unknown>>(isMap, notA(`a map with the keys ${names.join(', ')}`)),
    v.strictObject(entries, key),
    v.description(description),
  );
}

/** A map whose keys the user chooses. */
export function named<V extends v.GenericSchema>(key: (text: string) => unknown, value: V, description: string) {
  return v.pipe(
    v.custom<Record<string, unknown>>(isMap, notA('a map of names')),
    v.record(v.pipe(v.string(), parsed(key)), value),
    v.description(description),
  );
}

export function list<V extends v.GenericSchema>(item: V, description: string) {
  return v.pipe(v.array(item, notA('a list')), v.description(description));
}

export function either<const O extends v.UnionOptions>(options: O, allowed: string, description: string) {
  return v.pipe(v.union(options, notA(allowed)), v.description(description));
}

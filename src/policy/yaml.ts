import type { Document, Node, Pair } from 'yaml';
import { LineCounter, isCollection, isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Problem } from '../model/errors.ts';
import { UserError } from '../model/errors.ts';
import type { Place } from '../model/names.ts';

/** Keys and list positions from the top. */
export type Path = readonly (string | number)[];
/** What a file holds, as plain data, and where each part of it stands. */
export interface Source {
  readonly value: unknown;
  /** Of the value, or of its key; of the nearest part above where the path does not exist. */
  place(path: Path, part?: 'key' | 'value'): Place;
}

const MAX_CHARACTERS = 1 << 20;
const MAX_DEPTH = 100;
/** Would reach an object's prototype in code that is less careful than this. */
const FORBIDDEN_KEYS: readonly string[] = ['__proto__', 'prototype', 'constructor'];

/**
 * Reads YAML 1.2 (core schema) as data only: no aliases, anchors, tags, merge keys, directives, duplicate keys or further documents.
 * Throws a UserError with everything that is wrong.
 */
export function readYaml(text: string, file: string, example: string): Source {
  const fail = (message: string, remedy: string, place: Place | null = { file, line: 1, column: 1 }): UserError =>
    new UserError([{ message, remedy, place }]);
  if (text.length > MAX_CHARACTERS || Buffer.byteLength(text) > MAX_CHARACTERS) {
    throw fail(`${file} is larger than 1 MiB`, 'Nothing this long is read; is it the right file?');
  }
  try {
    // A byte order mark would shift the columns of the first line.
    return read(text.replace(/^\ufeff/, ''), file, example, fail);
  } catch (error) {
    if (error instanceof RangeError) throw fail(`${file} is nested too deeply`, `At most ${MAX_DEPTH} levels are read.`);
    throw error;
  }
}

function read(text: string, file: string, example: string, fail: (message: string, remedy: string) => UserError): Source {
  const lineCounter = new LineCounter();
  // The parser's own check for duplicate keys takes time with the square of their number; `oddities` makes it instead.
  const document = parseDocument(text, { lineCounter, schema: 'core', stringKeys: true, uniqueKeys: false, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const found = [...document.errors, ...document.warnings].filter((error) => error.code !== 'TAG_RESOLVE_FAILED');
  const problems: Problem[] = found.map((error) => {
    const several = error.code === 'MULTIPLE_DOCS';
    return {
      message: several ? 'there is a second YAML document' : `not valid YAML: ${error.message}`,
      remedy: several ? 'Keep one document: nothing may follow `---` or `...`.' : '',
      place: placeAt(error.pos[0]),
    };
  });
  problems.push(...oddities(document, placeAt));
  if (problems.length > 0) throw new UserError(problems);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw fail(`${file} is empty`, `Write ${example}, or leave it out.`);
  }
  const contents = document.contents;
  return {
    value: document.toJS({ maxAliasCount: 0 }) as unknown,
    place: (path, part = 'value') => placeAt(offset(contents, path, part)),
  };
}

/** What YAML allows and this does not: each makes a file say something else than it seems to. */
function oddities(document: Document.Parsed, placeAt: (offset: number) => Place): Problem[] {
  const problems: Problem[] = [];
  const report = (node: unknown, message: string, remedy: string): void => {
    const range = (node as Partial<Node> | null)?.range;
    problems.push({ message, remedy, place: placeAt(range?.[0] ?? 0) });
  };
  const { yaml, tags } = document.directives;
  if (yaml.explicit === true || Object.keys(tags).length > 1) {
    report(null, 'YAML directives (`%…`) are not read', 'Remove the line; YAML 1.2 is meant.');
  }
  visit(document, {
    Alias: (_, node) => report(node, `aliases (\`*${node.source}\`) are not read`, 'Write the value out.'),
    Node: (_, node, path) => {
      if (path.length > MAX_DEPTH && path.filter(isCollection).length >= MAX_DEPTH) throw new RangeError('depth');
      if ('anchor' in node && node.anchor) report(node, `anchors (\`&${node.anchor}\`) are not read`, 'Write the value out.');
      if (node.tag) report(node, `tags (\`${node.tag}\`) are not read`, 'Quote the value where text is meant.');
      if (isScalar(node)) checkScalar(node.value, (message, remedy) => report(node, message, remedy));
      if (isMap(node)) checkKeys(node.items, report);
    },
  });
  return problems;
}

function checkScalar(value: unknown, report: (message: string, remedy: string) => void): void {
  if (typeof value === 'string' && !value.isWellFormed()) report('text holds half of a surrogate pair', 'Write the character itself.');
  if (typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) {
    report(`${value} is not a number that can be kept exactly`, 'Quote it where text is meant.');
  }
}

function checkKeys(items: readonly Pair[], report: (node: unknown, message: string, remedy: string) => void): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (seen.has(name)) report(key, `key ${JSON.stringify(name)} is there twice`, 'Keep one of them.');
    else if (name === '<<') report(key, 'merge keys (`<<`) are not read', 'Write the keys out.');
    else if (FORBIDDEN_KEYS.includes(name)) report(key, `${JSON.stringify(name)} cannot be used as a key`, '');
    seen.add(name);
  }
}

function offset(contents: Node, path: Path, part: 'key' | 'value'): number {
  let node: unknown = contents;
  let at = contents.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1;
    const found: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step)
      : isSeq(node) && typeof step === 'number'
        ? node.items[step]
        : undefined;
    if (found === undefined) return at;
    const key = isPair(found) ? (found.key as Node) : null;
    node = isPair(found) ? found.value : found;
    // `key:` with nothing behind it: the key shows better where that is.
    const blank = node === null || (isScalar(node) && node.value === null);
    const shown = key !== null && ((last && part === 'key') || blank) ? key : (node as Node | null);
    at = shown?.range?.[0] ?? at;
  }
  return at;
}

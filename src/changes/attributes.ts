import ignore, { type Ignore } from 'ignore';

/** `true`: set; `false`: unset; text: set to it; absent: nothing is said. */
export type Attributes = ReadonlyMap<string, string | boolean>;

interface Rule {
  readonly pattern: Ignore;
  readonly says: readonly (readonly [name: string, value: string | boolean | null])[];
}
/** Lines that are read of a file, and stars of a pattern: an attributes file made to be slow is not worth the wait. */
const LINES = 10_000;
const STARS = 4;
const BINARY = [
  ['diff', false],
  ['merge', false],
  ['text', false],
] as const;

/**
 * A `.gitattributes` file. A pattern of a directory also meets what lies below it, which git's does not: more is taken to be filtered than
 * is. Macros other than `binary` are not known.
 */
export class AttributesFile {
  readonly #rules: readonly Rule[];

  constructor(text: string) {
    this.#rules = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .slice(0, LINES)
      .flatMap((line) => ruleOf(line) ?? [])
      .reverse();
  }

  /** Says of `path`, relative to this file's directory, what `known` does not say yet. null: nothing is said, and nothing above counts. */
  add(path: string, known: Map<string, string | boolean | null>): void {
    for (const { pattern, says } of this.#rules) {
      if (says.every(([name]) => known.has(name)) || !pattern.ignores(path)) continue;
      for (const [name, value] of says) if (!known.has(name)) known.set(name, value);
    }
  }
}

function ruleOf(line: string): Rule[] | null {
  const [, quoted, plain, rest = ''] = /^\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))(.*)$/.exec(line) ?? [];
  const glob = quoted?.replace(/\\(.)/g, '$1') ?? plain;
  if (glob === undefined || /^[#![]/.test(glob) || glob.split('*').length - 1 > STARS) return null;
  const says = rest
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .flatMap(saidBy)
    .reverse();
  return says.length === 0 ? null : [{ pattern: ignore({ ignorecase: false }).add(glob), says }];
}

function saidBy(word: string): (readonly [string, string | boolean | null])[] {
  if (word === 'binary') return [...BINARY];
  if (word.startsWith('-')) return [[word.slice(1), false]];
  if (word.startsWith('!')) return [[word.slice(1), null]];
  const at = word.indexOf('=');
  return [at === -1 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]];
}

/** What may be found in a file that git converts. */
export interface Text {
  readonly binary: boolean;
  /** CR LF somewhere. */
  readonly crlf: boolean;
  /** `$Id` somewhere. */
  readonly ident: boolean;
}

/**
 * Would git write other bytes to a work tree than it was given, or take others from there than stand in it (gitattributes(5))? `autocrlf`:
 * of the configuration. Where it is not plain, yes: then a path is brought by writing the file.
 */
export function isFiltered(attributes: Attributes, autocrlf: string | null, texts: readonly Text[]): boolean {
  const is = (name: string): boolean => (attributes.get(name) ?? false) !== false;
  if (is('filter') || is('working-tree-encoding')) return true;
  if (is('ident') && texts.some(({ ident }) => ident)) return true;
  const eol = attributes.get('eol');
  const automatic = autocrlf !== null && autocrlf !== 'false';
  const text = attributes.get('text') ?? attributes.get('crlf') ?? (typeof eol === 'string' ? true : automatic ? 'auto' : false);
  if (text === false) return false;
  const some = text === 'auto' ? texts.filter(({ binary }) => !binary) : texts;
  return eol === 'crlf' || (eol !== 'lf' && autocrlf === 'true') ? some.length > 0 : some.some(({ crlf }) => crlf);
}

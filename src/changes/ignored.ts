import ignore, { type Ignore } from 'ignore';
import type { Base } from './base.ts';
import { join, key, parent } from './bytes.ts';
import { trackedPaths } from './tracked.ts';

const RULES = 1 << 20;
const INDEX = 256 << 20;
/** Stars of a rule: each one more is another power of the path's length when the rule does not match. */
const STARS = 4;

/**
 * Would git ignore a path, by the rules of the base: its `.gitignore` files and `.git/info/exclude`? What the agent wrote into such files
 * is no rule. A path that the base's index tracks is never ignored; without a readable index, none that the base has.
 */
export class Ignored {
  readonly #base: Base;
  readonly #rules = new Map<string, Ignore>();
  #tracked: Set<string> | null | undefined;

  constructor(base: Base) {
    this.#base = base;
  }

  test(path: Uint8Array, directory: boolean, inBase: boolean): boolean {
    if (this.#base.empty) return false;
    const text = Buffer.from(path).toString() + (directory ? '/' : '');
    if (!this.#rulesOf(parent(path)).ignores(text)) return false;
    if (this.#tracked === undefined) this.#tracked = this.#readIndex();
    if (directory || !inBase) return true;
    return this.#tracked !== null && !this.#tracked.has(key(path));
  }

  /** The rules in force in a directory: its parents' first, so that its own win. */
  #rulesOf(path: Uint8Array): Ignore {
    const id = key(path);
    const known = this.#rules.get(id);
    if (known !== undefined) return known;
    const above = path.length === 0 ? this.#exclude() : this.#rulesOf(parent(path));
    const own = this.#text(join(path, Buffer.from('.gitignore')));
    const rules =
      own === null
        ? above
        : ignore({ ignorecase: false })
            .add(above)
            .add(rebase(own, Buffer.from(path).toString()));
    this.#rules.set(id, rules);
    return rules;
  }

  #exclude(): Ignore {
    const own = this.#text(Buffer.from('.git/info/exclude'));
    return ignore({ ignorecase: false }).add(own === null ? [] : rebase(own, ''));
  }

  #readIndex(): Set<string> | null {
    const bytes = this.#base.read(Buffer.from('.git/index'), INDEX);
    return bytes === null ? null : trackedPaths(bytes);
  }

  #text(path: Buffer): string | null {
    return this.#base.read(path, RULES)?.toString() ?? null;
  }
}

/**
 * The rules of a `.gitignore` in `directory` as rules of the root. Rules that could take long to match are left out: their files are
 * shown.
 */
export function rebase(rules: string, directory: string): string[] {
  return rules
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const negated = line.startsWith('!');
      const rule = negated ? line.slice(1) : line;
      if (rule.trim() === '' || line.startsWith('#') || rule.split('*').length - 1 > STARS) return [];
      if (directory === '') return [line];
      const slash = rule.indexOf('/');
      const anchored = slash !== -1 && slash < rule.trimEnd().length - 1;
      const place = directory.replace(/[\\*?[\] ]/g, '\\$&');
      return [`${negated ? '!' : ''}/${place}/${anchored ? rule.replace(/^\//, '') : `**/${rule}`}`];
    });
}

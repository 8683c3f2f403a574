import ignore, { type Ignore } from 'ignore';

/** gitignore globs of ours, asked for thousands of paths of which few match. */
export class Patterns {
  readonly #all: Ignore;
  /** What every path that matches holds. */
  readonly #hint: RegExp;

  constructor(patterns: readonly string[], options: { readonly fold: boolean }) {
    this.#all = ignore({ ignorecase: options.fold }).add([...patterns]);
    this.#hint = new RegExp(patterns.map(literalOf).join('|'), options.fold ? 'i' : '');
  }

  /** `text`: of a path's bytes as UTF-8. */
  matches(text: string, directory: boolean): boolean {
    if (text === '') return false;
    return this.#hint.test(text) && this.#all.ignores(directory ? `${text}/` : text);
  }
}

/** The longest part of a glob that stands in a path as it is, for a regular expression. */
function literalOf(pattern: string): string {
  const [longest = ''] = pattern.split(/[*/?]|\[[^\]]*\]/).sort((a, b) => b.length - a.length);
  return longest.replace(/[.+^${}()|\\]/g, '\\$&');
}

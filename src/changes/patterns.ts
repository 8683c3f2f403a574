import ignore, { type Ignore } from 'ignore';
import { view } from './bytes.ts';

/** gitignore globs of ours, asked for thousands of paths of which few match. */
export class Patterns {
  readonly #all: Ignore;
  /** What every path that matches holds. */
  readonly #hint: RegExp;

  constructor(patterns: readonly string[], options: { readonly fold: boolean }) {
    this.#all = ignore({ ignorecase: options.fold }).add([...patterns]);
    this.#hint = new RegExp(patterns.map(literalOf).join('|'), options.fold ? 'i' : '');
  }

  matches(path: Uint8Array, directory: boolean): boolean {
    if (path.length === 0) return false;
    const text = view(path).toString();
    return this.#hint.test(text) && this.#all.ignores(directory ? `${text}/` : text);
  }
}

/** The longest part of a glob that stands in a path as it is, for a regular expression. */
function literalOf(pattern: string): string {
  const [longest = ''] = pattern.split(/[*/?]|\[[^\]]*\]/).sort((a, b) => b.length - a.length);
  return longest.replace(/[.+^${}()|\\]/g, '\\$&');
}

import ignore, { type Ignore } from 'ignore';
import type { Base } from './base.ts';
import { join, key, parent } from './bytes.ts';
import { type Checkout, type Checkouts, within } from './checkouts.ts';
import { trackedPaths } from './tracked.ts';

const RULES = 1 << 20;
const INDEX = 256 << 20;
const NONE = ignore();
/** Stars of a rule: each one more is another power of the path's length when the rule does not match. */
const STARS = 4;

/**
 * Would git ignore a path, by the rules of the base: the `.gitignore` files of the checkout it lies in, and `info/exclude`? What the agent
 * wrote into such files is no rule. A path that the base's index tracks is never ignored; without a readable index, none that the base has.
 * A checkout that the one around it ignores is ignored with all that is in it.
 */
export class Ignored {
  readonly #base: Base;
  readonly #checkouts: Checkouts;
  readonly #rules = new Map<string, Ignore>();
  readonly #tracked = new Map<Checkout, Set<string> | null>();
  readonly #whole = new Map<Checkout, boolean>();

  constructor(base: Base, checkouts: Checkouts) {
    this.#base = base;
    this.#checkouts = checkouts;
  }

  test(path: Uint8Array, directory: boolean, inBase: boolean): boolean {
    if (this.#base.empty) return false;
    const checkout = this.#checkouts.of(path);
    if (this.#isIgnored(checkout)) return true;
    const rules = this.#rulesOf(parent(path), checkout);
    if (rules === NONE || !rules.ignores(Buffer.from(path).toString() + (directory ? '/' : ''))) return false;
    if (directory || !inBase) return true;
    return this.#tracks(checkout, path) === false;
  }

  /** By the checkout around it, which has it as a submodule or not at all. */
  #isIgnored(checkout: Checkout): boolean {
    const { root } = checkout;
    if (root.length === 0) return false;
    let whole = this.#whole.get(checkout);
    if (whole === undefined) {
      whole = this.test(root, true, true) && this.#tracks(this.#checkouts.of(root), root) !== true;
      this.#whole.set(checkout, whole);
    }
    return whole;
  }

  /** null: the index cannot be read. */
  #tracks(checkout: Checkout, path: Uint8Array): boolean | null {
    let tracked = this.#tracked.get(checkout);
    if (tracked === undefined) {
      const bytes = checkout.git === null ? null : this.#base.read(join(checkout.git, Buffer.from('index')), INDEX);
      tracked = bytes === null ? null : trackedPaths(bytes);
      this.#tracked.set(checkout, tracked);
    }
    return tracked?.has(key(within(path, checkout))) ?? null;
  }

  /** The rules in force in a directory: its parents' first, so that its own win. */
  #rulesOf(path: Uint8Array, checkout: Checkout): Ignore {
    const id = key(path);
    const known = this.#rules.get(id);
    if (known !== undefined) return known;
    const above = path.length === checkout.root.length ? this.#exclude(checkout) : this.#rulesOf(parent(path), checkout);
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

  #exclude({ root, common }: Checkout): Ignore {
    const own = common === null ? null : this.#text(join(common, Buffer.from('info/exclude')));
    return own === null ? NONE : ignore({ ignorecase: false }).add(rebase(own, root.toString()));
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

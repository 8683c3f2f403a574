import type { Finding, FindingPlace } from '../model/changes.ts';
import type { GuardAction } from '../model/policy.ts';
import type { PathBytes, Place } from '../model/names.ts';
import { displayPath, utf8 } from '../record/display.ts';

/** Characters of a path that has a place. */
const LONGEST = 1000;
/** Things that a finding names; the rest is counted. */
export const NAMED = 20;

/** What a rule is called in its findings. */
export interface RuleName {
  readonly name: string;
  readonly action: GuardAction;
  readonly place: Place | null;
}

/** Gathers what breaks a rule, in the escaped form that can be shown. */
export class Bag {
  readonly #what: string[] = [];
  readonly #at: FindingPlace[] = [];
  #more = 0;

  /** `path`: of the workspace. */
  add(what: string, path: PathBytes | null = null): void {
    if (this.#what.length === NAMED) {
      this.#more += 1;
      return;
    }
    this.#what.push(what);
    if (path === null) return;
    // A name that cannot be shown as it is would lead to another file.
    const text = displayPath(path, LONGEST);
    if (text === utf8(path)) this.#at.push({ path: text, line: null });
  }

  get count(): number {
    return this.#what.length + this.#more;
  }

  finding(rule: RuleName, message: string): Finding {
    const found = finding(rule, message, this.#what, this.#more);
    return this.#at.length === 0 ? found : { ...found, at: this.#at };
  }
}

/** `message` is of our own making: nothing that an agent wrote stands in it, `what` alone quotes that. */
export function finding({ name, place, action }: RuleName, message: string, what: readonly string[] = [], more = 0): Finding {
  return { rule: name, place, action, message, what, more };
}

/** A rule that cannot be checked is broken: nothing passes because its evidence is missing. */
export function unchecked(rule: RuleName, why: string): Finding {
  return finding({ ...rule, action: 'fail' }, `could not be checked: ${why}`);
}

/** `1 path`, `2 paths`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

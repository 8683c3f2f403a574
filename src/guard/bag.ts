import type { Finding } from '../model/changes.ts';
import type { GuardAction } from '../model/policy.ts';
import type { Place } from '../model/names.ts';

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
  #more = 0;

  add(what: string): void {
    if (this.#what.length < NAMED) this.#what.push(what);
    else this.#more += 1;
  }

  get count(): number {
    return this.#what.length + this.#more;
  }

  finding(rule: RuleName, message: string): Finding {
    return finding(rule, message, this.#what, this.#more);
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

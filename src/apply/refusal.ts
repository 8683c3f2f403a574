/** Why a record is not brought into a checkout. Nothing was written. The message names what and where, the remedy what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly remedy: string;
  /** Paths and the like, in a form that can be shown; a few, and how many more there are. */
  readonly what: readonly string[];
  readonly more: number;

  constructor(message: string, remedy: string, { what, more }: Shown = NOTHING) {
    super(message);
    this.remedy = remedy;
    this.what = what;
    this.more = more;
  }
}

export interface Shown {
  readonly what: readonly string[];
  readonly more: number;
}
const NOTHING: Shown = { what: [], more: 0 };

/** What is wrong with a plan, path by path; a few are named, the rest is counted. */
export class Problems {
  readonly #what: string[] = [];
  #more = 0;

  add(text: string): void {
    if (this.#what.length < NAMED) this.#what.push(text);
    else this.#more += 1;
  }

  get count(): number {
    return this.#what.length + this.#more;
  }

  /** @throws Refusal if there is any. */
  refuse(message: string, remedy: string): void {
    if (this.count > 0) throw new Refusal(message, remedy, { what: this.#what, more: this.#more });
  }
}
const NAMED = 20;

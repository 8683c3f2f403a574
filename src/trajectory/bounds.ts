/** What all logs of a run may take together, so that an agent cannot make a trajectory of any size. */
export const LIMITS = {
  /** Bytes of a line of a log; a longer one is skipped. */
  line: 4 << 20,
  /** Characters of one text: of a longer one the head and the tail are kept. */
  text: 64 << 10,
  /** Characters of a name or an id. */
  name: 200,
  /** Characters of all texts, as JSON writes them. */
  all: 16 << 20,
  turns: 10_000,
  /** Calls of one turn, and results. */
  calls: 1000,
  /** Of the arguments of a call: entries of a list or an object, and how deep they go. */
  entries: 1000,
  depth: 12,
} as const;

/** Cuts what is too much, and counts how often it did. */
export class Bounds {
  #room: number = LIMITS.all;
  /** Texts that were cut. */
  cut = 0;

  text(value: string, most: number = LIMITS.text): string {
    const whole = value.toWellFormed();
    const fit = Math.min(most, this.#room);
    const kept = whole.length <= fit ? whole : this.#headAndTail(whole, fit);
    this.#room = Math.max(0, this.#room - JSON.stringify(kept).length);
    return kept;
  }

  name(value: string): string {
    const whole = value.toWellFormed();
    if (whole.length <= LIMITS.name) return whole;
    this.cut += 1;
    return `${whole.slice(0, LIMITS.name - 1).toWellFormed()}…`;
  }

  /** The same of all texts in a JSON value. */
  value(value: unknown, depth: number = LIMITS.depth): unknown {
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return value;
    const all = Object.entries(value);
    if (depth === 0 || this.#room === 0) return this.#left(`${all.length} entries`);
    const kept = all.slice(0, LIMITS.entries).map(([key, one]) => [this.name(key), this.value(one, depth - 1)] as const);
    this.#room = Math.max(0, this.#room - 8 * kept.length);
    if (Array.isArray(value)) {
      const rest = all.length - kept.length;
      return [...kept.map(([, one]) => one), ...(rest > 0 ? [this.#left(`${rest} entries`)] : [])];
    }
    return Object.fromEntries(kept);
  }

  #headAndTail(whole: string, fit: number): string {
    const tail = Math.floor(fit / 4);
    const head = fit - tail;
    const mark = this.#left(`${whole.length - fit} characters`);
    if (fit === 0) return mark;
    return `${whole.slice(0, head).toWellFormed()}\n${mark}\n${whole.slice(whole.length - tail).toWellFormed()}`;
  }
  #left(what: string): string {
    this.cut += 1;
    return `[cut: ${what}]`;
  }
}

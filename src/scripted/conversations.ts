import { createHash } from 'node:crypto';
import type { Input } from './answers.ts';

/** Of those that are remembered: older ones begin anew. */
const MOST = 10_000;
/** Characters that are kept for clients that do not send them again: of one text, and in all. */
const [MOST_OF_TEXT, MOST_TEXT] = [1 << 16, 1 << 25];

interface Known {
  /** The turn that was asked for last, and how often in a row without an answer. */
  turn: number;
  failed: number;
  answered: boolean;
}

/**
 * What has to be remembered of conversations: their numbers, how often each has failed at a turn, and what was said in those whose client
 * sends only what is new. Everything else stands in the requests themselves.
 */
export class Conversations {
  readonly #known = new Map<number, Known>();
  /** SHA-256 of what a conversation began with, to the last one that did. */
  readonly #begun = new Map<string, number>();
  readonly #inputs = new Map<string, readonly Input[]>();
  #kept = 0;
  #last = 0;

  /**
   * Number of a conversation, from 1. `told`: as the ids in it say. Without one it is the latest that began with the same words, unless that
   * has been answered and this one is at its beginning.
   */
  number(told: number | null, inputs: readonly Input[]): number {
    if (told !== null && told >= 1 && told <= this.#last) return told;
    const beginning = createHash('sha256')
      .update(inputs[0]?.text ?? '')
      .digest('base64');
    const latest = this.#begun.get(beginning);
    const known = latest === undefined ? undefined : this.#known.get(latest);
    if (latest !== undefined && known !== undefined && !(inputs.length === 1 && known.answered)) return latest;
    this.#last += 1;
    put(this.#begun, beginning, this.#last);
    return this.#last;
  }

  /** How many failures this turn has had in a row. */
  failures(number: number, turn: number): number {
    const known = this.#known.get(number);
    return known?.turn === turn ? known.failed : 0;
  }

  /** Notes how a turn went. */
  note(number: number, turn: number, failed: boolean): void {
    const before = this.failures(number, turn);
    put(this.#known, number, { turn, failed: failed ? before + 1 : before, answered: !failed });
  }

  /** What led to an answer; undefined: forgotten, or never given. */
  before(answer: string): readonly Input[] | undefined {
    return this.#inputs.get(answer);
  }
  remember(answer: string, inputs: readonly Input[]): void {
    this.#forget(answer);
    const cut = inputs.map(({ text, results }) => ({ text: text.slice(-MOST_OF_TEXT), results: results.slice(-MOST_OF_TEXT) }));
    this.#inputs.set(answer, cut);
    this.#kept += size(cut);
    for (const oldest of this.#inputs.keys()) {
      if (this.#kept <= MOST_TEXT) break;
      this.#forget(oldest);
    }
  }
  #forget(answer: string): void {
    this.#kept -= size(this.#inputs.get(answer) ?? []);
    this.#inputs.delete(answer);
  }
}

const size = (inputs: readonly Input[]): number => inputs.reduce((sum, { text, results }) => sum + text.length + results.length, 0);

/** The oldest goes. */
function put<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST) map.delete(map.keys().next().value as K);
}

import { secretForms } from '../secrets/forms.ts';
import { Matcher, type Pattern } from '../secrets/matcher.ts';
import { FormatRedactor } from './formats.ts';

const EMPTY = Buffer.alloc(0);

/** What a scan must remember between two chunks. */
interface State {
  /** Bytes that may be the start of a form. */
  held: Buffer;
  /** How many of them a label already stands for. */
  covered: number;
  /** Secrets whose label stands for the bytes around `covered`. */
  region: Set<number>;
}

/** Everything that a run must not show: the secrets of its policy, and what the caller asked to be masked. */
export function redactorOf(request: { readonly secrets: Readonly<Record<string, string>>; readonly mask: readonly string[] }): Redactor {
  return new Redactor(
    [
      ...Object.entries(request.secrets).map(([name, value]) => ({ name, value })),
      ...request.mask.map((value) => ({ name: 'mask', value })),
    ],
    true,
  );
}

/**
 * Replaces the known forms of secrets by `[redacted NAME]`, in a stream or in one text. Of several forms at one place the longest
 * counts; where forms overlap, the bytes of all of them go. What cannot be found: docs/redaction.md.
 */
export class Redactor {
  readonly #matcher: Matcher | null;
  readonly #secrets: readonly { readonly name: string; readonly value: string }[];
  readonly #names: readonly string[];
  readonly #labels: readonly Buffer[];
  #counts = new Map<string, number>();
  /** null: forms of the secrets alone. */
  readonly #formats: FormatRedactor | null;
  #state: State = fresh();

  /**
   * Values that `refuseShort` refuses should not get here: the forms of such a value that are too short are not looked for. `formats`: what
   * looks like a well-known token is replaced as well.
   */
  constructor(secrets: readonly { readonly name: string; readonly value: string }[], formats = false) {
    this.#secrets = secrets;
    const patterns = new Map<string, Pattern>();
    secrets.forEach(({ name, value }, owner) => {
      this.#counts.set(name, 0);
      for (const bytes of secretForms(value)) {
        const key = bytes.toString('latin1');
        if (!patterns.has(key)) patterns.set(key, { bytes, owner });
      }
    });
    this.#names = secrets.map(({ name }) => name);
    this.#labels = this.#names.map((name) => label(name, [...patterns.values()]));
    this.#matcher = patterns.size === 0 ? null : new Matcher([...patterns.values()]);
    this.#formats = formats ? new FormatRedactor(this.#count) : null;
  }

  /** One for another stream: what it replaces counts here. */
  beside(): Redactor {
    const other = new Redactor(this.#secrets, this.#formats !== null);
    other.#counts = this.#counts;
    return other;
  }

  /** How often each secret was replaced, by name; also by `text` and `json`. Formats stand there once they were found. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /**
   * The next bytes that can be shown; may be a view of `chunk`, or `chunk` itself. Only bytes that may still become a form are held
   * back, however long the rest takes to come, so a secret written in two halves is found.
   */
  push(chunk: Buffer): Buffer {
    const known = this.#scan(this.#state, chunk, false);
    return this.#formats === null ? known : this.#formats.push(known);
  }

  /** The end of the stream: what was held back. The next `push` begins a new stream. */
  flush(): Buffer {
    const rest = this.#scan(this.#state, EMPTY, true);
    this.#state = fresh();
    return this.#formats === null ? rest : Buffer.concat([this.#formats.push(rest), this.#formats.flush()]);
  }

  /** One whole text, such as a log line or a name; apart from the stream. */
  redactText(text: string): string {
    const bytes = Buffer.from(text);
    const known = this.#scan(fresh(), bytes, true);
    const redacted = this.#formats === null ? known : this.#formats.whole(known);
    return redacted === bytes ? text : redacted.toString();
  }

  /** The beginning of a text whose rest is not known, without what may be the beginning of a form. */
  redactHead(text: string): string {
    return this.#scan(fresh(), Buffer.from(text), false).toString();
  }

  /** A JSON value, its strings and keys redacted one by one: replacing in JSON text could break an escape in two. */
  redactJson(value: unknown): unknown {
    if (typeof value === 'string') return this.redactText(value);
    if (Array.isArray(value)) return value.map((item) => this.redactJson(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.redactText(key), this.redactJson(item)]));
  }

  #scan(state: State, chunk: Buffer, final: boolean): Buffer {
    const matcher = this.#matcher;
    if (matcher === null) return chunk;
    const data = state.held.length === 0 ? chunk : Buffer.concat([state.held, chunk]);
    const pieces: Buffer[] = [];
    /** Everything before it is either in `pieces` or stands behind a label. */
    let done = state.covered;
    let stop = data.length;
    for (let match = matcher.next(data, 0, final); match !== null; match = matcher.next(data, match.at + 1, final)) {
      const { at, pattern } = match;
      if (pattern === null) {
        stop = at;
        break;
      }
      if (at >= done) {
        pieces.push(data.subarray(done, at));
        state.region.clear();
      }
      const end = at + pattern.bytes.length;
      if (end <= done) continue;
      if (!state.region.has(pattern.owner)) pieces.push(this.#replace(state, pattern.owner));
      done = end;
    }
    // Copied, because the owner of `chunk` may use its memory again.
    state.held = Buffer.from(data.subarray(stop));
    state.covered = Math.max(0, done - stop);
    if (pieces.length === 0 && done === 0) return stop === data.length ? data : data.subarray(0, stop);
    if (done < stop) pieces.push(data.subarray(done, stop));
    return Buffer.concat(pieces);
  }

  #replace(state: State, owner: number): Buffer {
    const name = this.#names[owner] ?? '';
    state.region.add(owner);
    this.#count(name);
    return this.#labels[owner] ?? EMPTY;
  }

  readonly #count = (name: string): void => void this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
}

function fresh(): State {
  return { held: EMPTY, covered: 0, region: new Set() };
}

/** A label never holds a form itself, and its characters mean nothing in JSON, HTML or Markdown tables. */
function label(name: string, patterns: readonly Pattern[]): Buffer {
  const choices = [`[redacted ${name.replace(/[^\w.-]/g, '_')}]`, '[redacted]'].map((text) => Buffer.from(text));
  return choices.find((choice) => patterns.every(({ bytes }) => !choice.includes(bytes))) ?? Buffer.from('***');
}

import type { AgentName } from '../model/trajectory.ts';
import type { Agent } from './agent.ts';
import { type Bounds, LIMITS } from './bounds.ts';
import { CLAUDE_CODE } from './claude-code.ts';
import { CODEX } from './codex.ts';
import { COPILOT } from './copilot.ts';
import { type Fields, isObject } from './fields.ts';
import { GEMINI } from './gemini.ts';
import { Log, type Odd } from './log.ts';
import { OPENCODE } from './opencode.ts';
import { PI } from './pi.ts';

const READERS: { readonly [N in AgentName]: Agent } = {
  'claude-code': CLAUDE_CODE,
  codex: CODEX,
  gemini: GEMINI,
  copilot: COPILOT,
  opencode: OPENCODE,
  pi: PI,
};
/** Bytes, and JSON objects, among which an agent has to be recognised. */
const PATIENCE = { bytes: 64 << 20, objects: 10_000 };
/** Lines of a log that are read. */
const MOST_EVENTS = 500_000;
const [BRACE, NEWLINE, RETURN, SPACE] = [0x7b, 0x0a, 0x0d, 0x20];

/**
 * Reads what may be an agent's log, in pieces: lines that are JSON objects, between others that are not. Whose it is tell the lines.
 * `wanted`: only these agents' logs.
 */
export class Reader {
  readonly #bounds: Bounds;
  readonly #agents: readonly Agent[];
  #agent: Agent | null = null;
  #log: Log | null = null;
  /** The beginning of a line that goes on in the next piece; null: it is too long. */
  #begun: Buffer[] | null = [];
  #size = 0;
  #read = 0;
  #objects = 0;
  readonly #odd: Pick<Odd, 'broken' | 'long'> = { broken: 0, long: 0 };

  constructor(wanted: readonly AgentName[], bounds: Bounds) {
    this.#agents = wanted.map((name) => READERS[name]);
    this.#bounds = bounds;
  }

  /** Nothing that still comes is read. */
  get done(): boolean {
    if (this.#agent !== null) return this.#objects > MOST_EVENTS;
    return this.#read > PATIENCE.bytes || this.#objects > PATIENCE.objects;
  }

  push(piece: Buffer): void {
    this.#read += piece.length;
    let from = 0;
    for (let at = piece.indexOf(NEWLINE); at !== -1; at = piece.indexOf(NEWLINE, from)) {
      this.#more(piece.subarray(from, at));
      this.#line();
      from = at + 1;
    }
    this.#more(piece.subarray(from));
  }

  /** What was read; null: no agent's log. */
  end(): Log | null {
    this.#line();
    if (this.#log !== null) Object.assign(this.#log.odd, this.#odd);
    return this.#log;
  }

  #more(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > LIMITS.line) this.#begun = null;
    // Copied: the piece's memory is used again.
    else if (part.length > 0) this.#begun?.push(Buffer.from(part));
  }

  #line(): void {
    const bytes = this.#begun === null ? null : this.#begun.length === 1 ? (this.#begun[0] as Buffer) : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#size = 0;
    if (bytes === null) {
      this.#odd.long += 1;
      return;
    }
    if (bytes[0] !== BRACE || this.done) return;
    const value = parse(bytes);
    if (value !== null) this.#take(value);
    // Nobody counts the braces of other programs.
    else if (this.#log !== null) this.#odd.broken += 1;
  }

  #take(line: Fields): void {
    this.#objects += 1;
    this.#agent ??= this.#agents.find((agent) => agent.recognises(line)) ?? null;
    if (this.#agent === null) return;
    if (this.#log === null) this.#objects = 1;
    this.#log ??= new Log(this.#agent.name, this.#bounds);
    if (this.done) this.#log.odd.left += 1;
    if (!this.#agent.read(line, this.#log)) this.#log.odd.unknown += 1;
  }
}

/** A JSON object; null: it is none. */
function parse(bytes: Buffer): Fields | null {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === RETURN || bytes[end - 1] === SPACE)) end -= 1;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

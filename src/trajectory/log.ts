import type { AgentName } from '../model/trajectory.ts';
import { type Bounds, LIMITS } from './bounds.ts';
import { amount, type Fields, time } from './fields.ts';

/** What every agent's log is read into. `input` counts what came from a cache in; `cost` in US dollars, null where none is told. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly cost: number | null;
}
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: Fields;
}
export interface Result {
  /** null: of no call that was seen. */
  readonly id: string | null;
  readonly content: string;
  readonly failed: boolean;
}
/** Something said: for an agent one answer of its model, with what it had done and what came of it. */
export interface Turn {
  readonly source: 'system' | 'user' | 'agent';
  at: string | null;
  model: string | null;
  text: string;
  thought: string;
  calls: Call[];
  results: Result[];
  usage: Usage | null;
  /** The call of which it is a part: a subagent's. */
  parent: string | null;
}
interface About {
  /** What is told of the same thing in several lines has the same key. */
  readonly key?: string;
  readonly at?: unknown;
  readonly model?: unknown;
  readonly parent?: unknown;
}
/** Lines that were not what they should be, and what was not kept of the others. */
export interface Odd {
  /** Events that nobody knows. */
  unknown: number;
  /** Lines that begin like JSON and are none, or were cut. */
  broken: number;
  /** Lines longer than is read. */
  long: number;
  /** Turns, calls and results that there was no room for. */
  left: number;
  /** Results of calls that were not seen. */
  orphans: number;
}

/** The conversation of one session. Takes anything, in any order, any number of times; what it keeps is bounded. */
export class Log {
  readonly agent: AgentName;
  readonly turns: Turn[] = [];
  readonly odd: Odd = { unknown: 0, broken: 0, long: 0, left: 0, orphans: 0 };
  session: string | null = null;
  version: string | null = null;
  model: string | null = null;
  /** Told of the session as a whole: these win over the sum of the turns. */
  total: Usage | null = null;
  /** Cost and number of turns where the agent tells them apart from its tokens. */
  cost: number | null = null;
  claimedTurns: number | null = null;
  /** How it says it ended. */
  end: string | null = null;
  readonly #bounds: Bounds;
  readonly #keys = new Map<string, Turn>();
  readonly #calls = new Map<string, Turn>();

  constructor(agent: AgentName, bounds: Bounds) {
    this.agent = agent;
    this.#bounds = bounds;
  }

  about({ session, version, model, end }: { session?: unknown; version?: unknown; model?: unknown; end?: unknown }): void {
    const own = (value: unknown, now: string | null): string | null =>
      typeof value === 'string' && value !== '' ? this.#bounds.name(value) : now;
    this.session = own(session, this.session);
    this.version = own(version, this.version);
    this.model = own(model, this.model);
    this.end = own(end, this.end);
  }

  /** The turn with this key, or a new one; null: there is no room for it. */
  turn(source: Turn['source'], { key, at, model, parent }: About = {}): Turn | null {
    const known = key === undefined ? undefined : this.#keys.get(key);
    if (known !== undefined) return known;
    if (this.turns.length >= LIMITS.turns) {
      this.odd.left += 1;
      return null;
    }
    const name = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? this.#bounds.name(value) : null);
    const turn: Turn = {
      source,
      at: time(at),
      model: name(model),
      text: '',
      thought: '',
      calls: [],
      results: [],
      usage: null,
      parent: name(parent),
    };
    this.turns.push(turn);
    if (key !== undefined) this.#keys.set(key, turn);
    return turn;
  }

  /** For logs that do not say which answer a line belongs to: the agent's last turn until something came of it, then a new one. */
  open(about: About = {}): Turn | null {
    const last = this.turns.at(-1);
    return last?.source === 'agent' && last.results.length === 0 ? last : this.turn('agent', about);
  }

  /** One thing said, in a turn of its own. Nothing: no turn. */
  say(source: Turn['source'], text: string, about: About = {}): void {
    if (text !== '') this.add(this.turn(source, about), 'text', text);
  }

  /** Adds to what a turn says or thinks. `glue` stands between. */
  add(turn: Turn | null, to: 'text' | 'thought', more: string, glue = '\n'): void {
    if (turn === null || more === '') return;
    // A text that comes in pieces is bounded as a whole.
    const room = LIMITS.text - turn[to].length;
    if (room <= 0) this.#bounds.cut += 1;
    else turn[to] += `${turn[to] === '' ? '' : glue}${this.#bounds.text(more, room)}`;
  }

  set(turn: Turn | null, to: 'text' | 'thought', whole: string): void {
    if (turn !== null && turn[to] !== whole) turn[to] = this.#bounds.text(whole);
  }

  /** A call; told again, the arguments that came last count. */
  call(turn: Turn | null, given: string, name: string, args: Fields): void {
    if (turn === null) return;
    const id = this.#bounds.name(given);
    const at = turn.calls.findIndex((call) => call.id === id);
    if (at === -1 && turn.calls.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const call = { id, name: this.#bounds.name(name), args: this.#bounds.value(args) as Fields };
    if (at === -1) turn.calls.push(call);
    else turn.calls[at] = call;
    this.#calls.set(id, turn);
  }

  has(call: string): boolean {
    return this.#calls.has(this.#bounds.name(call));
  }

  /** What came of a call, at the call; told again, the last one counts. */
  result(given: string, content: string, failed = false): void {
    const id = this.#bounds.name(given);
    const own = this.#calls.get(id);
    if (own === undefined) this.odd.orphans += 1;
    const turn = own ?? this.turns.findLast(({ source }) => source === 'agent');
    if (turn === undefined) return;
    const at = own === undefined ? -1 : turn.results.findIndex((result) => result.id === id);
    if (at === -1 && turn.results.length >= LIMITS.calls) {
      this.odd.left += 1;
      return;
    }
    const result = { id: own === undefined ? null : id, content: this.#bounds.text(content), failed };
    if (at === -1) turn.results.push(result);
    else turn.results[at] = result;
  }
}

/** Tokens of something; where none are told, null. */
export function usage(input: number, output: number, cached: unknown, cost?: unknown): Usage | null {
  if (input === 0 && output === 0 && typeof cost !== 'number') return null;
  return { input, output, cached: amount(cached), cost: typeof cost === 'number' ? amount(cost) : null };
}

/** The sum; null is nothing. */
export function plus(a: Usage | null, b: Usage | null): Usage | null {
  if (a === null || b === null) return a ?? b;
  const cost = a.cost === null && b.cost === null ? null : (a.cost ?? 0) + (b.cost ?? 0);
  return { input: a.input + b.input, output: a.output + b.output, cached: a.cached + b.cached, cost };
}

import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import type { Entry } from './cassette.ts';
import { type Clean, cleanJson } from './clean.ts';
import { common, differences, leaves } from './difference.ts';
import { type Model, type Outcome, refuse, type Request } from './exchange.ts';
import { parsed } from './json.ts';
import { keyOf, normal, placeOf } from './normal.ts';

/** Recorded requests that a request without a match is compared with. */
const COMPARED = 500;

export interface Playing {
  /** In order of their places, whatever is asked. */
  readonly loose: boolean;
  /** As slowly as they came. */
  readonly pace: boolean;
  /** As it was when it was recorded. */
  readonly clean: Clean;
}
interface Recorded {
  readonly entry: Entry;
  /** From 1. */
  readonly number: number;
}

/** Gives the answers of a cassette. The same request again gets the next recorded answer to it, and the last one from then on. */
export class Player implements Model {
  readonly #options: Playing;
  readonly #all: readonly Recorded[];
  /** What is still to be given, by key or place. */
  readonly #queues = new Map<string, Recorded[]>();

  constructor(entries: readonly Entry[], options: Playing) {
    this.#options = options;
    this.#all = entries.map((entry, n) => ({ entry, number: n + 1 }));
    for (const one of this.#all) {
      // Not the key that was written down: who edits a request by hand need not know how it is made.
      const key = options.loose ? one.entry.place : keyOf(one.entry.place, normal(one.entry.request));
      const queue = this.#queues.get(key);
      if (queue === undefined) this.#queues.set(key, [one]);
      else queue.push(one);
    }
  }

  async answer(request: Request, response: ServerResponse): Promise<Outcome> {
    const place = placeOf(request.method, request);
    const text = request.body.toString();
    const asked = normal(cleanJson(parsed(text) ?? text, this.#options.clean));
    const found = this.#take(this.#options.loose ? place : keyOf(place, asked));
    if (found === null) return this.#unknown(request, response, place, asked);
    await play(found.entry, response, this.#options.pace);
    return { status: found.entry.status, answer: `request ${found.number}`, problem: null };
  }

  #take(key: string): Recorded | null {
    const queue = this.#queues.get(key) ?? [];
    if (queue.length > 1 || this.#options.loose) return queue.shift() ?? null;
    return queue[0] ?? null;
  }

  #unknown(request: Request, response: ServerResponse, place: string, asked: unknown): Outcome {
    const candidates = this.#all.filter(({ entry }) => entry.place === place).slice(0, COMPARED);
    if (candidates.length === 0) return refuse(request, response, 404, `no request to ${place} was recorded`);
    if (this.#options.loose) return refuse(request, response, 400, `all ${candidates.length} recorded requests to ${place} were answered`);
    const own = leaves(asked);
    const compared = candidates.map(({ entry, number }) => {
      const other = leaves(normal(entry.request));
      return { number, other, score: common(own, other) - Math.abs(own.size - other.size) / 2 };
    });
    const nearest = compared.reduce((best, one) => (one.score > best.score ? one : best));
    const found = differences(nearest.other, own);
    const where = found.map(({ at }) => at).join(', ');
    const problem = `no recorded request is the same; the nearest is number ${nearest.number}, which differs at ${where}`;
    return refuse(request, response, 400, problem, { nearest: nearest.number, differences: found });
  }
}

async function play(
  { status, type, retry_after: retry, body, base64, events = [], cut }: Entry,
  response: ServerResponse,
  pace: boolean,
): Promise<void> {
  const whole = body !== undefined ? Buffer.from(body) : base64 !== undefined ? Buffer.from(base64, 'base64') : null;
  // One that was cut was announced longer than it came.
  const length = whole === null ? {} : { 'content-length': whole.length + (cut === true ? 1 : 0) };
  response.writeHead(status, {
    ...(type === '' ? {} : { 'content-type': type }),
    ...(retry === undefined ? {} : { 'retry-after': retry }),
    ...length,
  });
  const began = performance.now();
  for (const [at, piece] of whole === null ? events : []) {
    const wait = at - (performance.now() - began);
    if (pace && wait > 1) await setTimeout(wait);
    if (response.destroyed) return;
    response.write(piece);
  }
  if (cut !== true) return void response.end(whole ?? undefined);
  await new Promise<void>((resolve) => response.write(whole ?? '', () => resolve()));
  response.destroy();
}

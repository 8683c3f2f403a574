import { Session } from 'node:inspector';

/** Parts of a script: [from, to), in order, apart from each other. */
type Parts = readonly (readonly [number, number])[];
export type Run = ReadonlyMap<string, Parts>;
interface Taken {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly ranges: readonly { startOffset: number; endOffset: number; count: number }[] }[];
  }[];
}

/**
 * Which blocks of the project's own code were ever run, by V8's own counters: nothing is instrumented, so what is tried is what runs, and
 * there is no native part. Reading them takes about half a millisecond, which is why many inputs are run before they are read.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #counts: (url: string) => boolean;
  /** What of each function was never run, by its place. */
  readonly #missing = new Map<string, Parts>();

  constructor(counts: (url: string) => boolean) {
    this.#counts = counts;
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What was run since the last call: of each function that was, by its place, what was left out. */
  take(): Run {
    const taken = this.#post('Profiler.takePreciseCoverage') as Taken;
    const functions = taken.result.flatMap(({ url, functions: all }) =>
      this.#counts(url) ? all.map(({ ranges }) => ({ url, ranges })) : [],
    );
    return new Map(
      functions.flatMap(({ url, ranges }) => {
        const [whole] = ranges;
        if (whole === undefined || whole.count === 0) return [];
        return [[`${url}:${whole.startOffset}:${whole.endOffset}`, notRun(ranges)] as const];
      }),
    );
  }

  /** How much of it was never run before, in characters of code; a function counts one more. */
  gain(run: Run): number {
    let found = 0;
    for (const [place, left] of run) {
      const before = this.#missing.get(place);
      found += before === undefined ? 1 + span(place) - length(left) : length(before) - length(both(before, left));
    }
    return found;
  }

  /** From now on it is not new. */
  remember(run: Run): void {
    for (const [place, left] of run) {
      const before = this.#missing.get(place);
      this.#missing.set(place, before === undefined ? left : both(before, left));
    }
  }

  /** As if nothing had ever been run. */
  forget(): void {
    this.take();
    this.#missing.clear();
  }

  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown;
    // The session of one's own thread answers at once.
    this.#session.post(method, parameters, (error, result) => {
      if (error !== null) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer;
  }
}

/** Ranges are nested, the outer one first: what an inner one says of its part counts. */
function notRun(ranges: readonly { startOffset: number; endOffset: number; count: number }[]): Parts {
  let parts: Parts = [];
  for (const { startOffset: from, endOffset: to, count } of ranges) {
    const others = parts.flatMap(
      ([a, b]): Parts => [...(a < from ? [[a, Math.min(b, from)] as const] : []), ...(b > to ? [[Math.max(a, to), b] as const] : [])],
    );
    parts = count > 0 ? others : [...others, [from, to] as const].sort(([a], [b]) => a - b);
  }
  return parts;
}

function both(a: Parts, b: Parts): Parts {
  return a.flatMap(([from, to]) =>
    b.flatMap(([start, end]): Parts => (Math.max(from, start) < Math.min(to, end) ? [[Math.max(from, start), Math.min(to, end)]] : [])),
  );
}

/** Length of the function at a place. */
function span(place: string): number {
  const [from = 0, to = 0] = place.split(':').slice(-2).map(Number);
  return to - from;
}
const length = (parts: Parts): number => parts.reduce((sum, [from, to]) => sum + to - from, 0);

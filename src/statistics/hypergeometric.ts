import { logChoose } from './factorial.ts';
import type { Random } from './random.ts';

/** Of an urn of `now + then` trials, `passed` of which are good, `now` are drawn: how many good ones are among them. */
export interface Urn {
  readonly passed: number;
  readonly now: number;
  readonly then: number;
}
/** Probability of `first`, `first + 1`, … good ones. */
export interface Probabilities {
  readonly first: number;
  readonly of: readonly number[];
}

export function hypergeometric({ passed, now, then }: Urn): Probabilities {
  const [first, last] = [Math.max(0, passed - then), Math.min(now, passed)];
  const ways = logChoose(now + then, now);
  const of = Array.from({ length: last - first + 1 }, (_, at) =>
    Math.exp(logChoose(passed, first + at) + logChoose(now + then - passed, now - first - at) - ways),
  );
  return { first, of };
}

/** Draws from the distribution, by its inverse. */
export function sampler({ first, of }: Probabilities, random: Random): () => number {
  let sum = 0;
  const upTo = of.map((p) => (sum += p));
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] ?? 1) > wanted) high = middle;
      else low = middle + 1;
    }
    return first + low;
  };
}

import { normalCdf } from './normal.ts';

/** Up to so many values on each side, all different, the distribution is counted out; beyond that the normal one is close enough. */
const COUNTED = 20;

/**
 * Mann-Whitney's U test of two samples, two-sided: exact for small ones without ties, else by the normal distribution with corrections for
 * ties and continuity. 1 where a side is empty or all values are the same.
 */
export function mannWhitney(now: readonly number[], then: readonly number[]): number {
  const [n, m] = [now.length, then.length];
  if (n === 0 || m === 0) return 1;
  const { u, ties } = rank(now, then);
  if (ties === 0 && n <= COUNTED && m <= COUNTED) return exact(u, n, m);
  const [total, mean] = [n + m, (n * m) / 2];
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  // A half less: U goes in steps. R's `correct = TRUE`.
  const distance = Math.max(0, Math.abs(u - mean) - 0.5);
  return variance <= 0 ? 1 : Math.min(1, 2 * normalCdf(-distance / Math.sqrt(variance)));
}

/** U of the first sample (pairs in which it is larger; half of those that tie), and the sum of t³ - t over groups of t equal values. */
function rank(now: readonly number[], then: readonly number[]): { readonly u: number; readonly ties: number } {
  const all = [...now.map((value) => ({ value, now: 1 })), ...then.map((value) => ({ value, now: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let [ranks, ties] = [0, 0];
  for (let from = 0; from < all.length; ) {
    let [to, ours] = [from, 0];
    for (; to < all.length && all[to]?.value === all[from]?.value; to += 1) ours += all[to]?.now ?? 0;
    const t = to - from;
    ranks += ours * ((from + 1 + to) / 2);
    ties += t ** 3 - t;
    from = to;
  }
  return { u: ranks - (now.length * (now.length + 1)) / 2, ties };
}

function exact(u: number, n: number, m: number): number {
  const ways = counts(n, m);
  const far = Math.min(u, n * m - u);
  const [below, all] = [ways.slice(0, far + 1), ways].map((some) => some.reduce((sum, count) => sum + count, 0));
  return Math.min(1, (2 * (below ?? 0)) / (all ?? 1));
}

/** In how many orders of n and m values U is 0, 1, … n·m: the coefficients of the Gaussian binomial. Kept: sides repeat their sizes. */
function counts(n: number, m: number): Float64Array {
  const known = kept.get(n * (COUNTED + 1) + m);
  if (known !== undefined) return known;
  const ways = new Float64Array(n * m + 1);
  ways[0] = 1;
  for (let i = 1; i <= n; i += 1) {
    for (let u = n * m; u >= m + i; u -= 1) ways[u] = (ways[u] ?? 0) - (ways[u - m - i] ?? 0);
    for (let u = i; u <= n * m; u += 1) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  kept.set(n * (COUNTED + 1) + m, ways);
  return ways;
}
const kept = new Map<number, Float64Array>();

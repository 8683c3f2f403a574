import { logChoose } from './factorial.ts';

/** Standard deviations below the mean at which the search begins: what lies below is under 1e-15. */
const FAR = 9;

/** The least k with P(X ≤ k) ≥ u, X the passes of n trials of rate p. */
export function binomialQuantile(u: number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return n;
  let k = Math.max(0, Math.floor(n * p - FAR * Math.sqrt(n * p * (1 - p)) - FAR));
  const odds = p / (1 - p);
  let term = Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let sum = term;
  while (sum < u && k < n) {
    term *= ((n - k) / (k + 1)) * odds;
    k += 1;
    sum += term;
  }
  return k;
}

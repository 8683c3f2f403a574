/**
 * q-values, in the order of the p-values: naming all with q ≤ a keeps the expected share of false ones among the named below a, for
 * independent tests (Benjamini and Hochberg 1995).
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = p.map((_, at) => at).toSorted((a, b) => (p[b] ?? 0) - (p[a] ?? 0));
  const q = p.map(() => 1);
  let least = 1;
  for (const [place, at] of order.entries()) {
    least = Math.min(least, ((p[at] ?? 1) * p.length) / (p.length - place));
    q[at] = least;
  }
  return q;
}

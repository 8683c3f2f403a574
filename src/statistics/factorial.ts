const EXACT = 32;
const logs: number[] = [0];
for (let n = 1; n < EXACT; n += 1) logs.push((logs[n - 1] ?? 0) + Math.log(n));

/** ln n!, n a whole number from 0: a table, then Stirling's series, whose next term is below 1e-15 from 32 on. */
export function logFactorial(n: number): number {
  const known = logs[n];
  if (known !== undefined) return known;
  const [r, r2] = [1 / n, 1 / (n * n)];
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + r * (1 / 12 - r2 * (1 / 360 - r2 * (1 / 1260 - r2 / 1680)));
}

/** ln of the number of ways to take k of n; -Infinity where there is none. */
export function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? -Infinity : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

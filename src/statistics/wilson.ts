/** Of the standard normal distribution: 95 % lie within. */
const Z = 1.959963984540054;

/** Wilson's score interval of 95 % for `passed` of `trials`, from 0 to 1 (Wilson 1927). No trials: 0 to 1. */
export function wilson(passed: number, trials: number): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const [rate, z2] = [passed / trials, Z * Z];
  const middle = (rate + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (Z / (1 + z2 / trials)) * Math.sqrt((rate * (1 - rate)) / trials + z2 / (4 * trials * trials));
  // The ends are exactly 0 and 1 there; rounding would leave 1e-17.
  return { low: passed === 0 ? 0 : middle - half, high: passed === trials ? 1 : middle + half };
}

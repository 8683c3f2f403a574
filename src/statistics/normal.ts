/** Where the continued fraction begins to need fewer terms than the series. */
const TAIL = 2.5;
const TERMS = 200;

/** P(Z ≤ z) of the standard normal distribution, to 12 digits also in the tails. */
export function normalCdf(z: number): number {
  if (z < -TAIL) return upperTail(-z);
  if (z > TAIL) return 1 - upperTail(z);
  // Marsaglia, Evaluating the Normal Distribution (2004): 1/2 + φ(z)·(z + z³/3 + z⁵/(3·5) + …).
  let [sum, term] = [z, z];
  for (let n = 3; n < TERMS && Math.abs(term) > 1e-17; n += 2) {
    term *= (z * z) / n;
    sum += term;
  }
  return 0.5 + density(z) * sum;
}

/** Laplace's continued fraction, from its far end: φ(z)/(z + 1/(z + 2/(z + …))). */
function upperTail(z: number): number {
  let below = z;
  for (let n = TERMS; n > 0; n -= 1) below = z + n / below;
  return density(z) / below;
}

const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

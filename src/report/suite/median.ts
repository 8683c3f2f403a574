/** So many values are kept as they are. */
const EXACT = 256;
/** Beyond, a value is known to half a percent: buckets whose bounds grow by one. */
const GROWTH = Math.log(1.01);

/**
 * The median of a stream of numbers that are not negative, in memory that does not grow with the stream: exact of up to 256 values, within
 * 0.5 % of more (buckets on a logarithmic scale, as in DDSketch, Masson et al. 2019). The order of the values does not matter.
 */
export class Median {
  #values: number[] | null = [];
  readonly #buckets = new Map<number, number>();
  #count = 0;

  add(value: number): void {
    this.#count += 1;
    if (this.#values === null) return this.#fold(value);
    this.#values.push(value);
    if (this.#values.length <= EXACT) return;
    for (const one of this.#values) this.#fold(one);
    this.#values = null;
  }

  /** null: there was no value. */
  get value(): number | null {
    if (this.#count === 0) return null;
    const [low, high] = [(this.#count - 1) >> 1, this.#count >> 1];
    if (this.#values !== null) {
      const sorted = this.#values.toSorted((a, b) => a - b);
      return ((sorted[low] ?? 0) + (sorted[high] ?? 0)) / 2;
    }
    let seen = 0;
    for (const [bucket, count] of [...this.#buckets].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen > low) return bucket === -Infinity ? 0 : Math.exp((bucket + 0.5) * GROWTH);
    }
    return null;
  }

  #fold(value: number): void {
    const bucket = Math.floor(Math.log(value) / GROWTH);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
  }
}

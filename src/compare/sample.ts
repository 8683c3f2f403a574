import type { Random } from '../statistics/random.ts';

/** Values of one number of one task that are kept: enough for a median and a test. */
const KEPT = 200;

/** All values while they are few, then an even sample of all (Vitter's algorithm R): memory does not grow with trials. */
export class Sample {
  readonly values: number[] = [];
  #seen = 0;

  add(value: number | null, random: Random): void {
    if (value === null) return;
    this.#seen += 1;
    if (this.values.length < KEPT) this.values.push(value);
    else {
      const at = Math.floor(random() * this.#seen);
      if (at < KEPT) this.values[at] = value;
    }
  }
}

import { type Random, sfc32 } from '../../src/statistics/random.ts';
import type { Coverage } from './coverage.ts';
import { mutate, shrink } from './mutate.ts';
import type { Finding, Target } from './target.ts';

/** Inputs between two looks at what they covered. */
const BATCH = 100;
/** ms of processor time that any input may take: garbage collection and first compilation are in it. */
const ANY_INPUT = 60;
const LONGEST = 4096;
const PER_BYTE = 5;
/** Attempts to make a finding, or an input that is kept, smaller. */
const SHRINK = { finding: 2000, kept: 150 } as const;
/** Bytes that inputs are blown up to, to see whether time grows with them. */
const BLOWN = 1 << 16;

export interface Limits {
  /** Inputs to try, beside the corpus. */
  readonly runs: number;
  /** ms since the epoch at which to stop, whatever was tried. */
  readonly until: number;
  readonly seed: number;
}
export interface Result {
  readonly finding: Finding | null;
  readonly tried: number;
  /** Inputs that reached something new, the corpus counted. */
  readonly reached: readonly Buffer[];
}

/** Runs a target: the corpus, what coverage leads to from there, and large inputs made of all of it. Ends at the first finding. */
export class Guided {
  readonly #target: Target;
  readonly #coverage: Coverage;
  readonly #about: (input: Buffer) => void;
  readonly #random: (stream: number) => Random;
  tried = 0;

  /** `about` is told of every input before it is tried: whoever watches has it when nothing comes back. */
  constructor(target: Target, coverage: Coverage, seed: number, about: (input: Buffer) => void) {
    this.#target = target;
    this.#coverage = coverage;
    this.#about = about;
    this.#random = (stream) => sfc32(seed, stream);
  }

  async run(corpus: readonly Buffer[], { runs, until }: Omit<Limits, 'seed'>): Promise<Result> {
    const reached: Buffer[] = [];
    const done = (finding: Finding | null): Result => ({ finding, tried: this.tried, reached });
    const broken = async (finding: Finding): Promise<Result> => done(await this.#smallest(finding));
    for (const input of corpus) {
      const finding = await this.#breaks(input);
      if (finding !== null) return broken(finding);
      if (this.#isNew()) reached.push(input);
    }
    const material = {
      corpus: reached.length === 0 ? [...corpus, Buffer.alloc(0)] : reached,
      words: wordsOf(this.#target),
      longest: this.#longest,
    };
    const random = this.#random(0);
    for (let left = runs; left > 0 && Date.now() < until; left -= BATCH) {
      const batch = Array.from({ length: Math.min(BATCH, left) }, () => mutate(random, material));
      for (const input of batch) {
        const finding = await this.#breaks(input);
        if (finding !== null) return broken(finding);
      }
      const all = this.#coverage.take();
      if (this.#coverage.gain(all) === 0) continue;
      for (const input of batch) {
        await this.#breaks(input);
        if (this.#isNew()) reached.push(input);
      }
      // What no single input does again, such as code that runs once, is not looked for the next time.
      this.#coverage.remember(all);
    }
    for (const input of reached) {
      for (const large of blownUp(input, this.#random(input.length))) {
        if (Date.now() > until) return done(null);
        const finding = await this.#breaks(large);
        if (finding !== null) return broken(finding);
      }
    }
    return done(null);
  }

  /** Few and small inputs that reach together what all of them reach, and the seeds do not. */
  async few(inputs: readonly Buffer[]): Promise<Buffer[]> {
    this.#coverage.forget();
    for (const seed of seedsOf(this.#target)) await this.#breaks(seed);
    this.#isNew();
    const reaches = async (input: Buffer): Promise<number> => {
      this.#coverage.take();
      await this.#breaks(input);
      return this.#coverage.gain(this.#coverage.take());
    };
    const kept: Buffer[] = [];
    for (const input of [...inputs].sort((a, b) => a.length - b.length || Buffer.compare(a, b))) {
      const all = await reaches(input);
      if (all === 0) continue;
      const small = await shrink(input, SHRINK.kept, async (smaller) => (await reaches(smaller)) >= all);
      await this.#breaks(small);
      this.#isNew();
      kept.push(small);
    }
    return kept;
  }

  /** Whether what ran since the last look was new; it is not the next time. */
  #isNew(): boolean {
    const run = this.#coverage.take();
    const isNew = this.#coverage.gain(run) > 0;
    this.#coverage.remember(run);
    return isNew;
  }

  get #longest(): number {
    return this.#target.longest ?? LONGEST;
  }

  /** null: what was to hold holds. */
  async #breaks(input: Buffer): Promise<Finding | null> {
    this.#about(input);
    this.tried += 1;
    const began = performance.now();
    try {
      // A copy: a target that writes into its input would change the corpus.
      await this.#target.check(Buffer.from(input));
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'threw', message: stack ?? message, input };
    }
    return performance.now() - began < this.#most(input) ? null : this.#slow(input);
  }

  #most(input: Buffer): number {
    return ANY_INPUT + ((this.#target.perByte ?? PER_BYTE) * input.length) / 1000;
  }

  /** Once more, and again, by the clock of this thread's processor time: another program may have had the machine. */
  async #slow(input: Buffer): Promise<Finding | null> {
    let least = Infinity;
    for (let round = 0; round < 2 && least > this.#most(input); round += 1) {
      const began = processorTime();
      await this.#target.check(Buffer.from(input));
      least = Math.min(least, processorTime() - began);
    }
    if (least <= this.#most(input)) return null;
    return { kind: 'slow', message: `${Math.round(least)} ms for ${input.length} bytes`, input };
  }

  async #smallest(found: Finding): Promise<Finding> {
    const { kind, input } = found;
    // Slow inputs are slow to make smaller, and small ones are not slow.
    if (kind === 'slow') return found;
    const again = await this.#breaks(input);
    if (again === null) return { kind, message: `${found.message}\nbut not once more: the target keeps something`, input };
    let best = again;
    await shrink(input, SHRINK.finding, async (smaller) => {
      const other = await this.#breaks(smaller);
      if (other === null || other.kind !== kind || where(other.message) !== where(again.message)) return false;
      best = other;
      return true;
    });
    return best;
  }
}

const processorTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The place in the code that threw: the first line of the stack with one. */
const where = (stack: string): string => /^ +at .*$/m.exec(stack)?.[0] ?? stack;

export const wordsOf = (target: Target): Buffer[] => (target.words ?? []).map((word) => Buffer.from(word as string));
export const seedsOf = (target: Target): Buffer[] => target.seeds.map((seed) => Buffer.from(seed as string));

/** Large inputs that are made of a small one: all of it again and again, and a part of it in its place. */
function* blownUp(input: Buffer, random: Random): Generator<Buffer> {
  if (input.length === 0) return;
  yield Buffer.alloc(BLOWN, input);
  for (let n = 0; n < 2; n += 1) {
    const from = Math.floor(random() * input.length);
    const to = Math.min(input.length, from + 1 + Math.floor(random() ** 2 * 16));
    const middle = Buffer.alloc(BLOWN - input.length > 0 ? BLOWN - input.length : 0, input.subarray(from, to));
    yield Buffer.concat([input.subarray(0, from), middle, input.subarray(from)]);
  }
}

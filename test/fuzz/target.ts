/** A parser, and what has to hold whatever it is given. */
export interface Target {
  /** Good inputs: where the fuzzer begins, beside the kept corpus. */
  readonly seeds: readonly (string | Buffer)[];
  /** What the format is made of, put into inputs now and then. */
  readonly words?: readonly (string | Buffer)[];
  /** Bytes of an input; default 4,096. */
  readonly longest?: number;
  /** µs of processor time that a byte of input may take, beside what any input may take; default 5. */
  readonly perByte?: number;
  /** Throws where something does not hold. Refusing the input is the parser's right, and not that. */
  check(input: Buffer): void | Promise<void>;
}

/** What a target was broken by. */
export interface Finding {
  /** `hang`: it was stopped; `memory`: the engine gave up; `slow`: more time than the target allows for so many bytes. */
  readonly kind: 'threw' | 'slow' | 'hang' | 'memory';
  readonly message: string;
  readonly input: Buffer;
}

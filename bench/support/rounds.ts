import { spawnSync, type StdioOptions } from 'node:child_process';

/** What is measured: one command, run to its end. */
export interface Contestant {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The exit code that shows that it did its work; another one ends the benchmark. */
  readonly code: number;
  /** What has to be so before and after each run, outside the time that is measured; throws where the work was not done. */
  readonly before?: () => void;
  readonly after?: () => void;
  /** It measures itself, since it has something ready first, and prints the ms. */
  readonly tells?: true;
}
/** ms, in the order of the rounds. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/** Fewer say too little (docs/benchmarks.md). */
export const ROUNDS = 11;

/** Runs the contestants in turn, so that a change of the machine's mood meets all of them; a first round warms caches and is left out. */
export function alternate(contestants: readonly Contestant[], rounds = ROUNDS): Samples {
  const samples: Record<string, number[]> = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1)
    for (const contestant of contestants) {
      const ms = once(contestant);
      if (round > 0) samples[contestant.name]?.push(ms);
    }
  return samples;
}

function once({ name, argv: [file, ...args], cwd, env, code, before, after, tells }: Contestant): number {
  before?.();
  const start = process.hrtime.bigint();
  const stdio: StdioOptions = ['ignore', tells ? 'pipe' : 'ignore', 'pipe'];
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env, stdio, timeout: 300_000 });
  const ms = tells ? Number(stdout) : Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== code)
    throw new Error(`${name} ended with ${status ?? error?.message}, not ${code}: ${stderr?.toString('utf8').slice(-500)}`);
  after?.();
  return Math.round(ms * 10) / 10;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? Number.NaN) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

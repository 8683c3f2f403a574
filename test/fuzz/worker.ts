import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.ts';
import { Guided, type Limits, seedsOf } from './guided.ts';
import type { Target } from './target.ts';

/** What a worker is told. */
export interface Task {
  /** URL of the target's module. */
  readonly module: string;
  readonly corpus: readonly Uint8Array[];
  readonly limits: Limits;
  /** Whether to answer with a corpus that is worth keeping. */
  readonly few: boolean;
  /** Where the input stands that is being tried: a count of inputs, its length, its bytes. */
  readonly watched: SharedArrayBuffer;
}

const { module, corpus, limits, few, watched } = workerData as Task;
const { target } = (await import(module)) as { target: Target };
const numbers = new Int32Array(watched, 0, 2);
const bytes = new Uint8Array(watched, 8);
const guided = new Guided(target, new Coverage((url) => /\/src\/[^?]*$/.test(url)), limits.seed, (input) => {
  bytes.set(input.subarray(0, bytes.length));
  numbers[1] = Math.min(input.length, bytes.length);
  numbers[0] = (numbers[0] ?? 0) + 1;
});
const all = [...seedsOf(target), ...corpus.map((input) => Buffer.from(input))];
const result = await guided.run(all, limits);
parentPort?.postMessage({ ...result, kept: few && result.finding === null ? await guided.few(result.reached) : [] });

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Limits } from './guided.ts';
import type { Finding } from './target.ts';
import type { Task } from './worker.ts';

const HERE = import.meta.dirname;
/** Inputs that are kept, in a directory for each target: `found-…` broke it once, the others reach what there is. */
export const CORPUS = join(HERE, '../fuzz-corpus');
const FOUND = 'found-';
/** ms without an end of one input: it hangs. */
const HANG = 20_000;
const LOOK = 250;
/** Bytes of an input that hangs, or takes all memory, which are kept. */
const WATCHED = 1 << 17;
/** MiB that a target may take. */
const MEMORY = 1024;

export const targets = (): string[] =>
  readdirSync(join(HERE, 'targets'))
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();

export interface Run {
  readonly target: string;
  readonly finding: Finding | null;
  /** Where the finding's input is kept; null: nothing was found. */
  readonly file: string | null;
  readonly tried: number;
  /** Inputs that reached something new. */
  readonly reached: number;
}

/** Fuzzes one target in a thread of its own, from its seeds and its corpus. `keep`: what is worth it becomes its corpus. */
export async function fuzz(
  target: string,
  limits: Limits,
  { keep = false, module = moduleOf(target), corpus = CORPUS, hang = HANG, memory = MEMORY } = {},
): Promise<Run> {
  const directory = join(corpus, target);
  const known = existsSync(directory) ? readdirSync(directory).sort() : [];
  const inputs = known.map((name) => readFileSync(join(directory, name)));
  const watched = new SharedArrayBuffer(WATCHED + 8);
  const task: Task = { module, corpus: inputs, limits, few: keep, watched };
  const { finding, tried, reached, kept } = await inThread(task, hang, memory);
  if (keep && finding === null) {
    for (const name of known) if (!name.startsWith(FOUND)) rmSync(join(directory, name));
    mkdirSync(directory, { recursive: true });
    for (const input of kept) writeFileSync(join(directory, nameOf(input)), input);
  }
  if (finding === null) return { target, finding, file: null, tried, reached: reached.length };
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `${FOUND}${nameOf(finding.input)}`);
  writeFileSync(file, finding.input);
  return { target, finding, file, tried, reached: reached.length };
}

interface Answer {
  readonly finding: Finding | null;
  readonly tried: number;
  readonly reached: readonly Uint8Array[];
  readonly kept: readonly Uint8Array[];
}

async function inThread(task: Task, hang: number, memory: number): Promise<Answer> {
  const numbers = new Int32Array(task.watched, 0, 2);
  const worker = new Worker(join(HERE, 'worker.ts'), {
    workerData: task,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
  let timer: NodeJS.Timeout | undefined;
  const broken = (kind: Finding['kind'], message: string): Answer => {
    const input = Buffer.from(new Uint8Array(task.watched, 8, numbers[1] ?? 0));
    return { finding: { kind, message, input }, tried: numbers[0] ?? 0, reached: [], kept: [] };
  };
  try {
    return await new Promise<Answer>((resolve, reject) => {
      let [seen, since] = [-1, Date.now()];
      timer = setInterval(() => {
        if (numbers[0] !== seen) [seen, since] = [numbers[0] ?? 0, Date.now()];
        else if (seen > 0 && Date.now() - since > hang) resolve(broken('hang', `no end after ${hang / 1000} s`));
      }, LOOK);
      worker.once('message', ({ finding, ...rest }: Answer) => {
        resolve({ finding: finding === null ? null : { ...finding, input: Buffer.from(finding.input) }, ...rest });
      });
      worker.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve(broken('memory', `more than ${memory} MiB`));
        // Not by the target: what it throws is caught. Something that nobody waits for, or the fuzzer itself.
        else if ((numbers[0] ?? 0) > 0) resolve(broken('threw', error.stack ?? error.message));
        else reject(error);
      });
      worker.once('exit', (code) => reject(new Error(`the thread of the target ended with ${code}`)));
    });
  } finally {
    clearInterval(timer);
    await worker.terminate();
  }
}

const moduleOf = (target: string): string => pathToFileURL(join(HERE, 'targets', `${target}.ts`)).href;
const nameOf = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 12);

/** How a run ended, for people. */
export function told({ target, finding, file, tried, reached }: Run): string {
  const done = `${target}: ${tried} inputs, ${reached} reached something new`;
  return finding === null ? done : `${done}\n${target}: ${finding.kind}: ${finding.message}\nthe input is kept: ${file}`;
}

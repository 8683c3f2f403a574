import { NdjsonWriter } from '../system/ndjson.ts';
import type { ScratchUse } from '../host/scratch.ts';
import type { Context } from './context.ts';

const EVERY = 1000;

/** Samples what the run uses, once a second and at the end, into `usage.ndjson` and the peaks of `run.json`. */
export class Usage implements AsyncDisposable {
  readonly #context: Context;
  readonly #scratch: () => ScratchUse;
  readonly #before: ScratchUse;
  readonly #writer: NdjsonWriter;
  readonly #timer: NodeJS.Timeout;
  #ended = false;

  constructor(context: Context, scratch: () => ScratchUse) {
    this.#context = context;
    this.#scratch = scratch;
    this.#before = scratch();
    this.#writer = new NdjsonWriter(context.files.fd('usage.ndjson'), 'usage');
    this.#timer = setInterval(() => this.#sample(), EVERY);
  }
  #sample(): void {
    const { cgroup, paper, channel } = this.#context;
    if (cgroup === null) return;
    const { memory, memoryPeak, cpu, pids, pidsPeak } = cgroup.usage();
    const { bytes, files, read, written } = this.#scratch();
    const moved = { read: read - this.#before.read, written: written - this.#before.written };
    this.#writer.line({ t: channel.clock(), memory, cpu, pids, disk: bytes, files, ...moved });
    paper.peak('memory', memoryPeak);
    paper.peak('processes', Math.max(pids, pidsPeak));
    paper.peak('disk', bytes);
    paper.peak('files', files);
  }
  /** Nothing will be used any more, and the scratch disk may go. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#sample();
    this.#writer.end();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
  }
}

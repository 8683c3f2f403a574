import { writeSync } from 'node:fs';

/**
 * Writer of a record's NDJSON file: a schema line, lines, and `{"end":true,"lines":N}`. A file without that last line was cut off.
 * Synchronous on purpose: what was handed over is in the kernel when the call returns (`flush: 'line'`), so a SIGKILL leaves a valid prefix.
 */
export class NdjsonWriter {
  readonly #fd: number;
  readonly #every: boolean;
  #pending: string[] = [];
  #size = 0;
  #lines = 0;

  /** `schema` is the bare name: `changes` becomes `agent-jail/changes@1`. */
  constructor(fd: number, schema: string, header: Readonly<Record<string, unknown>> = {}, flush: 'line' | 'buffer' = 'line') {
    this.#fd = fd;
    this.#every = flush === 'line';
    this.#push({ schema: `agent-jail/${schema}@1`, ...header });
  }

  line(value: object): void {
    this.#lines += 1;
    this.#push(value);
  }

  /** Lines written, the schema line not counted. */
  get lines(): number {
    return this.#lines;
  }

  end(extra: Readonly<Record<string, unknown>> = {}): void {
    this.#push({ end: true, lines: this.#lines, ...extra });
    this.flush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    writeAll(this.#fd, Buffer.from(this.#pending.join('')));
    this.#pending = [];
    this.#size = 0;
  }

  #push(value: object): void {
    const text = `${JSON.stringify(value)}\n`;
    this.#pending.push(text);
    this.#size += text.length;
    if (this.#every || this.#size > 1 << 18) this.flush();
  }
}

/** Writes all of `bytes`, where the file stands or at a place; a single write(2) may take less. */
export function writeAll(fd: number, bytes: Uint8Array, at: number | null = null): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(fd, bytes, done, bytes.length - done, at === null ? null : at + done);
}

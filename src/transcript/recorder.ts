import { createHash, type Hash } from 'node:crypto';
import type { Sha256 } from '../model/names.ts';
import { NdjsonWriter, writeAll } from '../system/ndjson.ts';
import type { Redactor } from './redact.ts';

/** Output within this time (ms) and size shares a line of the index, so that a million tiny writes do not make a million lines. */
const COALESCE_MS = 10;
const COALESCE_BYTES = 1 << 16;
/** A checkpoint at the latest after this time (ms) or size, if there was output. */
const CHECKPOINT_MS = 1000;
const CHECKPOINT_BYTES = 1 << 20;

export interface RecorderOptions {
  /** Descriptors of `transcript.log` and `transcript.ndjson`, open for writing; they stay the owner's to close. */
  readonly log: number;
  readonly index: number;
  readonly redactor: Redactor;
  /** ms since run start. */
  readonly clock: () => number;
  /** `sha256` and `bytes` are of `transcript.log` so far. */
  readonly checkpoint: (step: number, sha256: Sha256, bytes: number) => void;
  /** Redacted output as it is written. The bytes are valid during the call only. */
  readonly display: (step: number, bytes: Buffer) => void;
}

/** `merged`: a pipe for both of a step's streams; `tty`: a terminal, whose bytes are as they come off it; else a pipe for each. */
export type Stream = 'merged' | 'tty' | 'stdout' | 'stderr';

/** Lines of `transcript.ndjson`. Offsets, lengths, hashes are of `transcript.log`; `step` is null between steps. */
export type TranscriptLine = { readonly t: number; readonly step: number | null } & (
  | { readonly kind: 'begin'; readonly name: string; readonly offset: number }
  | { readonly kind: 'output'; readonly stream: Stream; readonly offset: number; readonly length: number }
  | { readonly kind: 'checkpoint'; readonly sha256: Sha256; readonly bytes: number }
  | { readonly kind: 'end'; readonly code: number | null; readonly signal: string | null; readonly bytes: number } // before redaction
  | { readonly kind: 'mark'; readonly name: string; readonly data: unknown }
);
type WithoutPlace<Line> = Line extends TranscriptLine ? Omit<Line, 't' | 'step'> : never;

/**
 * Writes what the steps print: the redacted bytes to `transcript.log`, then when they came to `transcript.ndjson`. When `write`
 * returns, the bytes are in the kernel; after a SIGKILL the index is a valid prefix that never speaks of bytes that are not there.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #index: NdjsonWriter;
  /** From the first byte on: to load what hashes takes a while. */
  #hash: Hash | null = null;
  #step: number | null = null;
  /** That of what is written without another one. */
  #stream: Stream = 'merged';
  /** Bytes of two streams do not make one secret. */
  readonly #errors: Redactor;
  /** Bytes that the running step printed, before redaction. */
  #printed = 0;
  /** Bytes of `transcript.log`. */
  #written = 0;
  #pending: { readonly t: number; readonly stream: Stream; readonly offset: number; length: number } | null = null;
  #checked = { t: 0, bytes: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#errors = options.redactor.beside();
    this.#index = new NdjsonWriter(options.index, 'transcript');
  }

  /** What the running step has printed so far, in bytes before redaction: what `limits.output` is about. */
  get printed(): number {
    return this.#printed;
  }

  begin(step: number, name: string, stream: Stream = 'merged'): void {
    if (this.#step !== null) throw new Error(`step ${this.#step} has not ended`);
    this.#step = step;
    this.#stream = stream;
    this.#printed = 0;
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: 'begin', name: this.#options.redactor.redactText(name), offset: this.#written });
  }

  write(chunk: Buffer, stream = this.#stream): void {
    const step = this.#running();
    this.#printed += chunk.length;
    this.#emit(step, stream, (stream === 'stderr' ? this.#errors : this.#options.redactor).push(chunk));
  }

  /** To be called about each 100 ms: brings the index up to date, makes the checkpoint that is due. */
  tick(): void {
    const now = this.#options.clock();
    if (this.#pending !== null && now - this.#pending.t >= COALESCE_MS) this.#flushIndex();
    if (this.#step !== null && this.#written > this.#checked.bytes && now - this.#checked.t >= CHECKPOINT_MS) this.#checkpoint(this.#step);
  }

  /** `bytes` is what the step printed, before redaction; `sha256` is of `transcript.log` so far. */
  end(exit: { readonly code: number | null; readonly signal: string | null }): { readonly bytes: number; readonly sha256: Sha256 } {
    const step = this.#running();
    this.#flushStreams(step);
    const sha256 = this.#checkpoint(step);
    this.#line({ kind: 'end', code: exit.code, signal: exit.signal, bytes: this.#printed });
    this.#step = null;
    return { bytes: this.#printed, sha256 };
  }

  /** Something that the reader of a transcript should know: a limit, a cancellation. `data` is redacted. */
  mark(name: string, data: object): void {
    this.#flushIndex();
    this.#line({ kind: 'mark', name, data: this.#options.redactor.redactJson(data) });
  }

  /** Ends the index; a step that has not ended stays without its `end` line. */
  close(): void {
    if (this.#step !== null) this.#flushStreams(this.#step);
    this.#flushIndex();
    this.#index.end();
  }

  #running(): number {
    if (this.#step === null) throw new Error('no step is running');
    return this.#step;
  }

  #flushStreams(step: number): void {
    this.#emit(step, this.#stream, this.#options.redactor.flush());
    this.#emit(step, 'stderr', this.#errors.flush());
  }

  #emit(step: number, stream: Stream, bytes: Buffer): void {
    if (bytes.length === 0) return;
    const t = this.#options.clock();
    writeAll(this.#options.log, bytes);
    (this.#hash ??= createHash('sha256')).update(bytes);
    const pending = this.#pending;
    const together = pending !== null && pending.stream === stream && t - pending.t < COALESCE_MS;
    if (together && pending.length + bytes.length <= COALESCE_BYTES) {
      pending.length += bytes.length;
    } else {
      this.#flushIndex();
      this.#pending = { t, stream, offset: this.#written, length: bytes.length };
    }
    this.#written += bytes.length;
    if (this.#written - this.#checked.bytes >= CHECKPOINT_BYTES) this.#checkpoint(step);
    this.#options.display(step, bytes);
  }

  #checkpoint(step: number): Sha256 {
    this.#flushIndex();
    const sha256 = (this.#hash ??= createHash('sha256')).copy().digest('hex') as Sha256;
    this.#checked = { t: this.#options.clock(), bytes: this.#written };
    this.#line({ kind: 'checkpoint', sha256, bytes: this.#written });
    this.#options.checkpoint(step, sha256, this.#written);
    return sha256;
  }

  #flushIndex(): void {
    if (this.#pending === null) return;
    const { t, ...where } = this.#pending;
    this.#pending = null;
    this.#line({ kind: 'output', ...where }, t);
  }

  #line(line: WithoutPlace<TranscriptLine>, t: number = this.#options.clock()): void {
    this.#index.line({ t, step: this.#step, ...line });
  }
}

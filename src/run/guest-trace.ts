import { hrtime } from 'node:process';
import type { ProgramsRecord } from '../model/programs.ts';
import type { Context } from './context.ts';
import { type GuestMessage, guestMessage } from './guest-message.ts';
import { ProgramLog, type ProgramMessage } from './program-log.ts';

/** Lines of a run that are looked at: a guest that was broken into can send any number. */
const MOST = 1_000_000;

/** The step whose guest speaks. */
interface Speaker {
  readonly step: number;
  readonly since: number;
  /** ms that its clock is behind the run's. */
  behind: number;
  /** Processes of the steps before. */
  readonly before: number;
}

/**
 * `programs.ndjson` of a run in virtual machines: which programs ran, as the kernels of the guests told it, one a step, by the same program
 * as elsewhere (`trace.pl`). Whoever breaks a guest's kernel can have it say anything: what it says is taken for text and numbers of the
 * step whose guest it is, and for nothing else.
 */
export class GuestTrace {
  readonly #context: Context;
  readonly #log: ProgramLog;
  #speaker: Speaker | null = null;
  #lines = 0;
  #lost = 0;
  #why: string | null = null;
  #finished: ProgramsRecord | null = null;

  constructor(context: Context) {
    this.#context = context;
    this.#log = new ProgramLog(context);
  }
  async begin(step: number): Promise<void> {
    const since = this.#now;
    this.#speaker = { step, since, behind: since, before: this.#log.processes };
  }
  /** A line of the guest's. */
  told(text: string): void {
    if (this.#speaker === null) return;
    this.#lines += 1;
    const message = this.#lines > MOST ? null : guestMessage(text);
    if (message === null) this.#lost += 1;
    else this.#take(this.#speaker, message);
  }
  #take(speaker: Speaker, message: GuestMessage): void {
    if (message.kind === 'begun') speaker.behind = this.#now - message.t;
    else if (message.kind === 'none') this.#why ??= message.why;
    else if (message.kind === 'program') this.#log.add(this.#ofRun(speaker, message));
    else if (message.kind === 'done') {
      this.#lost += message.lost;
      this.#speaker = null;
    }
  }
  /** Numbers of processes go on from step to step, and so does the time. */
  #ofRun({ step, since, behind, before }: Speaker, message: ProgramMessage): ProgramMessage {
    const t = Number(Math.min(this.#now, Math.max(since, message.t + behind)).toFixed(3));
    const parent = message.parent === null ? null : before + message.parent;
    return { ...message, step, t, process: before + message.process, parent };
  }
  /** Nothing of the step lives any more. A guest that has not told everything by now was killed. */
  end(_step: number): void {
    if (this.#speaker !== null) this.#lost += 1;
    this.#speaker = null;
  }
  /** Nothing of the jail lives any more: ends the log, once. */
  async finish(): Promise<ProgramsRecord> {
    return (this.#finished ??= this.#finish());
  }
  #finish(): ProgramsRecord {
    this.end(0);
    const counts = this.#log.end(this.#lost);
    return this.#why === null ? { source: 'guest', ...counts } : { source: 'none', why: this.#why };
  }
  /** The kernels that saw it are gone. */
  async remove(): Promise<void> {}

  get #now(): number {
    return Number(hrtime.bigint() - BigInt(this.#context.epoch)) / 1e6;
  }
}

import { constants } from 'node:os';
import { OUTER_PROC } from '../host/outside.ts';
import { hostName } from '../host/places.ts';
import { removeTrace } from '../host/tracing.ts';
import type { ProgramLine, ProgramsRecord, TraceMessage } from '../model/programs.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import type { Redactor } from '../transcript/redact.ts';
import { ownUid, Peer } from './children.ts';
import type { Context } from './context.ts';
import type { Place as HeldPlace } from './held.ts';

/** What the log holds at the most, so that no loop of forks fills the record; the rest is counted. */
const MOST = { lines: 20_000, bytes: 64 << 20 };
/** ms that a step waits for the log, and that its end may take. */
const PATIENCE = 5000;

/**
 * `programs.ndjson`: which programs ran, as the kernel told it (`trace.pl`). It is no part of the wall: where it cannot be made, or ends, the
 * record says why, and the run goes on.
 */
export class Trace {
  readonly #context: Context;
  readonly #writer: NdjsonWriter;
  readonly #peer: Peer;
  readonly #over: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  #begun: PromiseWithResolvers<void> | null = null;
  /** Why there is no log, or no more of it. */
  #why: string | null = null;
  #lost: number | null = null;
  #bytes = 0;
  #programs = 0;
  #omitted = 0;
  #processes = 0;
  #finished: Promise<ProgramsRecord> | null = null;
  #removed: Promise<void> | null = null;

  constructor(context: Context) {
    const { request, programs, epoch, files } = context;
    this.#context = context;
    this.#writer = new NdjsonWriter(files.fd('programs.ndjson'), 'programs');
    const argv = ['perl', programs.trace, hostName(request.id), epoch, String(ownUid()), OUTER_PROC] as const;
    this.#peer = new Peer({ argv: [...argv], descriptors: [], name: 'log of programs' });
    this.#over = this.#read().catch((error: Error) => this.#none(error.message));
  }

  /** What is to be seen from here would not be the step's: there is no log, and the record says why. */
  none(why: string): void {
    this.#none(why);
  }
  /** A step is held: what descends from it counts. Never rejects. */
  async begin(step: number, { pid, proc }: HeldPlace, owner: number): Promise<void> {
    await this.#orLate(this.#ready.promise);
    if (this.#why !== null) return;
    this.#begun = Promise.withResolvers<void>();
    this.#peer.say(`begin ${step} ${pid} ${proc === OUTER_PROC ? 'machine' : 'own'} ${owner}`);
    await this.#orLate(this.#begun.promise);
  }
  /** Nothing of the step lives any more. */
  end(step: number): void {
    if (this.#why === null) this.#peer.say(`end ${step}`);
  }
  /** Nothing of the jail lives any more: ends the log, once. Never rejects. */
  async finish(): Promise<ProgramsRecord> {
    return (this.#finished ??= this.#finish());
  }
  async #finish(): Promise<ProgramsRecord> {
    this.#peer.finish();
    await this.#orLate(this.#over);
    this.#peer.kill();
    await this.#peer.ended;
    this.#removed = removeTrace(this.#context.request.id);
    this.#removed.catch(() => {}); // `remove` tells
    const [processes, programs, omitted, lost] = [this.#processes, this.#programs, this.#omitted, this.#lost ?? 0];
    this.#writer.end({ processes, programs, omitted, lost });
    return this.#why === null ? { source: 'tracefs', processes, programs, omitted, lost } : { source: 'none', why: this.#why };
  }
  /** What the kernel still has of it. Throws JailError. */
  async remove(): Promise<void> {
    this.#peer.kill();
    await this.#peer.ended;
    await (this.#removed ?? removeTrace(this.#context.request.id));
  }

  async #read(): Promise<void> {
    for await (const line of this.#peer.messages()) {
      const message = line as TraceMessage; // of ours; a broken one is no log
      if (message.kind === 'ready') this.#ready.resolve();
      else if (message.kind === 'begun') this.#begun?.resolve();
      else if (message.kind === 'none') this.#none(message.why);
      else if (message.kind === 'done') this.#lost = message.lost;
      else this.#line(programLine(message, this.#context.redactor));
    }
    if (this.#lost === null) this.#none(await this.#peer.ended);
  }
  #line(line: ProgramLine): void {
    this.#processes = Math.max(this.#processes, line.process); // they are numbered from 1
    if (line.program !== null) this.#programs += 1;
    const size = JSON.stringify(line).length;
    if (this.#writer.lines >= MOST.lines || this.#bytes + size > MOST.bytes) {
      this.#omitted += 1;
      return;
    }
    this.#bytes += size;
    this.#writer.line(line);
  }
  #none(why: string): void {
    this.#why ??= why;
    this.#ready.resolve();
    this.#begun?.resolve();
  }
  /** A log that does not answer is none. */
  async #orLate(work: Promise<void>): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#none(`it did not answer within ${PATIENCE / 1000} s`);
      resolve();
    }, PATIENCE);
    await Promise.race([work, late]);
    clearTimeout(timer);
  }
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Pure but for the redactor's counts: names and arguments are the agent's words, and may hold what must not be shown. */
export function programLine(
  { kind: _kind, cut, program, argv, signal, ...rest }: Extract<TraceMessage, { kind: 'program' }>,
  redactor: Redactor,
): ProgramLine {
  const { t, step, process, parent, ms, how, code } = rest;
  const last = (argv?.length ?? 0) - 1;
  // Of what is cut, the end may be the beginning of a secret.
  const text = (value: string, isCut: boolean): string => (isCut ? redactor.redactHead(value) : redactor.redactText(value));
  return {
    t,
    step,
    process,
    parent,
    program: program === null ? null : text(program, cut),
    argv: argv?.map((value, index) => text(value, cut && index === last)) ?? null,
    ...(cut ? { cut } : {}),
    ms,
    how,
    code,
    signal: signal === null ? null : (SIGNALS.get(signal) ?? `signal ${signal}`),
  };
}

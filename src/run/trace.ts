import { OUTER_PROC } from '../host/outside.ts';
import { hostName } from '../host/places.ts';
import { instanceOf, removeTrace } from '../host/tracing.ts';
import type { ProgramsRecord, TraceMessage } from '../model/programs.ts';
import { ownUid, Peer } from './children.ts';
import type { Context } from './context.ts';
import type { Place as HeldPlace } from './held.ts';
import { ProgramLog } from './program-log.ts';

/** ms that a step waits for the log, and that its end may take. */
const PATIENCE = 5000;

/**
 * `programs.ndjson`: which programs ran, as the kernel told it (`trace.pl`). It is no part of the wall: where it cannot be made, or ends, the
 * record says why, and the run goes on.
 */
export class Trace {
  readonly #log: ProgramLog;
  readonly #peer: Peer;
  readonly #over: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  #begun: PromiseWithResolvers<void> | null = null;
  /** Why there is no log, or no more of it. */
  #why: string | null = null;
  #lost: number | null = null;
  #finished: Promise<ProgramsRecord> | null = null;
  /** By `forget.pl`, as soon as nobody reads it any more: the kernel takes as long for it as all that comes after the last step. */
  readonly #removed: Promise<void>;

  constructor(context: Context) {
    const { request, programs, epoch } = context;
    this.#log = new ProgramLog(context);
    const log = ['perl', programs.trace, hostName(request.id), epoch, String(ownUid()), OUTER_PROC] as const;
    const argv = ['perl', programs.forget, instanceOf(request.id), '--', ...log] as const;
    this.#peer = new Peer({ argv: [...argv], descriptors: [], name: 'log of programs' });
    this.#over = this.#read().catch((error: Error) => this.#none(error.message));
    this.#removed = this.#peer.ended.then(() => removeTrace(request.id));
    this.#removed.catch(() => {}); // `remove` tells
  }

  /** A step is held: what descends from it counts. After the last one there is nothing more to see once that is dead. Never rejects. */
  async begin(step: number, { pid, proc }: HeldPlace, owner: number, last: boolean): Promise<void> {
    await this.#orLate(this.#ready.promise);
    if (this.#why !== null) return;
    this.#begun = Promise.withResolvers<void>();
    this.#peer.say(`begin ${step} ${pid} ${proc === OUTER_PROC ? 'machine' : 'own'} ${owner}${last ? ' last' : ''}`);
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
    await this.#over; // its end is awaited by `remove`
    const counts = this.#log.end(this.#lost ?? 0);
    return this.#why === null ? { source: 'tracefs', ...counts } : { source: 'none', why: this.#why };
  }
  /** What the kernel still has of it. Throws JailError. */
  async remove(): Promise<void> {
    this.#peer.kill();
    await this.#removed;
  }

  async #read(): Promise<void> {
    for await (const line of this.#peer.messages()) {
      const message = line as TraceMessage; // of ours; a broken one is no log
      if (message.kind === 'ready') this.#ready.resolve();
      else if (message.kind === 'begun') this.#begun?.resolve();
      else if (message.kind === 'none') this.#none(message.why);
      else if (message.kind === 'done') this.#lost = message.lost;
      else this.#log.add(message);
    }
    if (this.#lost === null) this.#none(await this.#peer.ended);
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

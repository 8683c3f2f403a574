import { type CollectorAnswer, type CollectorRequest, EVIDENCE } from '../model/collector.ts';
import type { HostPath } from '../model/names.ts';
import type { FilledFile } from '../record/write.ts';
import type { Collector } from './children.ts';

export const DERIVED = [
  'verdict.json',
  'trajectory.json',
  'transcript.cast',
  'transcript.txt',
  'report.html',
  'findings.sarif',
  'summary.md',
] as const;
/** How long a collector may take, ms. */
const PATIENCE = 10 * 60_000;
/** The same of a rehearsal, which takes a hundred. */
const REHEARSED_WITHIN = 10_000;
/** ms into a step: it is not one of the shortest, in which every processor has something to do. */
const REHEARSAL_AFTER = 1000;

type Asked<K extends 'changes' | 'verdict'> = Omit<Extract<CollectorRequest, { kind: K }>, 'kind' | 'outputs'>;
type Answer<K extends 'changes' | 'verdict'> = Extract<CollectorAnswer, { kind: K }>;
export type Judged = Answer<'verdict'>;
/** A collector that waits for its question. */
export interface Seat {
  readonly collector: Pick<Collector, 'ask' | 'kill'>;
  readonly uid: number;
}
/** Starts one that inherits these files of the record, the first as its descriptor 3, and nothing else. */
export type Start = (files: readonly FilledFile[]) => Seat;
/** The directory where the one with this uid, and from now on no other, may write. */
export type Scratch = (uid: number) => HostPath;

/**
 * The collectors of a run. One is started ahead, where a processor would be idle, and can write evidence and verdict. What reads a tree
 * of the agent's may be taken over by it: that one closes the files of the verdict first, and another with a uid of its own judges. Where
 * there is nothing of the agent's to read, the first one judges.
 *
 * Once it has waited for a while the first one rehearses: code that has run before takes a quarter of the time for a few changes, and four fifths
 * for thousands.
 */
export class Collectors {
  readonly #start: Start;
  readonly #scratch: Scratch;
  #first: Seat | null = null;
  /** Who judges, and the files it was started with; null: nobody yet. */
  #judge: { readonly seat: Seat; readonly files: readonly FilledFile[] } | null = null;
  #timer: NodeJS.Timeout | undefined;
  #rehearsal: Promise<void> | null = null;
  #ended = false;

  constructor(start: Start, scratch: Scratch) {
    this.#start = start;
    this.#scratch = scratch;
  }

  startAhead(): void {
    this.#begin();
    this.#timer = setTimeout(() => {
      this.#rehearsal = this.#rehearse();
    }, REHEARSAL_AFTER);
  }
  #begin(): void {
    const files = [...EVIDENCE, ...DERIVED];
    this.#first = this.#start(files);
    this.#judge = { seat: this.#first, files };
  }

  async #rehearse(): Promise<void> {
    const { collector, uid } = this.#waiting();
    try {
      await collector.ask({ kind: 'rehearsal', scratch: this.#scratch(uid) }, REHEARSED_WITHIN);
    } catch {
      // Another one takes longer, and no more.
      collector.kill();
      if (!this.#ended) this.#begin();
    }
  }
  /** One question at a time. */
  async #rehearsed(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#rehearsal;
  }

  /** Evidence of what the agent left, once `freeze` has made that safe to read. */
  async changes(request: Omit<Asked<'changes'>, 'scratch'>, freeze: () => Promise<unknown>): Promise<Answer<'changes'>> {
    await this.#rehearsed();
    const { collector, uid } = this.#waiting();
    this.#judge = this.#another(); // starts beside the work of the first
    const scratch = this.#scratch(uid);
    await freeze();
    const answer = await collector.ask({ ...request, kind: 'changes', outputs: descriptors(EVIDENCE), scratch }, PATIENCE);
    return answer as Answer<'changes'>;
  }

  /** Of the sealed record. */
  async verdict(request: Asked<'verdict'>): Promise<Judged> {
    await this.#rehearsed();
    const { seat, files } = (this.#judge ??= this.#another());
    const answer = await seat.collector.ask({ ...request, kind: 'verdict', outputs: descriptors(DERIVED, files) }, PATIENCE);
    return answer as Judged;
  }

  kill(): void {
    clearTimeout(this.#timer);
    this.#ended = true;
    this.#first?.collector.kill();
    this.#judge?.seat.collector.kill();
  }

  #waiting(): Seat {
    if (this.#first === null) throw new Error('no collector was started ahead');
    return this.#first;
  }
  #another() {
    return { seat: this.#start(DERIVED), files: DERIVED };
  }
}

/** In a collector the files it inherited are its descriptors from 3 upwards. Pure. */
export function descriptors<F extends FilledFile>(names: readonly F[], inherited: readonly FilledFile[] = names): { [N in F]: number } {
  return Object.fromEntries(names.map((name) => [name, 3 + inherited.indexOf(name)])) as { [N in F]: number };
}

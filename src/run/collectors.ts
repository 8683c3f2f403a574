import { type CollectorAnswer, type CollectorRequest, EVIDENCE } from '../model/collector.ts';
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

type Asked<K extends CollectorRequest['kind']> = Omit<Extract<CollectorRequest, { kind: K }>, 'kind' | 'outputs'>;
type Answer<K extends 'changes' | 'verdict'> = Extract<CollectorAnswer, { kind: K }>;
export type Judged = Answer<'verdict'>;
/** A collector that waits for its question. */
export interface Seat {
  readonly collector: Pick<Collector, 'ask' | 'kill'>;
  readonly uid: number;
}
/** Starts one that inherits these files of the record, the first as its descriptor 3, and nothing else. */
export type Start = (files: readonly FilledFile[]) => Seat;

/**
 * The collectors of a run. One is started ahead, where a processor would be idle, and can write evidence and verdict. What reads a tree
 * of the agent's may be taken over by it: that one closes the files of the verdict first, and another with a uid of its own judges. Where
 * there is nothing of the agent's to read, the first one judges.
 */
export class Collectors {
  readonly #start: Start;
  #first: Seat | null = null;
  /** Who judges, and the files it was started with; null: nobody yet. */
  #judge: { readonly seat: Seat; readonly files: readonly FilledFile[] } | null = null;

  constructor(start: Start) {
    this.#start = start;
  }

  startAhead(): void {
    const files = [...EVIDENCE, ...DERIVED];
    this.#first = this.#start(files);
    this.#judge = { seat: this.#first, files };
  }

  /** Evidence of what the agent left. `admit` lets the one that reads it, by its uid, to where it may work. */
  async changes(request: Asked<'changes'>, admit: (uid: number) => Promise<void>): Promise<Answer<'changes'>> {
    const first = this.#waiting();
    this.#judge = this.#another(); // starts beside the work of the first
    await admit(first.uid);
    const answer = await first.collector.ask({ ...request, kind: 'changes', outputs: descriptors(EVIDENCE) }, PATIENCE);
    return answer as Answer<'changes'>;
  }

  /** Of the sealed record. */
  async verdict(request: Asked<'verdict'>): Promise<Judged> {
    const { seat, files } = (this.#judge ??= this.#another());
    const answer = await seat.collector.ask({ ...request, kind: 'verdict', outputs: descriptors(DERIVED, files) }, PATIENCE);
    return answer as Judged;
  }

  kill(): void {
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

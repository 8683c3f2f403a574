import { constants } from 'node:os';
import type { ProgramLine, ProgramsRecord, TraceMessage } from '../model/programs.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import type { Redactor } from '../transcript/redact.ts';
import type { Context } from './context.ts';

/** What the log holds at the most, so that no loop of forks fills the record; the rest is counted. */
const MOST = { lines: 20_000, bytes: 64 << 20 };

export type ProgramMessage = Extract<TraceMessage, { kind: 'program' }>;

/** `programs.ndjson`, whoever tells it. */
export class ProgramLog {
  /** Of all processes; they are numbered from 1. */
  processes = 0;
  readonly #redactor: Redactor;
  readonly #writer: NdjsonWriter;
  #bytes = 0;
  #programs = 0;
  #omitted = 0;

  constructor({ files, redactor }: Context) {
    this.#redactor = redactor;
    this.#writer = new NdjsonWriter(files.fd('programs.ndjson'), 'programs');
  }
  add(message: ProgramMessage): void {
    const line = programLine(message, this.#redactor);
    this.processes = Math.max(this.processes, line.process);
    if (line.program !== null) this.#programs += 1;
    const size = JSON.stringify(line).length;
    if (this.#writer.lines >= MOST.lines || this.#bytes + size > MOST.bytes) {
      this.#omitted += 1;
      return;
    }
    this.#bytes += size;
    this.#writer.line(line);
  }
  /** Writes the last line. */
  end(lost: number): Omit<Exclude<ProgramsRecord, { source: 'none' }>, 'source'> {
    const counts = { processes: this.processes, programs: this.#programs, omitted: this.#omitted, lost };
    this.#writer.end(counts);
    return counts;
  }
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Pure but for the redactor's counts: names and arguments are the agent's words, and may hold what must not be shown. */
export function programLine({ kind: _kind, cut, program, argv, signal, ...rest }: ProgramMessage, redactor: Redactor): ProgramLine {
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

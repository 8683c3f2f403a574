import { StringDecoder } from 'node:string_decoder';
import type { TranscriptLine } from './recorder.ts';
import { ReplayFilter } from './replay.ts';

/** What a cast is made of: the two files of a transcript, and what `run.json` says of the run. */
export interface Transcript {
  readonly index: AsyncIterable<Pick<TranscriptLine, 't' | 'step'> & Piece>;
  readonly log: Iterable<Buffer>;
  /** Bytes of the log. */
  readonly size: number;
  /** ISO 8601. */
  readonly started: string;
}
type Piece =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'output'; readonly offset: number; readonly length: number }
  | { readonly kind: 'end'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'mark'; readonly name: string };

export interface CastOptions {
  readonly version: 2 | 3;
  /** Bytes of the log at its head, and as many at its tail, that the cast has. */
  readonly half: number;
  /** Output within this time, ms, is one event. */
  readonly gap: number;
}
export type MakeCast = (transcript: Transcript, options: CastOptions) => Promise<string>;

const SIZE = { cols: 120, rows: 32 };
/** More than a run has; a stranger's record may have any number. */
const MARKERS = 10_000;
/** s that a player waits at the most where nothing was printed. */
const IDLE = 2;

/**
 * The transcript as an asciicast, for `asciinema play` and asciinema-player. It only draws (see `ReplayFilter`); of a long one it has head
 * and tail, and a marker that says how much is missing.
 */
export const makeCast: MakeCast = async ({ index, log, size, started }, { version, half, gap }) => {
  const cast = new Events(version, started, gap);
  const cut = size > 2 * half ? { from: half, to: size - half } : null;
  const bytes = reader(log);
  let left = cut !== null;
  let filter = new ReplayFilter();
  let decoder = new StringDecoder('utf8');
  const fresh = (): void => {
    filter = new ReplayFilter();
    decoder = new StringDecoder('utf8');
  };
  for await (const line of index) {
    const t = line.t / 1000;
    switch (line.kind) {
      case 'begin':
        fresh();
        cast.marker(t, `step ${(line.step ?? 0) + 1}: ${line.name}`);
        break;
      case 'output': {
        const end = line.offset + line.length;
        const read = (from: number, to: number): void =>
          bytes(from, Math.max(from, to), (part) => cast.output(t, filter.push(decoder.write(part))));
        read(line.offset, cut === null ? end : Math.min(end, cut.from));
        if (cut === null || end <= cut.from) break;
        if (left) {
          left = false;
          cast.output(t, filter.push(decoder.end()) + filter.flush());
          cast.leftOut(t, cut.to - cut.from);
          fresh();
        }
        read(Math.max(line.offset, cut.to), end);
        break;
      }
      case 'end':
        cast.output(t, filter.push(decoder.end()) + filter.flush() + RESET);
        cast.ended(t, line.code ?? 128);
        break;
      case 'mark':
        cast.marker(t, line.name);
        break;
      case 'checkpoint':
        break;
    }
  }
  return cast.text();
};

/** Colours, cursor and screen as they were. */
const RESET = '\x1b[0m\x1b[?25h\x1b[?1047l';

/** Lines of an asciicast: times are of the start in version 2, of the event before in version 3. */
class Events {
  readonly #version: 2 | 3;
  readonly #gap: number;
  readonly #lines: string[];
  #last = 0;
  #markers = 0;
  #pending: { readonly t: number; text: string } | null = null;
  #exit: { readonly t: number; readonly code: number } | null = null;

  constructor(version: 2 | 3, started: string, gap: number) {
    this.#version = version;
    this.#gap = gap / 1000;
    const { cols, rows } = SIZE;
    const size = version === 2 ? { width: cols, height: rows } : { term: { cols, rows } };
    const timestamp = Math.floor(Date.parse(started) / 1000);
    this.#lines = [JSON.stringify({ version, ...size, timestamp, idle_time_limit: IDLE })];
  }

  output(t: number, text: string): void {
    if (text === '') return;
    if (this.#pending !== null && t - this.#pending.t > this.#gap) this.#flush();
    this.#pending ??= { t, text: '' };
    this.#pending.text += text;
  }

  marker(t: number, label: string): void {
    if (++this.#markers > MARKERS) return;
    this.#flush();
    this.#event(t, 'm', label.replace(/\p{C}/gu, '\ufffd'));
  }

  leftOut(t: number, bytes: number): void {
    const text = `${bytes} bytes left out`;
    this.marker(t, text);
    this.output(t, `${RESET}\r\n\x1b[7m[${text}: transcript.log has them]\x1b[0m\r\n`);
  }

  ended(t: number, code: number): void {
    this.#exit = { t, code };
  }

  text(): string {
    this.#flush();
    if (this.#version === 3 && this.#exit !== null) this.#event(this.#exit.t, 'x', String(this.#exit.code));
    return `${this.#lines.join('\n')}\n`;
  }

  #flush(): void {
    if (this.#pending === null) return;
    const { t, text } = this.#pending;
    this.#pending = null;
    // The steps printed into a pipe: what a terminal's driver would have added is added here.
    this.#event(t, 'o', text.replace(/\r?\n/g, '\r\n'));
  }

  #event(t: number, code: 'o' | 'm' | 'x', data: string): void {
    const time = this.#version === 2 ? t : Math.max(0, t - this.#last);
    this.#last = t;
    this.#lines.push(JSON.stringify([Math.round(time * 1000) / 1000, code, data]));
  }
}

/** Hands out the bytes of a range, each byte once; what lies between two ranges is skipped. A stranger's ranges may go back or overlap. */
function reader(log: Iterable<Buffer>): (from: number, to: number, take: (part: Buffer) => void) => void {
  const pieces = log[Symbol.iterator]();
  let piece: Buffer = Buffer.alloc(0);
  let at = 0; // offset of the piece's start
  let done = 0;
  return (from, to, take) => {
    let position = Math.max(from, done);
    while (position < to) {
      while (at + piece.length <= position) {
        at += piece.length;
        const next = pieces.next();
        if (next.done === true) return;
        piece = next.value;
      }
      const part = piece.subarray(position - at, Math.min(piece.length, to - at));
      take(part);
      position += part.length;
      done = position;
    }
  };
}

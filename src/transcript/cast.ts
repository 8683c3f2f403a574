import { StringDecoder } from 'node:string_decoder';
import type { TerminalSize } from '../model/terminal.ts';
import { ReplayFilter } from './replay.ts';
import { type Transcript, walk } from './walk.ts';

export interface CastOptions {
  readonly version: 2 | 3;
  /** Bytes of the log at its head, and as many at its tail, that the cast has. */
  readonly half: number;
  /** Output within this time, ms, is one event. */
  readonly gap: number;
}
export type MakeCast = (transcript: Transcript, options: CastOptions) => Promise<string>;

/** Of the screen for what was printed into a pipe. */
const SIZE: TerminalSize = { rows: 32, columns: 120 };
/** More than a run has; a stranger's record may have any number. */
const MARKERS = 10_000;
/** s that a player waits at the most where nothing was printed. */
const IDLE = 2;

/**
 * The transcript as an asciicast, for `asciinema play` and asciinema-player. It only draws (see `ReplayFilter`); of a long one it has head
 * and tail, and a marker that says how much is missing.
 */
export const makeCast: MakeCast = async (transcript, { version, half, gap }) => {
  const cast = new Events(version, transcript.started, gap, transcript.terminals[0] ?? SIZE);
  let filter = new ReplayFilter();
  let decoder = new StringDecoder('utf8');
  const fresh = (): void => {
    filter = new ReplayFilter();
    decoder = new StringDecoder('utf8');
  };
  await walk(transcript, half, {
    begin(t, step, name) {
      fresh();
      cast.marker(t / 1000, `step ${step + 1}: ${name}`);
      cast.screen(t / 1000, transcript.terminals[step] ?? null);
    },
    output: (t, bytes) => cast.output(t / 1000, filter.push(decoder.write(bytes))),
    leftOut(t, bytes) {
      cast.output(t / 1000, filter.push(decoder.end()) + filter.flush());
      cast.leftOut(t / 1000, bytes);
      fresh();
    },
    end(t, _, { code }) {
      cast.output(t / 1000, filter.push(decoder.end()) + filter.flush() + RESET);
      cast.ended(t / 1000, code ?? 128);
    },
    mark: (t, name) => cast.marker(t / 1000, name),
  });
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
  #size: TerminalSize;
  #terminal = false;

  constructor(version: 2 | 3, started: string, gap: number, size: TerminalSize) {
    this.#version = version;
    this.#gap = gap / 1000;
    this.#size = size;
    const { columns, rows } = size;
    const screen = version === 2 ? { width: columns, height: rows } : { term: { cols: columns, rows } };
    const timestamp = Math.floor(Date.parse(started) / 1000);
    this.#lines = [JSON.stringify({ version, ...screen, timestamp, idle_time_limit: IDLE })];
  }

  /** From now on what is printed comes off a terminal of this size, or out of a pipe. */
  screen(t: number, terminal: TerminalSize | null): void {
    this.#flush();
    this.#terminal = terminal !== null;
    const { rows, columns } = terminal ?? SIZE;
    if (rows === this.#size.rows && columns === this.#size.columns) return;
    this.#size = { rows, columns };
    this.#event(t, 'r', `${columns}x${rows}`);
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
    // Of what was printed into a pipe: what a terminal's driver would have added is added here.
    this.#event(t, 'o', this.#terminal ? text : text.replace(/\r?\n/g, '\r\n'));
  }

  #event(t: number, code: 'o' | 'm' | 'r' | 'x', data: string): void {
    const time = this.#version === 2 ? t : Math.max(0, t - this.#last);
    this.#last = t;
    this.#lines.push(JSON.stringify([Math.round(time * 1000) / 1000, code, data]));
  }
}

import type { WardenEvent } from '../model/protocol.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { Figures } from './figures.ts';
import { fitting } from './format.ts';
import type { Io } from './io.ts';

const EVERY = 200;
/** Columns, where the terminal says none. */
const COLUMNS = 80;
/** Columns that a step's name has, however narrow the terminal. */
const LABEL = 16;

/**
 * One line on stderr for each step: rewritten while it runs, with what it has used by now, and kept when it has ended. Where stderr is not a
 * terminal, nothing but what is in no record.
 */
export class Progress {
  readonly #io: Io;
  readonly #steps: number;
  #timer: NodeJS.Timeout | undefined;
  #shown = false;
  #step: { readonly label: string; readonly since: number } | null = null;
  #before = 'starting';
  readonly #figures = new Figures();
  /** A step has printed the start of a line to this terminal: a line of ours would erase it. */
  #inLine = false;

  constructor(io: Io, steps: number) {
    this.#io = io;
    this.#steps = steps;
  }

  observe(event: WardenEvent): void {
    if (!this.#io.live) {
      // Of main's own, and in no record: nothing else tells it.
      if (event.kind === 'notice' && event.seq < 0) this.#keep(`agent-jail: ${event.message}`);
      return;
    }
    this.#figures.observe(event);
    if (event.kind === 'phase' && this.#step === null) this.#before = event.phase;
    if (event.kind === 'denied') this.#keep(`denied ${event.host}:${event.port} (${event.rule})`);
    if (event.kind === 'notice') this.#keep(event.message);
    if (event.kind === 'step') {
      const label = `${event.step + 1}/${this.#steps} ${event.name}`;
      if (event.exit === null) this.#step = { label, since: performance.now() };
      else {
        this.#step = null;
        this.#keep(`${label}: ${this.#figures.ended(event.exit)}`);
      }
    }
    this.#timer ??= setInterval(() => this.#draw(), EVERY).unref();
    this.#draw();
  }

  /** Writes what a step printed: takes the line away before; the next tick brings it back. */
  print(text: string): void {
    if (text === '') return;
    this.#clear();
    this.#io.out(text);
    this.#inLine = this.#io.terminal && !text.endsWith('\n');
  }

  close(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#shown) this.#io.err('\r\x1b[K');
    this.#shown = false;
  }

  #draw(): void {
    if (this.#inLine) return;
    const columns = (this.#io.columns || COLUMNS) - 1;
    const figures = this.#step === null ? '' : `  ${this.#figures.running(performance.now() - this.#step.since)}`;
    const label = fitting(line(this.#step?.label ?? this.#before), Math.max(LABEL, columns - figures.length));
    this.#io.err(`\r\x1b[K${fitting(`${label}${figures}`, columns)}`);
    this.#shown = true;
  }

  #keep(text: string): void {
    this.#clear();
    this.#io.err(`${this.#inLine ? '\n' : ''}${line(text)}\n`);
    this.#inLine = false;
  }
}

function line(text: string): string {
  return forTerminal(text).replaceAll('\n', ' ');
}

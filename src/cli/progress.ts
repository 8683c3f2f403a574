import type { WardenEvent } from '../model/protocol.ts';
import { forTerminal } from '../transcript/sanitise.ts';
import { duration, ending, size } from './format.ts';
import type { Io } from './io.ts';

const EVERY = 200;

/** One line on stderr for each step: rewritten while it runs, kept when it has ended. Nothing at all where stderr is not a terminal. */
export class Progress {
  readonly #io: Io;
  readonly #steps: number;
  #timer: NodeJS.Timeout | undefined;
  #shown = false;
  #step: { readonly label: string; readonly since: number } | null = null;
  #before = 'starting';

  constructor(io: Io, steps: number) {
    this.#io = io;
    this.#steps = steps;
  }

  observe(event: WardenEvent): void {
    if (!this.#io.live) return;
    if (event.kind === 'phase' && this.#step === null) this.#before = event.phase;
    if (event.kind === 'denied') this.#keep(`denied ${event.host}:${event.port} (${event.rule})`);
    if (event.kind === 'notice') this.#keep(event.message);
    if (event.kind === 'step') {
      const label = `${event.step + 1}/${this.#steps} ${event.name}`;
      if (event.exit === null) this.#step = { label, since: performance.now() };
      else {
        this.#step = null;
        this.#keep(`${label}: ${ending(event.exit)}, ${duration(event.exit.ms)}, ${size(event.exit.bytes)}`);
      }
    }
    this.#timer ??= setInterval(() => this.#draw(), EVERY).unref();
    this.#draw();
  }

  /** Takes the line away before something else is written to the terminal; the next tick brings it back. */
  clear(): void {
    if (this.#shown) this.#io.err('\r\x1b[K');
    this.#shown = false;
  }

  close(): void {
    clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const text = this.#step === null ? this.#before : `${this.#step.label}  ${duration(performance.now() - this.#step.since)}`;
    this.#io.err(`\r\x1b[K${line(text).slice(0, 76)}`);
    this.#shown = true;
  }

  #keep(text: string): void {
    this.clear();
    this.#io.err(`${line(text)}\n`);
  }
}

function line(text: string): string {
  return forTerminal(text).replaceAll('\n', ' ');
}

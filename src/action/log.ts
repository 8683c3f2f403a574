import { randomBytes } from 'node:crypto';
import { Figures } from '../cli/figures.ts';
import { size } from '../cli/format.ts';
import type { WardenEvent } from '../model/protocol.ts';
import { LogSanitiser } from '../transcript/sanitise.ts';
import type { Inputs } from './inputs.ts';

/** `log: summary` keeps this many lines of a step. */
export const TAIL = 40;
/** ms without a line; then one says that the step is still running, and again after as long. */
const SILENCE = 60_000;

/**
 * The run in the job's log. What an agent printed stands between `::stop-commands::<token>` and `::<token>::`, sanitised line by line;
 * groups and notices stand outside. The token is made here, printed to the runner's pipe only, and new for every step. What is taken out
 * of a line may have stood within a secret, so `redact` gets lines once more.
 */
export class JobLog {
  readonly #detail: Inputs['log'];
  readonly #write: (text: string) => void;
  readonly #redact: (line: string) => string;
  #token: string | null = null;
  #sanitiser: LogSanitiser;
  #tail: string[] = [];
  #lines = 0;
  #digest = '';
  #name = '';
  readonly #figures = new Figures();
  readonly #silence: number;
  /** `t` of the last line that was printed. */
  #printed = 0;
  #now = 0;

  constructor(detail: Inputs['log'], write: (text: string) => void, redact: (line: string) => string, silence = SILENCE) {
    this.#silence = silence;
    this.#detail = detail;
    this.#write = write;
    this.#redact = redact;
    this.#sanitiser = new LogSanitiser(redact);
  }

  observe(event: WardenEvent): void {
    this.#now = event.t;
    this.#figures.observe(event);
    switch (event.kind) {
      case 'step':
        if (event.exit === null) this.#begin(event.name);
        else this.#end(event.name, event.exit);
        return;
      case 'output':
        this.#output(event.text);
        if (event.dropped > 0) this.say(`(${size(event.dropped)} of output not shown here; the transcript has it)`);
        return;
      case 'progress':
        // The warden's clock, and no timer: a heartbeat of a warden that is stuck would be none.
        if (this.#now - this.#printed >= this.#silence) this.say(`${this.#name}: still running, ${this.#figures.running(event.ms)}`);
        return;
      case 'denied':
        this.say(`network: denied ${event.host}:${event.port} (${event.rule})`);
        return;
      case 'notice':
        this.say(event.message);
        return;
      case 'checkpoint':
        this.#digest = event.sha256;
        return;
      case 'phase':
      case 'ended':
        return;
    }
  }

  /** A message of our own; it may quote what an agent chose, so it is sanitised as well. */
  say(message: string): void {
    this.#print([`agent-jail: ${oneLine(message, this.#redact)}`]);
  }

  /** Ends what is open: also when the warden died in the middle of a step. */
  close(): void {
    if (this.#token === null) return;
    this.#print(this.#sanitiser.flush());
    this.#resume();
    this.#write('::endgroup::\n');
  }

  #begin(name: string): void {
    this.close();
    this.#name = name;
    this.#printed = this.#now;
    this.#sanitiser = new LogSanitiser(this.#redact);
    this.#tail = [];
    this.#lines = 0;
    this.#digest = '';
    if (this.#detail === 'full') this.#open(name);
  }

  #end(name: string, exit: NonNullable<Extract<WardenEvent, { kind: 'step' }>['exit']>): void {
    if (this.#detail === 'summary') {
      this.#keep(this.#sanitiser.flush());
      if (this.#tail.length > 0) {
        const left = this.#lines - this.#tail.length;
        this.#open(left > 0 ? `${name}: the last ${TAIL} of ${this.#lines} lines` : name);
        this.#print(this.#tail);
      }
    }
    this.close();
    this.say(`${name}: ${this.#figures.ended(exit)}`);
    if (this.#digest !== '') this.say(`${name}: sha256 of the transcript so far ${this.#digest}`);
  }

  #output(text: string): void {
    if (this.#detail === 'none') return;
    const lines = this.#sanitiser.push(text);
    if (this.#detail === 'summary') {
      this.#keep(lines);
      return;
    }
    // A late copy of a step that has ended: still never outside a stop token.
    if (this.#token === null) this.#open('output');
    this.#print(lines);
  }

  #keep(lines: readonly string[]): void {
    this.#lines += lines.length;
    this.#tail = [...this.#tail, ...lines].slice(-TAIL);
  }

  #open(title: string): void {
    this.#token = randomBytes(16).toString('hex');
    this.#write(`::group::${escapeData(oneLine(title))}\n::stop-commands::${this.#token}\n`);
  }

  #resume(): void {
    this.#write(`::${this.#token}::\n`);
    this.#token = null;
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#write(`${lines.join('\n')}\n`);
    this.#printed = this.#now;
  }
}

/** Any text as one line that the runner takes for nothing but text. */
export function oneLine(text: string, redact?: (line: string) => string): string {
  const sanitiser = new LogSanitiser(redact);
  return [...sanitiser.push(text), ...sanitiser.flush()].join(' ');
}

/** Of a workflow command's data (actions/toolkit, core/command). */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

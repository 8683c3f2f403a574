import { StringDecoder } from 'node:string_decoder';
import { EscapeFilter } from './escapes.ts';
import { Lines } from './lines.ts';
import type { Redactor } from './redact.ts';
import { forTerminal, visible } from './sanitise.ts';
import { type Transcript, walk } from './walk.ts';

/** What our own lines begin with; a line of a step that does gets a backslash. */
const OURS = '=== agent-jail:';

/**
 * The transcript for people and for tools that search: no sequences, no controls, lines as they were in the end. What is taken out may have
 * stood within a secret, so what is left goes through `redactor`; null: there is nothing to look for. Of a log of more than twice `half`
 * bytes it has head and tail, and between them a line that says how much is missing.
 */
export async function makeText(
  transcript: Omit<Transcript, 'started' | 'terminals'>,
  half: number,
  redactor: Redactor | null,
): Promise<Buffer> {
  const text = new Text(redactor);
  let began = 0;
  await walk(transcript, half, {
    begin(t, step, name) {
      began = t;
      text.say(`step ${step + 1}, ${name}`);
    },
    output: (_, bytes) => text.push(bytes),
    leftOut: (_, bytes) => text.say(`${bytes} bytes are left out here; transcript.log has them`),
    end: (t, step, exit) => text.say(`step ${step + 1} ended with ${ending(exit)}, after ${((t - began) / 1000).toFixed(1)} s`),
    mark: (_, name) => text.say(name),
  });
  return text.end();
}

const ending = ({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string =>
  signal ?? (code === null ? 'no exit code' : `exit code ${code}`);

/** Puts the pieces together. Bounded by what it is given. */
class Text {
  readonly #redactor: Redactor | null;
  readonly #pieces: Buffer[] = [];
  #decoder = new StringDecoder('utf8');
  #filter = new EscapeFilter('line');
  #lines = new Lines();
  /** What was written last ended its line. */
  #fresh = true;

  constructor(redactor: Redactor | null) {
    this.#redactor = redactor;
  }

  push(bytes: Buffer): void {
    this.#write(neutral(this.#lines.push(this.#filter.push(this.#decoder.write(bytes)))));
  }

  /** A line of our own; whatever was open ends before it. */
  say(message: string): void {
    this.#close();
    this.#write(`${OURS} ${forTerminal(message).replaceAll('\n', ' ')}\n`);
  }

  end(): Buffer {
    this.#close();
    if (this.#redactor !== null) this.#pieces.push(this.#redactor.flush());
    return Buffer.concat(this.#pieces);
  }

  #close(): void {
    this.#write(neutral(this.#lines.push(this.#filter.push(this.#decoder.end())) + this.#lines.flush()));
    if (!this.#fresh) this.#write('\n');
    this.#decoder = new StringDecoder('utf8');
    this.#filter = new EscapeFilter('line');
    this.#lines = new Lines();
  }

  #write(text: string): void {
    if (text === '') return;
    this.#fresh = text.endsWith('\n');
    const bytes = Buffer.from(text);
    const shown = this.#redactor === null ? bytes : this.#redactor.push(bytes);
    if (shown.length > 0) this.#pieces.push(shown);
  }
}

function neutral(text: string): string {
  return visible(text).replace(/^=== agent-jail:/gm, '\\$&');
}

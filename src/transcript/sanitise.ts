import { EscapeFilter } from './escapes.ts';

/** Longest line of the runner's log, in UTF-16 units; room for the note that says how much is missing. */
const MAX_LINE = 4096;
const NOTE = 64;

/**
 * What has no glyph or turns the text around: controls, format characters (bidi, zero width, tags), default ignorables, and the two
 * separators that some readers take for line breaks. Tab and LF stay. .NET's culture-aware comparison skips such characters, so that
 * `:<U+00AD>:` would be `::` to the runner.
 */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/gu;

/**
 * Makes lines for the runner's log out of what an agent printed. No line is a workflow command: `::` at the start of a line becomes
 * `\::`, and `##[` anywhere `##\[`. The runner splits on CR, LF and CRLF, trims Unicode white space before `::`, and finds `##[`
 * anywhere (actions/runner, ActionCommand.cs). Sanitising twice changes nothing.
 */
export class LogSanitiser {
  readonly #filter = new EscapeFilter('nothing');
  readonly #redact: (line: string) => string;
  #line = '';
  /** Characters of the line that were not kept. */
  #more = 0;
  #started = false;
  #afterReturn = false;

  /** `redact` gets each line once what has no glyph is out of it: that may have stood within a secret. */
  constructor(redact: (line: string) => string = (line) => line) {
    this.#redact = redact;
  }

  /** The lines that `text` completes. `text` must not end within a surrogate pair: decode with a StringDecoder. */
  push(text: string): string[] {
    const lines: string[] = [];
    const clean = this.#filter.push(text);
    let start = 0;
    for (const { index, 0: end } of clean.matchAll(/\r\n|\r|\n/g)) {
      const tail = this.#afterReturn && index === 0 && end === '\n';
      this.#append(clean.slice(start, index));
      start = index + end.length;
      if (!tail) lines.push(this.#finish());
      this.#afterReturn = false;
    }
    if (clean !== '') this.#afterReturn = clean.endsWith('\r');
    this.#append(clean.slice(start));
    return lines;
  }

  /** The last line, if it had no end. */
  flush(): string[] {
    return this.#started ? [this.#finish()] : [];
  }

  #append(text: string): void {
    if (text === '') return;
    this.#started = true;
    const room = MAX_LINE - this.#line.length;
    this.#line += text.slice(0, room);
    this.#more += Math.max(0, text.length - room);
  }

  #finish(): string {
    const line = capped(neutral(this.#redact(visible(this.#line))), this.#more);
    this.#line = '';
    this.#more = 0;
    this.#started = false;
    return line;
  }
}

/**
 * Text that cannot act on a terminal: no sequences, no controls but tab and line feed (CR becomes LF, so nothing is overwritten), no
 * invisible characters. With `colours`, SGR sequences stay and the text ends with a reset. For a stream use `TerminalSanitiser`.
 */
export function forTerminal(text: string, options: { readonly colours?: boolean } = {}): string {
  const sanitiser = new TerminalSanitiser(options);
  return sanitiser.push(text) + sanitiser.flush();
}

/** `forTerminal` for text that comes in pieces. */
export class TerminalSanitiser {
  readonly #filter: EscapeFilter;
  #coloured = false;
  #afterReturn = false;

  constructor(options: { readonly colours?: boolean } = {}) {
    this.#filter = new EscapeFilter(options.colours === true ? 'colours' : 'nothing');
  }

  push(text: string): string {
    let clean = this.#filter.push(text);
    if (clean === '') return '';
    const doubled = this.#afterReturn && clean.startsWith('\n');
    this.#afterReturn = clean.endsWith('\r');
    if (doubled) clean = clean.slice(1);
    const [first = '', ...coloured] = clean.replace(/\r\n?/g, '\n').split('\x1b');
    const last = coloured.at(-1);
    if (last !== undefined) this.#coloured = !/^\[0*m/.test(last);
    return [first, ...coloured].map(visible).join('\x1b');
  }

  /** Sets the terminal's colours back if there were any. */
  flush(): string {
    return this.#coloured ? '\x1b[0m' : '';
  }
}

/** Without what has no glyph or turns the text around. */
export function visible(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '');
}

function neutral(line: string): string {
  return line.replaceAll('##[', '##\\[').replace(/^(\s*)::/, '$1\\::');
}

function capped(line: string, more: number): string {
  if (more === 0 && line.length <= MAX_LINE) return line;
  const kept = line.slice(0, MAX_LINE - NOTE).replace(/[\ud800-\udbff]$/, '');
  return `${kept} … [${line.length - kept.length + more} more characters]`;
}

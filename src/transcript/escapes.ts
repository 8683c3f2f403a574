const ESC = 0x1b;
/** What a terminal would do next: show text, or read a sequence (ECMA-48). */
type Mode = 'text' | 'escape' | 'intermediate' | 'csi' | 'string';

/** CUF, CUB, CHA, EL: C D G K. */
const IN_A_LINE: readonly number[] = [0x43, 0x44, 0x47, 0x4b];
/** No real colour is longer. */
const MAX_SGR = 64;

/**
 * What stays of them, beside tab, CR and LF. `colours`: sequences that set colours and weights (SGR), but for those that hide text. `line`:
 * backspaces, and sequences that move the cursor in its line or erase in it.
 */
export type Keep = 'nothing' | 'colours' | 'line';

/**
 * Takes terminal sequences and control characters out of text that comes in pieces. One pass, a fixed amount of state. A line break ends
 * every sequence, so that an open one hides no more than its line.
 */
export class EscapeFilter {
  readonly #keep: Keep;
  #mode: Mode = 'text';
  #parameters = '';

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  push(text: string): string {
    let out = '';
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#mode === 'text' && !isControl(code)) continue;
      out += text.slice(start, at);
      start = at + 1;
      out += this.#step(code);
    }
    return out + text.slice(start);
  }

  /** What stands in the place of this character. */
  #step(code: number): string {
    if (code === 0x0a || code === 0x0d) return this.#enter('text', code);
    if (code === ESC) return this.#enter('escape'); // also the first half of what ends a string
    if (code === 0x18 || code === 0x1a || code === 0x9c) return this.#enter('text'); // CAN, SUB, ST
    if (code === 0x9b) return this.#enter('csi');
    if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f) return this.#enter('string');
    switch (this.#mode) {
      case 'text':
        return code === 0x09 ? '\t' : code === 0x08 && this.#keep === 'line' ? '\b' : '';
      case 'string':
        return code === 0x07 ? this.#enter('text') : '';
      case 'escape':
        return this.#escape(code);
      case 'intermediate':
        if (code >= 0x30) return this.#enter('text', code > 0x7e ? code : null);
        return '';
      case 'csi':
        return this.#csi(code);
    }
  }

  #escape(code: number): string {
    if (code === 0x5b) return this.#enter('csi'); // [
    if (code === 0x50 || code === 0x58 || code === 0x5d || code === 0x5e || code === 0x5f) return this.#enter('string'); // P X ] ^ _
    if (code >= 0x20 && code < 0x30) return this.#enter('intermediate');
    if (code < 0x20) return '';
    return this.#enter('text', code > 0x7e ? code : null);
  }

  #csi(code: number): string {
    if (code < 0x20 || code === 0x7f) return '';
    if (code < 0x40) {
      if (this.#parameters.length <= MAX_SGR) this.#parameters += String.fromCharCode(code);
      return '';
    }
    const parameters = this.#parameters;
    if (code > 0x7e) return this.#enter('text', code);
    this.#enter('text');
    return this.#keeps(code, parameters) ? `\x1b[${parameters}${String.fromCharCode(code)}` : '';
  }

  #keeps(final: number, parameters: string): boolean {
    switch (this.#keep) {
      case 'nothing':
        return false;
      case 'colours':
        return final === 0x6d && isColour(parameters);
      case 'line':
        return IN_A_LINE.includes(final) && /^\d{0,5}$/.test(parameters);
    }
  }

  #enter(mode: Mode, shown: number | null = null): string {
    this.#mode = mode;
    this.#parameters = '';
    return shown === null || (isControl(shown) && shown !== 0x0a && shown !== 0x0d) ? '' : String.fromCharCode(shown);
  }
}

/** C0, DEL and C1. */
function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/** 38, 48, 58 and the numbers that have to follow: a colour of a palette, or of red, green and blue. */
const LONG_COLOUR = /(^|;)[345]8;(?:5;\d{1,3}|2(?:;\d{1,3}){3})(?=;|$)/g;

/**
 * Parameters of SGR that only change how visible text looks. 8 hides it; and what stands behind an unfinished 38 one terminal takes for a part
 * of the colour, and another for a parameter of its own.
 */
function isColour(parameters: string): boolean {
  if (parameters.length > MAX_SGR || !/^[\d;]*$/.test(parameters)) return false;
  const codes = parameters.replace(LONG_COLOUR, '$1').split(';').map(Number);
  return !codes.some((code) => code === 8 || code === 38 || code === 48 || code === 58);
}

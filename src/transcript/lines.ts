/** UTF-16 units of a line that can still be written over. A sequence of four bytes may erase as many. */
const LONGEST = 4 << 10;
/** What moves in a line, or ends it, as `EscapeFilter` leaves it. */
const MOVES = /[\n\r\b]|\x1b\[(\d*)([CDGK])/g;
const PLAIN = /^[^\r\b\x1b]*$/;

/**
 * Lines as a terminal would show them in the end: what is written over is gone, so that a progress bar is its last state. Text comes in
 * pieces, filtered by `EscapeFilter('line')`. Of a line that is longer than `LONGEST` only the end is written over.
 */
export class Lines {
  /** UTF-16, little endian. */
  readonly #cells = Buffer.alloc(2 * LONGEST);
  #length = 0;
  #column = 0;
  /** Something was written over: blanks at the end are what erased it. */
  #moved = false;

  /** What cannot change any more. */
  push(text: string): string {
    // Most text.
    if (this.#length === 0 && this.#column === 0 && PLAIN.test(text)) {
      const end = text.lastIndexOf('\n') + 1;
      return text.slice(0, end) + this.#put(text.slice(end));
    }
    let out = '';
    let start = 0;
    for (const { index, 0: found, 1: count, 2: move } of text.matchAll(MOVES)) {
      out += this.#put(text.slice(start, index));
      start = index + found.length;
      if (found === '\n') out += `${this.#take()}\n`;
      else this.#move(move ?? found, count ?? '');
    }
    return out + this.#put(text.slice(start));
  }

  /** The last line, if it had no end. */
  flush(): string {
    return this.#take();
  }

  #move(move: string, count: string): void {
    const by = Math.max(1, Number(count));
    switch (move) {
      case '\r':
        this.#go(0);
        return;
      case '\b':
        this.#go(this.#column - 1);
        return;
      case 'C':
        this.#go(this.#column + by);
        return;
      case 'D':
        this.#go(this.#column - by);
        return;
      case 'G':
        this.#go(by - 1);
        return;
      case 'K':
        this.#erase(count === '' ? '0' : count);
    }
  }

  #go(column: number): void {
    this.#column = Math.min(Math.max(0, column), LONGEST - 2);
    this.#moved = true;
  }

  #erase(what: string): void {
    this.#moved = true;
    if (what === '0') this.#length = Math.min(this.#length, this.#column);
    if (what === '1') this.#cells.fill(BLANK, 0, 2 * Math.min(this.#length, this.#column + 1));
    if (what === '2') this.#length = 0;
  }

  /** Writes at the cursor. Returns what there is no more room for. */
  #put(text: string): string {
    let out = '';
    for (let at = 0; at < text.length; ) {
      if (this.#column > LONGEST - 2) out += this.#take();
      if (this.#column > this.#length) this.#cells.fill(BLANK, 2 * this.#length, 2 * this.#column);
      // No character is cut in two.
      const part = whole(text.slice(at, at + LONGEST - this.#column), text.length - at);
      this.#cells.write(part, 2 * this.#column, 'utf16le');
      this.#column += part.length;
      this.#length = Math.max(this.#length, this.#column);
      at += part.length;
    }
    return out;
  }

  #take(): string {
    let end = this.#length;
    if (this.#moved) while (end > 0 && this.#cells.readUInt16LE(2 * (end - 1)) === BLANK.readUInt16LE()) end -= 1;
    this.#length = 0;
    this.#column = 0;
    this.#moved = false;
    return this.#cells.toString('utf16le', 0, 2 * end);
  }
}
const BLANK = Buffer.from(' ', 'utf16le');

function whole(part: string, left: number): string {
  return part.length < left && /[\ud800-\udbff]$/.test(part) ? part.slice(0, -1) : part;
}

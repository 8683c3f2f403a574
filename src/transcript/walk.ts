import type { TerminalSize } from '../model/terminal.ts';
import type { TranscriptLine } from './recorder.ts';

/** What is read again: the two files of a transcript, and what `run.json` says of the run. */
export interface Transcript {
  readonly index: AsyncIterable<Pick<TranscriptLine, 't' | 'step'> & Piece>;
  readonly log: Iterable<Buffer>;
  /** Bytes of the log. */
  readonly size: number;
  /** ISO 8601. */
  readonly started: string;
  /** By step; null, or none: it printed into a pipe. */
  readonly terminals: readonly (TerminalSize | null)[];
}
type Piece =
  | { readonly kind: 'begin'; readonly name: string }
  | { readonly kind: 'output'; readonly offset: number; readonly length: number }
  | { readonly kind: 'end'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'mark'; readonly name: string };

/** Hears of a transcript in order. `t` in ms; bytes are valid during the call only. */
export interface Listener {
  begin(t: number, step: number, name: string): void;
  output(t: number, bytes: Buffer): void;
  /** So many bytes of output are not told. */
  leftOut(t: number, bytes: number): void;
  end(t: number, step: number, exit: { readonly code: number | null; readonly signal: string | null }): void;
  mark(t: number, name: string): void;
}

/** Tells a transcript in one pass; of a log of more than twice `half` bytes its head and its tail. */
export async function walk({ index, log, size }: Omit<Transcript, 'started' | 'terminals'>, half: number, to: Listener): Promise<void> {
  const cut = size > 2 * half ? { from: half, to: size - half } : null;
  const bytes = reader(log);
  let left = cut !== null;
  for await (const line of index) {
    switch (line.kind) {
      case 'begin':
        to.begin(line.t, line.step ?? 0, line.name);
        break;
      case 'output': {
        const end = line.offset + line.length;
        const read = (from: number, until: number): void => bytes(from, Math.max(from, until), (part) => to.output(line.t, part));
        read(line.offset, cut === null ? end : Math.min(end, cut.from));
        if (cut === null || end <= cut.from) break;
        if (left) to.leftOut(line.t, cut.to - cut.from);
        left = false;
        read(Math.max(line.offset, cut.to), end);
        break;
      }
      case 'end':
        to.end(line.t, line.step ?? 0, line);
        break;
      case 'mark':
        to.mark(line.t, line.name);
        break;
      case 'checkpoint':
        break;
    }
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

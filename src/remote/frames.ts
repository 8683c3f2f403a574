/**
 * What goes between main and the program in the helper container, both ways, on one stream of bytes: a letter, four bytes of length (big
 * endian), and that many bytes.
 */
export const KINDS = {
  /** main → helper, first: JSON, a `HelperRequest`. */
  request: 'Q',
  /** main → helper: bytes of the tar archive of the next tree; `treeEnd`: that was all of it. */
  tree: 'T',
  treeEnd: 't',
  /** main → helper: the warden's stdin; `inputEnd`: its end. */
  input: 'I',
  inputEnd: 'i',
  /** helper → main: the warden's stdout. */
  output: 'O',
  /** helper → main: JSON, `{ code, errors }`: the warden has ended. */
  ended: 'E',
  /** helper → main: JSON, `{ name }`: a file of the record; then its bytes. `recordEnd`: that was all. */
  file: 'F',
  bytes: 'B',
  recordEnd: 'b',
  /** helper → main, and nothing after it: JSON, `{ message, remedy }`. */
  failed: 'X',
} as const;
export type FrameKind = keyof typeof KINDS;
export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

/** Longest payload that is read; what is longer is written in pieces. */
export const LONGEST = 1 << 20;
const HEAD = 5;
const KIND_OF: ReadonlyMap<string, FrameKind> = new Map(Object.entries(KINDS).map(([kind, letter]) => [letter, kind as FrameKind]));

/** Pure. The payload has to be no longer than `LONGEST`. */
export function frame(kind: FrameKind, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  if (bytes.length > LONGEST) throw new Error('a frame that is too long');
  const head = Buffer.alloc(HEAD);
  head.write(KINDS[kind], 'latin1');
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Pure: as many frames as it takes; none for nothing. */
export function* framesOf(kind: FrameKind, bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += LONGEST) yield frame(kind, bytes.subarray(at, at + LONGEST));
}

/** Throws where it is cut off, or is no frame. */
export async function* readFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= HEAD) {
      const kind = KIND_OF.get(rest.toString('latin1', 0, 1));
      const length = rest.readUInt32BE(1);
      if (kind === undefined || length > LONGEST)
        throw new Error(`what came is no frame: ${JSON.stringify(rest.toString('latin1', 0, 80))}`);
      if (rest.length < HEAD + length) break;
      yield { kind, payload: rest.subarray(HEAD, HEAD + length) };
      rest = rest.subarray(HEAD + length);
    }
  }
  if (rest.length > 0) throw new Error('it is cut off');
}

/** What the helper is asked for; the trees come after it, in this order. */
export interface HelperRequest {
  readonly protocol: 1;
  /** Directories that the archives are unpacked into; made where they are not there. `without`: patterns of tar(1), from the archive's top. */
  readonly trees: readonly { readonly to: string; readonly without: readonly string[] }[];
  /** The record's directory, to be made. */
  readonly record: string;
}

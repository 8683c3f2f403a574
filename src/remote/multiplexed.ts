/** Bytes of the head of a piece: the stream's number, three zeros, the length (Docker Engine API, "Stream format" of attach). */
const HEAD = 8;
const [STDOUT, STDERR] = [1, 2];

/** Pure but for `errors`, which gets what came on stderr: the bytes of stdout of a container without a terminal. Throws where it is something else. */
export async function* stdoutOf(chunks: AsyncIterable<Buffer>, errors: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let piece: { readonly stream: number; left: number } | null = null;
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length > 0) {
      if (piece === null) {
        if (rest.length < HEAD) break;
        const stream = rest[0] ?? 0;
        if ((stream !== STDOUT && stream !== STDERR) || rest.readUIntBE(1, 3) !== 0)
          throw new Error('what came is no stream of a container');
        piece = { stream, left: rest.readUInt32BE(4) };
        rest = rest.subarray(HEAD);
      }
      const bytes: Buffer = rest.subarray(0, piece.left);
      rest = rest.subarray(bytes.length);
      piece.left -= bytes.length;
      if (bytes.length > 0) {
        if (piece.stream === STDOUT) yield bytes;
        else errors(bytes);
      }
      if (piece.left === 0) piece = null;
    }
  }
}

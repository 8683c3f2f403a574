import { createHash } from 'node:crypto';
import { RecordError } from './error.ts';
import type { RecordReader } from './read.ts';

const FILE = 'transcript.ndjson';

/**
 * The index against the transcript: it speaks only of bytes that are there, in order, and the running hash of every checkpoint is right.
 * The log may be longer: its bytes are written before their line.
 */
export async function verifyTranscript(record: RecordReader): Promise<void> {
  const size = record.size('transcript.log') ?? 0;
  const hash = createHash('sha256');
  const pieces = record.pieces('transcript.log')[Symbol.iterator]();
  let rest: Buffer = Buffer.alloc(0);
  let hashed = 0;
  const advance = (to: number): void => {
    while (hashed < to) {
      if (rest.length === 0) {
        const next = pieces.next();
        if (next.done === true) return;
        rest = next.value;
      }
      const part = rest.subarray(0, to - hashed);
      hash.update(part);
      hashed += part.length;
      rest = rest.subarray(part.length);
    }
  };
  let line = 1;
  let indexed = 0;
  try {
    for await (const entry of record.lines(FILE)) {
      line += 1;
      if (entry.kind === 'output') {
        if (entry.offset !== indexed) throw new RecordError(FILE, line, `begins at ${entry.offset}, not where the line before ended`);
        indexed = entry.offset + entry.length;
        if (indexed > size) throw new RecordError(FILE, line, `speaks of bytes that transcript.log does not have`);
      } else if (entry.kind === 'checkpoint') {
        if (entry.bytes < hashed || entry.bytes > size) throw new RecordError(FILE, line, 'a checkpoint that is not in transcript.log');
        advance(entry.bytes);
        if (hash.copy().digest('hex') !== entry.sha256) throw new RecordError(FILE, line, 'transcript.log has another SHA-256 here');
      }
    }
  } finally {
    pieces.return?.();
  }
}

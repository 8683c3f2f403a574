import { closeSync, createReadStream, openSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import { lines } from '../system/lines.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import { parsed } from './json.ts';

// A cassette is NDJSON: {"schema":"agent-jail/cassette@1","upstream":…}, a line for each request, {"end":true,"lines":N}.

const SCHEMA = 'agent-jail/cassette@1';
/** Bytes of a cassette: all of it is held in memory. */
export const MOST_OF_CASSETTE = 256 << 20;
/** Bytes of an answer that is recorded. */
export const MOST_OF_ANSWER = 16 << 20;
const MOST_OF_LINE = 128 << 20;

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const entry = v.strictObject({
  /** `POST /v1/messages` */
  place: v.pipe(text, v.regex(/^[A-Z]{1,20} \/[\x21-\x7e]*$/)),
  /** SHA-256 of place and body in its normal form. */
  key: v.pipe(text, v.regex(/^[0-9a-f]{64}$/)),
  /** The body as JSON, or as text where it is none. */
  request: v.unknown(),
  status: v.pipe(count, v.minValue(100), v.maxValue(599)),
  type: v.pipe(text, v.regex(/^[\x20-\x7e]{0,200}$/)),
  retry_after: v.optional(v.pipe(text, v.regex(/^[\x20-\x7e]{0,100}$/))),
  /** Exactly one of these: text, bytes, or pieces of text with the ms at which they came. */
  body: v.optional(text),
  base64: v.optional(v.pipe(text, v.base64())),
  events: v.optional(v.array(v.tuple([count, text]))),
  /** The connection died at the end of it. */
  cut: v.optional(v.literal(true)),
});
export type Entry = v.InferOutput<typeof entry>;

/** Writes one: a new file, for the user alone. */
export class CassetteWriter {
  readonly #fd: number;
  readonly #lines: NdjsonWriter;
  #size = 0;

  /** Throws what node:fs throws; EEXIST: nothing that is there is overwritten. */
  constructor(file: string, upstream: string) {
    this.#fd = openSync(file, 'wx', 0o600);
    this.#lines = new NdjsonWriter(this.#fd, 'cassette', { upstream });
  }
  get full(): boolean {
    return this.#size >= MOST_OF_CASSETTE - 2 * MOST_OF_ANSWER;
  }
  add(line: Entry): void {
    this.#size += JSON.stringify(line).length;
    this.#lines.line(line);
  }
  end(): void {
    this.#lines.end();
    closeSync(this.#fd);
  }
}

/** Whether a file that begins so is a cassette, of whatever version. */
export const isCassette = (head: string): boolean => head.startsWith('{"schema":"agent-jail/cassette@');

/** Reads one. `complete` false: its recorder was killed. Throws a UserError at the first line that is wrong. */
export async function readCassette(
  path: string,
  file: string,
): Promise<{ readonly entries: readonly Entry[]; readonly complete: boolean }> {
  const fail = (line: number, message: string, remedy = RECORD): UserError =>
    new UserError([{ message, remedy, place: { file, line, column: 1 } }]);
  if (statSync(path).size > MOST_OF_CASSETTE) throw fail(1, `the cassette has more than ${MOST_OF_CASSETTE >> 20} MiB`);
  const entries: Entry[] = [];
  let [number, complete] = [0, false];
  for await (const line of lines(createReadStream(path), MOST_OF_LINE)) {
    number += 1;
    const value = parsed(line) as Readonly<Record<string, unknown>> | null;
    if (complete) throw fail(number, 'something stands after the last line of the cassette');
    // What a recorder was killed in the middle of.
    if (value === null) break;
    if (number === 1) {
      if (value['schema'] !== SCHEMA) throw fail(1, `this version of agent-jail reads ${SCHEMA} only`);
    } else if (value['end'] === true) {
      if (value['lines'] !== entries.length) throw fail(number, `the last line does not count ${entries.length} requests`);
      complete = true;
    } else {
      const result = v.safeParse(entry, value, { abortEarly: true });
      if (!result.success)
        throw fail(number, `not a recorded request: ${v.getDotPath(result.issues[0]) ?? ''}: ${result.issues[0].message}`);
      const { body, base64, events } = result.output;
      if ([body, base64, events].filter((one) => one !== undefined).length !== 1) {
        throw fail(number, 'not a recorded request: it needs exactly one of body, base64, events');
      }
      entries.push(result.output);
    }
  }
  if (entries.length === 0) throw fail(Math.max(number, 1), 'the cassette holds no request');
  return { entries, complete };
}
const RECORD = 'Record it again: agent-jail model --record FILE --upstream URL.';

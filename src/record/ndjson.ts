import { closeSync, readSync } from 'node:fs';
import * as v from 'valibot';
import type { HostPath } from '../model/names.ts';
import { RECORD } from '../model/record.ts';
import type { RecordFile } from '../model/record.ts';
import { displayText, utf8 } from './display.ts';
import { RecordError } from './error.ts';
import { openFile, readPieces } from './files.ts';

/** Longest line, in bytes. The last line of `changes.ndjson` names up to a few thousand paths. */
export const LINE_LIMIT = 1 << 24;

export type Json = Readonly<Record<string, unknown>>;
/** What a line means; `line` counts from 1 and is for errors. */
export type Decode<T> = (value: Json, line: number) => T;

/**
 * An NDJSON file of a record. Iterating gives its lines, checked, between the schema line and the last one; it ends early, without an
 * error, where a file was cut off, and throws a RecordError at the first line that is not what it should be.
 */
export class NdjsonFile<T> implements AsyncIterable<T> {
  readonly file: RecordFile;
  /** The last line says that this was all. */
  readonly complete: boolean;
  /** That last line, with the writer's totals; null where the file was cut off. */
  readonly footer: Json | null;
  readonly #dir: HostPath;
  readonly #decode: Decode<T>;

  constructor(dir: HostPath, file: RecordFile, decode: Decode<T>) {
    this.file = file;
    this.#dir = dir;
    this.#decode = decode;
    this.footer = readFooter(dir, file);
    this.complete = this.footer !== null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    yield* this.#lines();
  }

  *#lines(): Generator<T> {
    let number = 0;
    let ended = false;
    for (const bytes of wholeLines(this.#dir, this.file)) {
      number += 1;
      if (ended) throw new RecordError(this.file, number, 'stands after the last line');
      const value = parseObject(this.file, number, bytes);
      if (number === 1) {
        checkSchema(this.file, value);
      } else if (value['end'] === true) {
        ended = true;
        if (value['lines'] !== number - 2) throw new RecordError(this.file, number, `the last line does not count ${number - 2} lines`);
      } else {
        yield this.#decode(value, number);
      }
    }
    // Its writer may still live, and have ended it since.
    const grown = ended && !this.complete && readFooter(this.#dir, this.file) !== null;
    if (ended !== this.complete && !grown) throw new RecordError(this.file, number, 'the file does not end where its last line says');
  }
}

/** A decoder that checks each line against `schema`; fields that the schema does not know are dropped. */
export function lineOf<const S extends v.GenericSchema>(file: RecordFile, schema: S): Decode<v.InferOutput<S>> {
  return (value, line) => check(file, line, schema, value);
}

/** @throws RecordError naming the first thing that does not fit. */
export function check<const S extends v.GenericSchema>(file: string, line: number | null, schema: S, value: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const at = v.getDotPath(issue) ?? '';
  throw new RecordError(file, line, displayText(`${at === '' ? '' : `${at}: `}${issue.message}`));
}

/** A JSON object of UTF-8 text. */
export function parseObject(file: string, line: number | null, bytes: Uint8Array): Json {
  const text = utf8(bytes);
  if (text === null) throw new RecordError(file, line, 'not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordError(file, line, 'not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RecordError(file, line, 'not a JSON object');
  return value as Json;
}

/** The `schema` of a document, or of a file's first line: name and version are this program's. */
export function checkSchema(file: RecordFile, value: Json, line: number | null = 1): void {
  const wanted = `agent-jail/${RECORD[file].schema}@1`;
  const given = value['schema'];
  if (given === wanted) return;
  const other = typeof given === 'string' && given.startsWith(wanted.slice(0, -1));
  const why = other ? `is ${given}, which this version of agent-jail does not read` : `has no "schema": "${wanted}"`;
  throw new RecordError(file, line, displayText(why));
}

/** Lines with their end; a rest without one is what a writer was killed in, and is left out. */
function* wholeLines(dir: HostPath, file: RecordFile): Generator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 1;
  for (const piece of readPieces(dir, file)) {
    let from = 0;
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, from)) {
      const line = piece.subarray(from, at);
      yield rest.length === 0 ? line : Buffer.concat([rest, line]);
      rest = Buffer.alloc(0);
      number += 1;
      from = at + 1;
    }
    if (from < piece.length) rest = Buffer.concat([rest, piece.subarray(from)]);
    if (rest.length > LINE_LIMIT) throw new RecordError(file, number, `longer than ${LINE_LIMIT} bytes`);
  }
}

/** The last line, where it says that it is the end. */
function readFooter(dir: HostPath, file: RecordFile): Json | null {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    const line = lastLine(open.fd, open.size);
    const value: unknown = line === null ? null : JSON.parse(utf8(line) ?? '');
    return typeof value === 'object' && value !== null && (value as Json)['end'] === true ? (value as Json) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    closeSync(open.fd);
  }
}

/** null: the file does not end with a line break, its last line is too long, or there is no line before it. */
function lastLine(fd: number, size: number): Uint8Array | null {
  for (let want = 1 << 12; ; want *= 8) {
    const tail = Buffer.alloc(Math.min(size, want));
    if (readSync(fd, tail, 0, tail.length, size - tail.length) !== tail.length || tail.at(-1) !== 10) return null;
    const before = tail.lastIndexOf(10, -2);
    if (before !== -1) return tail.subarray(before + 1, -1);
    if (want >= size || want > LINE_LIMIT) return null;
  }
}

import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import * as v from 'valibot';
import { UserError } from '../model/errors.ts';
import type { Trial, TrialsHeader } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { RecordError } from '../record/error.ts';
import { check, type Json, parseObject } from '../record/ndjson.ts';
import { compile } from './trials-check.ts';
import { ExpectedTrials, listProblem } from './trials-expected.ts';
import { contradiction, headerSchema, lastSchema, TRIALS_SCHEMA, trialSchema } from './trials-schema.ts';

/** Longest line of a trial, in bytes, without its end. */
export const LINE_LIMIT = 1 << 16;
/** Longest first line: it names every task. */
export const HEADER_LIMIT = 1 << 24;

const PIECE = 1 << 20;
/** The last line is shorter than this. */
const TAIL = 100;

/** One line of a file. Valid until the next one is asked for. */
export interface TrialLine {
  readonly trial: Trial;
  /** As it stands in the file, without its end. */
  readonly bytes: Buffer;
  /** Where the next line begins in the file. */
  readonly next: number;
}

/** @throws UserError where the file's first line is not that of a trials file. */
export const readTrials = (path: string): TrialsFile => new TrialsFile(path);

/**
 * A `trials.ndjson`, which a stranger may have written. Iterating gives its trials, each checked and expected and there only once; ends
 * early, without an error, where the file was cut off; throws a UserError with file and line at the first line that is not what it should
 * be. Takes the same memory for any number of lines.
 */
export class TrialsFile implements AsyncIterable<Trial> {
  readonly path: string;
  readonly header: TrialsHeader;
  /** The last line says that this was all; else it was cut off. */
  readonly complete: boolean;
  /** Where the second line begins. */
  readonly begin: number;
  readonly #first: Buffer;

  constructor(path: string) {
    this.path = path;
    const { fd, size } = openFile(path);
    try {
      const first = wholeLines(path, fd, size).next().value;
      if (first === undefined) throw wrong(path, 1, 'there is not one whole line', 'it was cut off before the first trial; make it anew');
      this.#first = Buffer.from(first.bytes);
      this.begin = first.next;
      this.header = readHeader(path, this.#first);
      this.complete = isLast(fd, size);
    } finally {
      closeSync(fd);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Trial> {
    for (const { trial } of this.lines()) yield trial;
  }

  /** `stranger` says more of a trial that is not expected: '' where there is nothing to say. */
  *lines(stranger: (trial: Trial) => string = () => '', seen = new ExpectedTrials(this.header.expected)): Generator<TrialLine> {
    const { fd, size } = openFile(this.path);
    try {
      let ended = false;
      for (const { number, bytes, next } of wholeLines(this.path, fd, size)) {
        if (ended) throw wrong(this.path, number, 'stands after the last line');
        if (number === 1) {
          if (!this.#first.equals(bytes)) throw wrong(this.path, 1, 'changed while it was read');
          continue;
        }
        const value = parse(this.path, number, bytes);
        if (value['end'] !== undefined) {
          const { lines } = told(this.path, number, () => check(this.path, number, lastSchema, value));
          if (lines !== number - 2) throw wrong(this.path, number, `counts ${lines} trials where there are ${number - 2}`);
          ended = true;
          continue;
        }
        const trial = readTrial(this.path, number, value);
        const what = seen.see(trial.task, trial.trial);
        const name = `trial ${trial.trial} of ${trial.task}`;
        if (what === 'twice') throw wrong(this.path, number, `${name} is there twice`);
        if (what === 'unexpected') throw wrong(this.path, number, `${name} is not among those that the first line names${stranger(trial)}`);
        yield { trial, bytes, next };
      }
      if (ended !== this.complete) throw wrong(this.path, null, 'does not end as its last line says');
    } finally {
      closeSync(fd);
    }
  }
}

/** The user's file is wrong: `line` of it, from 1; null: the file as a whole. */
export function wrong(path: string, line: number | null, reason: string, remedy = ''): UserError {
  const place = line === null ? null : { file: displayText(path), line, column: 1 };
  return new UserError([{ message: line === null ? `${displayText(path)} ${reason}` : reason, place, remedy }]);
}

const isTrial = compile(trialSchema);
/** Why a trial may not stand in a file; null: it may. */
export function trialProblem(trial: unknown): string | null {
  if (isTrial(trial)) return contradiction(trial as Trial);
  const { issues } = v.safeParse(trialSchema, trial, { abortEarly: true });
  const [issue] = issues ?? [];
  return displayText(issue === undefined ? 'not a trial' : `${v.getDotPath(issue) ?? 'the line'}: ${issue.message}`);
}

function readTrial(path: string, line: number, value: Json): Trial {
  const problem = trialProblem(value);
  if (problem !== null) throw wrong(path, line, problem);
  return value as unknown as Trial;
}

function readHeader(path: string, bytes: Uint8Array): TrialsHeader {
  const value = parse(path, 1, bytes);
  const schema = value['schema'];
  if (schema !== TRIALS_SCHEMA) {
    if (typeof schema === 'string' && schema.startsWith(TRIALS_SCHEMA.slice(0, -1)))
      throw wrong(path, 1, `is ${displayText(schema)}, which this version of agent-jail does not read`, 'use the version that wrote it');
    throw wrong(path, 1, `has no "schema": "${TRIALS_SCHEMA}"`, 'give a trials.ndjson, as `agent-jail suite run` writes it');
  }
  const header = told(path, 1, () => check(path, 1, headerSchema, value)) as unknown as TrialsHeader;
  const problem = headerProblem(header);
  if (problem !== null) throw wrong(path, 1, problem);
  return header;
}

/** What the schema of a header cannot say; null: all is well. */
export function headerProblem({ shard, expected }: TrialsHeader): string | null {
  if (shard !== null && shard.index > shard.of) return `shard: there is no shard ${shard.index} of ${shard.of}`;
  return listProblem(expected);
}

const parse = (path: string, line: number, bytes: Uint8Array): Json => told(path, line, () => parseObject(path, line, bytes));

/** What the record's own checks find wrong, told with its place. */
function told<T>(path: string, line: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof RecordError ? wrong(path, line, error.reason) : error;
  }
}

const OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
/** An open regular file and its size. Links are not followed, a FIFO does not block. The caller closes it. */
function openFile(path: string): { readonly fd: number; readonly size: number } {
  let fd: number;
  try {
    fd = openSync(path, OPEN);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ELOOP: a link (open(2)). ENXIO: a socket.
    if (code === 'ELOOP' || code === 'ENXIO')
      throw wrong(path, null, 'is not a regular file', 'a link is not followed; give the file itself');
    if (code === 'ENOENT' || code === 'ENOTDIR') throw wrong(path, null, 'does not exist');
    throw wrong(path, null, `cannot be read: ${code ?? String(error)}`);
  }
  const stat = fstatSync(fd);
  if (stat.isFile()) return { fd, size: stat.size };
  closeSync(fd);
  throw wrong(path, null, 'is not a regular file', 'give the trials.ndjson itself');
}

interface Line {
  /** From 1. */
  readonly number: number;
  readonly bytes: Buffer;
  readonly next: number;
}

/** Lines with their end; a rest without one is what a writer was killed in, and is left out. A file that grows is read as it was opened. */
function* wholeLines(path: string, fd: number, size: number): Generator<Line> {
  let buffer = Buffer.allocUnsafe(Math.min(PIECE, size));
  let filled = 0;
  let number = 1;
  for (let at = 0; at < size; ) {
    if (filled === buffer.length) buffer = Buffer.concat([buffer], 2 * filled);
    const read = readSync(fd, buffer, filled, Math.min(buffer.length - filled, size - at), at);
    if (read === 0) throw wrong(path, null, 'became shorter while it was read');
    at += read;
    filled += read;
    const held = buffer.subarray(0, filled);
    let from = 0;
    for (let end = held.indexOf(10); end !== -1; end = held.indexOf(10, from)) {
      limit(path, number, end - from);
      yield { number, bytes: held.subarray(from, end), next: at - filled + end + 1 };
      number += 1;
      from = end + 1;
    }
    limit(path, number, filled - from);
    held.copyWithin(0, from);
    filled -= from;
  }
}

function limit(path: string, number: number, length: number): void {
  const most = number === 1 ? HEADER_LIMIT : LINE_LIMIT;
  if (length > most) throw wrong(path, number, `longer than ${most} bytes`);
}

/** The file ends with a line that says that it is the last. */
function isLast(fd: number, size: number): boolean {
  const tail = Buffer.alloc(Math.min(size, TAIL));
  readSync(fd, tail, 0, tail.length, size - tail.length);
  return /\n\{"end":true,"lines":\d+\}\n$/.test(tail.toString('latin1'));
}

import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { Trial, TrialsHeader } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { check } from '../record/ndjson.ts';
import { headerDifferences } from './trials-differences.ts';
import { ExpectedTrials } from './trials-expected.ts';
import { headerSchema } from './trials-schema.ts';
import { HEADER_LIMIT, headerProblem, LINE_LIMIT, readTrials, trialProblem, wrong } from './trials.ts';

const CREATE = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW;

/** Makes `path`, which must not be there. @throws UserError where it is. */
export function openTrials(path: string, header: TrialsHeader): TrialsWriter {
  check(path, 1, headerSchema, header);
  const problem = headerProblem(header);
  if (problem !== null) throw new Error(problem);
  let fd: number;
  try {
    fd = openSync(path, CREATE, 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw wrong(path, null, 'is there already', 'go on with it, or give another place');
    throw unwritable(path, error);
  }
  const writer = new TrialsWriter(path, fd, 0, new ExpectedTrials(header.expected));
  writer.line(header, HEADER_LIMIT);
  return writer;
}

/**
 * Goes on with a file that was cut off, or that has trials missing: its last line, and what follows the last whole line, are dropped.
 * @throws UserError where it was begun for something else, naming what differs.
 */
export function resumeTrials(path: string, header: TrialsHeader): TrialsWriter {
  const file = readTrials(path);
  const differ = headerDifferences(file.header, header, ['suite', 'digest', 'agent', 'seed', 'backend', 'shard', 'expected']);
  if (differ.length > 0)
    throw wrong(path, 1, `was begun for something else: ${differ.join(', ')}`, 'go on with what it was begun for, or give another place');
  const seen = new ExpectedTrials(header.expected);
  let size = file.begin;
  for (const { next } of file.lines(undefined, seen)) size = next;
  let fd: number;
  try {
    fd = openSync(path, APPEND);
  } catch (error) {
    throw unwritable(path, error);
  }
  ftruncateSync(fd, size);
  return new TrialsWriter(path, fd, size, seen);
}

/** Appends trials, a write(2) each: whatever dies, and when, the file is a valid one that was cut off. */
export class TrialsWriter {
  readonly path: string;
  readonly #fd: number;
  readonly #seen: ExpectedTrials;
  #size: number;

  constructor(path: string, fd: number, size: number, seen: ExpectedTrials) {
    this.path = path;
    this.#fd = fd;
    this.#size = size;
    this.#seen = seen;
  }

  /** Trials in the file. */
  get count(): number {
    return this.#seen.count;
  }

  /** That trial is in the file. */
  has(task: string, trial: number): boolean {
    return this.#seen.has(task, trial);
  }

  /** @throws Error for what no reader would take: a mistake of the caller's, and the file stays as it was. */
  add(trial: Trial): void {
    const name = `trial ${trial.trial} of ${displayText(trial.task)}`;
    const problem = trialProblem(trial);
    if (problem !== null) throw new Error(`${name}: ${problem}`);
    if (!this.#seen.expects(trial.task, trial.trial)) throw new Error(`${name} is not expected`);
    if (this.#seen.has(trial.task, trial.trial)) throw new Error(`${name} is there already`);
    this.line(trial, LINE_LIMIT);
    this.#seen.see(trial.task, trial.trial);
  }

  /** Says that this was all, and closes. */
  end(): void {
    this.line({ end: true, lines: this.count }, LINE_LIMIT);
    this.close();
  }

  /** Leaves the file as one that was cut off. */
  close(): void {
    closeSync(this.#fd);
  }

  /** A line as it is. */
  line(value: object, most: number): void {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    if (bytes.length > most + 1) throw new Error(`a line of ${bytes.length} bytes for ${this.path}, which takes ${most}`);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    } catch (error) {
      // A full disk takes part of a line; the next one must not be glued to it.
      ftruncateSync(this.#fd, this.#size);
      throw unwritable(this.path, error);
    }
    this.#size += bytes.length;
  }
}

function unwritable(path: string, error: unknown): JailError {
  const why = (error as NodeJS.ErrnoException).code ?? String(error);
  const remedy = 'give a place on a disk with room that can be written to';
  return new JailError(`the trials cannot be written to ${displayText(path)}: ${why}`, remedy, null, { cause: error });
}

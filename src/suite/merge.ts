import { closeSync, constants, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { JailError, UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { Trial, TrialsHeader } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { mergedHeader, orderShards } from './merge-headers.ts';
import { compile } from './trials-check.ts';
import { ExpectedTrials } from './trials-expected.ts';
import { trialSchema } from './trials-schema.ts';
import { HEADER_LIMIT, headerProblem, LINE_LIMIT, readTrials, type TrialLine, type TrialsFile, wrong } from './trials.ts';

const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const BUFFER = 1 << 20;

export interface Merged {
  readonly header: TrialsHeader;
  /** Trials that are there, and how many were expected. */
  readonly trials: number;
  readonly expected: number;
  /** Files that were cut off. */
  readonly cut: readonly string[];
}

/**
 * Joins the shards of one plan, in any order, into one `trials.ndjson` at `out`, which takes the place of what was there. Lines are checked
 * as a reader does, and copied as they are, but for the paths of records, which are then relative to `out`. Until all is well, `out` is as
 * it was. `allowCut`: take what there is of shards that were cut off; what they lack stands out as missing.
 * @throws UserError naming what is missing, there twice, foreign, cut off or damaged.
 */
export function mergeTrials(files: readonly string[], out: string, options: { readonly allowCut?: boolean } = {}): Merged {
  if (files.some((file) => resolve(file) === resolve(out)))
    throw new UserError([
      { message: `${displayText(out)} is one of the shards`, place: null, remedy: 'give another place for what is merged' },
    ]);
  const shards = orderShards(open(files), options.allowCut ?? false);
  const header = mergedHeader(shards);
  const first = JSON.stringify(header);
  const problem = Buffer.byteLength(first) > HEADER_LIMIT ? `more than ${HEADER_LIMIT} bytes of tasks` : headerProblem(header);
  if (problem !== null)
    throw new UserError([{ message: `all shards together: ${problem}`, place: null, remedy: 'make several suites of this one' }]);
  const temporary = join(dirname(out), `.${basename(out)}.tmp`);
  let done = false;
  const output = new Output(temporary);
  try {
    output.text(first);
    let trials = 0;
    for (const shard of shards) trials += copy(shard, shards, out, output);
    output.text(JSON.stringify({ end: true, lines: trials }));
    output.moveTo(out);
    done = true;
    const expected = header.expected.reduce((sum, task) => sum + task.trials, 0);
    return { header, trials, expected, cut: shards.filter(({ complete }) => !complete).map(({ path }) => path) };
  } finally {
    output.close();
    if (!done) rmSync(temporary, { force: true });
  }
}

/** @throws UserError with the problem of each file that is none. */
function open(paths: readonly string[]): TrialsFile[] {
  const problems: Problem[] = [];
  const files = paths.flatMap((path) => {
    try {
      return [readTrials(path)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new UserError(problems);
  return files;
}

/** All lines of one shard. Returns how many. */
function copy(shard: TrialsFile, shards: readonly TrialsFile[], out: string, output: Output): number {
  const prefix = relative(dirname(resolve(out)), dirname(resolve(shard.path)));
  let lines = 0;
  for (const line of shard.lines((trial) => belongsTo(trial, shards))) {
    lines += 1;
    if (line.trial.record === null || prefix === '') output.bytes(line.bytes);
    else output.bytes(moved(line, line.trial.record, prefix, shard.path, lines + 1, out));
  }
  return lines;
}

const isRecord = compile(trialSchema.entries.record);
/** The line with the path of its record as seen from the output. */
function moved({ trial, bytes }: TrialLine, record: string, prefix: string, path: string, line: number, out: string): Buffer {
  const place = `${prefix}/${record}`;
  if (!isRecord(place))
    throw wrong(
      path,
      line,
      `its record is at ${displayText(place)} as seen from ${displayText(out)}`,
      'write what is merged into a folder above all shards, whose names have no backslashes or control characters',
    );
  const end = Buffer.from(`,"record":${JSON.stringify(record)}}`);
  const at = bytes.length - end.length;
  // As it is written here. A string of the line cannot end like that: in it each quote has a backslash before it.
  const changed = bytes.subarray(at).equals(end)
    ? Buffer.concat([bytes.subarray(0, at), Buffer.from(`,"record":${JSON.stringify(place)}}`)])
    : Buffer.from(JSON.stringify({ ...trial, record: place }));
  if (changed.length > LINE_LIMIT) throw wrong(path, line, 'is too long with the path that its record has from there');
  return changed;
}

/** For a trial that is in the wrong file: whose it is. */
function belongsTo({ task, trial }: Trial, shards: readonly TrialsFile[]): string {
  const owner = shards.find(({ header }) => new ExpectedTrials(header.expected).expects(task, trial));
  return owner === undefined ? '' : `: it belongs to shard ${owner.header.shard?.index}, ${displayText(owner.path)}`;
}

/** A new file, written in large pieces. */
class Output {
  readonly #path: string;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafe(BUFFER);
  #filled = 0;

  constructor(path: string) {
    this.#path = path;
    this.#fd = this.#told(() => {
      rmSync(path, { force: true }); // what a merge that was killed left
      return openSync(path, CREATE, 0o600);
    });
  }

  /** A line. */
  bytes(line: Uint8Array): void {
    if (this.#filled + line.length + 1 > BUFFER) this.flush();
    if (line.length + 1 > BUFFER) return this.#write(Buffer.concat([line, Buffer.from('\n')]));
    this.#buffer.set(line, this.#filled);
    this.#filled += line.length;
    this.#buffer[this.#filled] = 10;
    this.#filled += 1;
  }

  text(line: string): void {
    this.bytes(Buffer.from(line));
  }

  flush(): void {
    this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }

  /** All of it, under its name. */
  moveTo(out: string): void {
    this.flush();
    this.#told(() => renameSync(this.#path, out));
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(bytes: Uint8Array): void {
    this.#told(() => {
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    });
  }

  #told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? String(error);
      const message = `what is merged cannot be written to ${displayText(dirname(this.#path))}: ${why}`;
      throw new JailError(message, 'give a place on a disk with room that can be written to', null, { cause: error });
    }
  }
}

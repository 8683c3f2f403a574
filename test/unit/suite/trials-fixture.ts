import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { problemLine, withRemedy } from '../../../src/cli/problem.ts';
import { JailError, UserError } from '../../../src/model/errors.ts';
import type { Sha256 } from '../../../src/model/names.ts';
import type { ExpectedTask, Trial, TrialsHeader } from '../../../src/model/suite.ts';
import { openTrials } from '../../../src/suite/trials-write.ts';
import { trialOf } from '../../support/trials.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});
/** An empty directory, removed after the test. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'agent-jail-trials-'));
  made.push(dir);
  return dir;
}

export const hex = (digit: string): Sha256 => digit.repeat(64) as Sha256;
export const expects = (task: string, first: number, trials: number): ExpectedTask => ({
  task,
  first,
  trials,
  policy: hex('b'),
  deterministic: false,
  tags: ['small'],
});
export const HEADER: TrialsHeader = {
  schema: 'agent-jail/trials@1',
  suite: 'nightly',
  digest: hex('a'),
  agent: 'pi',
  backend: 'auto',
  version: '0.1.0',
  started: '2026-11-29T02:00:00.000Z',
  seed: 7,
  shard: null,
  expected: [expects('sum', 1, 2), expects('parse', 1, 1)],
  origin: null,
};
export const ORIGIN = {
  server: 'https://github.example',
  repository: 'owner/name',
  run: '4711',
  head: 'owner/name',
  attempt: 1,
  workflow: 'nightly',
  event: 'schedule',
  ref: 'refs/heads/main',
  commit: 'c'.repeat(40),
} as const;

/** All trials that a header expects. */
export const trialsOf = ({ expected }: TrialsHeader): Trial[] =>
  expected.flatMap(({ task, first, trials }) => Array.from({ length: trials }, (_, at) => trialOf(task, first + at)));

/** Writes a whole file. */
export function write(path: string, header: TrialsHeader = HEADER, trials = trialsOf(header)): string {
  const writer = openTrials(path, header);
  for (const trial of trials) writer.add(trial);
  writer.end();
  return path;
}

export async function all(file: AsyncIterable<Trial>): Promise<Trial[]> {
  const trials: Trial[] = [];
  for await (const trial of file) trials.push(trial);
  return trials;
}

/** What the user is told: each problem as the command line prints it, folders left out. */
export async function told(work: () => unknown): Promise<string> {
  const error = await (async () => work())().catch((thrown: unknown) => thrown);
  if (error instanceof JailError) return strip(withRemedy(error.message, error.remedy));
  if (!(error instanceof UserError)) throw error instanceof Error ? error : new Error('nothing was refused');
  return strip(error.problems.map(problemLine).join('\n'));
}
const strip = (text: string): string => made.reduce((shorter, dir) => shorter.replaceAll(`${dir}/`, '').replaceAll(dir, '.'), text);

/** The file with one of its lines changed; `line` from 1, -1 for the last. */
export function edit(path: string, line: number, change: (text: string) => string): string {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  const at = line === -1 ? lines.length - 1 : line - 1;
  expect(lines[at]).toBeDefined();
  const changed = change(lines[at] ?? '');
  expect(changed).not.toBe(lines[at]);
  lines[at] = changed;
  const place = join(dirname(path), 'edited.ndjson');
  writeFileSync(place, `${lines.join('\n')}\n`);
  return place;
}

import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { ExpectedTask, TrialsHeader } from '../model/suite.ts';
import { canonicalJson } from '../policy/digest.ts';
import { displayText } from '../record/display.ts';
import { planDigest, planOf } from './plan.ts';
import { headerDifferences } from './trials-differences.ts';

const AS_PLANNED = 'run all shards with the tasks of the matrix that `suite plan` wrote, at the commit that it was planned for';

/** A file, as far as its first and last lines tell. */
export interface ShardFile {
  readonly path: string;
  readonly header: TrialsHeader;
  readonly complete: boolean;
}

/**
 * The files by shard: all of one plan, each shard of it once. `allowCut`: also those that were cut off.
 * @throws UserError with all that is wrong: each file, and each shard that is missing.
 */
export function orderShards<F extends ShardFile>(files: readonly F[], allowCut: boolean): F[] {
  const first = ordinary(files);
  if (first === undefined) refuse([{ message: 'there is no file to merge', place: null, remedy: 'give the trials.ndjson of each shard' }]);
  refuse(files.flatMap((file) => fileProblems(first, file, allowCut)));
  const byIndex = new Map<number, F>();
  const twice: Problem[] = [];
  for (const file of files) {
    const index = file.header.shard?.index ?? 0;
    const other = byIndex.get(index);
    if (other === undefined) byIndex.set(index, file);
    else twice.push(problem(other, `and ${displayText(file.path)} are both shard ${index}`, 'leave out one of them: the older attempt'));
  }
  refuse(twice);
  const of = first.header.shard?.of ?? 0;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !byIndex.has(index));
  if (missing.length > 0) {
    const message = `of ${of} shards, ${missing.length === 1 ? 'one is' : `${missing.length} are`} missing: ${ranges(missing)}`;
    refuse([{ message, place: null, remedy: 'run the jobs of these shards again, and merge all' }]);
  }
  const sorted = [...byIndex.values()].sort((a, b) => (a.header.shard?.index ?? 0) - (b.header.shard?.index ?? 0));
  refuse(planProblems(first.header, sorted));
  return sorted;
}

/** One of the plan that most are of: the others are the foreign ones. */
function ordinary<F extends ShardFile>(files: readonly F[]): F | undefined {
  const counts = new Map<string, number>();
  for (const { header } of files) if (header.shard !== null) counts.set(header.shard.plan, (counts.get(header.shard.plan) ?? 0) + 1);
  const most = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0];
  return files.find(({ header }) => header.shard?.plan === most) ?? files[0];
}

/** What one file alone, or beside the first, has wrong with it. */
function fileProblems(first: ShardFile, file: ShardFile, allowCut: boolean): Problem[] {
  if (file.header.shard === null) return [problem(file, 'is no shard: it has all of a suite', 'give shards of one plan only')];
  const differ = headerDifferences(asOfAll(file.header), asOfAll(first.header), ['suite', 'digest', 'agent', 'seed', 'backend', 'origin']);
  if (first.header.shard !== null) {
    if (file.header.shard.plan !== first.header.shard.plan) differ.push('plan');
    if (file.header.shard.of !== first.header.shard.of)
      differ.push(`number of shards (${file.header.shard.of}, not ${first.header.shard.of})`);
  }
  if (differ.length > 0)
    return [
      problem(file, `is not of the run that ${displayText(first.path)} is of: ${differ.join(', ')}`, 'merge the shards of one run only'),
    ];
  if (!file.complete && !allowCut)
    return [problem(file, 'was cut off', 'run that shard again, or allow what was cut off: its other trials are then missing')];
  return [];
}

/** A job that is run again has another attempt in its header. */
function asOfAll(header: TrialsHeader): TrialsHeader {
  return header.origin === null ? header : { ...header, origin: { ...header.origin, attempt: 0 } };
}

/** Each header names its part of the plan; all of them together have to be it. */
function planProblems(first: TrialsHeader, sorted: readonly ShardFile[]): Problem[] {
  const plan = planOf(
    first,
    sorted.map(({ header }) => header.expected),
  );
  if (planDigest(plan) === first.shard?.plan) return [];
  const message = 'a shard was to make other trials than its plan says';
  return [{ message, place: null, remedy: AS_PLANNED }];
}

/**
 * The first line of all shards together. Tasks come in the order of the shards, as no shard knows that of the suite.
 * @throws UserError where shards expect different things of one task.
 */
export function mergedHeader(sorted: readonly ShardFile[]): TrialsHeader {
  const tasks = new Map<string, ExpectedTask>();
  for (const file of sorted)
    for (const unit of file.header.expected) {
      const before = tasks.get(unit.task);
      if (before === undefined) tasks.set(unit.task, unit);
      else if (!isSameTask(before, unit)) refuse([problem(file, `expects ${unit.task} otherwise than the shards before it`, AS_PLANNED)]);
      else tasks.set(unit.task, { ...before, trials: before.trials + unit.trials });
    }
  const [first] = sorted;
  if (first === undefined) throw new Error('no shards');
  const { header } = first;
  const started = sorted.reduce((least, file) => (file.header.started < least ? file.header.started : least), header.started);
  const attempt = Math.max(...sorted.map((file) => file.header.origin?.attempt ?? 0));
  const origin = header.origin === null ? null : { ...header.origin, attempt };
  return { ...header, started, shard: null, expected: [...tasks.values()], origin };
}

/** The same task, and its trials go on where those before it ended. */
function isSameTask(before: ExpectedTask, unit: ExpectedTask): boolean {
  return canonicalJson({ ...before, first: before.first + before.trials, trials: unit.trials }) === canonicalJson(unit);
}

/** `1, 3-5`. */
function ranges(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

const problem = ({ path }: ShardFile, what: string, remedy: string): Problem => ({
  message: `${displayText(path)} ${what}`,
  place: null,
  remedy,
});

function refuse(problems: readonly [Problem]): never;
function refuse(problems: readonly Problem[]): void;
function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(problems);
}

import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { Sha256 } from '../model/names.ts';
import { MEASURED } from '../model/suite.ts';
import type { ExpectedTask, Trial, TrialsHeader } from '../model/suite.ts';
import { canonicalJson } from '../policy/digest.ts';
import { unitsWriter } from './plan-units.ts';
import { listProblem } from './trials-expected.ts';
import { MOST_SHARDS } from './trials-schema.ts';

/** Bytes of a matrix: outputs of a job have 1 MB, and the rest of them some room. */
export const MOST_BYTES = 900_000;
/** Durations of a task that a median is taken of: memory grows with tasks, not with trials. */
const MOST_DURATIONS = 1000;

export interface Plan extends Pick<TrialsHeader, 'suite' | 'digest' | 'agent' | 'seed'> {
  readonly schema: 'agent-jail/plan@1';
  /** By index, from 1. */
  readonly shards: readonly { readonly index: number; readonly expected: readonly ExpectedTask[] }[];
}
/** `strategy.matrix` of a job of GitHub's. */
export interface Matrix {
  readonly include: readonly { readonly shard: number; readonly of: number; readonly plan: Sha256; readonly tasks: string }[];
}

/**
 * Spreads trials over at most `shards` shards, so that all take about the same time: each gets a list in the order of `expected`, with one
 * range of trials a task, and none is empty (fewer trials than shards make fewer shards). `past`: ms that one trial of a task takes;
 * a task that is not there takes the median of those that are. The same arguments give the same plan.
 * @throws UserError where GitHub would not take so many.
 */
export function planShards(expected: readonly ExpectedTask[], shards: number, past: ReadonlyMap<string, number>): ExpectedTask[][] {
  if (!Number.isInteger(shards) || shards < 1 || shards > MOST_SHARDS)
    throw problem(`${shards} shards cannot be planned`, `ask for 1 to ${MOST_SHARDS}: a matrix of GitHub has no more jobs`);
  if (expected.length === 0) throw problem('there is no task to plan', 'look at the filter: a matrix needs a job at least');
  const wrong = listProblem(expected);
  if (wrong !== null) throw problem(wrong, '');
  const usual = median(expected.flatMap(({ task }) => past.get(task) ?? [])) ?? 1;
  const tasks = expected.map(({ task, trials }) => ({ task, trials, ms: Math.max(past.get(task) ?? usual, 1) }));
  const made = Math.min(
    shards,
    sum(expected, ({ trials }) => trials),
  );
  const shares = distribute(pieces(tasks, shards), made);
  // Ranges are given out last, shard by shard, so that a shard that got two pieces of a task has one range of it.
  const lists: ExpectedTask[][] = Array.from({ length: made }, () => []);
  for (const task of expected) {
    let { first } = task;
    for (const [shard, trials] of [...(shares.get(task.task) ?? [])].sort(([a], [b]) => a - b)) {
      lists[shard]?.push({ ...task, first, trials });
      first += trials;
    }
  }
  return lists;
}

/** What to tell the user of a plan of fewer shards than were asked for; null: nothing. */
export function fewerShards(asked: number, made: number): string | null {
  return made === asked ? null : `${made} shards are planned, not ${asked}: there are no more trials`;
}

/** The document that all shards of a night have to agree on. */
export function planOf(
  about: Pick<TrialsHeader, 'suite' | 'digest' | 'agent' | 'seed'>,
  shards: readonly (readonly ExpectedTask[])[],
): Plan {
  const { suite, digest, agent, seed } = about;
  const numbered = shards.map((expected, at) => ({ index: at + 1, expected }));
  return { schema: 'agent-jail/plan@1', suite, digest, agent, seed, shards: numbered };
}

/** SHA-256 of its canonical JSON. */
export const planDigest = (plan: Plan): Sha256 => createHash('sha256').update(canonicalJson(plan)).digest('hex') as Sha256;

/** @throws UserError where it is larger than what GitHub passes on from job to job. */
export function planMatrix(plan: Plan, suite: readonly ExpectedTask[]): Matrix {
  const digest = planDigest(plan);
  const of = plan.shards.length;
  const write = unitsWriter(suite);
  const include = plan.shards.map(({ index, expected }) => ({ shard: index, of, plan: digest, tasks: write(expected) }));
  const bytes = Buffer.byteLength(JSON.stringify({ include }));
  if (bytes > MOST_BYTES)
    throw problem(
      `the matrix has ${bytes} bytes, and GitHub passes on no more than ${MOST_BYTES} from job to job`,
      'plan fewer tasks at a time, with a filter, or make several suites of this one',
    );
  return { include };
}

/** Median ms of one trial, by task: of those that were measured, as others may have ended early. */
export async function pastDurations(files: Iterable<AsyncIterable<Trial>>): Promise<ReadonlyMap<string, number>> {
  const all = new Map<string, number[]>();
  for (const file of files)
    for await (const { task, outcome, ms } of file) {
      if (!MEASURED.includes(outcome)) continue;
      const seen = all.get(task);
      if (seen === undefined) all.set(task, [ms.total]);
      else if (seen.length < MOST_DURATIONS) seen.push(ms.total);
    }
  return new Map([...all].map(([task, durations]) => [task, median(durations) ?? 1]));
}

interface Piece {
  readonly task: string;
  readonly trials: number;
  /** Of one trial. */
  readonly ms: number;
}
const weight = ({ trials, ms }: Piece): number => trials * ms;

/** Tasks stay whole, as a shard prepares each of its tasks; only what is more than half a fair share is cut, or when there are too few. */
function pieces(tasks: readonly Piece[], shards: number): Piece[] {
  const most = sum(tasks, weight) / shards / 2;
  const cut = tasks.flatMap((task) => divide(task, Math.ceil(weight(task) / most)));
  for (let least = cut.length; least < shards; least += 1) {
    const largest = cut.filter(({ trials }) => trials > 1).sort(heavyFirst)[0];
    if (largest === undefined) break;
    cut.splice(cut.indexOf(largest), 1, ...divide(largest, 2));
  }
  return cut;
}

function divide({ task, trials, ms }: Piece, wanted: number): Piece[] {
  const parts = Math.min(wanted, trials);
  return Array.from({ length: parts }, (_, at) => ({
    task,
    trials: Math.floor(((at + 1) * trials) / parts) - Math.floor((at * trials) / parts),
    ms,
  }));
}

/** The longest first, each to the shard that has least (LPT; Graham 1969: at most 4/3 of the best). Trials by task and shard, from 0. */
function distribute(cut: readonly Piece[], shards: number): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const loads = Array.from({ length: shards }, () => 0);
  const shares = new Map<string, Map<number, number>>();
  for (const piece of cut.toSorted(heavyFirst)) {
    const least = loads.reduce((best, load, at) => (load < (loads[best] ?? 0) ? at : best), 0);
    loads[least] = (loads[least] ?? 0) + weight(piece);
    const share = shares.get(piece.task) ?? new Map<number, number>();
    shares.set(piece.task, share.set(least, (share.get(least) ?? 0) + piece.trials));
  }
  return shares;
}

const heavyFirst = (a: Piece, b: Piece): number => weight(b) - weight(a) || (a.task < b.task ? -1 : a.task > b.task ? 1 : 0);

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) return null;
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);

function problem(message: string, remedy: string): UserError {
  return new UserError([{ message, place: null, remedy }]);
}

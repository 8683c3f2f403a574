import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { Night } from '../model/suite.ts';
import { displayText } from '../record/display.ts';
import { RecordError } from '../record/error.ts';
import { sfc32 } from '../statistics/random.ts';
import { refusal } from './refusal.ts';
import { tally, TaskTally } from './tally.ts';
import type { Tally, TrialsData } from './tally.ts';

/** Something that was to be a baseline, and why it is none. */
export interface Refused {
  readonly name: string;
  readonly why: string;
}
export interface Baseline {
  readonly nights: readonly Tally[];
  readonly refused: readonly Refused[];
}

/** Reads the baselines that may be used. One that is broken in the middle is refused as a whole: half a night is no night. */
export async function readBaselines(current: Tally, baselines: readonly (TrialsData | Refused)[], seed: number): Promise<Baseline> {
  const nights: Tally[] = [];
  const refused: Refused[] = [];
  for (const data of baselines) {
    if ('why' in data) {
      refused.push(data);
      continue;
    }
    const twice = nights.find(({ header }) => sameRun(header, data.header));
    const why = refusal(current.header, data.header) ?? (twice === undefined ? null : `it is the same run as ${displayText(twice.name)}`);
    const read = why ?? (await readNight(data, seed));
    if (typeof read === 'string') refused.push({ name: data.name, why: read });
    else nights.push(read);
  }
  return { nights, refused };
}

async function readNight(data: TrialsData, seed: number): Promise<Tally | string> {
  try {
    const night = await tally(data, seed);
    if (!night.complete) return 'it was cut off before its end';
    return [...night.tasks.values()].some(({ measured }) => measured > 0) ? night : 'nothing was measured in it';
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    if (error instanceof UserError) return error.problems.map(problemText).join('; ');
    throw error;
  }
}

const problemText = ({ message, place }: Problem): string => (place === null ? message : `line ${place.line}: ${message}`);

function sameRun(a: Tally['header'], b: Tally['header']): boolean {
  return a.started === b.started && a.seed === b.seed && a.origin?.run === b.origin?.run && a.origin?.attempt === b.origin?.attempt;
}

/** All nights' trials of a task that ran under the policy of now; null: there are none. `other`: some ran under another one. */
export function pool(
  current: Tally,
  nights: readonly Tally[],
  seed: number,
): ReadonlyMap<string, { readonly then: TaskTally | null; readonly other: boolean }> {
  const random = sfc32(seed, 5);
  return new Map(
    [...current.policies].map(([task, policy]) => {
      const [then, same] = [new TaskTally(), nights.filter((night) => night.policies.get(task) === policy)];
      for (const night of same) then.merge(night.tasks.get(task) ?? new TaskTally(), random);
      return [
        task,
        { then: same.length === 0 ? null : then, other: nights.some((night) => night.policies.has(task) && !same.includes(night)) },
      ];
    }),
  );
}

export function nightOf({ name, header, tasks }: Tally): Night {
  const sum = (key: 'measured' | 'passed'): number => [...tasks.values()].reduce((all, task) => all + task[key], 0);
  return { name, started: header.started, commit: header.origin?.commit ?? null, trials: sum('measured'), passed: sum('passed') };
}

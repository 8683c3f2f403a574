import { MEASURED, TRIAL_OUTCOMES } from '../model/suite.ts';
import type { Behaviour, Trial, TrialOutcome, TrialsHeader } from '../model/suite.ts';
import type { Sha256 } from '../model/names.ts';
import { sfc32 } from '../statistics/random.ts';
import type { Random } from '../statistics/random.ts';
import { Sample } from './sample.ts';

/** Trials as they are read, one after the other; `complete`, valid once they are: the last line was there. */
export interface TrialsData {
  /** For people: a file, a run. */
  readonly name: string;
  readonly header: TrialsHeader;
  readonly trials: Iterable<Trial> | AsyncIterable<Trial>;
  readonly complete: boolean;
}

export type Outcomes = Record<TrialOutcome, number>;
export const FEATURES = ['paths', 'runsLater', 'hosts', 'programs'] as const satisfies readonly (keyof Behaviour)[];
export type Feature = (typeof FEATURES)[number];
export const NUMBERS = ['duration', 'output', 'memory', 'tokens', 'cost', 'turns', 'denials'] as const;
export type NumberName = (typeof NUMBERS)[number];
/** In how many trials something was seen: in measured ones, and in all. */
interface Seen {
  measured: number;
  all: number;
}

/** Names of one kind that are kept of a task. A trial names far fewer; who makes up new ones each time gets no more memory. */
const MOST_NAMES = 5000;

/** What is known of the trials of one task. Only measured trials count, but for `seen.all` and `outcomes`. */
export class TaskTally {
  readonly outcomes: Outcomes = noOutcomes();
  measured = 0;
  passed = 0;
  /** Names that the trials' own lists left out. */
  more = 0;
  /** Trials in which the agent ran. */
  ran = 0;
  readonly seen: Readonly<Record<Feature, Map<string, Seen>>> = {
    paths: new Map(),
    runsLater: new Map(),
    hosts: new Map(),
    programs: new Map(),
  };
  readonly exits = new Map<string, number>();
  readonly numbers: Readonly<Record<NumberName, Sample>> = Object.fromEntries(NUMBERS.map((name) => [name, new Sample()])) as Record<
    NumberName,
    Sample
  >;

  add(trial: Trial, random: Random): void {
    this.outcomes[trial.outcome] += 1;
    const measured = MEASURED.includes(trial.outcome);
    if (measured) this.measured += 1;
    if (trial.outcome === 'pass') this.passed += 1;
    if (trial.run === null) return;
    this.ran += 1;
    this.more += trial.behaviour.more;
    for (const feature of FEATURES) {
      for (const name of new Set(trial.behaviour[feature])) note(this.seen[feature], name, { measured: Number(measured), all: 1 });
    }
    if (!measured) return;
    const exit = trial.run.signal ?? (trial.run.code === null ? 'no exit code' : `exit code ${trial.run.code}`);
    this.exits.set(exit, (this.exits.get(exit) ?? 0) + 1);
    for (const name of NUMBERS) this.numbers[name].add(numberOf(trial, name), random);
  }

  /** Another night's. */
  merge(other: TaskTally, random: Random): void {
    for (const outcome of TRIAL_OUTCOMES) this.outcomes[outcome] += other.outcomes[outcome];
    this.measured += other.measured;
    this.passed += other.passed;
    this.ran += other.ran;
    this.more += other.more;
    for (const feature of FEATURES) for (const [name, seen] of other.seen[feature]) note(this.seen[feature], name, seen);
    for (const [exit, count] of other.exits) this.exits.set(exit, (this.exits.get(exit) ?? 0) + count);
    for (const name of NUMBERS) for (const value of other.numbers[name].values) this.numbers[name].add(value, random);
  }
}

/** One file of trials, by task. Memory grows with its tasks. */
export interface Tally {
  readonly name: string;
  readonly header: TrialsHeader;
  readonly tasks: ReadonlyMap<string, TaskTally>;
  readonly policies: ReadonlyMap<string, Sha256>;
  /** `name version model`, digests of roots, versions of agent-jail. */
  readonly agents: ReadonlySet<string>;
  readonly roots: ReadonlySet<string>;
  readonly versions: ReadonlySet<string>;
  readonly complete: boolean;
}

/** Reads all trials. Those of tasks that the header does not expect are not counted. */
export async function tally(data: TrialsData, seed: number): Promise<Tally> {
  const { name, header } = data;
  const tasks = new Map(header.expected.map(({ task }) => [task, new TaskTally()]));
  const [agents, roots, versions] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const random = sfc32(seed, 4);
  for await (const trial of data.trials) {
    const task = tasks.get(trial.task);
    if (task === undefined) continue;
    task.add(trial, random);
    few(versions, trial.version);
    if (trial.root !== null) few(roots, trial.root);
    if (trial.agent !== null) few(agents, [trial.agent.name, trial.agent.version, trial.agent.model ?? ''].join(' ').trim());
  }
  const policies = new Map(header.expected.map(({ task, policy }) => [task, policy]));
  return { name, header, tasks, policies, agents, roots, versions, complete: data.complete };
}

export function noOutcomes(): Outcomes {
  return Object.fromEntries(TRIAL_OUTCOMES.map((outcome) => [outcome, 0])) as Outcomes;
}

function note(names: Map<string, Seen>, name: string, seen: Readonly<Seen>): void {
  const known = names.get(name);
  if (known !== undefined) {
    known.measured += seen.measured;
    known.all += seen.all;
  } else if (names.size < MOST_NAMES) names.set(name, { ...seen });
}

function few(names: Set<string>, name: string): void {
  if (names.size < 100) names.add(name);
}

function numberOf({ ms, usage, behaviour }: Trial, name: NumberName): number | null {
  switch (name) {
    case 'duration':
      return ms.agent;
    case 'output':
      return usage.output;
    case 'memory':
      return usage.memory;
    case 'tokens':
      return usage.inputTokens === null && usage.outputTokens === null ? null : (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
    case 'cost':
      return usage.costUsd;
    case 'turns':
      return usage.turns;
    case 'denials':
      return behaviour.denied;
  }
}

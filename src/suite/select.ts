import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { ExpectedTask } from '../model/suite.ts';
import { builtIn } from './steps.ts';
import type { Agent, Suite, Task } from './types.ts';

/** What of a suite is run; null: what the suite says. */
export interface Selection {
  readonly agent: string | null;
  /** `name`, `na*e`, `tag:name`, and `!` before each: the tasks that match one and no one with `!`. */
  readonly filter: readonly string[];
  readonly trials: number | null;
}
export interface Selected {
  readonly agent: string;
  readonly tasks: readonly Task[];
  readonly expected: readonly ExpectedTask[];
  agentOf(task: Task): Agent;
}

/** Pure. Throws UserError where that is nothing, or nobody. */
export function select(suite: Suite, { agent: asked, filter, trials }: Selection): Selected {
  const wrong = (message: string, remedy: string): UserError => new UserError([{ message, remedy, place: null }]);
  const name = asked ?? suite.agent;
  const known = [...suite.agents.keys(), 'oracle', 'null'];
  if (name === null) throw wrong('which agent?', `Say --agent, or \`agent:\` in the suite: ${known.join(', ')}.`);
  if (!known.includes(name)) throw wrong(`there is no agent ${JSON.stringify(name)}`, `There are: ${known.join(', ')}.`);
  const tasks = suite.tasks.filter((task) => matches(task, filter));
  if (tasks.length === 0)
    throw wrong(
      `no task matches ${filter.join(',')}`,
      `There are: ${suite.tasks
        .map(({ id }) => id)
        .join(', ')
        .slice(0, 500)}.`,
    );
  const unmet = filter.find((one) => !suite.tasks.some((task) => matchesOne(task, one.replace(/^!/, ''))));
  if (unmet !== undefined)
    throw wrong(
      `--filter ${unmet} matches no task`,
      `There are: ${suite.tasks
        .map(({ id }) => id)
        .join(', ')
        .slice(0, 500)}.`,
    );
  const agents = new Map(tasks.map((task) => [task.id, agentFor(suite, task, name)]));
  const without = tasks.filter(({ id }) => agents.get(id) === null).map(({ id }) => id);
  if (without.length > 0)
    throw wrong(`the oracle has no solution for: ${without.slice(0, 10).join(', ')}`, 'Give these tasks a `solution`.');
  const agentOf = (task: Task): Agent => agents.get(task.id) ?? { steps: [], deterministic: false };
  return {
    agent: name,
    tasks,
    agentOf,
    expected: tasks.map((task) => ({
      task: task.id,
      first: 1,
      trials: trials ?? task.trials,
      policy: task.policy.digest,
      deterministic: task.deterministic ?? agentOf(task).deterministic,
      tags: task.tags,
    })),
  };
}

/** A task that brings its own agent brings it for every name but the built-in ones. */
function agentFor(suite: Suite, task: Task, name: string): Agent | null {
  if (name === 'oracle' || name === 'null') return builtIn(name, task);
  return task.agent ?? suite.agents.get(name) ?? null;
}

function matches(task: Task, filter: readonly string[]): boolean {
  const [no, yes] = [filter.filter((one) => one.startsWith('!')), filter.filter((one) => !one.startsWith('!'))];
  return !no.some((one) => matchesOne(task, one.slice(1))) && (yes.length === 0 || yes.some((one) => matchesOne(task, one)));
}

function matchesOne(task: Task, one: string): boolean {
  if (one.startsWith('tag:')) return task.tags.includes(one.slice('tag:'.length));
  const parts = one.split('*').map((part) => part.replace(/[^a-zA-Z0-9]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(task.id);
}

/** The same for the same trial of the same suite, whoever runs it and in which order; 32 bits. */
export function seedOf(seed: number, task: string, trial: number): number {
  return createHash('sha256').update(`${seed}\0${task}\0${trial}`).digest().readUInt32BE(0);
}

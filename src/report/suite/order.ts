import { changeOf } from './rows.ts';
import type { Cell, TaskData } from './data.ts';

// How the matrix is sorted and filtered: what the page does, without the page.

/** `worst` is the order in which the data stand. */
export const ORDERS = ['worst', 'name', 'rate', 'change', 'flakiness', 'cost'] as const;
export type Order = (typeof ORDERS)[number];
export const ONLY = ['regressed', 'improved', 'flaky', 'drift', 'not all passed', 'not measured'] as const;
export type Only = (typeof ONLY)[number];

/** The rate of a cell; null: nothing was measured. */
export function rateOf(cell: Cell | undefined): number | null {
  return cell === undefined || cell === 0 || cell[1] === 0 ? null : cell[0] / cell[1];
}

/** How much the outcome differs within the nights: the mean of 4 p (1 - p), from 0 to 1. A task that broke once and for all has 0. */
export function flakiness(cells: readonly Cell[]): number {
  const rates = cells.flatMap((cell) => rateOf(cell) ?? []);
  return rates.length === 0 ? 0 : rates.reduce((sum, p) => sum + 4 * p * (1 - p), 0) / rates.length;
}

export interface Wish {
  /** In lower case. */
  readonly text: string;
  readonly only: Only | '';
  readonly order: Order;
  readonly reverse: boolean;
}

/** The tasks that are wanted, in the order that is wanted; what cannot be compared stands last. Pure. */
export function arrange(tasks: readonly TaskData[], wish: Wish): readonly TaskData[] {
  const found = tasks.filter((task) => task.task.toLowerCase().includes(wish.text) && (wish.only === '' || IS[wish.only](task)));
  const sign = wish.reverse ? -1 : 1;
  if (wish.order === 'worst') return wish.reverse ? found.toReversed() : found;
  if (wish.order === 'name') return found.toSorted((a, b) => sign * (a.task < b.task ? -1 : 1));
  const value = VALUE[wish.order];
  const keyed = found.map((task) => ({ task, key: value(task) }));
  keyed.sort(({ key: a }, { key: b }) => (a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b)));
  return keyed.map(({ task }) => task);
}

/** What is looked for stands first: low rates, the largest drops, the flakiest, the dearest. */
const VALUE: Readonly<Record<Exclude<Order, 'worst' | 'name'>, (task: TaskData) => number | null>> = {
  rate: ({ cells }) => rateOf(cells.at(-1)),
  change: ({ compared }) => changeOf(compared),
  flakiness: ({ cells }) => -flakiness(cells),
  cost: ({ cells }) => {
    const cell = cells.at(-1);
    return cell === undefined || cell === 0 || cell[4] < 0 ? null : -cell[4];
  },
};
const IS: Readonly<Record<Only, (task: TaskData) => boolean>> = {
  regressed: ({ compared }) => compared?.verdict === 'regressed',
  improved: ({ compared }) => compared?.verdict === 'improved',
  flaky: ({ flaky }) => flaky,
  drift: ({ drift }) => drift.length > 0,
  'not all passed': ({ cells }) => rateOf(cells.at(-1)) !== 1,
  'not measured': ({ cells }) => rateOf(cells.at(-1)) === null,
};

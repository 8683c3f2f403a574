import { time } from '../../markdown.ts';
import type { Cell, NightData, SuiteData } from '../../suite/data.ts';
import { rateOf } from '../../suite/order.ts';
import { percent, usd } from '../../suite/units.ts';
import { h, svg } from '../dom.ts';

const [WIDTH, HEIGHT, EDGE] = [300, 100, 4];

/** Of the whole suite, over the nights. */
export function trends({ nights }: SuiteData): readonly Node[] {
  return plots(
    nights.map(({ rate }) => rate),
    nights.map(({ costUsd }) => costUsd),
    nights.map(({ ms }) => ms),
  );
}

/** Of one task. */
export function trendsOf(cells: readonly Cell[]): readonly Node[] {
  const known = (value: number): number | null => (value < 0 ? null : value);
  return plots(
    cells.map(rateOf),
    cells.map((cell) => (cell === 0 || cell[4] < 0 ? null : cell[4] / 1e6)),
    cells.map((cell) => (cell === 0 ? null : known(cell[3]))),
  );
}

function plots(rates: Values, costs: Values, times: Values): readonly Node[] {
  if (rates.length < 2) return [h('p', { class: 'quiet' }, 'There is no night before this one.')];
  return [h('div', { class: 'plots' }, plot('pass rate', rates, percent, 1), plot('cost', costs, usd), plot('median time', times, time))];
}
type Values = readonly (number | null)[];

/** A line over the nights, with gaps where nothing is known. `top`: the value at the upper edge; else the largest. */
function plot(
  name: string,
  values: Values,
  unit: (value: number) => string,
  top = Math.max(0, ...values.map((value) => value ?? 0)),
): HTMLElement {
  const known = values.filter((value) => value !== null);
  const last = values.at(-1) ?? null;
  const range = `${unit(Math.min(...known))} to ${unit(Math.max(...known))}`;
  const label = `${name}: ${known.length === 0 ? 'not known' : `${last === null ? 'not known' : unit(last)} now, ${range} over ${values.length} nights`}`;
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label, preserveAspectRatio: 'none' });
  const step = WIDTH / Math.max(1, values.length - 1);
  const y = (value: number): string => (HEIGHT - EDGE - (value / (top || 1)) * (HEIGHT - 2 * EDGE)).toFixed(1);
  for (const [from, part] of runs(values)) {
    // One night alone is a dash.
    const points =
      part.length > 1
        ? part.map((value, index) => [(from + index) * step, value] as const)
        : [-0.2, 0.2].map((by) => [(from + by) * step, part[0] ?? 0] as const);
    picture.append(svg('polyline', { points: points.map(([x, value]) => `${x.toFixed(1)},${y(value)}`).join(' ') }));
  }
  return h('figure', {}, picture, h('figcaption', {}, label));
}

/** Where values that are known follow each other: the index of the first, and all of them. */
function runs(values: Values): readonly (readonly [number, number[]])[] {
  const found: [number, number[]][] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const before = index > 0 ? values[index - 1] : null;
    if (before === null || before === undefined) found.push([index, [value]]);
    else found.at(-1)?.[1].push(value);
  }
  return found;
}

/** Names of the nights, the newest first: `now`, then their dates. */
export function dates(nights: readonly NightData[]): readonly string[] {
  const date = ({ started }: NightData): string => /^\d{4}-(\d\d-\d\d)T/.exec(started)?.[1] ?? '?';
  return nights.map((night, index) => (index === nights.length - 1 ? 'now' : date(night))).toReversed();
}

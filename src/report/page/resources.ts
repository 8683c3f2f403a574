import type { LimitData, ReportData, UsageData } from '../data.ts';
import { bytes, time } from '../markdown.ts';
import { h, scrollable, svg, tableOf } from './dom.ts';

const [WIDTH, HEIGHT] = [400, 100];
const IN_BYTES = new Set(['memory', 'disk', 'output', 'upload']);

/** What the run used over time, and its limits. */
export function resources({ usage, limits }: ReportData): readonly Node[] {
  const rows = limits.map(({ name, limit, peak, hit }) => [name, show(name, limit), show(name, peak), hit ? 'yes' : '']);
  const plots = [
    plot('memory', usage, ({ memory }) => memory, bytes),
    // µs in a ms are thousandths of a processor.
    plot(
      'processors',
      usage,
      rate(({ cpu }) => cpu / 1000),
      (value) => value.toFixed(1),
    ),
    plot('processes', usage, ({ pids }) => pids, String),
    plot('disk', usage, ({ disk }) => disk, bytes),
    plot(
      'disk traffic',
      usage,
      rate(({ moved }) => moved * 1000),
      (value) => `${bytes(Math.round(value))} a second`,
    ),
  ];
  return [
    scrollable('Limits', tableOf('Limits', ['limit', 'set to', 'peak', 'reached'], ...rows)),
    ...(usage.length < 2 ? [h('p', { class: 'quiet' }, 'Too short a run for plots.')] : [h('div', { class: 'plots' }, ...plots)]),
  ];
}

function show(name: LimitData['name'], value: number | null): string {
  if (value === null) return '';
  if (name === 'time' || name === 'idle') return time(value);
  return IN_BYTES.has(name) ? bytes(value) : value.toLocaleString('en');
}

/** What came in a ms since the sample before. */
function rate(sum: (sample: UsageData) => number): (sample: UsageData, before: UsageData | undefined) => number {
  return (sample, before) => {
    const ms = sample.t - (before?.t ?? 0);
    return ms <= 0 ? 0 : Math.max(0, sum(sample) - (before === undefined ? 0 : sum(before))) / ms;
  };
}

function plot(
  name: string,
  usage: readonly UsageData[],
  value: (sample: UsageData, before: UsageData | undefined) => number,
  unit: (value: number) => string,
): HTMLElement {
  const values = usage.map((sample, index) => value(sample, usage[index - 1]));
  const [first, end] = [usage[0]?.t ?? 0, usage.at(-1)?.t ?? 0];
  const peak = Math.max(...values, 0);
  const points = usage.map(({ t }, index) => {
    const x = ((t - first) / Math.max(1, end - first)) * WIDTH;
    const y = HEIGHT - ((values[index] ?? 0) / (peak || 1)) * (HEIGHT - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const label = `${name}: at most ${unit(peak)}, from ${time(first)} to ${time(end)}`;
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label, preserveAspectRatio: 'none' });
  picture.append(svg('polyline', { points: points.join(' ') }));
  return h('figure', {}, picture, h('figcaption', {}, label));
}

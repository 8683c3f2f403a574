import { infraShare, percent, short, worstFirst } from '../compare/verdict.ts';
import type { Comparison, Interval, TaskComparison } from '../model/suite.ts';
import { displayText } from '../record/display.ts';

const TASKS = 30;
const DRIFT = 20;
const REFUSED = 20;

/** A comparison for a terminal: the verdict, tasks that are not just steady, drift, baselines that were refused. */
export function comparisonText(comparison: Comparison): string {
  const { suite, verdict, because, tasks, drift, refused } = comparison;
  const told = tasks.filter((task) => task.verdict !== 'steady' || task.flaky).toSorted(worstFirst);
  const lines = [
    `${displayText(suite)}: ${verdict}`,
    ...because.map((line) => `  ${shown(line, 1000)}`),
    ...sides(comparison),
    ...columns(told.slice(0, TASKS).map(row)),
    ...left(told.length - TASKS, 'task'),
    ...drift.slice(0, DRIFT).map(({ severity, kind, task, message, what, more }) => {
      const names = [...what.slice(0, 5).map((name) => displayText(name, 80)), ...left(more + Math.max(0, what.length - 5), 'name')];
      return `${severity} drift, ${kind}${task === null ? '' : ` of ${displayText(task)}`}: ${shown(message)}${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
    }),
    ...left(drift.length - DRIFT, 'drift'),
    ...refused.slice(0, REFUSED).map(({ name, why }) => `not a baseline: ${displayText(name)}: ${shown(why)}`),
    ...left(refused.length - REFUSED, 'baseline'),
  ];
  return `${lines.join('\n')}\n`;
}

/** Of a text in its escaped form already: the backslashes are its own. */
const shown = (text: string, limit?: number): string => displayText(text, limit).replaceAll('\\\\', '\\');

function sides({ current, baseline }: Comparison): string[] {
  const now = `now: ${current.passed} of ${current.trials} trials passed, ${current.tasks} tasks${current.rate === null ? '' : `, ${percent(current.rate)}`}`;
  const infra = infraShare(current) > 0 ? `, infra ${percent(infraShare(current))}` : '';
  if (baseline === null) return [`  ${now}${infra}`];
  const then = `before: ${baseline.passed} of ${baseline.trials}, ${baseline.nights.length} night${baseline.nights.length === 1 ? '' : 's'}${baseline.rate === null ? '' : `, ${percent(baseline.rate)}`}`;
  return [`  ${now}${infra}`, `  ${then}`];
}

function row({ task, verdict, now, then, p, q, confirm, flaky }: TaskComparison): string[] {
  return [
    displayText(task, 100),
    `${verdict}${flaky ? ', flaky' : ''}`,
    interval(now),
    then === null ? '' : `before ${interval(then)}`,
    confirm === null ? '' : `further ${interval(confirm.now)}`,
    p === null ? '' : `p ${short(confirm?.p ?? p)}`,
    q === null ? '' : `q ${short(confirm?.q ?? q)}`,
  ];
}

/** `8/10 (49.0-94.3 %)`. */
export const interval = ({ passed, trials, low, high }: Interval): string =>
  `${passed}/${trials} (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)} %)`;

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  return rows.map((cells) => `  ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd());
}

const left = (count: number, what: string): string[] => (count > 0 ? [`and ${count} more ${what}${count === 1 ? '' : 's'}`] : []);

import type { Comparison, Drift, Interval, TaskComparison } from '../model/suite.ts';
import { inlineCode, inlineShown, table } from '../report/markdown.ts';
import { percent, short, worstFirst } from './verdict.ts';

/** Bytes at the most: a job's summary page takes 1 MiB of all steps together. */
export const LARGEST = 64 << 10;
const LINES = { tasks: 100, drift: 40, names: 10, nights: 30, refused: 20, because: 20 } as const;

/**
 * A comparison as Markdown of at most 64 KiB, worst tasks first; where it would be more, later rows are left out and counted. All names
 * and messages stand in code spans: baselines and agents choose them.
 */
export function comparisonMarkdown(comparison: Comparison): string {
  for (let share = 1; share > 0.01; share /= 2) {
    const text = render(comparison, share);
    if (Buffer.byteLength(text) <= LARGEST) return text;
  }
  return render(comparison, 0);
}

/** `share`: of the rows that each list may have. */
function render({ suite, verdict, because, current, baseline, tasks, drift, missing, refused }: Comparison, share: number): string {
  const most = (count: number): number => Math.floor(count * share);
  const sorted = tasks.toSorted(worstFirst);
  const told = sorted.slice(0, most(LINES.tasks));
  const nights = baseline?.nights ?? [];
  const lines = [
    `## ${inlineCode(suite, 80)}: ${verdict}`,
    '',
    ...because.slice(0, LINES.because).map((line) => `- ${inlineShown(line, 500)}`),
    '',
    ...table(
      ['', 'tasks', 'trials', 'passed', 'pass rate'],
      [
        ['now', ...side(current)],
        ...(baseline === null ? [] : [[`before (${nights.length} night${nights.length === 1 ? '' : 's'})`, ...side(baseline)]]),
      ],
    ),
    ...list(
      'Not measured',
      missing.slice(0, most(LINES.tasks)).map((task) => inlineCode(task, 100)),
      missing.length,
    ),
    ...section(
      'Drift',
      drift.slice(0, most(LINES.drift)).map((one) => driftLine(one, most(LINES.names))),
      drift.length,
    ),
    ...(told.length === 0 ? [] : ['### Tasks', '']),
    ...table(['task', '', 'now', 'before', 'p', 'q'], told.map(row)),
    ...left(tasks.length - told.length, 'task'),
    ...section(
      'Baseline',
      nights.slice(0, most(LINES.nights)).map(({ name, started, commit, passed, trials }) => {
        const at = commit === null ? '' : `, commit ${inlineCode(commit, 64)}`;
        return `- ${inlineCode(name, 200)}, ${inlineCode(started, 40)}${at}: ${passed} of ${trials} passed`;
      }),
      nights.length,
    ),
    ...section(
      'Not used as baseline',
      refused.slice(0, most(LINES.refused)).map(({ name, why }) => `- ${inlineCode(name, 200)}: ${inlineShown(why, 300)}`),
      refused.length,
    ),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function row({ task, verdict, flaky, deterministic, now, then, p, q, confirm }: TaskComparison): string[] {
  const words = [verdict === 'regressed' ? '**regressed**' : verdict, ...(flaky ? ['flaky'] : []), ...(deterministic ? ['scripted'] : [])];
  const further = confirm === null ? '' : `; further trials ${cell(confirm.now)}`;
  return [
    inlineCode(task, 100),
    words.join(', '),
    `${cell(now)}${further}`,
    then === null ? '' : cell(then),
    shown(confirm?.p ?? p),
    shown(confirm?.q ?? q),
  ];
}

function driftLine({ kind, severity, task, message, what, more }: Drift, names: number): string {
  const some = what.slice(0, names).map((name) => inlineCode(name, 200));
  const rest = what.length - some.length + more;
  const listed = some.length === 0 ? '' : `: ${some.join(', ')}`;
  return `- **${severity}**, ${kind}${task === null ? '' : `, ${inlineCode(task, 100)}`}: ${inlineShown(message, 300)}${listed}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const shown = (p: number | null): string => (p === null ? '' : short(p));
const cell = ({ passed, trials, low, high }: Interval): string =>
  `${passed}/${trials} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %)`;
const side = ({ tasks, trials, passed, rate }: Comparison['current']): string[] => [
  String(tasks),
  String(trials),
  String(passed),
  rate === null ? '' : percent(rate),
];
const section = (title: string, lines: readonly string[], all: number): string[] =>
  all === 0 ? [] : [`### ${title}`, '', ...lines, ...left(all - lines.length, 'line'), ''];
const list = (title: string, names: readonly string[], all: number): string[] =>
  all === 0 ? [] : [`**${title}:** ${names.join(', ')}${all > names.length ? ` and ${all - names.length} more` : ''}`, ''];
const left = (count: number, what: string): string[] => (count > 0 ? [`- and ${count} more ${what}${count === 1 ? '' : 's'}`, ''] : []);

import { time } from '../../markdown.ts';
import type { SuiteData } from '../../suite/data.ts';
import { percent, points, probability, usd } from '../../suite/units.ts';
import { infraRate } from '../../suite/verdict.ts';
import { count, h } from '../dom.ts';
import { shown } from '../text.ts';

const SIGN = { good: '✓', review: '!', bad: '✗' } as const;

/** The verdict and why, and what nobody should overlook: tasks that were not measured, baselines that were not used. */
export function head(data: SuiteData): HTMLElement {
  const { verdict, total, gate, missing, missingLeft, refused } = data;
  const tasks = data.tasks.length + data.tasksLeft;
  const facts = [
    count(tasks, 'task'),
    `${total.passed} of ${count(total.measured, 'measured trial')} passed`,
    `infra ${percent(infraRate(total))}`,
    ...(total.costUsd === null ? [] : [usd(total.costUsd)]),
    ...(total.ms === null ? [] : [`median ${time(total.ms)}`]),
  ];
  return h(
    'header',
    { class: `verdict ${verdict.kind}` },
    h('h1', {}, h('span', { 'aria-hidden': 'true' }, SIGN[verdict.kind]), ` ${shown(data.suite)}: ${verdict.word}`),
    ...verdict.because.map((line) => h('p', { class: 'because' }, shown(line))),
    ...(gate === null ? [] : [h('p', {}, gateText(gate))]),
    h('p', { class: 'facts' }, facts.join(' · ')),
    h('p', { class: 'facts' }, ...data.about.slice(0, 4).flatMap(([name, value]) => [`${name} `, h('code', {}, shown(value)), ' '])),
    ...list('Expected and not measured', [...missing.map(shown), ...(missingLeft > 0 ? [`and ${missingLeft} more`] : [])]),
    ...list(
      'Baselines that were not used',
      refused.map(({ name, why }) => `${shown(name)}: ${shown(why)}`),
    ),
  );
}

function gateText({ difference, p, smallestVisible, tasks }: NonNullable<SuiteData['gate']>): string {
  const visible =
    smallestVisible === null
      ? 'No drop could have been seen'
      : `The smallest drop that could have been seen: ${points(smallestVisible)} points`;
  return `${points(difference)} points over ${count(tasks, 'task')}, p ${probability(p)}. ${visible}.`;
}

function list(title: string, lines: readonly string[]): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  const few = lines.length <= 10;
  return [
    h('details', { open: few }, h('summary', {}, `${title} (${lines.length})`), h('ul', {}, ...lines.map((line) => h('li', {}, line)))),
  ];
}

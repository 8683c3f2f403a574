import type { Finding } from '../../model/changes.ts';
import { time } from '../markdown.ts';
import type { ReportData } from '../data.ts';
import { count, h } from './dom.ts';
import { shown } from './text.ts';

/** The verdict and why: all that most readers want. */
export function head(data: ReportData): HTMLElement {
  const good = data.outcome === 'succeeded';
  const kind = good ? 'good' : data.outcome === 'needs-review' ? 'review' : 'bad';
  const last = data.steps.reduce((most, { started, ms }) => Math.max(most, (started ?? 0) + (ms ?? 0)), 0);
  const facts = [
    count(data.steps.length, 'step'),
    time(last),
    count(data.changes.total, 'change'),
    `${data.network.denied} of ${count(data.network.total, 'network line')} denied`,
  ];
  return h(
    'header',
    { class: `verdict ${kind}` },
    h('h1', {}, h('span', { class: 'mark', 'aria-hidden': 'true' }, good ? '✓' : kind === 'review' ? '!' : '✗'), ` ${data.outcome}`),
    h('p', { class: 'because' }, data.because),
    ...(data.remedy === '' ? [] : [h('p', {}, data.remedy)]),
    h('p', { class: 'facts' }, facts.join(' · ')),
    ...data.findings.map(finding),
    ...list('Not readable', data.problems),
    ...list('Notices', data.notices),
  );
}

function finding({ rule, place, action, message, what, more }: Finding): HTMLElement {
  const where = place === null || place.file === '' ? '' : ` (${shown(place.file)}:${place.line})`;
  const items = what.map((item) => h('li', {}, h('code', {}, item)));
  if (more > 0) items.push(h('li', {}, `and ${more} more`));
  const title = h('summary', {}, h('span', { class: `badge ${action}` }, action), ' ', h('code', {}, shown(rule)), ` ${message}${where}`);
  return h('details', { class: 'finding', open: true }, title, h('ul', {}, ...items));
}

function list(title: string, lines: readonly string[]): readonly HTMLElement[] {
  if (lines.length === 0) return [];
  return [h('details', { open: true }, h('summary', {}, title), h('ul', {}, ...lines.map((line) => h('li', {}, line))))];
}

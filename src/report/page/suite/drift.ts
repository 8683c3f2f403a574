import type { Drift } from '../../../model/suite.ts';
import type { SuiteData } from '../../suite/data.ts';
import { number, probability } from '../../suite/units.ts';
import { choice, count, h, inPortions, scrollable, tableOf } from '../dom.ts';
import { shown } from '../text.ts';

const PORTION = 50;
const HEAD = ['severity', 'kind', 'task', 'what', 'then', 'now', 'p'];

/** What agents did that they did not do before, the most severe first. */
export function drift({ drift: all, driftLeft }: SuiteData): readonly Node[] {
  if (all.length === 0) return [h('p', {}, 'Nothing that was compared has drifted.')];
  const place = h('div');
  const show = (severity: string): void =>
    place.replaceChildren(
      driftTable(
        'All drift',
        all.filter((one) => severity === '' || one.severity === severity),
        PORTION,
      ),
    );
  show('');
  const more = driftLeft > 0 ? [h('p', { class: 'quiet' }, `${count(driftLeft, 'more line')}; comparison.json has all.`)] : [];
  return [h('div', { class: 'filters' }, choice('severity', ['high', 'medium', 'low'], show)), place, ...more];
}

export function driftTable(name: string, all: readonly Drift[], portion: number): HTMLElement {
  const table = tableOf(name, HEAD);
  table.classList.add('wide');
  const [body] = table.tBodies;
  if (body !== undefined) inPortions(body, all, portion, (one) => h('tr', {}, ...cells(one).map((cell) => h('td', {}, cell))), 'lines');
  return scrollable(name, table);
}

function cells({ severity, kind, task, message, what, more, then, now, p }: Drift): readonly (Node | string)[] {
  const names = what.map((name) => h('li', {}, h('code', {}, shown(name))));
  if (more > 0) names.push(h('li', {}, `and ${more} more`));
  const value = (of: number | null): string => (of === null ? '' : number(Number(of.toPrecision(6))));
  return [
    h('span', { class: `badge ${severity}` }, severity),
    kind,
    task === null ? 'the suite' : h('code', {}, shown(task)),
    h('div', {}, shown(message), ...(names.length === 0 ? [] : [h('ul', {}, ...names)])),
    value(then),
    value(now),
    p === null ? '' : probability(p),
  ];
}

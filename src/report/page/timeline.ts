import type { ReportData, StepData } from '../data.ts';
import { bytes, time } from '../markdown.ts';
import { h, scrollable, tableOf } from './dom.ts';

/** When what happened: a bar for each step, a tick for each denied line of the network. */
export function timeline({ steps, network, phases, usage, limits }: ReportData): readonly Node[] {
  const times = [...steps.map(({ started, ms }) => (started ?? 0) + (ms ?? 0)), ...phases.map(({ t }) => t), ...usage.map(({ t }) => t)];
  const end = Math.max(1, ...times);
  const rows = steps.map((step) => [
    h('span', {}, step.name, ...(step.setup ? badge('setup') : []), ...(step.terminal === '' ? [] : badge('terminal', step.terminal))),
    h('span', { class: step.ok ? 'ok' : 'failed' }, step.end),
    step.ms === null ? '' : time(step.ms),
    bytes(step.bytes),
    step.hit.join(', '),
    bar(step, end),
  ]);
  const denied = network.rows.filter(({ verdict }) => verdict === 'denied');
  const track = h('div', { class: 'track' });
  for (const { t, host } of denied.slice(0, 500)) track.append(at(h('span', { class: 'tick', title: `${time(t)}: ${host}` }), t, end));
  if (denied.length > 0) rows.push(['denied by the network', '', '', '', '', track]);
  const hit = limits.filter((limit) => limit.hit).map(({ name }) => name);
  return [
    scrollable('Steps', tableOf('Steps', ['step', 'end', 'time', 'output', 'limits reached', `0 to ${time(end)}`], ...rows)),
    ...(hit.length > 0 ? [h('p', { class: 'failed' }, `Limits reached: ${hit.join(', ')}.`)] : []),
    h('p', { class: 'quiet' }, phases.map(({ name, t }) => `${name} ${time(t)}`).join(' · ')),
  ];
}

const badge = (text: string, title = text): readonly (Node | string)[] => [' ', h('span', { class: 'badge', title }, text)];

function bar({ started, ms, ok, command }: StepData, end: number): HTMLElement {
  const track = h('div', { class: 'track', title: command });
  if (started === null) return track;
  const piece = at(h('span', { class: ok ? 'bar' : 'bar bad' }), started, end);
  piece.style.width = `${Math.max(0.5, ((ms ?? end - started) / end) * 100)}%`;
  track.append(piece);
  return track;
}

function at(element: HTMLElement, t: number, end: number): HTMLElement {
  element.style.left = `${Math.min(99.5, (t / end) * 100)}%`;
  return element;
}

import type { ProgramRow, ReportData } from '../data.ts';
import { time } from '../markdown.ts';
import { count, field, h, inPortions, scrollable, tableOf } from './dom.ts';

const HEAD = ['time', 'step', 'program', 'arguments', 'took', 'end'];

/** Which programs ran, each below the one that started it. */
export function programs({ programs: { why, rows, total, lost, guest } }: ReportData): readonly Node[] {
  const title = h('h3', {}, 'Programs');
  if (why !== '') return [title, h('p', {}, `Not known: ${why}.`)];
  const table = tableOf('Programs', HEAD);
  const found = h('p', { class: 'quiet', role: 'status' });
  const [body] = table.tBodies;
  const show = (text: string): void => {
    const left = rows.filter((row) => text === '' || `${row.program} ${row.args}`.toLowerCase().includes(text));
    const more = total > rows.length ? `; ${count(rows.length, 'program')} of ${total.toLocaleString('en')} are here` : '';
    found.textContent = `${count(left.length, 'program')}${more}`;
    body?.replaceChildren();
    if (body !== undefined) inPortions(body, left, 300, tableRow, 'programs');
  };
  show('');
  return [
    title,
    h('div', { class: 'filters' }, field('Program or argument', show).label),
    found,
    ...(guest ? [h('p', { class: 'quiet' }, 'As the kernel of the virtual machine told it.')] : []),
    ...(lost > 0 ? [h('p', { class: 'failed' }, `${count(lost, 'event')} lost: a program may be missing.`)] : []),
    scrollable('Programs that ran', table),
  ];
}

function tableRow(row: ProgramRow): HTMLElement {
  const program = h('span', { class: 'program' }, row.program);
  program.style.paddingLeft = `${row.depth}em`;
  const end = h('span', { class: row.ok ? 'ok' : 'failed' }, row.end);
  return h('tr', {}, ...[time(row.t), String(row.step + 1), program, row.args, time(row.ms), end].map((cell) => h('td', {}, cell)));
}

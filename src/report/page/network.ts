import type { NetworkRow, ReportData } from '../data.ts';
import { bytes, time } from '../markdown.ts';
import { choice, count, field, h, inPortions, scrollable, tableOf } from './dom.ts';

const HEAD = ['time', 'step', 'verdict', 'host and port', 'what', 'reason', 'in', 'out'];

export function network({ network: { rows, total } }: ReportData): readonly Node[] {
  if (total === 0) return [h('p', {}, 'Nothing was asked of the network.')];
  const wanted = { text: '', verdict: '', kind: '' };
  const table = tableOf('Network', HEAD);
  const found = h('p', { class: 'quiet', role: 'status' });
  const [body] = table.tBodies;
  const show = (): void => {
    const { text, verdict, kind } = wanted;
    const left = rows.filter(
      (row) =>
        (verdict === '' || row.verdict === verdict) &&
        (kind === '' || row.kind === kind) &&
        (text === '' || `${row.host} ${row.what} ${row.reason}`.toLowerCase().includes(text)),
    );
    const more =
      total > rows.length ? `; ${count(rows.length, 'line')} of ${total.toLocaleString('en')} are here, network.ndjson has all` : '';
    found.textContent = `${count(left.length, 'line')}${more}`;
    body?.replaceChildren();
    if (body !== undefined) inPortions(body, left, 300, tableRow, 'lines');
  };
  const set = (name: keyof typeof wanted) => (value: string) => {
    wanted[name] = value;
    show();
  };
  const filters = [field('Host', set('text')).label, choice('verdict', ['allowed', 'denied'], set('verdict'))];
  show();
  return [
    h('div', { class: 'filters' }, ...filters, choice('kind', ['dns', 'connection'], set('kind'))),
    found,
    scrollable('Lines of the network', table),
  ];
}

function tableRow(row: NetworkRow): HTMLElement {
  const verdict = h('span', { class: `badge ${row.verdict}` }, row.verdict);
  const step = row.step < 0 ? '' : String(row.step + 1);
  const cells = [time(row.t), step, verdict, row.host, `${row.kind} ${row.what}`, row.reason, bytes(row.bytesIn), bytes(row.bytesOut)];
  return h('tr', {}, ...cells.map((cell) => h('td', {}, cell)));
}

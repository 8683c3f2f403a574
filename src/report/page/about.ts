import type { ReportData } from '../data.ts';
import { bytes } from '../markdown.ts';
import { h, scrollable, tableOf } from './dom.ts';

export function about({ about: rows }: ReportData): readonly Node[] {
  return [
    scrollable(
      'Facts of the run',
      tableOf('Facts of the run', ['what', 'value'], ...rows.map(([name, value]) => [name, h('code', {}, value)])),
    ),
  ];
}

/** The record's own files, beside this page. They are saved, not shown: what an agent wrote is no page. */
export function files({ files: all, base }: ReportData): readonly Node[] {
  const rows = all.map(({ name, size }) => [h('a', { href: `${base}${name}`, download: name }, name), size === null ? '' : bytes(size)]);
  return [scrollable('Files of the record', tableOf('Files of the record', ['file', 'size'], ...rows))];
}

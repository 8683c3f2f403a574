import type { PatchFile } from '../data.ts';
import { bytes } from '../markdown.ts';
import { h, inPortions } from './dom.ts';
import { difference, parsePatch, sideBySide } from './patch.ts';
import type { Line } from './patch.ts';
import { shown } from './text.ts';

const PORTION = 1000;
const SIGN = { context: ' ', added: '+', removed: '-', hunk: '', note: '' } as const;

/** One file's part of the patch. */
export function diff({ path, text, left }: PatchFile, split: boolean): HTMLElement {
  const lines = parsePatch(text);
  const body = h('tbody');
  const pairs = sideBySide(lines);
  if (split) inPortions(body, pairs, PORTION, splitRow, 'lines');
  else inPortions(body, ordered(pairs), PORTION, unifiedRow, 'lines');
  const table = h('table', { class: split ? 'diff split' : 'diff' }, h('caption', { class: 'hidden' }, `Differences of ${path}`), body);
  const more = left > 0 ? [h('p', { class: 'quiet' }, `${bytes(left)} more are in changes.patch.`)] : [];
  return h('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Differences of ${path}` }, table, ...more);
}

/** As they stand in the patch, each with the one beside it. */
function ordered(pairs: ReturnType<typeof sideBySide>): readonly (readonly [Line, Line | null])[] {
  const all: (readonly [Line, Line | null])[] = [];
  let added: (readonly [Line, Line | null])[] = [];
  for (const [old, now] of pairs) {
    const changed = old !== now;
    if (!changed) all.push(...added.splice(0));
    if (old !== null) all.push([old, changed ? now : null]);
    if (now !== null && changed) added.push([now, old]);
  }
  return [...all, ...added];
}

function unifiedRow([line, other]: readonly [Line, Line | null]): HTMLElement {
  if (line.kind === 'hunk' || line.kind === 'note') return h('tr', { class: line.kind }, h('td', { colspan: 4 }, line.text));
  return h('tr', { class: line.kind }, number(line.old), number(line.now), sign(line), content(line, other));
}

function splitRow([old, now]: readonly [Line | null, Line | null]): HTMLElement {
  if (old !== null && (old.kind === 'hunk' || old.kind === 'note')) {
    return h('tr', { class: old.kind }, h('td', { colspan: 6 }, old.text));
  }
  return h('tr', {}, ...side(old, now, 'old'), ...side(now, old, 'now'));
}

function side(line: Line | null, other: Line | null, which: 'old' | 'now'): readonly HTMLElement[] {
  if (line === null) return [h('td', { class: 'number' }), h('td'), h('td', { class: 'none' })];
  return [number(line[which]), sign(line), content(line, line === other ? null : other)];
}

const number = (value: number | null): HTMLElement => h('td', { class: 'number' }, value === null ? '' : String(value));
const sign = ({ kind }: Line): HTMLElement => h('td', { class: `sign ${kind}` }, SIGN[kind]);

function content(line: Line, other: Line | null): HTMLElement {
  const text = shown(line.text);
  const part = other === null ? null : difference(text, shown(other.text));
  const cell = h('td', { class: `line ${line.kind}` });
  if (part === null) cell.append(text);
  else cell.append(text.slice(0, part[0]), h('mark', {}, text.slice(...part)), text.slice(part[1]));
  return cell;
}

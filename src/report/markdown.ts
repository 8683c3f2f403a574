import { displayText } from '../record/display.ts';

/** What ends a code span or a table cell, or is markup to a careless reader. The space: CommonMark strips it at a span's ends. */
const MARKUP = /[`|<>&]|^ | $/g;

/**
 * The only way for text that is not our own into Markdown: a code span, where nothing is a link, an image, HTML or a mention. Characters
 * that could end the span or its table cell, or hide, stand escaped (`\x60`); so does the backslash, so the form is unambiguous.
 */
export function inlineCode(text: string, limit = 200): string {
  if (text === '') return '(empty)';
  const shown = displayText(text, limit).replace(MARKUP, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
  return `\`${shown}\``;
}

/** As {@link inlineCode}, of text that is in its escaped form already (`Finding.what`, `displayPath`): the backslashes are its own. */
export function inlineShown(text: string, limit = 200): string {
  return inlineCode(text, limit).replaceAll('\\\\', '\\');
}

/** A table; the cells are Markdown of our own and code spans. No rows: nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

/** `1.5 MiB`; exact below 1 KiB. */
export function bytes(count: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

/** `850 ms`, `12.3 s`, `4 min 10 s`. */
export function time(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

/** A part of a page in Markdown. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
  /** May be cut where there is too much of it. */
  readonly elastic: boolean;
}

/** Title and the note of what was left out. */
const AROUND = 200;

/**
 * The sections that have lines, in at most `most` bytes: elastic ones share evenly what the others leave, and what a short one does not need
 * goes to the long ones. A section that is cut says how many lines are missing and `elsewhere`, where they are. Pure.
 */
export function fit(all: readonly Section[], most: number, elsewhere: string): string {
  const sections = all.filter(({ lines }) => lines.length > 0);
  const fixed = sections.filter(({ elastic }) => !elastic).reduce((sum, { title, lines }) => sum + size([title, '', ...lines, '']), 0);
  const sizes = sections.filter(({ elastic }) => elastic).map(({ lines }) => size(lines));
  const share = evenly(sizes, most - fixed - sizes.length * AROUND);
  const text = sections.map(({ title, lines, elastic }) => {
    const kept = elastic ? within(lines, share) : lines;
    const left = lines.length - kept.length;
    const note = left > 0 ? ['', `${left} more ${left === 1 ? 'line is' : 'lines are'} left out here; ${elsewhere}.`] : [];
    return [title, '', ...kept, ...note].join('\n').trimEnd();
  });
  return `${text.join('\n\n')}\n`;
}

/** The largest size that each may have so that all together are within `room`. */
function evenly(sizes: readonly number[], room: number): number {
  let left = room;
  const sorted = sizes.toSorted((a, b) => a - b);
  for (const [index, own] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - index));
    if (own > share) return share;
    left -= own;
  }
  return Infinity;
}

function within(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = lines.findIndex((line) => (left -= size([line])) < 0);
  return end === -1 ? lines : lines.slice(0, end);
}

const size = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

/** A line that says how many are not listed. */
export function more(count: number, noun: string): readonly string[] {
  return count > 0 ? [`and ${count} more ${noun}${count === 1 ? '' : 's'}.`, ''] : [];
}

export interface Line {
  readonly kind: 'context' | 'added' | 'removed' | 'hunk' | 'note';
  readonly old: number | null;
  readonly now: number | null;
  readonly text: string;
}
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Lines of one file's part of a patch. They are counted by the hunks' own numbers: content that looks like a header is content. */
export function parsePatch(text: string): readonly Line[] {
  const lines: Line[] = [];
  let [old, now, oldLeft, nowLeft] = [0, 0, 0, 0];
  for (const line of text.split('\n')) {
    const sign = line[0];
    const rest = line.slice(1);
    if (oldLeft > 0 || nowLeft > 0) {
      if (sign === '\\') lines.push({ kind: 'note', old: null, now: null, text: rest.trim() });
      else if (sign === '+') lines.push({ kind: 'added', old: null, now: now++, text: rest });
      else if (sign === '-') lines.push({ kind: 'removed', old: old++, now: null, text: rest });
      else if (sign === ' ') lines.push({ kind: 'context', old: old++, now: now++, text: rest });
      if (sign === '+' || sign === ' ') nowLeft -= 1;
      if (sign === '-' || sign === ' ') oldLeft -= 1;
      continue;
    }
    const hunk = HUNK.exec(line);
    if (hunk !== null) {
      [old, now] = [Number(hunk[1]), Number(hunk[3])];
      [oldLeft, nowLeft] = [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)];
      lines.push({ kind: 'hunk', old: null, now: null, text: line });
    } else if (sign === '\\') {
      lines.push({ kind: 'note', old: null, now: null, text: rest.trim() });
    } else if (/^(?:old|new|new file|deleted file) mode /.test(line)) {
      lines.push({ kind: 'note', old: null, now: null, text: line });
    } else if (line === 'GIT binary patch') {
      lines.push({ kind: 'note', old: null, now: null, text: 'binary content' });
      break;
    }
  }
  return lines;
}

/** What stands beside what: removed lines beside the added ones that follow them. */
export function sideBySide(lines: readonly Line[]): readonly (readonly [Line | null, Line | null])[] {
  const pairs: [Line | null, Line | null][] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.kind !== 'removed' && line.kind !== 'added') {
      pairs.push([line, line]);
      at += 1;
      continue;
    }
    const run = (kind: Line['kind']): Line[] => {
      const found: Line[] = [];
      for (let next = lines[at]; next?.kind === kind; next = lines[at]) {
        found.push(next);
        at += 1;
      }
      return found;
    };
    const removed = run('removed');
    const added = run('added');
    for (let row = 0; row < Math.max(removed.length, added.length); row += 1) pairs.push([removed[row] ?? null, added[row] ?? null]);
  }
  return pairs;
}

/** The part in which a line differs from the one beside it: where it begins, where it ends. null: all of it, or nothing, does. */
export function difference(text: string, other: string): readonly [number, number] | null {
  const shorter = Math.min(text.length, other.length);
  let from = 0;
  while (from < shorter && text[from] === other[from]) from += 1;
  let same = 0;
  while (same < shorter - from && text[text.length - 1 - same] === other[other.length - 1 - same]) same += 1;
  const to = text.length - same;
  return from + same === 0 || from === to ? null : [from, to];
}

import type { Finding } from '../model/changes.ts';
import { headerOf, lineParts, patchesOf } from '../record/patches.ts';
import type { RecordReader } from '../record/read.ts';

const HUNK = /^@@ -\d+(?:,\d+)? \+(\d+)/;

/** Findings with the first changed line of each file that they name. @throws RecordError */
export function withLines(findings: readonly Finding[], record: RecordReader): Finding[] {
  const wanted = new Set(findings.flatMap(({ at = [] }) => at.map(({ path }) => path)));
  if (wanted.size === 0) return [...findings];
  const lines = firstLines(record, wanted);
  return findings.map((finding) =>
    finding.at === undefined ? finding : { ...finding, at: finding.at.map(({ path }) => ({ path, line: lines.get(path) ?? null })) },
  );
}

/** Of the files that are wanted, as long as there are some. */
function firstLines(record: RecordReader, wanted: Set<string>): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { file, directory } of patchesOf(record)) {
    let path: string | null = null;
    let at: number | null = null;
    for (const { line, starts } of lineParts(record.pieces(file))) {
      if (wanted.size === 0) return lines;
      if (!starts) continue;
      const header = headerOf(line, directory);
      if (header !== null) [path, at] = [wanted.has(header) ? header : null, null];
      if (path === null) continue;
      const sign = String.fromCharCode(line[0] ?? 0);
      if (at === null) at = sign === '@' ? Number(HUNK.exec(line.toString('latin1', 0, 100))?.[1] ?? 0) : null;
      else if (sign === ' ') at += 1;
      else {
        lines.set(path, Math.max(at, 1)); // 0: the file is empty now
        wanted.delete(path);
        path = null;
      }
    }
  }
  return lines;
}

import type { ProgramLine } from '../model/programs.ts';
import type { RunDocument } from '../model/record.ts';
import { displayText } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import type { ProgramRow, ProgramsData } from './data.ts';

/** Lines that are looked at, and programs that are listed. */
const SEEN = 20_000;
const LISTED = 2000;
const DEEPEST = 20;

/** Programs as a tree: each below the one that started it. @throws RecordError */
export async function gatherPrograms(record: RecordReader, { programs: fact }: RunDocument): Promise<ProgramsData> {
  const why = fact === undefined ? 'this record has none' : fact.source === 'none' ? fact.why : '';
  const tree = new Map<number, ProgramLine[]>();
  let total = 0;
  let lines = 0;
  for await (const line of record.lines('programs.ndjson')) {
    if (line.program !== null) total += 1;
    if (++lines <= SEEN) tree.set(line.process, [...(tree.get(line.process) ?? []), line]);
  }
  const { omitted = 0, lost = 0 } = fact === undefined || fact.source === 'none' ? {} : fact;
  return { why: displayText(why), rows: rowsOf(tree), total: total + omitted, lost, guest: fact?.source === 'guest' };
}

function rowsOf(tree: ReadonlyMap<number, readonly ProgramLine[]>): readonly ProgramRow[] {
  const began = (lines: readonly ProgramLine[]): number => Math.min(...lines.map(({ t }) => t));
  const children = new Map<number | null, (readonly ProgramLine[])[]>();
  for (const lines of [...tree.values()].sort((a, b) => began(a) - began(b))) {
    const parent = lines[0]?.parent ?? null;
    const known = parent !== null && tree.has(parent) ? parent : null;
    children.set(known, [...(children.get(known) ?? []), lines]);
  }
  const rows: ProgramRow[] = [];
  // In a stranger's record a process may be its own ancestor: nothing leads there from the top.
  const waiting = (children.get(null) ?? []).map((lines) => ({ lines, depth: 0 })).reverse();
  for (let next = waiting.pop(); next !== undefined && rows.length < LISTED; next = waiting.pop()) {
    const { lines, depth } = next;
    const own = lines.filter(({ program }) => program !== null).sort((a, b) => a.t - b.t);
    rows.push(...own.map((line) => row(line, depth)));
    const below = (children.get(lines[0]?.process ?? null) ?? []).map((child) => ({
      lines: child,
      depth: Math.min(DEEPEST, depth + (own.length > 0 ? 1 : 0)),
    }));
    waiting.push(...below.reverse());
  }
  return rows.slice(0, LISTED);
}

function row({ t, step, program, argv, cut, ms, how, code, signal }: ProgramLine, depth: number): ProgramRow {
  const words = argv === null ? '' : `${argv.slice(1).join(' ')}${cut === true ? '…' : ''}`;
  const ends = { exit: `exit code ${code ?? 'not known'}`, signal: signal ?? '', exec: 'became another', unseen: 'killed with its step' };
  return {
    t,
    step,
    depth,
    program: displayText(program ?? ''),
    args: displayText(words, 500),
    ms,
    end: displayText(ends[how]),
    ok: how === 'exec' || code === 0,
  };
}

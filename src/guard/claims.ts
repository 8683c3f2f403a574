import type { Change, Finding } from '../model/changes.ts';
import type { Trajectory, TrajectoryStep } from '../model/trajectory.ts';
import { displayText } from '../record/display.ts';
import { Bag, counted } from './bag.ts';
import type { RuleName } from './bag.ts';
import type { ChangeCheck } from './changes.ts';
import { touched } from './globs.ts';

/** In force whatever the policy says: an agent's own account that does not fit what it left is for a person to look at. */
export const MISMATCH: RuleName = { name: 'built-in.trajectory-mismatch', action: 'review', place: null };
/** Tools that write the file named by this argument. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  file_path: ['Write', 'Edit', 'MultiEdit', 'write_file', 'replace'],
  notebook_path: ['NotebookEdit'],
  path: ['write', 'edit', 'create'],
  filePath: ['write', 'edit'],
};
/** Tools that change no file. After any other one nothing is certain: a command may have removed what was written. */
const QUIET = new Set(
  `Read Grep Glob LS TodoWrite WebFetch WebSearch ExitPlanMode read_file read_many_files list_directory search_file_content
  grep_search glob google_web_search web_fetch write_todos save_memory read grep find ls list view todowrite todoread webfetch todo_list
  web_search report_intent update_plan`.split(/\s+/),
);

/**
 * Files that an agent definitely claims to have written: a tool that writes, which did not fail, and nothing after it that could have undone
 * it. Relative to the workspace or absolute; pure.
 */
export function claimedFiles({ steps }: Pick<Trajectory, 'steps'>): readonly string[] {
  const times = new Map<string, number>();
  let certain = new Set<string>();
  for (const call of steps.flatMap((step) => [...calls(step)])) {
    if (call.paths === null) {
      if (!QUIET.has(call.name)) certain = new Set();
      continue;
    }
    for (const path of call.paths) {
      times.set(path, (times.get(path) ?? 0) + 1);
      certain.add(path);
    }
  }
  // Edited twice it may be as it was.
  return [...certain].filter((path) => times.get(path) === 1);
}

/** The calls of a step; `paths`: what it wrote, null where it is no tool that writes. */
function* calls({ tool_calls: all = [], observation }: TrajectoryStep): Generator<{ name: string; paths: readonly string[] | null }> {
  for (const { tool_call_id: id, function_name: name, arguments: args } of all) {
    const paths = written(name, args);
    const result = observation?.results.find(({ source_call_id: of }) => of === id);
    const done = result !== undefined && result.extra?.['failed'] !== true;
    yield { name, paths: paths === null ? null : done ? paths : [] };
  }
}

function written(name: string, args: Readonly<Record<string, unknown>>): readonly string[] | null {
  if (name === 'file_change') return codexChanges(args['changes']);
  const argument = Object.keys(WRITES).find((key) => WRITES[key]?.includes(name) === true && typeof args[key] === 'string');
  return argument === undefined ? null : [String(args[argument])];
}

/** Codex: several files in one call, each added, changed or deleted. */
function codexChanges(changes: unknown): readonly string[] | null {
  if (!Array.isArray(changes)) return null;
  return changes.flatMap((change: unknown) => {
    const { path, kind } = (change ?? {}) as { path?: unknown; kind?: unknown };
    return typeof path === 'string' && (kind === 'add' || kind === 'update') ? [path] : [];
  });
}

/** Files that the agent says it wrote, and of which nothing is among the changes: no such path, and no other file of that name. */
export class ClaimCheck implements ChangeCheck {
  readonly #missing: Map<string, string[]>;

  constructor(trajectory: Trajectory, workspace: string) {
    const inside = (path: string): boolean => (path.startsWith('/') ? path.startsWith(`${workspace}/`) : path !== '');
    const files = claimedFiles(trajectory).filter((path) => inside(path) && !path.endsWith('/'));
    this.#missing = new Map();
    for (const path of files) this.#missing.set(nameOf(path), [...(this.#missing.get(nameOf(path)) ?? []), path]);
  }

  see(change: Change): void {
    // By name alone: a link on the way may have led elsewhere. What is gone is not what was written.
    if (this.#missing.size === 0 || change.op === 'deleted') return;
    for (const { text } of touched(change)) this.#missing.delete(nameOf(text));
  }

  findings(): readonly Finding[] {
    const bag = new Bag();
    for (const path of [...this.#missing.values()].flat().sort()) bag.add(displayText(path));
    if (bag.count === 0) return [];
    return [bag.finding(MISMATCH, `${counted(bag.count, 'file')} that the agent says it wrote, and that is not among the changes`)];
  }
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

import { problemLine, withRemedy } from '../cli/problem.ts';
import { JailError, UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { oneLine } from './log.ts';

/** The runner keeps ten annotations of a kind from one step. */
const MOST = 10;
const INPUT = 'input ';

/** What stands for a file's name in places within an input: an annotation cannot point there. */
export function inputPlace(name: 'policy' | 'steps' | 'only'): string {
  return `${INPUT}${name}`;
}

/** Prints what went wrong: the first problems as annotations, each at its place in its file, the rest as plain lines. */
export async function annotate(error: unknown): Promise<void> {
  const core = await import('@actions/core');
  const problems = problemsOf(error);
  for (const { message, remedy, place } of problems.slice(0, MOST)) {
    if (place === null || place.file === '') core.error(withRemedy(message, remedy), { title: 'agent-jail' });
    else if (place.file.startsWith(INPUT)) core.error(problemLine({ message, remedy, place }), { title: 'agent-jail' });
    else
      core.error(withRemedy(message, remedy), { title: 'agent-jail', file: place.file, startLine: place.line, startColumn: place.column });
  }
  // Plain lines are parsed for commands, so a value that they quote is sanitised.
  for (const problem of problems.slice(MOST)) core.info(`agent-jail: ${oneLine(problemLine(problem))}`);
}

/** Total: whatever was thrown becomes at least one problem. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof UserError && error.problems.length > 0) return error.problems;
  if (error instanceof JailError) return [{ message: error.message, remedy: error.remedy, place: error.place }];
  const message = error instanceof Error ? error.message : String(error);
  return [{ message: `unexpected: ${message}`, remedy: 'This is a mistake of agent-jail; please report it.', place: null }];
}

import { UserError } from '../../../src/model/errors.ts';
import type { Problem } from '../../../src/model/errors.ts';

/** The problems that `run` throws; fails where it throws none or something else. */
export function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** `line:column: message | remedy` */
export function lines(run: () => unknown): string[] {
  return problemsOf(run).map(({ place, message, remedy }) => `${place?.line}:${place?.column}: ${message} | ${remedy}`);
}

import { within } from './view.ts';

/** Paths that lie in no other one of them. */
export const outermost = (paths: readonly string[]): string[] =>
  paths.filter((path) => !paths.some((other) => other !== path && within(path, other)));

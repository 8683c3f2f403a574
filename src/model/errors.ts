import type { Place } from './names.ts';

/** One thing that is wrong with what the user gave: what, where, what to do. */
export interface Problem {
  readonly message: string;
  readonly place: Place | null;
  /** What to do about it; '' where the message says it all. */
  readonly remedy: string;
}

/** Pure: by its name, as a program that loads a chunk of another one has each class twice. */
const named = (value: unknown, name: string): boolean => value instanceof Error && value.name === name;

/** The user's mistake: exit 2, no stack trace. */
export class UserError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return named(value, 'UserError');
  }
  override readonly name = 'UserError';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => p.message).join('\n'));
    this.problems = problems;
  }
}

/** The jail could not be built, kept or recorded: exit 70. The message names the cause, the remedy what to do. */
export class JailError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return named(value, 'JailError');
  }
  override readonly name = 'JailError';
  readonly remedy: string;
  readonly place: Place | null;
  constructor(message: string, remedy: string, place: Place | null = null, options?: ErrorOptions) {
    super(message, options);
    this.remedy = remedy;
    this.place = place;
  }
}

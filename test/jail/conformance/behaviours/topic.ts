import type { Backend } from '../bench.ts';
import type { Result } from './result.ts';

/** As in a list of steps. */
export interface Step {
  readonly run: string;
  readonly name?: string;
  readonly setup?: boolean;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
  readonly tty?: boolean | { readonly rows?: number; readonly columns?: number };
}
/** What a script prints, to the byte or as a pattern, and its exit code, on every backend. */
export interface Check {
  readonly name: string;
  readonly script: string;
  readonly code: number;
  readonly says: string | RegExp | Differing;
}
/** What cannot be the same, each with its row in docs/backends.md. */
export type Differing = Readonly<Record<Backend, string | RegExp>>;
/** Something that the record of the run says. */
export interface Fact {
  readonly name: string;
  readonly holds: (ran: Result) => void | Promise<void>;
  /** The end of the run cannot be the same on every backend: a row in docs/backends.md. */
  readonly differs?: true;
}

/** Behaviours that share one run: a jail costs more than what is asked of it. */
export interface Topic {
  readonly name: string;
  /** Beside small limits. */
  readonly policy?: Readonly<Record<string, unknown>>;
  /** The caller's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The repository that all backends see, before the first run. */
  readonly prepare?: (work: string) => void;
  readonly steps: readonly (Step | Asked)[];
  readonly record?: readonly Fact[];
}
/** A step made of checks: each is a process of its own. */
export interface Asked extends Omit<Step, 'run'> {
  readonly checks: readonly Check[];
}

export const check = (name: string, script: string, says: Check['says'], code = 0): Check => ({ name, script, says, code });
export const fact = (name: string, holds: Fact['holds']): Fact => ({ name, holds });
export const checksOf = ({ steps }: Topic): readonly Check[] => steps.flatMap((step) => ('checks' in step ? step.checks : []));
/** The answer of each backend, where they differ. */
export const differing = ({ says }: Check): Differing | null => (typeof says === 'string' || says instanceof RegExp ? null : says);

/** Text of `steps`: JSON is YAML. */
export const stepsText = (topic: Topic): string =>
  JSON.stringify(
    topic.steps.map((step) => {
      if (!('checks' in step)) return { shell: 'sh', ...step };
      const { checks, ...rest } = step;
      return { shell: 'sh {0}', ...rest, run: `${checks.map(asked).join('\n')}\nexit 0` };
    }),
  );

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const asked = ({ name, script }: Check): string =>
  `printf '== begin %s\\n' ${quoted(name)}; sh -c ${quoted(script)}; printf '\\n== end %s %d\\n' ${quoted(name)} $?`;

/** What a check printed and how it ended; null: it is not in the transcript. */
export function answer(transcript: string, name: string): { readonly said: string; readonly code: number } | null {
  const begin = `== begin ${name}\n`;
  const at = transcript.indexOf(begin);
  const rest = at === -1 ? '' : transcript.slice(at + begin.length);
  const mark = `\n== end ${name} `;
  const end = rest.indexOf(mark);
  return end === -1 ? null : { said: rest.slice(0, end), code: Number.parseInt(rest.slice(end + mark.length), 10) };
}

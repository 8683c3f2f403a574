import type { Place } from './names.ts';
import type { TerminalSize } from './terminal.ts';
import type { AgentWish } from './trajectory.ts';

/** A step as the user wrote it (`run`/`setup` inputs, an entry of `steps`, or the command line), validated but not resolved. */
export interface StepInput {
  readonly name: string;
  readonly setup: boolean;
  /** Script text; never empty. */
  readonly run: string;
  /** GitHub's names (`bash`, `sh`, `python`, `pwsh`, `node`…), or a template with `{0}`; null: the default, GitHub's `bash -e {0}` rule. */
  readonly shell: string | null;
  /** Relative to the workspace, or absolute inside it; null: the workspace. */
  readonly workingDirectory: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** ms. */
  readonly time: number | null;
  readonly idle: number | null;
  /** null: no terminal. */
  readonly tty: TerminalSize | null;
  readonly agent: AgentWish;
  readonly place: Place | null;
}

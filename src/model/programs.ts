/**
 * One line of `programs.ndjson`: a process as one program, from its beginning to its end, or until another program took its place. A
 * process that only was a copy of its parent has no program.
 */
export interface ProgramLine {
  /** When it began, ms since run start. */
  readonly t: number;
  readonly step: number;
  /** Number of the process within the run; the same where another program took the place of this one. */
  readonly process: number;
  /** The process that started it; null: the step itself. */
  readonly parent: number | null;
  /** The path that was executed, as the process named it. */
  readonly program: string | null;
  /** As the process had them when it was looked at, which it may have changed; null: it was gone by then. */
  readonly argv: readonly string[] | null;
  /** Program or arguments are longer than what stands here. */
  readonly cut?: boolean;
  readonly ms: number;
  /** `exec`: another program took its place; `unseen`: it died with its step, and the kernel did not say how. */
  readonly how: 'exit' | 'signal' | 'exec' | 'unseen';
  /** null: not known, or no exit. */
  readonly code: number | null;
  readonly signal: string | null;
}
/** What `run.json` says of it. */
export type ProgramsRecord =
  | {
      /** `guest`: the kernel of the step's virtual machine told it, which a step that breaks it can have say anything. */
      readonly source: 'tracefs' | 'guest';
      /** Of all processes, listed or not. */
      readonly processes: number;
      readonly programs: number;
      /** Lines that were left out, because there were too many. */
      readonly omitted: number;
      /** Events of the whole machine that came too fast to be read, and guests that ended before they had told all: a process may be missing. */
      readonly lost: number;
    }
  | { readonly source: 'none'; readonly why: string };

/** warden ← `trace.pl`, by line; that of a guest by way of its relay. */
export type TraceMessage =
  | { readonly kind: 'ready' }
  /** `t`: when it had, as that of programs. */
  | { readonly kind: 'begun'; readonly t: number }
  | { readonly kind: 'none'; readonly why: string }
  | ({ readonly kind: 'program'; readonly cut: boolean; readonly signal: number | null } & Omit<ProgramLine, 'cut' | 'signal'>)
  | { readonly kind: 'done'; readonly lost: number };

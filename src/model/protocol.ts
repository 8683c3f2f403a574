import type { BackendName, HostPath, Phase, Place, Sha256 } from './names.ts';
import type { LayerName } from './changes.ts';
import type { EngineChoice } from './engine.ts';
import type { Certificates } from './gateway.ts';
import type { LimitName, Policy, Root } from './policy.ts';
import type { Step } from './jail.ts';
import type { Origin } from './record.ts';
import type { Outcome } from './outcome.ts';

/** main → warden, one JSON line on stdin. The pipe's end means that main is gone: the warden ends the run. */
export type WardenRequest =
  | RunRequest
  /** Before the request, as soon as it is known: the root that the request will have. */
  | { readonly kind: 'ahead'; readonly root: Root }
  /** The same of the engine, where the backend will be one. */
  | { readonly kind: 'engine'; readonly engine: EngineChoice }
  | { readonly kind: 'cancel'; readonly by: string }
  /** Once a run has ended: make ready for another one. The answer is `WardenReady`, or the warden's end. */
  | { readonly kind: 'again' }
  /** Remove what a dead run left. `id` null: every dead run, never a live one. */
  | { readonly kind: 'sweep'; readonly protocol: 1; readonly id: string | null };

export interface RunRequest {
  readonly kind: 'run';
  readonly protocol: 1;
  readonly id: string;
  readonly version: string;
  readonly policy: Policy;
  readonly source: PolicySource;
  readonly steps: readonly Step[];
  /** The values of the secrets that the policy names. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the gateway ends TLS with; null: no step has a secret that it puts in. */
  readonly interception: Interception | null;
  /** Authorities (PEM) that real servers may be certified by, beside those of the machine. */
  readonly authorities: string | null;
  /** Further values to redact. */
  readonly mask: readonly string[];
  /** What the policy says, or what the caller put in its place. */
  readonly backend: BackendName | 'auto';
  readonly workspace: HostPath;
  /** What the jail sees in place of files of the workspace: git configuration rewritten by allow-list, hidden files. */
  readonly covers: readonly Cover[];
  readonly base: { readonly commit: string; readonly dirty: boolean } | null;
  /** Of a root that is an image or a tree: what is root's there is the agent's, as images expect it whose user is root. */
  readonly ownRoot: boolean;
  /** What an earlier run changed is there from the start; null: the workspace is as it is on the machine. */
  readonly restore: Restore | null;
  readonly origin: Origin | null;
  /** An empty 0700 directory owned by the caller. */
  readonly record: HostPath;
  readonly caller: { readonly uid: number; readonly gid: number };
  /** The engine that the docker command line of main's environment would speak to. Key material stays with main: an engine over TLS is none for a warden. */
  readonly engine: EngineChoice;
  /** Why the warden is not on the caller's machine; absent: it is. */
  readonly elsewhere?: string;
  /** Main may have another request after this one (`again`); absent: the warden ends with this run. */
  readonly stay?: boolean;
  /** What main has taken from an engine for a warden that has none. */
  readonly rootImage?: RootImage;
  readonly surroundings: Surroundings;
  /** False: no 'output' events. */
  readonly display: boolean;
}
/** An image that is a directory already: its id, `Env` and `WorkingDir` as its configuration has them. */
export interface RootImage {
  readonly id: Sha256;
  readonly env: readonly string[];
  readonly directory: string;
  readonly tree: HostPath;
}
/** The changes of an earlier run, as a layer below this run's own. */
export interface Restore {
  /** `changes.tar.gz` of its record. */
  readonly archive: HostPath;
  /** As its manifest says. */
  readonly sha256: Sha256;
  /** Changes of other layers are left out. */
  readonly layers: readonly LayerName[];
}
export interface Interception {
  /** Certificate (PEM) of an authority that is this run's alone; its key is gone already. */
  readonly authority: string;
  readonly certificates: Certificates;
}
export interface Cover {
  readonly path: HostPath;
  /** null: the path is not there in the jail. */
  readonly content: string | null;
}
/** What main's environment says of the machine, by allow-list. */
export interface Surroundings {
  readonly path: readonly string[];
  readonly home: HostPath;
  /** Toolchain variables (`JAVA_HOME`, …), name to value. */
  readonly toolchain: Readonly<Record<string, string>>;
  /** Never visible and never a workspace: the runner's temp, its own directories, `_actions`. */
  readonly forbidden: readonly HostPath[];
  /** Files that main's environment points to (event payload, command files): whiteouts where a layer would show them. */
  readonly hidden: readonly HostPath[];
}
export type PolicySource =
  | { readonly kind: 'default' }
  | { readonly kind: 'inline' }
  | { readonly kind: 'file'; readonly file: string } // command line
  | { readonly kind: 'base'; readonly file: string; readonly ref: string; readonly commit: string }
  | { readonly kind: 'workspace'; readonly file: string };

/** warden → main, NDJSON on stdout. Lossless except 'output', a display copy that may be dropped (and counted) so that a slow log never stalls a jail.
 * `seq` −1: main's own words, which are in no record. */
export type WardenEvent = { readonly seq: number; readonly t: number } & (
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'notice'; readonly message: string }
  | { readonly kind: 'step'; readonly step: number; readonly name: string; readonly exit: StepExit | null } // null: begins
  | { readonly kind: 'output'; readonly step: number; readonly text: string; readonly dropped: number }
  /** Of the running step, about once a second and before its end. */
  | ({ readonly kind: 'progress'; readonly step: number } & StepProgress)
  | { readonly kind: 'denied'; readonly host: string; readonly port: number; readonly rule: string }
  | { readonly kind: 'checkpoint'; readonly step: number; readonly sha256: Sha256; readonly bytes: number }
  | {
      readonly kind: 'ended';
      readonly end: RunEnd;
      readonly outcome: Outcome;
      readonly because: string;
      readonly manifest: Sha256 | null;
      readonly counts: Counts | null;
    }
);
type Output = Extract<WardenEvent, { readonly kind: 'output' }>;
/** An event as it is written. The text of an 'output' is base64 of its bytes: JSON's escapes take ten times longer, and the jail would wait. */
export type WardenLine = Exclude<WardenEvent, Output> | (Omit<Output, 'text'> & { readonly base64: string });
/** Everything of the run before is gone, as if this warden had just been started. */
export interface WardenReady {
  readonly kind: 'ready';
}
export interface StepExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Limits that the kernel refused something by during this step. */
  readonly hit: readonly LimitName[];
  readonly ms: number;
  readonly bytes: number;
}
export interface StepProgress {
  readonly ms: number;
  /** Printed so far, before redaction. */
  readonly bytes: number;
  /** In bytes, now and at most. */
  readonly memory: number;
  readonly peak: number;
  readonly processes: number;
}
export type RunEnd =
  | { readonly how: 'steps-done' /** index of the failed step */; readonly failed: number | null }
  | { readonly how: 'limit'; readonly limit: LimitName; readonly step: number }
  | { readonly how: 'cancelled'; readonly by: string }
  | { readonly how: 'error'; readonly started: boolean; readonly message: string; readonly remedy: string; readonly place: Place | null };
export interface Counts {
  readonly changed: number;
  readonly ignored: number;
  readonly denied: number;
  readonly redacted: number;
  readonly findings: number;
}
/** What main has of a run once the warden is gone: also when the warden was killed. */
export interface RunResult {
  readonly end: RunEnd;
  readonly outcome: Outcome;
  readonly because: string;
  /** null: the record was not sealed. */
  readonly manifest: Sha256 | null;
  readonly counts: Counts | null;
  readonly record: HostPath;
}

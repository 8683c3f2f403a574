import type { Place, HostPath, JailPath, Sha256 } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { StepInput } from '../model/steps.ts';
import type { Check } from './checks-schema.ts';

/** A suite file, read and resolved: nothing in it has to be looked up any more but what lies in the tasks' directories. */
export interface Suite {
  readonly name: string;
  readonly file: string;
  /** What is asked of agents; see TrialsHeader. */
  readonly digest: Sha256;
  readonly seed: number;
  readonly jobs: number | null;
  readonly gate: { readonly passRate: number | null; readonly infra: number };
  /** `oracle` and `null` are not among them. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** The one that is meant where none is asked for; null: there are several, or none. */
  readonly agent: string | null;
  readonly build: boolean;
  readonly tasks: readonly Task[];
  /** What a reader should know: policies of tasks that allow more than the suite's. */
  readonly notices: readonly string[];
}
export interface Agent {
  readonly steps: readonly StepInput[];
  readonly deterministic: boolean;
}
export interface Task {
  readonly id: string;
  readonly place: Place | null;
  readonly instruction: string;
  readonly tags: readonly string[];
  readonly trials: number;
  readonly deterministic: boolean | null;
  readonly start: Start;
  /** Run before the agent's own steps. */
  readonly setup: readonly StepInput[];
  /** In place of the suite's agents; null: those. */
  readonly agent: Agent | null;
  /** Steps of the built-in agent `oracle`; null: it has none. */
  readonly solution: Solution | null;
  readonly policy: Policy;
  /** What is root's in the image is the agent's. */
  readonly ownRoot: boolean;
  /** An image that is built first, outside of any jail; null: none. */
  readonly image: ImageToBuild | null;
  readonly verifier: Verifier;
}
export type Start =
  | { readonly kind: 'directory'; readonly path: HostPath }
  | { readonly kind: 'repository'; readonly url: string; readonly commit: string; readonly path: string }
  /** The policy gives the jail no workspace: what there is to work on is in its root. */
  | { readonly kind: 'none' };
export interface Solution {
  readonly script: string;
  /** A directory that only this agent sees. */
  readonly files: { readonly source: HostPath; readonly target: JailPath } | null;
}
export interface ImageToBuild {
  /** Directory of the Dockerfile. */
  readonly context: HostPath;
  readonly time: number;
}
export interface Verifier {
  /** null: checks alone. */
  readonly script: string | null;
  readonly shell: string | null;
  readonly reward: boolean;
  readonly threshold: number;
  readonly files: { readonly source: HostPath; readonly target: JailPath } | null;
  /** Directories that are empty at first and that the script may write to. */
  readonly empty: readonly JailPath[];
  readonly root: 'fresh' | 'agent';
  readonly workspace: 'read-only' | 'copy-on-write';
  readonly env: Readonly<Record<string, string>>;
  readonly time: number;
  readonly checks: readonly Check[];
}

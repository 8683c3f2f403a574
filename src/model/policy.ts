import type { BackendName, HostPath, JailPath, Place, Sha256 } from './names.ts';

/** What the user wrote, validated, every default filled in. Data only: no steps, no tokens, nothing of GitHub. */
export interface Policy {
  readonly version: 1;
  readonly jail: {
    readonly backend: BackendName | 'auto';
    readonly root: Root;
    readonly toolchain: 'auto' | 'none';
    /** OCI runtime of the engine's, by its name there; absent: the engine's default. Only `docker` has one. */
    readonly runtime?: string;
    /** Whether the processor of a virtual machine may be emulated, where the kernel gives none. */
    readonly vm: { readonly emulation: 'allow' | 'refuse' };
  };
  readonly workspace: { readonly access: WorkspaceAccess; readonly hide: readonly string[] };
  readonly mounts: readonly PolicyMount[];
  /** In force for the agent's steps. */
  readonly agent: StepRules;
  /** In force for setup steps. */
  readonly setup: StepRules;
  readonly limits: RunLimits;
  /** `streams`: whether stdout and stderr of a step are one. `touched`: entries are listed whose time alone was changed. */
  readonly record: { readonly streams: 'merged' | 'split'; readonly touched: boolean };
  /** Flattened: one entry a rule, each knows its place in the file. */
  readonly guards: readonly GuardRule[];
  /** SHA-256 of the canonical JSON of the policy as written, defaults filled in, places left out. */
  readonly digest: Sha256;
}

export type WorkspaceAccess = 'copy-on-write' | 'read-only' | 'none';
/** There is no 'read-write': what the policy lists is copy-on-write at the most. */
export type Access = 'read-only' | 'copy-on-write';
export interface PolicyMount {
  readonly source: HostPath;
  readonly target: JailPath;
  readonly access: Access;
  readonly place: Place;
}
export type Root =
  | { readonly kind: 'host' }
  | { readonly kind: 'image'; readonly ref: string }
  | { readonly kind: 'directory'; readonly path: HostPath }
  | { readonly kind: 'archive'; readonly path: HostPath; readonly sha256: Sha256 | null };

/** What may differ between setup steps and the agent's steps. */
export interface StepRules {
  readonly env: Readonly<Record<string, string>>;
  /** Names copied from the environment of the action's step. */
  readonly passEnv: readonly string[];
  readonly secrets: readonly SecretUse[];
  readonly network: Network;
  readonly limits: StepLimits;
}
export type SecretUse =
  | { readonly name: string; readonly use: 'env'; readonly place: Place } // the jail holds the value
  | {
      readonly name: string;
      readonly use: 'inject';
      readonly hosts: readonly string[];
      readonly methods: readonly string[];
      readonly paths: readonly string[];
      readonly place: Place;
    };
export interface Network {
  readonly mode: 'allow' | 'observe';
  readonly allow: readonly HostRule[];
  readonly services: readonly Service[];
}
export interface HostRule {
  readonly pattern: string;
  readonly ports: readonly number[];
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly tls: TlsRule;
  readonly place: Place;
}
/**
 * What of TLS passes that the gateway does not end itself. `visible`: nothing, as methods and paths cannot be seen in it; `named`: what
 * announces the host's name; `any`: everything, also without a name or with an encrypted one, and what is neither TLS nor HTTP.
 */
export type TlsRule = 'visible' | 'named' | 'any';
/** `name:port` in the jail leads to `port` of the runner's loopback. */
export interface Service {
  readonly name: string;
  readonly port: number;
  readonly place: Place;
}

/** Bytes, counts, milliseconds. `null` in memory, cpus: taken from the machine, so that a policy's digest does not depend on it. */
export interface StepLimits {
  readonly memory: number | null;
  readonly cpus: number | null;
  readonly processes: number;
  readonly time: number;
  /** null: off. */
  readonly idle: number | null;
  readonly output: number;
}
export interface RunLimits {
  /** null: 10 GiB, or half of what is free where that is less. */
  readonly disk: number | null;
  readonly files: number;
  /** Bytes that connections carry out of the jail, and into it; null: no limit. */
  readonly upload: number | null;
  readonly download: number | null;
  /** Connections that leave the jail, and HTTP requests that the gateway sees; null: no limit. */
  readonly connections: number | null;
  readonly requests: number | null;
}
export type LimitName = keyof StepLimits | keyof RunLimits;

export type GuardRule =
  | {
      readonly name: `guards.changes.${ChangeGuard}`;
      readonly on: 'changes';
      readonly action: GuardAction;
      readonly test: ChangeTest;
      readonly place: Place;
    }
  | {
      readonly name: 'guards.network.denied';
      readonly on: 'network';
      readonly action: GuardAction;
      readonly test: { readonly kind: 'denied' };
      readonly place: Place;
    }
  | {
      readonly name: 'guards.output.require' | 'guards.output.forbid';
      readonly on: 'output';
      readonly action: GuardAction;
      readonly test: { readonly kind: 'require' | 'forbid'; readonly pattern: string };
      readonly place: Place;
    }
  | {
      readonly name: 'result.schema';
      readonly on: 'result';
      readonly action: 'fail';
      readonly test: { readonly kind: 'schema'; readonly schema: object };
      readonly place: Place;
    };
export type GuardAction = 'fail' | 'review';
export type ChangeGuard = 'allow' | 'review' | 'deny' | 'forbid' | 'require' | 'max-files' | 'max-added-lines' | 'max-bytes' | 'root';
export type ChangeTest =
  | { readonly kind: 'allow' | 'review' | 'deny' | 'require'; readonly globs: readonly string[] } // gitignore globs, in order
  | { readonly kind: 'forbid'; readonly flags: readonly string[] }
  | { readonly kind: 'max-files' | 'max-added-lines' | 'max-bytes'; readonly max: number }
  | { readonly kind: 'root'; readonly allowed: boolean };

// Names with a meaning the compiler should know. Branding costs nothing at run time.
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** Absolute, normalised path on the runner. */
export type HostPath = Branded<string, 'host'>;
/** Absolute, normalised path as a step sees it. */
export type JailPath = Branded<string, 'jail'>;
/** Relative path made by an agent: bytes, never a string; only `system/` may join it to a HostPath. */
export type PathBytes = Branded<Uint8Array, 'bytes'>;
/** 64 lower-case hex digits. */
export type Sha256 = Branded<string, 'sha256'>;

/** Where a user wrote something: lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type BackendName = 'nspawn' | 'docker' | 'vm' | 'chroot';

/** The moments of a run, in order. The kill matrix aims at them, `run.json` times them. */
export const PHASES = ['check', 'layers', 'jail', 'gateway', 'selftest', 'steps', 'stopped', 'collect', 'seal', 'clean'] as const;
export type Phase = (typeof PHASES)[number];

import type { HostPath, JailPath, Sha256 } from './names.ts';
import type { LayerName } from './changes.ts';
import type { RunEnd } from './protocol.ts';
import type { Outcome } from './outcome.ts';
import { type DerivedFile, OTHER_PATCHES } from './record.ts';
import type { AgentName } from './trajectory.ts';

/** What a collector writes of what the jail left. */
export const EVIDENCE = ['changes.ndjson', 'changes.patch', ...OTHER_PATCHES, 'changes.tar.gz', 'result.txt', 'agent.ndjson'] as const;

/** Argument of a collector that is no run's, but rehearses (`run/rehearsal.ts`). */
export const REHEARSE = 'rehearse';

/**
 * warden → collector: one JSON line on stdin. `outputs` are inherited descriptors, open for writing. The collector answers with one JSON
 * line on stdout, and ends, but after a rehearsal.
 */
export type CollectorRequest =
  | {
      readonly kind: 'changes';
      readonly id: string;
      readonly layers: readonly LayerView[];
      readonly outputs: { readonly [F in (typeof EVIDENCE)[number]]: number };
      /** What the agent wrote to `$AGENT_JAIL_RESULT`: a regular file in a directory the agent cannot write to; at most 64 KiB of it are kept. */
      readonly result: HostPath;
      /** Secret values: a file that holds one is withheld (flag `secret`). */
      readonly secrets: readonly { readonly name: string; readonly value: string }[];
      /** Further values that are shown in no text. */
      readonly mask: readonly string[];
      /** Files whose time alone was changed are listed. */
      readonly touched: boolean;
      /** Whose logs are looked for in HOME. */
      readonly agents: readonly AgentName[];
      /** An empty directory the collector may write to (for `git diff`). */
      readonly scratch: HostPath;
    }
  | {
      /** To look at a changed tree that it makes itself, for its code to be compiled: another question will follow. */
      readonly kind: 'rehearsal';
      /** A directory the collector may write to; it is left as it was found. */
      readonly scratch: HostPath;
    }
  | {
      readonly kind: 'verdict';
      readonly id: string;
      /** The sealed record, read-only. */
      readonly record: HostPath;
      /** Secret values, and others that are shown in no text: what an agent says of itself may hold them once it is put together. */
      readonly secrets: Readonly<Record<string, string>>;
      readonly mask: readonly string[];
      readonly outputs: { readonly [F in 'verdict.json' | DerivedFile]: number };
    };
export interface LayerView {
  readonly layer: LayerName;
  /** Where the step saw it; paths of the layer `root` are relative to `/`, of the others to this. */
  readonly target: JailPath;
  /** Upper directory of the overlay; for a plain directory of the jail (HOME) the directory itself. */
  readonly upper: HostPath;
  /** Lower directories, topmost first (setup layer, then the host's tree, id-mapped); [] for a plain directory. */
  readonly lowers: readonly HostPath[];
  /** The merged view: contents are read through it (redirects, metacopy). */
  readonly merged: HostPath;
  /** The host's owner and the jail's agent were swapped by the id-mapped mount; swap back. null: ids are as seen. */
  readonly swapped: {
    readonly host: { readonly uid: number; readonly gid: number };
    readonly jail: { readonly uid: number; readonly gid: number };
  } | null;
}
export type CollectorAnswer =
  | {
      readonly ok: true;
      readonly kind: 'changes';
      readonly changed: number;
      readonly ignored: number;
      readonly withheld: number;
      readonly sessionsLeft: number;
    }
  | { readonly ok: true; readonly kind: 'rehearsal'; readonly changed: number }
  | {
      readonly ok: true;
      readonly kind: 'verdict';
      readonly outcome: Outcome;
      readonly because: string;
      readonly findings: number;
      readonly verdict: Sha256;
    }
  | { readonly ok: false; readonly message: string };
/** Pure, total, table-tested. */
export type Decide = (
  end: RunEnd,
  findings: readonly import('./changes.ts').Finding[],
) => { readonly outcome: Outcome; readonly because: string };

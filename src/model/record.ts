import type { BackendName, JailPath, Phase, Sha256 } from './names.ts';
import type { LimitName, Policy, Root } from './policy.ts';
import type { Counts, PolicySource, RunEnd, StepExit } from './protocol.ts';
import type { TokenUse } from './gateway.ts';
import type { ProgramsRecord } from './programs.ts';
import type { TerminalSize } from './terminal.ts';
import type { AgentWish, Totals } from './trajectory.ts';
import type { Finding } from './changes.ts';
import type { Outcome } from './outcome.ts';

/** Patches of the checkouts below the workspace's own that were changed, one each; the last line of `changes.ndjson` says whose. */
export const OTHER_PATCHES = [
  'changes.1.patch',
  'changes.2.patch',
  'changes.3.patch',
  'changes.4.patch',
  'changes.5.patch',
  'changes.6.patch',
  'changes.7.patch',
  'changes.8.patch',
  'changes.9.patch',
] as const;
export type OtherPatch = (typeof OTHER_PATCHES)[number];
/** Not every record has it. */
export const isSpare = (file: RecordFile): boolean => OTHER_PATCHES.some((other) => other === file);
const PATCH = { writer: 'collector', schema: null, sealed: true } as const;

/** One table says who writes which file; manifest, redaction, upload, docs and schema tests read it. `sealed`: in `manifest.json`. */
export const RECORD = {
  'run.json': { writer: 'warden', schema: 'run', sealed: true },
  'transcript.log': { writer: 'warden', schema: null, sealed: true },
  'transcript.ndjson': { writer: 'warden', schema: 'transcript', sealed: true },
  'network.ndjson': { writer: 'gateway', schema: 'network', sealed: true },
  'programs.ndjson': { writer: 'warden', schema: 'programs', sealed: true },
  'usage.ndjson': { writer: 'warden', schema: 'usage', sealed: true },
  'backend.log': { writer: 'warden', schema: null, sealed: true },
  'changes.ndjson': { writer: 'collector', schema: 'changes', sealed: true },
  'changes.patch': PATCH,
  ...(Object.fromEntries(OTHER_PATCHES.map((file) => [file, PATCH])) as { readonly [F in OtherPatch]: typeof PATCH }),
  'changes.tar.gz': { writer: 'collector', schema: null, sealed: true },
  'result.txt': { writer: 'collector', schema: null, sealed: true },
  'agent.ndjson': { writer: 'collector', schema: 'agent', sealed: true },
  'manifest.json': { writer: 'warden', schema: 'manifest', sealed: false },
  'verdict.json': { writer: 'collector', schema: 'verdict', sealed: false },
  'trajectory.json': { writer: 'collector', schema: null, sealed: false },
  'transcript.cast': { writer: 'collector', schema: null, sealed: false },
  'transcript.txt': { writer: 'collector', schema: null, sealed: false },
  'report.html': { writer: 'collector', schema: null, sealed: false },
  'findings.sarif': { writer: 'collector', schema: null, sealed: false },
  'summary.md': { writer: 'collector', schema: null, sealed: false },
} as const;
export type RecordFile = keyof typeof RECORD;
/** Made from the sealed record, and named by the verdict. */
export type DerivedFile = 'trajectory.json' | 'transcript.cast' | 'transcript.txt' | 'report.html' | 'findings.sarif' | 'summary.md';

/** The run of GitHub that a record was made in; `apply` compares it with its own. */
export interface Origin {
  /** `https://github.com`. */
  readonly server: string;
  /** `owner/name`. */
  readonly repository: string;
  /** GitHub's number of the workflow run. */
  readonly run: string;
  /** Repository of the commit that the event is about: another one than `repository` for a fork; null: it is not known. */
  readonly head: string | null;
}
/** `run.json`. Times in ms since run start; wall clock only in `started`. */
export interface RunDocument {
  readonly schema: 'agent-jail/run@1';
  readonly id: string;
  readonly started: string;
  readonly tool: { readonly name: 'agent-jail'; readonly version: string; readonly node: string };
  readonly policy: Policy;
  readonly source: PolicySource;
  readonly base: { readonly commit: string; readonly dirty: boolean } | null;
  /** null: not made on GitHub. Absent in the first records. */
  readonly origin?: Origin | null;
  readonly backend: { readonly name: BackendName; readonly version: string; readonly why: string };
  readonly host: {
    readonly kernel: string;
    readonly arch: string;
    readonly cpus: number;
    readonly memory: number;
    readonly cgroups: string;
  };
  /** Where programs came from; `sha256`: the id of the image, or the hash of the archive, null until it is known. */
  readonly root: { readonly kind: Root['kind']; readonly sha256: Sha256 | null };
  readonly workspace: JailPath;
  /** PATH of the steps, unless one has its own; null: it was not known yet. Absent in the first records. */
  readonly path?: string | null;
  /** What was proved from outside on the first held process; null: never got that far. */
  readonly proof: readonly { readonly property: string; readonly seen: string }[] | null;
  readonly steps: readonly StepRecord[];
  readonly end: RunEnd;
  readonly limits: readonly {
    readonly name: LimitName;
    readonly limit: number | null;
    readonly peak: number | null;
    readonly hit: boolean;
  }[];
  readonly counts: Counts;
  /** Where `programs.ndjson` has its lines from. Absent in the first records. */
  readonly programs?: ProgramsRecord;
  /** Of model servers, by what the gateway saw of their answers; null: the network log was not ended. */
  readonly tokens: TokenUse | null;
  readonly redacted: Readonly<Record<string, number>>;
  /** False: something was withheld from patch or archive because it holds a secret. */
  readonly exact: boolean;
  readonly notices: readonly string[];
  /** ms since run start at which each phase was entered. */
  readonly phases: Readonly<Partial<Record<Phase, number>>>;
}
export interface StepRecord {
  readonly name: string;
  readonly setup: boolean;
  readonly argv: readonly string[];
  /** null: it had no terminal. Absent in the first records. */
  readonly tty?: TerminalSize | null;
  /** Whose log is looked for; null: any agent's. Absent in the first records. */
  readonly agent?: AgentWish;
  /** ms since run start; null: did not start. */
  readonly started: number | null;
  readonly exit: StepExit | null;
}
export interface ManifestDocument {
  readonly schema: 'agent-jail/manifest@1';
  readonly id: string;
  readonly files: Readonly<Record<string, { readonly sha256: Sha256; readonly size: number }>>;
}
export interface VerdictDocument {
  readonly schema: 'agent-jail/verdict@1';
  readonly id: string;
  readonly outcome: Outcome;
  readonly because: string;
  readonly findings: readonly Finding[];
  /** null: the record was never sealed, the run was cut off. */
  readonly manifest: Sha256 | null;
  readonly files: Readonly<Record<string, { readonly sha256: Sha256; readonly size: number }>>;
  /** What the run used, as gateway and agents tell it. Absent where nobody judged. */
  readonly totals?: Totals;
}

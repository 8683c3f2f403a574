import type { Finding, Flag, LayerName } from '../model/changes.ts';
import type { NetworkLine } from '../model/gateway.ts';
import type { LimitName } from '../model/policy.ts';
import type { RecordFile } from '../model/record.ts';
import type { LayerTally } from './tally.ts';

/** What a report shows: `report.html` holds it as JSON. Bounded, whatever the record holds; text in it may be anything. */
export interface ReportData {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  readonly outcome: string;
  readonly because: string;
  readonly remedy: string;
  readonly findings: readonly Finding[];
  readonly steps: readonly StepData[];
  readonly phases: readonly { readonly name: string; readonly t: number }[];
  readonly limits: readonly LimitData[];
  readonly notices: readonly string[];
  /** What the run was: a name and its value. */
  readonly about: readonly (readonly [string, string])[];
  readonly changes: ChangesData;
  readonly patch: PatchData;
  /** null: no log of an agent was found. */
  readonly trajectory: TrajectoryData | null;
  readonly network: NetworkData;
  readonly programs: ProgramsData;
  readonly usage: readonly UsageData[];
  /** asciicast, version 2. */
  readonly cast: string;
  /** Bytes that the steps printed. */
  readonly printed: number;
  readonly result: string;
  /** `size` null: not known when the report was made. */
  readonly files: readonly { readonly name: RecordFile; readonly size: number | null }[];
  /** Where the files are, seen from the report: '' or a relative URL that ends with a slash. */
  readonly base: string;
  /** Files of the record that could not be read, and why. */
  readonly problems: readonly string[];
}
export interface StepData {
  readonly name: string;
  readonly setup: boolean;
  /** `24 rows, 80 columns`; empty: it had no terminal. */
  readonly terminal: string;
  readonly command: string;
  readonly started: number | null;
  readonly ms: number | null;
  readonly end: string;
  readonly ok: boolean;
  readonly hit: readonly LimitName[];
  readonly bytes: number;
}
export interface LimitData {
  readonly name: LimitName;
  readonly limit: number | null;
  readonly peak: number | null;
  readonly hit: boolean;
}
export interface ChangesData {
  readonly total: number;
  readonly layers: readonly LayerTally[];
  readonly rows: readonly ChangeData[];
  /** What is not among the rows, by folder. */
  readonly folders: readonly { readonly layer: LayerName; readonly path: string; readonly count: number }[];
}
export interface ChangeData {
  readonly layer: LayerName;
  readonly op: string;
  /** As `displayPath` shows it. */
  readonly path: string;
  readonly from?: string;
  readonly flags?: readonly Flag[];
  /** What changed of size, mode, type, owner or target, in words. */
  readonly what: string;
}
export interface PatchData {
  readonly files: readonly PatchFile[];
  /** Files of the patch that are not here. */
  readonly left: number;
}
export interface PatchFile {
  readonly path: string;
  readonly text: string;
  /** Bytes of it that are not here. */
  readonly left: number;
}
export interface TrajectoryData {
  /** Its name, version and model. */
  readonly agent: string;
  /** A name, its value, who says so. */
  readonly totals: readonly (readonly [string, string, string])[];
  readonly turns: readonly TurnData[];
  /** Steps that are not here; they stood after the first `head`. */
  readonly left: number;
  readonly head: number;
}
export interface TurnData {
  readonly id: number;
  readonly source: 'system' | 'user' | 'agent';
  /** When, and how many tokens. */
  readonly about: string;
  readonly text: string;
  readonly thought: string;
  readonly calls: readonly { readonly name: string; readonly args: string; readonly result: string | null; readonly failed: boolean }[];
  readonly callsLeft: number;
  /** Results of no call. */
  readonly others: readonly string[];
}
export interface NetworkData {
  readonly rows: readonly NetworkRow[];
  readonly total: number;
  readonly denied: number;
}
export type NetworkRow = Pick<NetworkLine, 't' | 'step' | 'kind' | 'verdict' | 'reason' | 'bytesIn' | 'bytesOut' | 'ms'> & {
  readonly host: string;
  readonly what: string;
};
export interface ProgramsData {
  /** Why there are none; empty: there may be. */
  readonly why: string;
  /** Each stands behind the one that started it, one deeper. */
  readonly rows: readonly ProgramRow[];
  readonly total: number;
  /** Events that were lost: a program may be missing. */
  readonly lost: number;
  /** Told by the kernels of virtual machines. */
  readonly guest: boolean;
}
export interface ProgramRow {
  readonly t: number;
  readonly step: number;
  readonly depth: number;
  readonly program: string;
  readonly args: string;
  readonly ms: number;
  readonly end: string;
  readonly ok: boolean;
}
/** A sample; `cpu` is µs, `moved` bytes read from the disk and written to it, since the start. */
export interface UsageData {
  readonly t: number;
  readonly memory: number;
  readonly cpu: number;
  readonly pids: number;
  readonly disk: number;
  readonly moved: number;
}

import type { Finding } from '../model/changes.ts';
import type { Sha256 } from '../model/names.ts';
import type { Outcome } from '../model/outcome.ts';
import type { RunDocument } from '../model/record.ts';
import type { Trajectory } from '../model/trajectory.ts';
import type { RecordReader } from './read.ts';

/** A record and what was made of it: what a report tells. */
export interface Conclusion {
  readonly run: RunDocument;
  readonly findings: readonly Finding[];
  readonly outcome: Outcome;
  readonly because: string;
  /** SHA-256 of `manifest.json`; null: not sealed. */
  readonly manifest: Sha256 | null;
  /** null: no log of an agent was found. */
  readonly trajectory: Trajectory | null;
  readonly record: RecordReader;
}

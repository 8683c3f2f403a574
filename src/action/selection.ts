import { OTHER_PATCHES, RECORD, type RecordFile } from '../model/record.ts';

export interface Sized {
  readonly name: RecordFile;
  /** Bytes. */
  readonly size: number;
}

/**
 * What is left out first when a record is larger than `max-upload`: the largest and most easily made again first. The rest is never left
 * out: it says what happened, and without the manifest nothing can be checked.
 */
export const LEAVE_OUT: readonly RecordFile[] = [
  'changes.tar.gz',
  'transcript.log',
  'transcript.cast',
  'transcript.txt',
  'changes.patch',
  ...OTHER_PATCHES,
  'network.ndjson',
  'programs.ndjson',
  'usage.ndjson',
  'backend.log',
  'changes.ndjson',
  'transcript.ndjson',
  'agent.ndjson',
  'trajectory.json',
  'result.txt',
  'findings.sarif',
  'report.html',
];

/** Leaves out whole files, in the order of `LEAVE_OUT`, until at most `max` bytes are left. */
export function select(files: readonly Sized[], max: number): { readonly kept: readonly Sized[]; readonly leftOut: readonly Sized[] } {
  let total = files.reduce((sum, file) => sum + file.size, 0);
  const leftOut: Sized[] = [];
  for (const name of LEAVE_OUT) {
    const file = files.find((f) => f.name === name);
    if (total <= max) break;
    if (file === undefined) continue;
    leftOut.push(file);
    total -= file.size;
  }
  return { kept: files.filter((file) => !leftOut.includes(file)), leftOut };
}

/** The names of `RECORD`; nothing else in the directory is ever uploaded. */
export function recordFiles(): readonly RecordFile[] {
  return Object.keys(RECORD) as RecordFile[];
}

import { lstatSync, mkdirSync } from 'node:fs';
import type { HostPath } from '../model/names.ts';
import type { RunEnd, RunResult } from '../model/protocol.ts';
import type { RecordFile, RunDocument, VerdictDocument } from '../model/record.ts';
import { displayText } from '../record/display.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir } from '../record/read.ts';
import type { Documents, RecordReader } from '../record/read.ts';
import { NO_ID } from '../record/verify.ts';
import { json, replaceFile } from '../record/write.ts';

/**
 * The result of a run whose warden is gone. A record that was judged is taken as it is; any other gets a verdict of jail-error with the
 * reason `why`. Idempotent; evidence is left as it is, nothing that an agent wrote is parsed, and it never rejects.
 */
export async function finish(dir: HostPath, why: string): Promise<RunResult> {
  const record = attempt(() => openRecordDir(dir));
  const run = record === null ? null : document(record, 'run.json');
  const judged = record === null || run === null ? null : judgement(record, run);
  if (judged !== null && run !== null && judged.manifest !== null) {
    const { outcome, because, manifest, findings } = judged;
    return {
      end: run.end,
      outcome,
      because,
      manifest,
      counts: { ...run.counts, findings: findings.length },
      record: dir,
    };
  }
  const because = judged?.because ?? write(dir, run?.id ?? NO_ID, displayText(why.trim().replace(/\.$/, '')));
  const end: RunEnd = {
    how: 'error',
    started: mayHaveStarted(record, run),
    message: because,
    // Without `run.json` no warden came up: there is nothing to look at.
    remedy: run === null ? '`agent-jail doctor` tells what this machine lacks' : 'look at what is in the record, and run again',
    place: null,
  };
  return { end, outcome: 'jail-error', because, manifest: null, counts: run?.counts ?? null, record: dir };
}

/** A verdict that was given, of this run and of this manifest; null: there is none that counts. */
function judgement(record: RecordReader, run: RunDocument): VerdictDocument | null {
  const verdict = document(record, 'verdict.json');
  if (verdict === null) return null;
  if (verdict.manifest === null) return verdict.outcome === 'jail-error' ? verdict : null;
  const fits = verdict.id === run.id && verdict.manifest === manifestDigest(record);
  return fits ? verdict : null;
}

/** Returns the reason, and with it why it could not be written down. */
function write(dir: HostPath, id: string, because: string): string {
  const verdict: VerdictDocument = {
    schema: 'agent-jail/verdict@1',
    id,
    outcome: 'jail-error',
    because,
    findings: [],
    manifest: null,
    files: {},
  };
  // An indented block: no character of the reason is markup there.
  const text = `## agent-jail: jail-error\n\n    ${because}\n\nThe run was cut off. What it left in the record is unchanged.\n`;
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const owner = lstatSync(dir);
    if (!owner.isDirectory()) throw new Error('the record is not a directory');
    replaceFile(dir, 'summary.md', Buffer.from(text), owner);
    replaceFile(dir, 'verdict.json', json(verdict), owner);
    return because;
  } catch (error) {
    return displayText(`${because}; and the verdict cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Without a record that says otherwise an agent command may have run. */
function mayHaveStarted(record: RecordReader | null, run: RunDocument | null): boolean {
  if (record === null) return false;
  if (run !== null && run.steps.some((step) => step.started !== null)) return true;
  return hasContent(record, 'transcript.log') || (run === null && hasContent(record, 'transcript.ndjson'));
}

function document<F extends keyof Documents>(record: RecordReader, file: F): Documents[F] | null {
  return attempt(() => record.document(file).value);
}

const manifestDigest = (record: RecordReader): string | null => attempt(() => record.document('manifest.json').sha256);
const hasContent = (record: RecordReader, file: RecordFile): boolean => (attempt(() => record.size(file)) ?? 0) > 0;

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordError) return null;
    throw error;
  }
}

import { decideRun } from '../guard/decide.ts';
import { evaluate } from '../guard/evaluate.ts';
import type { CollectorAnswer, CollectorRequest } from '../model/collector.ts';
import type { DerivedFile, VerdictDocument } from '../model/record.ts';
import type { Trajectory } from '../model/trajectory.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir, type RecordReader } from '../record/read.ts';
import { json, sha256 } from '../record/write.ts';
import { writeAll } from '../system/ndjson.ts';
import type { Read } from '../trajectory/trajectory.ts';
import type { Redactor } from '../transcript/redact.ts';
import { makeText } from '../transcript/text.ts';
import { trajectoryOf } from './trajectory.ts';

/** Makes the derived files for which nobody has to know what is redacted; the collector's entry brings the report's. */
export type Derive = (conclusion: Conclusion) => Promise<Readonly<Record<Exclude<DerivedFile, 'transcript.txt'>, string | Buffer>>>;
/** Bytes at head and tail of the log that the plain text is made of. */
const HALF = 4 << 20;

/**
 * Over a sealed record: evaluates the guards, decides, writes what is derived, then `verdict.json`, which holds the SHA-256 of the manifest
 * and of each derived file. What goes wrong is an answer, never a rejection.
 */
export async function makeVerdict(request: Extract<CollectorRequest, { kind: 'verdict' }>, derive: Derive): Promise<CollectorAnswer> {
  try {
    return await conclude(request, derive);
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) };
  }
}

async function conclude(
  { id, record: dir, outputs, secrets, mask }: Extract<CollectorRequest, { kind: 'verdict' }>,
  derive: Derive,
): Promise<CollectorAnswer> {
  const record = openRecordDir(dir);
  const { value: run } = record.document('run.json');
  const manifest = record.document('manifest.json');
  if (run.id !== id || manifest.value.id !== id) throw new RecordError('manifest.json', null, `is not of run ${id}`);
  const redactor = await redactorFor({ secrets, mask });
  const { trajectory, totals } = shown(await trajectoryOf(record, run), redactor);
  const findings = await evaluate(run.policy.guards, record, [], trajectory);
  const { outcome, because } = decideRun(run, findings);
  const files: Record<string, VerdictDocument['files'][string]> = {};
  const {
    'report.html': html,
    'summary.md': markdown,
    ...rest
  } = await derive({
    run,
    findings,
    outcome,
    because,
    manifest: manifest.sha256,
    trajectory,
    record,
  });
  const derived = { ...rest, 'transcript.txt': await textOf(record, redactor), 'report.html': html, 'summary.md': markdown };
  for (const [file, text] of Object.entries(derived) as [DerivedFile, string | Buffer][]) {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    writeAll(outputs[file], bytes);
    files[file] = { sha256: sha256(bytes), size: bytes.length };
  }
  const verdict: VerdictDocument = {
    schema: 'agent-jail/verdict@1',
    id,
    outcome,
    because,
    findings,
    manifest: manifest.sha256,
    files,
    totals,
  };
  const bytes = json(verdict);
  writeAll(outputs['verdict.json'], bytes);
  return { ok: true, kind: 'verdict', outcome, because, findings: findings.length, verdict: sha256(bytes) };
}

type Hidden = Pick<Extract<CollectorRequest, { kind: 'verdict' }>, 'secrets' | 'mask'>;
/** null: there is nothing to look for, as in most runs of a short command. */
async function redactorFor(hidden: Hidden): Promise<Redactor | null> {
  if (Object.keys(hidden.secrets).length === 0 && hidden.mask.length === 0) return null;
  const { redactorOf } = await import('../transcript/redact.ts');
  return redactorOf(hidden);
}

/** Pieces of a text are put together and escapes are undone: what was redacted before may hold a secret again. */
function shown(read: Read, redactor: Redactor | null): Read {
  if (read.trajectory === null || redactor === null) return read;
  const { model } = read.totals;
  return {
    trajectory: redactor.redactJson(read.trajectory) as Trajectory,
    totals: { ...read.totals, model: model === null ? null : { ...model, value: redactor.redactText(model.value) } },
  };
}

/** A transcript that cannot be read: the report says why. */
async function textOf(record: RecordReader, redactor: Redactor | null): Promise<Buffer | ''> {
  const transcript = {
    index: record.lines('transcript.ndjson'),
    log: record.pieces('transcript.log'),
    size: record.size('transcript.log') ?? 0,
  };
  try {
    return await makeText(transcript, HALF, redactor);
  } catch (error) {
    if (error instanceof RecordError) return '';
    throw error;
  }
}

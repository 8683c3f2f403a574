import { decideRun } from '../guard/decide.ts';
import { evaluate } from '../guard/evaluate.ts';
import type { CollectorAnswer, CollectorRequest } from '../model/collector.ts';
import type { DerivedFile, VerdictDocument } from '../model/record.ts';
import type { Trajectory } from '../model/trajectory.ts';
import type { Conclusion } from '../record/conclusion.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir } from '../record/read.ts';
import { json, sha256 } from '../record/write.ts';
import { writeAll } from '../system/ndjson.ts';
import type { Read } from '../trajectory/trajectory.ts';
import { trajectoryOf } from './trajectory.ts';

/** Makes the derived files; the collector's entry brings the report's. */
export type Derive = (conclusion: Conclusion) => Promise<Readonly<Record<DerivedFile, string | Buffer>>>;

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
  const { trajectory, totals } = await shown(await trajectoryOf(record, run), { secrets, mask });
  const findings = await evaluate(run.policy.guards, record, [], trajectory);
  const { outcome, because } = decideRun(run, findings);
  const files: Record<string, VerdictDocument['files'][string]> = {};
  const derived = await derive({ run, findings, outcome, because, manifest: manifest.sha256, trajectory, record });
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

/** Pieces of a text are put together and escapes are undone: what was redacted before may hold a secret again. */
async function shown(read: Read, request: Pick<Extract<CollectorRequest, { kind: 'verdict' }>, 'secrets' | 'mask'>): Promise<Read> {
  if (read.trajectory === null) return read;
  const { redactorOf } = await import('../transcript/redact.ts');
  const redactor = redactorOf(request);
  const { model } = read.totals;
  return {
    trajectory: redactor.redactJson(read.trajectory) as Trajectory,
    totals: { ...read.totals, model: model === null ? null : { ...model, value: redactor.redactText(model.value) } },
  };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeReports } from '../cli/suite-reports.ts';
import { EXIT } from '../model/outcome.ts';
import { LARGEST_COMMENT, LARGEST_SUMMARY, suiteMarkdown } from '../report/suite/markdown.ts';
import type { Baselines } from './baseline.ts';
import { NEVER } from './cancel.ts';
import type { Said } from './compare.ts';
import type { CompareInputs } from './compare-inputs.ts';
import type { Environment } from './environment.ts';
import { COMPARE_OUTPUTS, writeClosed } from './outputs.ts';
import { uploadResults } from './suite-upload.ts';
import { writeSummary } from './summary.ts';

interface Outcome {
  readonly said: Said;
  readonly code: number;
  /** Of the results; reports go there too, so that their links lead to records. */
  readonly folder: string;
  readonly results: string;
  readonly id: string;
  readonly nights: Baselines['found'];
}

/** Reports, artifact, the job's summary, the comment, outputs. */
export async function reported(
  inputs: CompareInputs,
  { said, code, folder, results, id, nights }: Outcome,
  env: Environment,
  say: (message: string) => void,
): Promise<void> {
  const { failed: failures, suspects: _suspects, ...comparison } = said;
  writeFileSync(join(folder, 'comparison.json'), `${JSON.stringify(comparison)}\n`, { mode: 0o600 });
  // What was refused is named, and no part of any picture.
  const used = new Set(said.baseline?.nights.map(({ name }) => name));
  const input = await writeReports(folder, { results, nights: nights.filter(({ name }) => used.has(name)), comparison, failures });
  const name = `agent-jail-report-${said.suite}`;
  const { records, upload } = inputs;
  const uploaded = upload === null ? null : await uploadResults(folder, { upload, records, fallback: name, id }, env, say);
  const where = uploaded === null ? '' : `\nThe report is in the artifact [${uploaded.name}](${uploaded.url}).\n`;
  await writeSummary(env, suiteMarkdown(input, LARGEST_SUMMARY) + where);
  if (inputs.comment) {
    const { comment } = await import('./comment.ts');
    await comment(env, inputs.token, name, suiteMarkdown(input, LARGEST_COMMENT) + where, say, NEVER);
  }
  await writeClosed(COMPARE_OUTPUTS, {
    outcome: code === 0 ? 'succeeded' : code === EXIT['needs-review'] ? 'needs-review' : 'step-failed',
    because: said.failed[0] ?? said.because[0] ?? '',
    verdict: said.verdict,
    regressed: said.tasks.filter(({ verdict }) => verdict === 'regressed').length,
    drift: said.drift.length,
    'pass-rate': said.current.rate === null ? null : said.current.rate.toFixed(6).replace(/\.?0+$/, ''),
    baselines: said.baseline?.nights.length ?? 0,
    report: join(folder, 'suite.html'),
    junit: join(folder, 'junit.xml'),
    'artifact-id': uploaded?.id ?? null,
    'artifact-url': uploaded?.url ?? null,
    'artifact-digest': uploaded?.digest ?? null,
  });
}

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { inlineCode } from '../report/markdown.ts';
import type { Uploaded } from './artifacts.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';

/** The runner drops a summary over 1 MiB; several uses of the action share one job, and each has its own file. */
const MOST = 128 * 1024;

/** What became of the upload; null: none was asked for. */
export type Upload = Uploaded | 'failed' | null;

/** The record's `summary.md`, and where the record went: Markdown, for the job's summary and for a comment. */
export async function summaryText(record: HostPath, because: string, upload: Upload): Promise<string> {
  const body = (await readSummary(record)) ?? `### agent-jail\n\nThere is no summary of this run: ${inlineCode(because)}.`;
  return `${[body.trimEnd(), ...uploadLines(upload)].join('\n\n')}\n`;
}

export async function writeSummary(env: Environment, text: string): Promise<void> {
  if (variable(env, 'GITHUB_STEP_SUMMARY') === '') return;
  const core = await import('@actions/core');
  await core.summary.addRaw(text).write();
}

/** null where there is none. The collector wrote it and escaped it; it is never parsed here. */
async function readSummary(record: HostPath): Promise<string | null> {
  const file = await open(join(record, 'summary.md'), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
    if (bytesRead === MOST) return null;
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

function uploadLines(upload: Upload): string[] {
  if (upload === null) return [];
  if (upload === 'failed') return ['**The record could not be uploaded.**'];
  const left = upload.leftOut.map((file) => `- left out of the upload (max-upload): \`${file.name}\`, ${file.size} bytes`);
  return [`The record is in the artifact [${inlineCode(upload.name)}](${upload.url}), sha256 \`${upload.digest}\`.`, left.join('\n')];
}

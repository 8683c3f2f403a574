import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import type { Uploaded } from './artifacts.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';

/** The runner drops a summary over 1 MiB; several uses of the action share one job, and each has its own file. */
const MOST = 128 * 1024;

/** Adds the record's `summary.md` and where the record went to the job's summary. */
export async function writeSummary(env: Environment, record: HostPath, because: string, uploaded: Uploaded | null): Promise<void> {
  if (variable(env, 'GITHUB_STEP_SUMMARY') === '') return;
  const core = await import('@actions/core');
  const body = (await readSummary(record)) ?? `### agent-jail\n\nThere is no summary of this run: ${plain(because)}.`;
  await core.summary.addRaw(`${[body.trimEnd(), ...artifactLines(uploaded)].join('\n\n')}\n`).write();
}

/** null where there is none. The collector wrote it and escaped it; it is never parsed here. */
async function readSummary(record: HostPath): Promise<string | null> {
  const file = await open(join(record, 'summary.md'), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) return null;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST), 0, MOST, 0);
    if (bytesRead === MOST) return null;
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function artifactLines(uploaded: Uploaded | null): string[] {
  if (uploaded === null) return [];
  const left = uploaded.leftOut.map((file) => `- left out of the upload (max-upload): \`${file.name}\`, ${file.size} bytes`);
  return [`The record is in the artifact [${plain(uploaded.name)}](${uploaded.url}), sha256 \`${uploaded.digest}\`.`, left.join('\n')];
}

/** Nothing that Markdown would act on. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:/@+=()-]/g, '_');
}

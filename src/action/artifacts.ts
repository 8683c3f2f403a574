import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HostPath } from '../model/names.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import type { State } from './state.ts';
import { recordFiles, select } from './selection.ts';
import type { Sized } from './selection.ts';

export interface Uploaded {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** SHA-256 of the zip. */
  readonly digest: string;
  readonly leftOut: readonly Sized[];
}

/** Waits between tries after a network error, ms: the client gives up at once on a reset connection (it only retries 429 and 5xx). */
const BACKOFF = [1000, 2000, 4000, 8000];

/** Uploads the record's files as one artifact. Throws when that was not possible. */
export async function uploadRecord({ id, record, upload }: State, env: Environment, say: (message: string) => void): Promise<Uploaded> {
  const { kept, leftOut } = select(await regularFiles(record), upload.max);
  if (kept.length === 0) throw new Error('the record has no files');
  for (const file of leftOut) say(`not uploaded, because the record is larger than max-upload: ${file.name} (${file.size} bytes)`);

  const paths = kept.map((file) => join(record, file.name));
  const files = { paths, directory: record, name: artifactName(upload.name, id), id, retentionDays: upload.retentionDays };
  return { ...(await uploadFiles(files, env, say)), leftOut };
}

export interface ToUpload {
  /** Below `directory`, which is the artifact's root. */
  readonly paths: readonly string[];
  readonly directory: string;
  readonly name: string;
  /** What makes another name of it where this one is taken. */
  readonly id: string;
  readonly retentionDays: number;
}
/** Uploads files as one artifact. Throws when that was not possible. */
export async function uploadFiles(
  { paths, directory, name: wanted, id, retentionDays }: ToUpload,
  env: Environment,
  say: (message: string) => void,
): Promise<Omit<Uploaded, 'leftOut'>> {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const client = new DefaultArtifactClient();
  const send = (name: string) => client.uploadArtifact(name, [...paths], directory, { retentionDays });
  const other = `${wanted.slice(0, 120)}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
  let name = wanted;
  for (let tries = 0; ; ) {
    try {
      const { id: artifact, digest } = await send(name);
      if (artifact === undefined) throw new Error('the artifact service gave no id');
      return { id: artifact, name, url: artifactUrl(env, artifact), digest: digest ?? '' };
    } catch (error) {
      const message = messageOf(error);
      if (isConflict(message) && name !== other) {
        say(`an artifact with the name ${name} exists already; using ${other}`);
        name = other;
        continue;
      }
      const wait = isNetworkError(error) ? BACKOFF[tries] : undefined;
      if (wait === undefined) throw error;
      tries += 1;
      say(`the upload failed (${message.split('\n')[0]}); trying again in ${wait / 1000} s`);
      await sleep(wait);
    }
  }
}

/** `{id}` filled in, and only characters that every file system takes; the client rejects a name with any other. */
export function artifactName(wanted: string, id: string): string {
  const safe = wanted
    .replaceAll('{id}', id)
    .replace(/[^A-Za-z0-9 ._@+=,()-]/gu, '-')
    .replace(/^[ .]+/, '')
    .slice(0, 200);
  return safe === '' ? `agent-jail-${id}` : safe;
}

/** lstat: the client follows links, and a link in the record's directory would not be the record's. */
async function regularFiles(record: HostPath): Promise<Sized[]> {
  const found = await Promise.all(
    recordFiles().map(async (name) => {
      const stat = await lstat(join(record, name)).catch(() => null);
      return stat?.isFile() ? [{ name, size: stat.size }] : [];
    }),
  );
  return found.flat();
}

/** The client wraps what it meets in new errors, so a code is looked for in the message as well. */
function isNetworkError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return NETWORK.some((name) => code === name || messageOf(error).includes(name));
}
const NETWORK = ['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN', 'EPIPE', 'socket hang up'];

function isConflict(message: string): boolean {
  return message.includes('(409)');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function artifactUrl(env: Environment, artifact: number): string {
  const server = variable(env, 'GITHUB_SERVER_URL') || 'https://github.com';
  return `${server}/${variable(env, 'GITHUB_REPOSITORY')}/actions/runs/${variable(env, 'GITHUB_RUN_ID')}/artifacts/${artifact}`;
}

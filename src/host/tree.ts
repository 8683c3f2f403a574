import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import { must, scratchUse } from './scratch.ts';

/**
 * Unpacks an archive that is to be the jail's root into `store` on the scratch disk (so `limits.disk` counts it) and binds it at `at`.
 * The bytes that were hashed are the bytes that are unpacked: one descriptor for both. Owners are kept as numbers; there, devices and
 * setuid files mean nothing. Throws JailError.
 */
export async function unpackTree(archive: HostPath, sha256: Sha256 | null, at: HostPath, store: HostPath): Promise<void> {
  const remedy = 'give a tar archive of a root file system, plain or compressed, and its right `sha256`';
  const file = await open(archive, 'r').catch((error: Error) => {
    throw new JailError(`the root archive ${archive} cannot be read: ${error.message}`, remedy);
  });
  try {
    if (!(await file.stat()).isFile()) throw new JailError(`the root archive ${archive} is not a file`, remedy);
    if (sha256 !== null) {
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(archive, { fd: file.fd, autoClose: false, start: 0 })) hash.update(chunk as Buffer);
      const seen = hash.digest('hex');
      if (seen !== sha256) throw new JailError(`the root archive ${archive} has the SHA-256 ${seen}, the policy says ${sha256}`, remedy);
    }
    mkdirSync(store, { mode: 0o755 });
    mkdirSync(at);
    const said = await untar(file.fd, store);
    const { full } = scratchUse(store);
    if (said !== null && full !== null)
      throw new JailError(
        `the root archive ${archive} could not be unpacked: limits.${full} is too low for what is in it`,
        `raise \`limits.${full}\``,
      );
    if (said !== null) throw new JailError(`the root archive ${archive} could not be unpacked: ${said}`, remedy);
    await must(['mount', '--bind', store, at], 'the root could not be mounted');
  } finally {
    await file.close();
  }
}

/** null: unpacked. `/proc/self/fd/0` lets tar look at the bytes first, to find the compression by itself. */
async function untar(fd: number, directory: HostPath): Promise<string | null> {
  const args = [
    '--extract',
    '--file=/proc/self/fd/0',
    '--numeric-owner',
    '--same-owner',
    '--same-permissions',
    '--exclude=dev/*',
    '--delay-directory-restore',
    `--directory=${directory}`,
  ];
  const tar = spawn('tar', args, { env: CLEAN_ENV, stdio: [fd, 'ignore', 'pipe'] });
  let said = '';
  tar.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 2000) said += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    tar.once('error', (error) => resolve(error.message));
    tar.once('close', (code) => resolve(code === 0 ? null : said.trim().split('\n').slice(0, 3).join(' / ') || `tar ended with ${code}`));
  });
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { HostPath, Sha256 } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import type { Lock } from './lock.ts';

/**
 * What of each path of a tree is looked at. The kernel sets the time of the last change (%C) itself, in nanoseconds, whatever is done to
 * content, mode, owner or name; that of a directory shows what was added, removed or replaced in it. The size tells what a crash of the
 * machine cut off.
 */
const LOOK = '%C@ %s\\n';

/**
 * Of positions only, so that no word is ever read by the shell. stdout ends with the sum, the process with its input. Summed up there: this
 * process is busy with other things, and would keep find(1) waiting.
 */
const SCRIPT = `exec 3>&1
{ find "$1" -printf "$2" || printf 'broken ' >&3; } | sha256sum
exec cat >/dev/null 3>&-`;

export interface Held extends Lock {
  /** Over what every path looks like; null: that could not be told. */
  readonly seal: Sha256 | null;
}

/**
 * A shared lock of a kept root, and what its tree looks like: one process for both, which reads beside whatever else is done. Files are not
 * read: tens of thousands of them take a tenth of a second. null: there is no such root, or it is being removed.
 */
export async function holdRoot(directory: string): Promise<Held | null> {
  const lock = `${directory}/lock` as HostPath;
  if (!existsSync(lock)) return null;
  const argv = ['--shared', '--nonblock', '--no-fork', lock, 'sh', '-c', SCRIPT, 'sh', `${directory}/tree`, LOOK];
  const holder = spawn('flock', argv, { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise<void>((resolve) => {
    holder.once('error', () => resolve());
    holder.once('close', () => resolve());
  });
  holder.stdin.on('error', () => {});
  let said = '';
  for await (const chunk of holder.stdout as AsyncIterable<Buffer>) said += chunk.toString('latin1');
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  if (said === '') {
    await release();
    return null;
  }
  return { seal: (/^([0-9a-f]{64}) /.exec(said)?.[1] as Sha256 | undefined) ?? null, release };
}

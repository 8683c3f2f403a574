import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import type { Platform } from '../system/platform.ts';
import { frame, framesOf } from './frames.ts';
import { packed } from './pack.ts';

/** A directory with all that is below it, or one file of a directory. */
export interface Tree {
  /** On this machine. */
  readonly from: HostPath;
  /** A name in it, where only that goes. */
  readonly only: string | null;
  /** Where the helper has it. */
  readonly to: string;
}

/** Pure: owners as numbers, times to the nanosecond, holes and attributes as they are. */
export const packing = ({ from, only }: Tree): [string, ...string[]] => [
  'tar', '--create', '--file=-', '--format=pax', '--numeric-owner', '--sparse', '--xattrs', '--xattrs-include=*',
  `--directory=${from}`, '--', only ?? '.',
]; // biome-ignore format: options
/** Pure: what takes it up. */
export const unpacking = (to: string, without: readonly string[]): [string, ...string[]] => [
  'tar', '--extract', '--file=-', '--numeric-owner', '--same-owner', '--same-permissions', '--xattrs', '--xattrs-include=*',
  '--anchored', ...without.map((pattern) => `--exclude=${pattern}`), '--delay-directory-restore', `--directory=${to}`,
]; // biome-ignore format: options

/** Sends an archive that is one already. */
export async function sendArchive(chunks: AsyncIterable<Buffer>, to: Writable): Promise<void> {
  for await (const chunk of chunks) for (const one of framesOf('tree', chunk)) await push(to, one);
  await push(to, frame('treeEnd'));
}

/** Writes, and waits where the other end is slower. Throws where there is no other end any more. */
export async function push(to: Writable, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.writableEnded) throw new Error('the connection is closed');
  if (!to.write(bytes)) await once(to, 'drain');
}

/** Sends a tree in frames. Throws JailError where not all of it can be read. */
export async function sendTree(tree: Tree, to: Writable, here: Platform): Promise<void> {
  await (here.jails ? sendByTar(tree, to) : sendArchive(readable(tree, here), to));
}

async function* readable({ from, only }: Tree, here: Platform): AsyncGenerator<Buffer> {
  try {
    yield* packed(from, only, here);
  } catch (error) {
    throw error instanceof JailError ? error : unsent(from, (error as Error).message);
  }
}
const unsent = (from: string, why: string): JailError =>
  new JailError(
    `${from} could not be sent to the engine: ${why}`,
    'make all of it readable for this user, and let nothing write there meanwhile',
  );

async function sendByTar(tree: Tree, to: Writable): Promise<void> {
  const [file, ...args] = packing(tree);
  const child = spawn(file, args, { env: CLEAN_ENV, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 2000) said += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) for (const one of framesOf('tree', chunk)) await push(to, one);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const code = await ended;
  if (code !== 0) throw unsent(tree.from, said.trim().split('\n').slice(0, 3).join(' / ') || `tar ended with ${code}`);
  await push(to, frame('treeEnd'));
}

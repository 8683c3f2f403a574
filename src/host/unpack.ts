import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';

/** How compressed files begin, and who can read them. */
const COMPRESSED: readonly { readonly begins: string; readonly program: string }[] = [
  { begins: '1f8b', program: 'gzip' },
  { begins: '1f9d', program: 'gzip' },
  { begins: '425a68', program: 'bzip2' },
  { begins: 'fd377a585a00', program: 'xz' },
  { begins: '5d0000', program: 'xz' },
  { begins: '28b52ffd', program: 'zstd' },
  { begins: '4c5a4950', program: 'lzip' },
  { begins: '894c5a4f00', program: 'lzop' },
];
/** Bytes between two looks at how much room there is; 512 bytes can make a file. */
const OFTEN = 8 << 20;

/** Asked again and again, with the bytes of the archive so far; `refused`: the kernel took no more. Throws JailError where that is too much. */
export type Room = (bytes: number, refused: boolean) => Promise<void>;
export interface Unpacking {
  /** For messages. */
  readonly what: string;
  readonly into: HostPath;
  readonly room: Room;
  readonly signal: AbortSignal;
  /** Patterns of tar(1) that are left out, beside devices. */
  readonly without?: readonly string[];
  readonly remedy: string;
}

/** Pure: the program that unpacks what begins like this; null: it is not compressed. */
export function decompressor(head: Buffer): string | null {
  return COMPRESSED.find(({ begins }) => head.toString('hex').startsWith(begins))?.program ?? null;
}

/** Chunks as a program makes them of other chunks. */
export async function* through(
  chunks: AsyncIterable<Buffer>,
  { program, what, remedy, signal }: { program: string; what: string; remedy: string; signal: AbortSignal },
): AsyncGenerator<Buffer> {
  const child = spawn(program, ['--decompress', '--stdout'], { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'pipe'], signal });
  const ended = endOf(child);
  const source = Readable.from(chunks, { objectMode: false });
  source.on('error', (error) => child.stdout.destroy(error));
  child.stdin.on('error', () => source.destroy()); // it ended early: its end says why
  source.pipe(child.stdin);
  let whole = false;
  try {
    yield* child.stdout as AsyncIterable<Buffer>;
    whole = true;
  } finally {
    // One whose output has ended is about to end by itself; killed in that moment it would seem to have failed.
    if (!whole) child.kill('SIGKILL');
  }
  const said = await ended;
  if (said !== null) throw new JailError(`${what} could not be unpacked: ${program}: ${said}`, remedy);
}

/**
 * Unpacks a tar archive as it comes, by tar(1), which leads no entry out through a link. Owners are kept as numbers. The directory lies
 * where nobody but root can go, and a jail sees it `nosuid,nodev`: devices and setuid files mean nothing there. Throws JailError.
 */
export async function unpack(chunks: AsyncIterable<Buffer>, { what, into, room, signal, without = [], remedy }: Unpacking): Promise<void> {
  const args = [
    '--extract',
    '--file=-',
    '--numeric-owner',
    '--same-owner',
    '--same-permissions',
    // Anchored: else it would be any directory called `dev`.
    '--anchored',
    ...['dev/*', './dev/*', '/dev/*', ...without].map((pattern) => `--exclude=${pattern}`),
    '--delay-directory-restore',
    `--directory=${into}`,
  ];
  const tar = spawn('tar', args, { env: CLEAN_ENV, stdio: ['pipe', 'ignore', 'pipe'] });
  const ended = endOf(tar);
  // It has read what it wants, or it failed: `ended` says which.
  let closed = false;
  tar.stdin.on('error', () => {});
  tar.stdin.once('close', () => (closed = true));
  let [bytes, looked] = [0, 0];
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (bytes - looked >= OFTEN) {
        looked = bytes;
        await room(bytes, false);
      }
      // What comes behind the archive's end is read all the same: it may be hashed on the way.
      if (!closed && !tar.stdin.write(chunk)) await Promise.race([once(tar.stdin, 'drain').catch(() => {}), ended]);
    }
    tar.stdin.end();
    const said = await ended;
    signal.throwIfAborted();
    if (said === null) return;
    if (/No space left on device/.test(said)) await room(bytes, true);
    throw new JailError(`${what} could not be unpacked: ${said}`, remedy);
  } catch (error) {
    tar.kill('SIGKILL');
    await ended;
    throw error;
  }
}

/** null: it did what it was to do; else its own words. */
async function endOf(child: ReturnType<typeof spawn>): Promise<string | null> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < 2000) said += chunk.toString('utf8');
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : said.trim().split('\n').slice(0, 3).join(' / ') || `it ended with ${signal ?? code}`),
    );
  });
}

import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { OTHER_PATCHES, type OtherPatch, type RecordFile } from '../model/record.ts';
import { RecordError } from './error.ts';

const MiB = 1 << 20;
const GiB = 1 << 30;
/** The most a file of a record may have, in bytes: far more than a run writes, and little enough that a forged one cannot exhaust the reader. */
export const SIZE_LIMITS: { readonly [F in RecordFile]: number } = {
  'run.json': 16 * MiB,
  'transcript.log': 64 * GiB,
  'transcript.ndjson': 8 * GiB,
  'network.ndjson': GiB,
  'programs.ndjson': GiB,
  'usage.ndjson': GiB,
  'backend.log': GiB,
  'changes.ndjson': 8 * GiB,
  'changes.patch': 64 * GiB,
  ...(Object.fromEntries(OTHER_PATCHES.map((file) => [file, 64 * GiB])) as { readonly [F in OtherPatch]: number }),
  'changes.tar.gz': 256 * GiB,
  'result.txt': MiB,
  'agent.ndjson': 512 * MiB,
  'manifest.json': MiB,
  'verdict.json': 4 * MiB,
  'trajectory.json': 128 * MiB,
  'transcript.cast': 256 * MiB,
  'transcript.txt': 64 * MiB,
  'report.html': 64 * MiB,
  'findings.sarif': 16 * MiB,
  'summary.md': MiB,
};

/** Names in a record's directory. A link in place of the directory is not followed. */
export function listRecord(dir: HostPath): readonly string[] {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) throw new RecordError('.', null, 'there is no such directory');
  if (!stat.isDirectory()) throw new RecordError('.', null, 'not a directory (a link is not followed)');
  try {
    return readdirSync(dir);
  } catch (error) {
    throw new RecordError('.', null, `cannot be read: ${code(error)}`);
  }
}

/**
 * An open regular file of a record and its size; null where there is none. Links are not followed, a FIFO does not block, what is larger
 * than its limit is refused. The caller closes it.
 */
export function openFile(dir: HostPath, file: RecordFile): { readonly fd: number; readonly size: number } | null {
  let fd: number;
  try {
    fd = openSync(join(dir, file), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    if (code(error) === 'ENOENT') return null;
    // ELOOP: a link (open(2)). ENXIO: a socket.
    const link = code(error) === 'ELOOP' || code(error) === 'ENXIO';
    throw new RecordError(file, null, link ? 'not a regular file' : `cannot be opened: ${code(error)}`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new RecordError(file, null, 'not a regular file');
    if (stat.size > SIZE_LIMITS[file]) throw new RecordError(file, null, `larger than ${SIZE_LIMITS[file]} bytes`);
    return { fd, size: stat.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Size in bytes; null where there is no such file. */
export function fileSize(dir: HostPath, file: RecordFile): number | null {
  const open = openFile(dir, file);
  if (open === null) return null;
  closeSync(open.fd);
  return open.size;
}

/** A small file's bytes; null where there is none. */
export function readSmall(dir: HostPath, file: RecordFile): Buffer | null {
  const open = openFile(dir, file);
  if (open === null) return null;
  try {
    return Buffer.concat([...pieces(file, open.fd, open.size)]);
  } finally {
    closeSync(open.fd);
  }
}

/** A file in pieces, read as they are asked for. What it yields is valid until the next piece. Nothing where there is no such file. */
export function* readPieces(dir: HostPath, file: RecordFile): Generator<Buffer> {
  const open = openFile(dir, file);
  if (open === null) return;
  const buffer = Buffer.allocUnsafe(MiB);
  try {
    yield* pieces(file, open.fd, open.size, buffer);
  } finally {
    closeSync(open.fd);
  }
}

/** Exactly `size` bytes: a file that grows is read as it was when it was opened. */
function* pieces(file: RecordFile, fd: number, size: number, buffer?: Buffer): Generator<Buffer> {
  for (let at = 0; at < size; ) {
    const piece = buffer ?? Buffer.allocUnsafe(Math.min(MiB, size));
    const read = readSync(fd, piece, 0, Math.min(piece.length, size - at), at);
    if (read === 0) throw new RecordError(file, null, 'became shorter while it was read');
    at += read;
    yield piece.subarray(0, read);
  }
}

const code = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

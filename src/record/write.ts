import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { isSpare, RECORD } from '../model/record.ts';
import type { ManifestDocument, RecordFile, RunDocument } from '../model/record.ts';

/** Files that a process fills through an inherited descriptor. `run.json` and `manifest.json` are written whole, by name. */
export type FilledFile = Exclude<RecordFile, 'run.json' | 'manifest.json'>;
/** The files of a new record, open for writing. */
export class RecordFiles {
  readonly #fds: ReadonlyMap<FilledFile, number>;

  constructor(fds: ReadonlyMap<FilledFile, number>) {
    this.#fds = fds;
  }

  fd(file: FilledFile): number {
    const fd = this.#fds.get(file);
    if (fd === undefined) throw new Error(`${file} is not open`);
    return fd;
  }

  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd);
  }
}
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export const RECORD_FILES = Object.keys(RECORD) as RecordFile[];
export const SEALED_FILES = RECORD_FILES.filter((file) => RECORD[file].sealed);
const FILLED_FILES = RECORD_FILES.filter((file): file is FilledFile => file !== 'run.json' && file !== 'manifest.json');
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Makes the files of a record in `dir`, an empty real directory, all of them 0600 in a 0700 directory, owned by `owner`.
 * They are all opened now, before anything of the agent's runs, so that no name is looked up later.
 */
export function createRecord(dir: HostPath, owner: Owner): RecordFiles {
  refuseUsed(dir);
  const fds = new Map<FilledFile, number>();
  try {
    chownSync(dir, owner.uid, owner.gid);
    chmodSync(dir, 0o700);
    for (const file of FILLED_FILES) fds.set(file, createFile(join(dir, file), owner));
  } catch (error) {
    new RecordFiles(fds).close();
    throw new JailError(
      `the record cannot be written to ${dir}: ${error instanceof Error ? error.message : String(error)}`,
      'give an empty directory on a disk that can be written to',
      null,
      { cause: error },
    );
  }
  return new RecordFiles(fds);
}

/** Writes `run.json` whole: a reader sees the old document or the new one. */
export function writeRun(dir: HostPath, document: RunDocument, owner: Owner): void {
  replaceFile(dir, 'run.json', json(document), owner);
}

/**
 * Hashes what is to be sealed and writes `manifest.json`, the last file of the warden's. Files that are not there are left out, and
 * patches of other checkouts that nobody needed are removed.
 * @returns SHA-256 of `manifest.json`: what whoever applies the record compares with.
 */
export function seal(dir: HostPath, id: string, owner: Owner): Sha256 {
  const files: Record<string, ManifestDocument['files'][string]> = {};
  for (const file of SEALED_FILES) {
    const digest = hashFile(join(dir, file));
    if (digest?.size === 0 && isSpare(file)) rmSync(join(dir, file));
    else if (digest !== null) files[file] = digest;
  }
  const manifest: ManifestDocument = { schema: 'agent-jail/manifest@1', id, files };
  const bytes = json(manifest);
  replaceFile(dir, 'manifest.json', bytes, owner);
  return sha256(bytes);
}

/** SHA-256 and size of a regular file, read in pieces; null where there is none. Anything but a regular file is an error. */
export function hashFile(path: string): { readonly sha256: Sha256; readonly size: number } | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${path} is not a regular file`);
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, read));
      size += read;
    }
    return { sha256: hash.digest('hex') as Sha256, size };
  } finally {
    closeSync(fd);
  }
}

/** Name that {@link replaceFile} uses until the content is whole; a death may leave it. */
export const temporaryName = (file: string): string => `.${file}.tmp`;

/** Writes `file` of a record under another name, then renames it: whatever process dies, and when, it is the old or the new. */
export function replaceFile(dir: HostPath, file: RecordFile, bytes: Uint8Array, owner: Owner): void {
  const temporary = join(dir, temporaryName(file));
  rmSync(temporary, { force: true });
  const fd = createFile(temporary, owner);
  try {
    writeFileSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(dir, file));
}

export const json = (document: object): Buffer => Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
export const sha256 = (bytes: Uint8Array): Sha256 => createHash('sha256').update(bytes).digest('hex') as Sha256;

function createFile(path: string, owner: Owner): number {
  const fd = openSync(path, CREATE, 0o600);
  // The umask may have taken bits away, and root's files are not the caller's.
  fchmodSync(fd, 0o600);
  fchownSync(fd, owner.uid, owner.gid);
  return fd;
}

function refuseUsed(dir: HostPath): void {
  const stat = lstatSync(dir, { throwIfNoEntry: false });
  const why =
    stat === undefined
      ? 'does not exist'
      : !stat.isDirectory()
        ? 'is not a directory (a link is not followed)'
        : readdirSync(dir).length > 0
          ? 'is not empty'
          : null;
  if (why !== null) throw new JailError(`the record's directory ${dir} ${why}`, 'give an empty directory');
}

import { type BigIntStats, closeSync, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { git } from '../system/git.ts';
import type { Platform } from '../system/platform.ts';
import { BLOCK, padding, type TarEntry, tarHeader } from '../system/tar.ts';

/** Bytes of a file that are read at once. */
const PIECE = 1 << 20;

/** What a walk has found so far. */
interface Seen {
  /** Files of several names, by device and number, to the first of them. */
  readonly links: Map<string, Buffer>;
  /** Paths that a git index calls executable, as latin1, where the disk does not say. */
  readonly executable: Set<string>;
}

/**
 * A directory, or one entry of it, as a tar archive, on machines whose tar(1) is another one than at the engine. Everything is root's: the jail
 * shows what is the workspace owner's as the agent's. Times in whole seconds. Without extended attributes, sockets and devices. On Windows
 * files have no modes: one is executable where the git index of its repository says so. Throws what reading throws; JailError where git is
 * needed and not there.
 */
export async function* packed(from: HostPath, only: string | null, here: Platform): AsyncGenerator<Buffer> {
  const seen: Seen = { links: new Map(), executable: new Set() };
  yield* entryOf(from, Buffer.from(only ?? '.'), seen, here);
  yield Buffer.alloc(2 * BLOCK);
}

async function* entryOf(from: HostPath, name: Buffer, seen: Seen, here: Platform): AsyncGenerator<Buffer> {
  const path = Buffer.concat([Buffer.from(`${from}/`), name]);
  const stat = lstatSync(path, { bigint: true });
  const header = (type: TarEntry['type'], more: Partial<TarEntry> = {}): Buffer =>
    tarHeader({ name, type, mode: 0o777, uid: 0, gid: 0, size: 0, mtime: Number(stat.mtimeMs / 1000n), link: null, ...more });
  const mode = modeOf(stat, name, seen, here);
  if (stat.isSymbolicLink()) yield header('symlink', { link: targetOf(readlinkSync(path, 'buffer'), here) });
  else if (stat.isDirectory()) {
    yield header('directory', { mode });
    const names = readdirSync(path, 'buffer').sort((a, b) => Buffer.compare(a, b));
    if (!here.modes && names.some((one) => one.equals(DOT_GIT))) await addExecutables(from, name, seen);
    for (const one of names) yield* entryOf(from, within(name, one), seen, here);
  } else if (stat.isFIFO()) yield header('fifo', { mode });
  else if (stat.isFile()) {
    const number = `${stat.dev}:${stat.ino}`;
    const first = stat.nlink > 1n ? seen.links.get(number) : undefined;
    if (first !== undefined) yield header('link', { mode, link: first });
    else {
      if (stat.nlink > 1n) seen.links.set(number, name);
      yield* contentOf(path, (size) => header('file', { mode, size }));
    }
  }
}
const DOT_GIT = Buffer.from('.git');
const DOT = Buffer.from('.');
const within = (directory: Buffer, name: Buffer): Buffer =>
  directory.equals(DOT) ? name : Buffer.concat([directory, Buffer.from('/'), name]);

function modeOf(stat: BigIntStats, name: Buffer, { executable }: Seen, here: Platform): number {
  if (here.modes) return Number(stat.mode) & 0o7777;
  return stat.isDirectory() || executable.has(name.toString('latin1')) ? 0o755 : 0o644;
}

/** A link to an absolute path leads to where the jail has it. */
function targetOf(written: Buffer, here: Platform): Buffer {
  if (here.modes) return written;
  const path = here.slashed(written.toString());
  return Buffer.from(here.toJail(path) ?? path);
}

/** What git knows to be executable in the repository at `directory`; nothing where that is none. */
async function addExecutables(from: HostPath, directory: Buffer, { executable }: Seen): Promise<void> {
  const at = `${from}/${directory.toString()}` as HostPath;
  const { stdout, missing } = await git(at, ['ls-files', '--stage', '-z'], { maxBuffer: 1 << 30, timeout: 120_000 });
  if (missing)
    throw new JailError('git is not there, which says what files of the workspace are executable', 'install git, and have it in PATH');
  for (const line of stdout.toString('latin1').split('\0')) {
    const tab = line.indexOf('\t');
    if (line.startsWith('100755 ')) executable.add(within(directory, Buffer.from(line.slice(tab + 1), 'latin1')).toString('latin1'));
  }
}

/** Header, bytes and padding; at once, which for many small files is several times as fast. Throws where the file does not have the size it had. */
function* contentOf(path: Buffer, header: (size: number) => Buffer): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const read = (at: number): Buffer => {
      const piece = Buffer.alloc(Math.min(PIECE, size - at));
      if (readSync(file, piece, 0, piece.length, at) < piece.length) throw new Error(`${path.toString()} became shorter while it was read`);
      return piece;
    };
    if (size <= PIECE) yield Buffer.concat([header(size), read(0), padding(size)]);
    else {
      yield header(size);
      for (let at = 0; at < size; at += PIECE) yield read(at);
      yield padding(size);
    }
    if (fstatSync(file).size !== size) throw new Error(`${path.toString()} became longer while it was read`);
  } finally {
    closeSync(file);
  }
}

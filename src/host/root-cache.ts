import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statfsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';
import { holdLock } from './lock.ts';
import { ROOTS } from './places.ts';
import { type Held, holdRoot } from './root-lock.ts';
import { must } from './scratch.ts';
import type { Room } from './unpack.ts';

/**
 * Roots that were made of images and archives. Each is a directory below ROOTS: `tree`, `lock`, and `root.json`, which is written last.
 * Whoever uses one has a shared lock of its `lock`. Whatever makes, renames or removes one has the lock of all, MAKING: so a directory with
 * another name than a key's is what a maker that died left, or one that is thrown away once nobody uses it any more.
 */
const KEY = /^(?:image|archive)-[0-9a-f]{64}$/;
const MAKING = `${ROOTS}/lock` as HostPath;
/** Of all that are kept together: this, or a quarter of the disk where that is less. */
const MOST = 20 * 1024 ** 3;
/** Left free on the disk, bytes and inodes: others use it as well. */
const MARGIN = { bytes: 64 << 20, files: 20_000 };

interface Kept {
  readonly schema: 'agent-jail/root@1';
  /** What it takes of the disk, bytes. */
  readonly size: number;
  readonly made: string;
  /** What its tree looked like when it was made. */
  readonly seal: Sha256;
  /** What it was last asked for by: the name of an image, an archive as that lay there. null: not known. */
  readonly of: string | null;
}
export interface Making {
  /** For messages. */
  readonly what: string;
  /** Fills the empty directory. Throws JailError. */
  readonly make: (tree: HostPath, room: Room) => Promise<void>;
  readonly notice: (message: string) => void;
  /** Gives the making up. What is half made is removed before the promise rejects. */
  readonly signal: AbortSignal;
}

const at = (name: string): HostPath => `${ROOTS}/${name}` as HostPath;
export const treeOf = (key: string): HostPath => `${ROOTS}/${key}/tree` as HostPath;
/** It may be damaged. */
export const isKept = (key: string): boolean => existsSync(at(key));

/** Makes sure that the root of this key is there as it was made, and keeps it. `used`: that was tried already. Throws JailError. */
export async function keepRoot(key: string, making: Making, used: Promise<boolean>): Promise<void> {
  const { what, notice, signal } = making;
  if (await used) return;
  mkdirSync(ROOTS, { recursive: true, mode: 0o700 });
  const lock = await holdLock(MAKING, 'wait', signal);
  if (lock === null) {
    signal.throwIfAborted();
    throw new JailError(`${MAKING} could not be locked`, 'see `agent-jail doctor`');
  }
  try {
    signal.throwIfAborted();
    await tidy();
    if (await use(key)) return; // another run made it meanwhile
    if (isKept(key)) {
      notice(`the directory kept of ${what} is not as it was made: it is made anew`);
      await discard(key);
    }
    await build(key, making);
  } finally {
    await lock.release();
  }
}

/** Removes what runs that are dead left half made; what was removed. Nothing while a root is being made: that began with this. */
export async function tidyRoots(): Promise<string[]> {
  if (!existsSync(ROOTS)) return [];
  const lock = await holdLock(MAKING, 'at once');
  if (lock === null) return [];
  try {
    return await tidy();
  } finally {
    await lock.release();
  }
}

/** The key of the root that was last asked for by this. */
export const keyOf = (of: string): string | null => names().find((name) => kept(name)?.of === of) ?? null;
/** The next run need not read the archive, or wait for what the engine says. */
export function remember(key: string, of: string): void {
  const before = kept(key);
  if (before !== null && before.of !== of) writeKept(at(key), { ...before, of });
}

/** True: it is there as it was made, and kept from now on as long as this process lives. */
export async function use(key: string): Promise<boolean> {
  const held = await holdRoot(at(key));
  if (held === null) return false;
  if (held.seal === null || held.seal !== kept(key)?.seal) {
    await held.release();
    return false;
  }
  utimesSync(`${at(key)}/lock`, new Date(), new Date()); // the last use: the oldest goes first
  return true;
}

async function build(key: string, { what, make, signal }: Making): Promise<void> {
  const part = `${key}.${randomBytes(4).toString('hex')}.part`;
  const tree = `${at(part)}/tree` as HostPath;
  mkdirSync(at(part), { mode: 0o700 });
  let held: Held | null = null;
  try {
    mkdirSync(tree, { mode: 0o755 });
    writeFileSync(`${at(part)}/lock`, '', { mode: 0o600 });
    const room = roomFor(what);
    await make(tree, room);
    const [looked, size] = await Promise.all([holdRoot(at(part)), sizeOf(part)]);
    held = looked;
    if (held === null || held.seal === null) throw new JailError(`${what} was unpacked, and could not be read`, 'see `agent-jail doctor`');
    await room(size, false);
    signal.throwIfAborted();
    writeKept(at(part), { schema: 'agent-jail/root@1', size, made: new Date().toISOString(), seal: held.seal, of: null });
    renameSync(at(part), at(key));
  } catch (error) {
    await held?.release();
    await erase(part);
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? full(what) : error;
  }
}

/** Makes room as it is needed, by what was not used for longest. */
function roomFor(what: string): Room {
  const { blocks, bsize } = statfsSync(ROOTS);
  const most = Math.min(MOST, Math.floor((blocks * bsize) / 4));
  return async (bytes, refused) => {
    if (bytes > most)
      throw new JailError(
        `${what} does not fit: unpacked it is larger than the ${most} bytes that kept roots may take`,
        'use a smaller one, or unpack it yourself and use `jail.root: { directory }`',
      );
    const others = names().map((name) => ({ name, used: lastUse(name), size: kept(name)?.size ?? 0 }));
    let taken = others.reduce((sum, { size }) => sum + size, bytes);
    for (const { name, size } of others.sort((a, b) => a.used - b.used)) {
      if (taken <= most && !isFull()) break;
      if (await remove(name)) taken -= size;
    }
    if (refused || isFull()) throw full(what);
    if (taken > most)
      throw new JailError(
        `${what} does not fit: roots that are in use take too much of the ${most} bytes that kept roots may take`,
        'run again when other runs have ended',
      );
  };
}

function isFull(): boolean {
  const { bavail, bsize, ffree, files } = statfsSync(ROOTS);
  return bavail * bsize < MARGIN.bytes || (files > 0 && ffree < MARGIN.files);
}
const full = (what: string): JailError =>
  new JailError(`${what} does not fit: the disk of ${ROOTS} is full`, 'free some space, or use a smaller root');

async function tidy(): Promise<string[]> {
  const removed: string[] = [];
  // What cannot be removed now is there for the next one.
  for (const { name } of readdirSync(ROOTS, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !KEY.test(entry.name)))
    if (await remove(name).catch(() => false)) removed.push(at(name));
  return removed;
}

/** False: somebody uses it. */
async function remove(name: string): Promise<boolean> {
  const file = `${at(name)}/lock` as HostPath;
  const lock = existsSync(file) ? await holdLock(file, 'at once') : null;
  if (lock === null && existsSync(file)) return false;
  // Half removed it has no key's name.
  await erase(KEY.test(name) ? rename(name) : name);
  await lock?.release();
  return true;
}

/** Whoever uses it goes on with it; a later run removes it where this one cannot. */
async function discard(key: string): Promise<void> {
  await remove(rename(key));
}

function rename(key: string): string {
  const old = `${key}.${randomBytes(4).toString('hex')}.old`;
  renameSync(at(key), at(old));
  return old;
}

/** rm(1) beside this process: it may be a hundred thousand files. */
async function erase(name: string): Promise<void> {
  const argv = ['rm', '--recursive', '--force', '--one-file-system', '--', at(name)] as const;
  const result = await exec([...argv], { timeout: 600_000 });
  if (result.code !== 0) throw new JailError(`${at(name)} could not be removed: ${failure(argv, result)}`, 'remove it');
}

const names = (): string[] => (existsSync(ROOTS) ? readdirSync(ROOTS).filter((name) => KEY.test(name)) : []);
function lastUse(name: string): number {
  return statSync(`${at(name)}/lock`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
async function sizeOf(name: string): Promise<number> {
  return Number((await must(['du', '--summarize', '--block-size=1', at(name)], 'a root could not be measured')).split('\t')[0]);
}
function kept(name: string): Kept | null {
  try {
    const read = JSON.parse(readFileSync(`${at(name)}/root.json`, 'utf8')) as Kept;
    return read.schema === 'agent-jail/root@1' ? read : null;
  } catch {
    return null;
  }
}
function writeKept(directory: string, value: Kept): void {
  const part = `${directory}/root.json.${randomBytes(4).toString('hex')}`;
  writeFileSync(part, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(part, `${directory}/root.json`);
}

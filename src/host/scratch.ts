import { chmodSync, mkdirSync, readFileSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';
import type { Hands } from './hands.ts';
import { COLLECT, RUN_SYSTEMD, STATE, WORK, work } from './places.ts';

const MIB = 1 << 20;
/** Kept free beside the scratch image and the record: what else runs on the machine. */
const MARGIN = 64 * MIB;
/** mkfs.ext4 refuses less than this to be useful with its own tables. */
const LEAST = 16 * MIB;
const BLOCK = 4096;

/** Bytes of the scratch disk: what was asked for, or 10 GiB, or half of what is free. Throws where there is no room for it and the record. */
export function scratchSize(asked: number | null, record: number, free: number): number {
  const size = asked ?? Math.min(10 * 1024 * MIB, Math.floor(free / 2));
  if (size < LEAST)
    throw new JailError(`a scratch disk of ${size} bytes is too small`, `set \`limits.disk\` to at least ${LEAST / MIB}MiB`);
  if (size + record + MARGIN > free)
    throw new JailError(
      `the disk is too full: ${free} bytes are free, ${size} are wanted for \`limits.disk\`, ${record} for the record and ${MARGIN} as a margin`,
      'free some space, or lower `limits.disk` or `limits.output`',
    );
  return size;
}

/** Inodes of the scratch disk: no more than it has blocks. Their tables are taken from it, and a file that holds anything needs a block too. */
export const scratchFiles = (asked: number, size: number): number => Math.min(asked, Math.floor(size / BLOCK));

export function freeBytes(path: string): number {
  const fs = statfsSync(path);
  return fs.bavail * fs.bsize;
}

/** Where the scratch disk is mounted. */
export const SCRATCH = work('scratch');
/** What the steps share beside files: output, scripts, result. */
export const RUNTIME_FILES = work('runtime');
const FIFOS = ['out', 'err'];
/** Where a step's output comes out of the jail, and what it prints to stderr where that is kept apart. */
export const [OUTPUT, ERRORS] = FIFOS.map((name) => work('runtime', name)) as [HostPath, HostPath];

/**
 * A private tmpfs at WORK, with the FIFOs for output: whatever is below it goes with the warden's mount namespace. Another at /run/systemd:
 * nspawn leaves directories there and looks there for the nodes it masks with, which only systemd as PID 1 makes.
 */
export async function mountWork(hands: Hands): Promise<void> {
  mkdirSync(WORK, { recursive: true, mode: 0o700 });
  mkdirSync(RUN_SYSTEMD, { recursive: true });
  const mounts = [
    [WORK, NOSUID | NODEV, 'mode=700,size=256m'],
    [RUN_SYSTEMD, 0, 'mode=755,size=1m'],
    // Below the one before it.
    [COLLECT, NOSUID | NODEV | NOEXEC, 'mode=700,size=1g'],
  ].flat();
  // To a FIFO anyone may write, nobody may read it back or truncate it; its owner is another uid than the agent's.
  await hands.ask('what the warden works in could not be made', ['work', RUNTIME_FILES, FIFOS.join(','), ...mounts.map(String)]);
  mkdirSync(`${RUN_SYSTEMD}/inaccessible/dir`, { recursive: true });
  chmodSync(`${RUN_SYSTEMD}/inaccessible/dir`, 0);
  writeFileSync(`${RUN_SYSTEMD}/inaccessible/reg`, '', { mode: 0 });
}
/** mount(2). */
const [NOSUID, NODEV, NOEXEC] = [2, 4, 8] as const;

/**
 * Begins to make the image of the scratch disk, a file that loses its name at once: ext4, whose blocks are reserved (a sparse one lies when the
 * host is full). Size and inodes are `limits.disk` and `limits.files`, kept by the kernel.
 */
export function beginScratch(hands: Hands, image: HostPath, size: number, files: number): Promise<void> {
  // biome-ignore format: options with their values
  const mkfs = [
    'mkfs.ext4', '-q', '-F', '-b', String(BLOCK), '-m', '0', '-O', '^has_journal',
    '-E', 'lazy_itable_init=1,nodiscard,root_owner=0:0', '-N', String(files),
  ] as const;
  return hands.ask(`${size} bytes could not be reserved in ${STATE}`, ['disk', image, String(size), ...mkfs]);
}

/** Mounts it as soon as it is made. What it is in goes with the mount. */
export function mountScratch(hands: Hands, mountPoint: HostPath): Promise<void> {
  mkdirSync(mountPoint, { mode: 0o700 });
  return hands.ask('the scratch disk could not be made', ['attach', mountPoint]);
}

/** Runs a helper program that has to succeed. */
export async function must(argv: readonly [string, ...string[]], what: string, input?: string): Promise<string> {
  const result = await exec(argv, input === undefined ? {} : { input });
  if (result.code !== 0) throw new JailError(`${what}: ${failure(argv, result)}`, 'see `agent-jail doctor`');
  return result.stdout;
}

export interface ScratchUse {
  readonly bytes: number;
  readonly files: number;
  /** Bytes that went from the device and to it, those of whatever used it before included. */
  readonly read: number;
  readonly written: number;
  /** The limit that the kernel is refusing by now. */
  readonly full: 'disk' | 'files' | null;
}
/** What is used of the scratch disk. */
export function scratchUse(mountPoint: HostPath): ScratchUse {
  const fs = statfsSync(mountPoint);
  const full = fs.ffree === 0 ? 'files' : fs.bavail * fs.bsize < 64 * 1024 ? 'disk' : null;
  return { bytes: (fs.blocks - fs.bfree) * fs.bsize, files: fs.files - fs.ffree, ...traffic(mountPoint), full };
}

/** Of the device that is mounted there: Documentation/block/stat.rst. Zeros where the kernel does not say. */
function traffic(mountPoint: HostPath): { read: number; written: number } {
  const { dev } = statSync(mountPoint);
  const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)];
  const fields = (readSys(`dev/block/${major}:${minor}/stat`) ?? '').trim().split(/\s+/).map(Number);
  const sectors = (index: number): number => (fields[index] ?? 0) * 512;
  return { read: sectors(2), written: sectors(6) };
}

function readSys(path: string): string | null {
  try {
    return readFileSync(`/sys/${path}`, 'utf8');
  } catch {
    return null;
  }
}

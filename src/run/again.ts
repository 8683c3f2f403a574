import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { exec } from '../system/exec.ts';
import { type MountInfo, parseMountinfo, parseStatus, pids, readProc } from '../system/proc.ts';

/** Runs of one warden. What it adopted and nobody waits for stays a zombie until it ends. */
const MOST = 50;
/** Descriptors that Node may have come to need since its first run. */
const SLACK = 8;
/** ms. */
const PATIENCE = 5000;
const LOOK = 2;

/**
 * The namespaces of a warden that is asked for several runs. Their end is what cleans up after a run, whatever happened in it; for another
 * run the warden does the same by itself, and looks: where anything is left, their end it is.
 */
export class Namespaces {
  readonly #mounts: ReadonlySet<number> = new Set(mounts().map(({ id }) => id));
  #files: number | null = null;
  #runs = 0;

  /** Made before anything is mounted. Kills and unmounts all that was started and mounted since; false: something is left. */
  async emptied(): Promise<boolean> {
    this.#runs += 1;
    if (this.#runs >= MOST || !(await killOthers())) return false;
    await exec(['umount', '--lazy', '--', ...outermost(this.#mounts, mounts())]);
    const files = openFiles();
    this.#files ??= files;
    return mounts().every(({ id }) => this.#mounts.has(id)) && files <= this.#files + SLACK;
  }
}

/**
 * Pure: where the mounts that came lately stand on one that was there before. They go with all below them (umount2(2), MNT_DETACH), so that
 * no path inside of an agent's layers is looked up; nobody is left who would still read there.
 */
export function outermost(before: ReadonlySet<number>, now: readonly MountInfo[]): string[] {
  return now.flatMap(({ id, parent, target }) => (!before.has(id) && before.has(parent) ? [target] : []));
}
const mounts = (): MountInfo[] => parseMountinfo(readProc('self', 'mountinfo') ?? '');
const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** All processes of the PID namespace but this one, which is its first. */
async function killOthers(): Promise<boolean> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(LOOK)) {
    const alive = pids().filter((pid) => pid !== process.pid && lives(pid));
    if (alive.length === 0) return true;
    for (const pid of alive) kill(pid);
  }
  return false;
}
const lives = (pid: number): boolean => !/^[ZX]/.test(parseStatus(readProc(pid, 'status') ?? '').get('State') ?? 'X');
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has just ended
  }
}

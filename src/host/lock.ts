import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, exec } from '../system/exec.ts';
import type { Hands } from './hands.ts';
import { ID, STATE, stateOf } from './places.ts';

/** A directory that was just made may not be locked yet. */
const GRACE = 30_000;

/** A lock of a file. It ends with this process, however that ends: flock(1) ends with its input. */
export interface Lock {
  /** Resolves once another process can have it. */
  release(): Promise<void>;
}

/** null: another process has it, or the wait for it was given up. */
export async function holdLock(file: HostPath, how: 'at once' | 'wait', signal?: AbortSignal): Promise<Lock | null> {
  closeSync(openSync(file, 'a', 0o600));
  const holder = spawn('flock', [...(how === 'wait' ? [] : ['--nonblock']), '--no-fork', file, 'cat'], {
    env: CLEAN_ENV,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const giveUp = (): void => void holder.kill();
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener('abort', giveUp);
  const ended = new Promise<void>((resolve) => holder.once('close', () => resolve()));
  const locked = new Promise<boolean>((resolve) => {
    holder.stdout.once('data', () => resolve(true));
    holder.once('error', () => resolve(false));
    holder.once('close', () => resolve(false));
  });
  holder.stdin.on('error', () => {});
  holder.stdin.write('locked\n');
  const got = await locked;
  signal?.removeEventListener('abort', giveUp);
  if (!got) return null;
  const release = async (): Promise<void> => {
    holder.stdin.end();
    await ended;
  };
  return { release };
}

/**
 * The run's state directory and a lock in it that lives exactly as long as this run's hands. It gets its name once it is locked: other runs ask
 * for the locks of all that have one, and would take this one for dead. Throws JailError.
 */
export async function lockState(hands: Hands, id: string): Promise<HostPath> {
  const state = stateOf(id);
  const unnamed = join(STATE, `${UNNAMED}${id}`);
  const what = `the run's directory ${state} could not be locked`;
  const made = mkdirSync(unnamed, { recursive: true, mode: 0o700 }) !== undefined;
  forgetUnnamed();
  try {
    await hands.ask(what, ['lock', `${unnamed}/lock`]);
    renameSync(unnamed, state);
  } catch (error) {
    if (made) rmSync(unnamed, { recursive: true, force: true });
    if (error instanceof JailError) throw error;
    throw new JailError(`${what}: ${(error as Error).message}`, 'is another run using the same id?', null, { cause: error });
  }
  return state;
}
const UNNAMED = '.new-';

/** What was killed before it had a name, or once it had lost it, holds nothing. */
function forgetUnnamed(): void {
  for (const name of readdirSync(STATE))
    if (name.startsWith(UNNAMED) && age(join(STATE, name)) > GRACE) rmSync(join(STATE, name), { recursive: true, force: true });
}

/** The same of this run, however young it is, unless somebody holds it. */
export async function forgetUnnamedOf(id: string): Promise<void> {
  const unnamed = join(STATE, `${UNNAMED}${id}`);
  if (!existsSync(unnamed)) return;
  const lock = await holdLock(`${unnamed}/lock` as HostPath, 'at once');
  if (lock === null) return;
  rmSync(unnamed, { recursive: true, force: true });
  await lock.release();
}

/** Ids of runs that left a state directory behind: `dead` ones hold no lock any more. `but`: not this one. */
export async function leftRuns(but: string | null = null): Promise<{ dead: string[]; live: string[] }> {
  const ids = existsSync(STATE) ? readdirSync(STATE).filter((name) => ID.test(name) && name !== but) : [];
  const live = ids.length === 0 ? new Set<string>() : await liveOf(ids);
  return { dead: ids.filter((id) => !live.has(id)), live: ids.filter((id) => live.has(id)) };
}

export const isLive = async (id: string): Promise<boolean> => (await liveOf([id])).has(id);

/** One small shell asks for all locks: a process that Node starts costs more than the question. */
async function liveOf(ids: readonly string[]): Promise<ReadonlySet<string>> {
  const locked = ids.filter((id) => existsSync(`${stateOf(id)}/lock`));
  const young = ids.filter((id) => !locked.includes(id) && age(stateOf(id)) < GRACE);
  if (locked.length === 0) return new Set(young);
  const asked = await exec(['sh', '-c', FREE, 'sh', ...locked.map((id) => `${stateOf(id)}/lock`)]);
  const free = new Set(asked.stdout.split('\n'));
  return new Set([...young, ...locked.filter((id) => !free.has(`${stateOf(id)}/lock`))]);
}
/**
 * Prints those that nobody holds; one that cannot be asked for counts as held. Opened by the shell: flock(1) would make anew the one that
 * its run is removing at this moment, and that run then finds its directory not empty.
 */
export const FREE = 'for lock; do { flock --nonblock 9 && printf "%s\\n" "$lock"; } 2>/dev/null 9<"$lock"; done; true';

/** ms since something was made in it last; endless where it is gone. */
function age(directory: string): number {
  const seen = statSync(directory, { throwIfNoEntry: false });
  return seen === undefined ? Number.POSITIVE_INFINITY : Date.now() - seen.mtimeMs;
}

/** It loses its name first: half of one, without a lock, would look like one that is just being made. */
export function removeState(id: string): void {
  const unnamed = join(STATE, `${UNNAMED}${id}`);
  try {
    renameSync(stateOf(id), unnamed);
  } catch {
    rmSync(stateOf(id), { recursive: true, force: true });
  }
  rmSync(unnamed, { recursive: true, force: true });
}

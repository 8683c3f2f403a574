import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, exec } from '../system/exec.ts';
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

/** The run's state directory and a lock in it that lives exactly as long as this process. */
export async function lockState(id: string): Promise<HostPath> {
  const state = stateOf(id);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const lock = await holdLock(`${state}/lock` as HostPath, 'at once');
  if (lock === null)
    throw new JailError(`the run's directory ${state} could not be locked`, 'is another run using the same id, or flock(1) missing?');
  return state;
}

/** Ids of runs that left a state directory behind: `dead` ones hold no lock any more. */
export async function leftRuns(): Promise<{ dead: string[]; live: string[] }> {
  const found: { dead: string[]; live: string[] } = { dead: [], live: [] };
  if (!existsSync(STATE)) return found;
  for (const id of readdirSync(STATE).filter((name) => ID.test(name))) ((await isLive(id)) ? found.live : found.dead).push(id);
  return found;
}

export async function isLive(id: string): Promise<boolean> {
  const lock = `${stateOf(id)}/lock`;
  try {
    if (!existsSync(lock)) return Date.now() - statSync(stateOf(id)).mtimeMs < GRACE;
  } catch {
    return false; // removed meanwhile
  }
  const tried = await exec(['flock', '--nonblock', '--conflict-exit-code', '75', lock, 'true']);
  return tried.code === 75 || tried.code === null;
}

export function removeState(id: string): void {
  rmSync(stateOf(id), { recursive: true, force: true });
}

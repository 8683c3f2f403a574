import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, exec } from '../system/exec.ts';
import { ID, STATE, stateOf } from './places.ts';

/** A directory that was just made may not be locked yet. */
const GRACE = 30_000;

/** The run's state directory and a lock in it that lives exactly as long as this process: flock(1) ends with its input. */
export async function lockState(id: string): Promise<HostPath> {
  const state = stateOf(id);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  closeSync(openSync(`${state}/lock`, 'a', 0o600));
  const holder = spawn('flock', ['--nonblock', '--no-fork', `${state}/lock`, 'cat'], {
    env: CLEAN_ENV,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const locked = new Promise<boolean>((resolve) => {
    holder.stdout.once('data', () => resolve(true));
    holder.once('error', () => resolve(false));
    holder.once('close', () => resolve(false));
  });
  holder.stdin.on('error', () => {});
  holder.stdin.write('locked\n');
  if (!(await locked))
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

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
/** Prints those that nobody holds; one that cannot be asked for counts as held. */
const FREE = 'for lock; do flock --nonblock "$lock" true && printf "%s\\n" "$lock"; done; true';

/** ms since something was made in it last; endless where it is gone. */
function age(directory: string): number {
  const seen = statSync(directory, { throwIfNoEntry: false });
  return seen === undefined ? Number.POSITIVE_INFINITY : Date.now() - seen.mtimeMs;
}

export function removeState(id: string): void {
  rmSync(stateOf(id), { recursive: true, force: true });
}

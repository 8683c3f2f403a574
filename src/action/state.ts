import type { HostPath } from '../model/names.ts';
import type { Environment } from './environment.ts';
import type { UploadWish } from './inputs.ts';

/**
 * What main tells post through the runner. Saved before the thing it names exists, so that post finds it whatever happened to main.
 * Never a secret: state is readable by every later process of the job.
 */
export interface State {
  readonly id: string;
  readonly record: HostPath;
  readonly upload: UploadWish;
}

/** Keys in the runner's state file; post sees them as `STATE_<key>`. */
const KEYS = { run: 'agent-jail-run', finished: 'agent-jail-finished' } as const;

export async function saveState(state: State): Promise<void> {
  const core = await import('@actions/core');
  core.saveState(KEYS.run, JSON.stringify(state));
}

/** There was no run after all: post has nothing to do. */
export async function forgetState(): Promise<void> {
  const core = await import('@actions/core');
  core.saveState(KEYS.run, '');
}

/** Main has uploaded and reported everything: nothing is left for post but to look for leftovers. */
export async function saveFinished(): Promise<void> {
  const core = await import('@actions/core');
  core.saveState(KEYS.finished, 'true');
}

/** null: main never came as far as a run. The runner hands back what main wrote, so its shape is trusted. */
export function loadState(env: Environment): (State & { readonly finished: boolean }) | null {
  const text = env[`STATE_${KEYS.run}`] ?? '';
  if (text === '') return null;
  return { ...(JSON.parse(text) as State), finished: env[`STATE_${KEYS.finished}`] === 'true' };
}

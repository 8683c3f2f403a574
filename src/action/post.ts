import { lstat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { NEVER } from './cancel.ts';
import { conclude } from './conclude.ts';
import type { Environment } from './environment.ts';
import { oneLine } from './log.ts';
import { loadState } from './state.ts';
import type { State } from './state.ts';

/** How long a warden that lost its main may take to end the run and seal what there is. */
const PATIENCE = 60_000;

/**
 * The action's post process: always runs, whatever became of main. Takes down what a dead run left, finishes the record and uploads it,
 * unless main did. May run any number of times. It never fails the job: what it cannot do becomes a warning.
 */
export async function post(env: Environment): Promise<void> {
  const core = await import('@actions/core');
  try {
    const state = loadState(env);
    if (state === null) return;
    await takeDown(state);
    if (!state.finished && (await exists(state.record))) await finishRecord(state, env);
  } catch (error) {
    core.warning(`clean-up: ${error instanceof Error ? error.message : String(error)}`, { title: 'agent-jail' });
  }
}

async function takeDown(state: State): Promise<void> {
  const { sweep } = await import('../run/client.ts');
  const until = performance.now() + PATIENCE;
  for (;;) {
    const { removed, live, left } = await sweep(state.id);
    for (const what of removed) say(`removed ${what}`);
    if (left.length > 0) throw new Error(left.map(({ id, why }) => `${id}: ${why}`).join('; '));
    if (!live.includes(state.id)) return;
    if (performance.now() > until) throw new Error(`the run ${state.id} is still being taken down`);
    await sleep(500);
  }
}

async function finishRecord(state: State, env: Environment): Promise<void> {
  const { finish } = await import('../run/finish.ts');
  const result = await finish(state.record, 'the action was stopped before the run had ended');
  say(`the run ended as ${result.outcome}: ${result.because}`);
  await conclude(state, env, result, say, NEVER);
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

function say(message: string): void {
  process.stdout.write(`${oneLine(`agent-jail: ${message}`)}\n`);
}

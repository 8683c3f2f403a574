import { lstatSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { RecordReader } from '../record/read.ts';
import { RecordError } from '../record/error.ts';
import { followHead, headOf, makeCommit, moveHead, unlock } from './commit.ts';
import type { CommitWish } from './commit.ts';
import { compareBase } from './compare.ts';
import { readContents } from './contents.ts';
import type { Place } from './plan.ts';
import { Refusal } from './refusal.ts';
import { Stage } from './stage.ts';
import type { Journal } from './stage.ts';
import { swap, takeBack } from './swap.ts';
import type { Target } from './target.ts';
import { Tree } from './tree.ts';

/** Looks whether all of the places can be brought, and writes nothing. @throws Refusal, RecordError */
export async function checkPlaces(record: RecordReader, target: Target, places: readonly Place[]): Promise<void> {
  using opening = opened(target);
  compareBase(opening.tree, places);
  await readContents(record, places, null);
}

/**
 * Brings all of the places into the checkout, or none. Returns the commit, if one was asked for and there was something to commit.
 * @throws Refusal, RecordError: nothing was changed; JailError: the message says what is left.
 */
export async function applyPlaces(
  record: RecordReader,
  target: Target,
  places: readonly Place[],
  commit: { readonly wish: CommitWish; readonly head: string } | null,
): Promise<string | null> {
  using opening = opened(target);
  const { tree } = opening;
  compareBase(tree, places);
  const stage = new Stage(target.gitDir);
  stage.create();
  let made: string | null = null;
  using _signals = withoutSignals();
  try {
    if (lstatSync(stage.dir).dev !== tree.device) {
      throw new Refusal('the repository and its work tree are on different file systems', 'apply to an ordinary clone');
    }
    await readContents(record, places, { pathOf: stage.content, temporary: stage.temporary });
    stage.build(places);
    stage.write(journalOf(places, null));
    swap(tree, stage, places);
    if (commit !== null) made = await makeCommit(target, stage, places, commit.wish, commit.head);
    if (made !== null && commit !== null) {
      stage.write(journalOf(places, made));
      await moveHead(target, stage, made, commit.head);
    }
    stage.commit();
  } catch (error) {
    if ((await settle(target, tree, stage)) === 'completed') return made;
    throw error instanceof Refusal || error instanceof RecordError ? error : failed(error);
  }
  stage.remove();
  return made;
}

/**
 * `taken back`: the checkout is the old one. `completed`: it is the new one, since the head was new already. `tidied`: it was the one or the
 * other, and only the staging directory was left.
 */
export type Undone = 'taken back' | 'completed' | 'tidied';

/** Ends what an apply that was killed has begun. null: there is nothing to do. */
export async function undo(target: Target): Promise<Undone | null> {
  const stage = new Stage(target.gitDir);
  if (lstatSync(stage.dir, { throwIfNoEntry: false }) === undefined) return null;
  using opening = opened(target);
  return await settle(target, opening.tree, stage);
}

/** Makes the checkout the old one, or the new one where that is the head already. */
async function settle(target: Target, tree: Tree, stage: Stage): Promise<Undone> {
  try {
    const journal = stage.read();
    const made = journal?.commit ?? null;
    const completed = made !== null && (await headOf(target)) === made;
    if (completed) followHead(target, stage);
    else {
      unlock(target, stage);
      if (journal !== null) takeBack(tree, stage, journal);
    }
    stage.remove();
    return completed ? 'completed' : journal === null ? 'tidied' : 'taken back';
  } catch (error) {
    throw new JailError(
      `the checkout ${target.top} could not be made what it was: ${error instanceof Error ? error.message : String(error)}`,
      `what was there before is in ${stage.dir}; mend the cause, then: agent-jail apply --undo --to ${target.top}`,
      null,
      { cause: error },
    );
  }
}

function journalOf(places: readonly Place[], commit: string | null): Journal {
  const entries = places.map(({ path, before, after }) => ({ path, before: before !== null, after: after !== null }));
  return { schema: 'agent-jail/apply-journal@1', places: entries, commit };
}

function failed(error: unknown): JailError {
  const message = error instanceof Error ? error.message : String(error);
  return new JailError(`the changes could not be applied: ${message}`, 'nothing was changed; mend the cause and try again', null, {
    cause: error,
  });
}

function opened(target: Target): { readonly tree: Tree } & Disposable {
  const tree = new Tree(target.top);
  return { tree, [Symbol.dispose]: () => tree.close() };
}

/** A signal waits until the checkout is the old or the new one. */
function withoutSignals(): Disposable {
  const wait = (): void => {};
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, wait);
  return { [Symbol.dispose]: () => names.forEach((name) => process.off(name, wait)) };
}

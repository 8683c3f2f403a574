import { copyFileSync, existsSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { displayText } from '../record/display.ts';
import type { ExecBytes, ExecOptions } from '../system/exec.ts';
import { git, withoutFilters } from '../system/git.ts';
import type { Place } from './plan.ts';
import { Refusal } from './refusal.ts';
import type { Stage } from './stage.ts';
import type { Target } from './target.ts';

export interface CommitWish {
  readonly message: string;
  readonly name: string;
  readonly email: string;
}

/**
 * A commit of what is now in the tree at the places, and of nothing else, on top of `head`; not yet the head. Made in an index of its own,
 * by git's plumbing, which runs no hooks. null: nothing that git keeps was changed.
 */
export async function makeCommit(
  target: Target,
  stage: Stage,
  places: readonly Place[],
  wish: CommitWish,
  head: string,
): Promise<string | null> {
  const index = join(target.gitDir, 'index');
  if (existsSync(index)) copyFileSync(index, stage.index);
  const emptied = await withoutFilters(target.top);
  if (emptied === null) throw new Refusal('a filter in the configuration of git has a name that cannot be left out', 'commit by yourself');
  // What goes stands before what takes its place: a file and a directory of one name cannot both be in an index.
  const paths = [...places].sort((a, b) => Number(a.after !== null) - Number(b.after !== null)).map(({ path }) => `${path}\0`);
  await refuseFiltered(target, places);
  const run = async (args: readonly string[], options: ExecOptions = {}): Promise<string> =>
    must(
      args,
      await git(target.top, [...emptied, ...args], { timeout: TIMEOUT, ...options, env: { GIT_INDEX_FILE: stage.index, ...options.env } }),
    );
  await run(['update-index', '--add', '--remove', '-z', '--stdin'], { input: Buffer.from(paths.join(''), 'latin1') });
  const tree = await run(['write-tree']);
  if (tree === (await run(['rev-parse', '--verify', `${head}^{tree}`]))) return null;
  const { name, email, message } = wish;
  const env = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
  return await run(['commit-tree', tree, '-p', head], { input: message, env });
}
const TIMEOUT = 120_000;

/** Makes the commit the head, and its index the checkout's. */
export async function moveHead(target: Target, stage: Stage, commit: string, head: string): Promise<void> {
  try {
    // As git does it: whoever makes this file may write the index.
    linkSync(stage.index, lockOf(target));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Refusal(
      'another git is at work in the checkout: its index is locked',
      `wait for it; if there is none, remove ${lockOf(target)}`,
    );
  }
  const args = ['update-ref', '-m', 'agent-jail apply', 'HEAD', commit, head];
  must(args, await git(target.top, args));
  renameSync(lockOf(target), join(target.gitDir, 'index'));
}

/** After a death between the head and the index: the index follows. */
export function followHead(target: Target, stage: Stage): void {
  unlock(target, stage);
  if (existsSync(stage.index)) renameSync(stage.index, join(target.gitDir, 'index'));
}

/** Removes the index's lock if it is ours. */
export function unlock(target: Target, stage: Stage): void {
  const lock = lstatSync(lockOf(target), { throwIfNoEntry: false });
  const ours = lstatSync(stage.index, { throwIfNoEntry: false });
  if (lock !== undefined && lock.ino === ours?.ino && lock.dev === ours.dev) rmSync(lockOf(target));
}

export async function headOf(target: Target): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  return must(args, await git(target.top, args));
}

const lockOf = ({ gitDir }: Target): string => join(gitDir, 'index.lock');

/** A filter is a program: without it git would commit other bytes than its owner means. */
async function refuseFiltered({ top }: Target, places: readonly Place[]): Promise<void> {
  const paths = places.flatMap(({ path, after }) => (after?.kind === 'file' ? [`${path}\0`] : []));
  const args = ['check-attr', '--stdin', '-z', 'filter'];
  const said = must(args, await git(top, args, { input: Buffer.from(paths.join(''), 'latin1'), maxBuffer: 1 << 28, timeout: TIMEOUT }));
  const fields = said.split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at, at + 3);
    if (value === 'unspecified' || value === 'unset' || value === 'set') continue;
    throw new Refusal(
      `${displayText(path)} goes through the git filter ${displayText(value)}, a program that is not run here`,
      'apply without a commit, look at the files, and commit by yourself',
    );
  }
}

function must(args: readonly string[], { code, stdout, stderr }: ExecBytes): string {
  if (code === 0) return stdout.toString().trimEnd();
  throw new Error(`git ${args[0]} ended with ${code}: ${displayText(stderr.toString().trim())}`);
}

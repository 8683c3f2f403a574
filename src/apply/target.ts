import { lstatSync, realpathSync } from 'node:fs';
import type { HostPath } from '../model/names.ts';
import { baseOf, git } from '../system/git.ts';
import { Refusal } from './refusal.ts';

/** A checkout that a record may be brought into. */
export interface Target {
  /** Its top directory, links resolved. */
  readonly top: HostPath;
  readonly gitDir: HostPath;
}

/** The checkout whose top directory is `dir`. @throws Refusal */
export async function findTarget(dir: HostPath): Promise<Target> {
  const none = (why: string): Refusal => new Refusal(`${dir} ${why}`, 'name the top directory of a git checkout, by `--to`');
  let top: HostPath;
  try {
    top = realpathSync(dir) as HostPath;
  } catch {
    throw none('is not there');
  }
  if (!lstatSync(top).isDirectory()) throw none('is not a directory');
  const said = await git(top, ['rev-parse', '--show-toplevel', '--absolute-git-dir']);
  if (said.missing) throw new Refusal('git is not there', 'install git; it is looked for in the system directories');
  const [toplevel, gitDir = ''] = said.stdout.toString().split('\n');
  if (said.code !== 0 || !gitDir.startsWith('/')) throw none('is not a git checkout');
  if (toplevel !== top) throw none('is not the top directory of a checkout');
  return { top, gitDir: gitDir as HostPath };
}

/** The checkout is at the commit of the record, and nothing in it differs from that. @throws Refusal */
export async function refuseOtherBase({ top }: Target, commit: string, id: string): Promise<void> {
  const base = await baseOf(top);
  if (base === null) throw new Refusal(`${top} has no commit`, `check out ${commit}, the base of the record`);
  if (base.commit !== commit) {
    throw new Refusal(
      `the checkout is at ${base.commit}, and the record has changes of ${commit}`,
      `go to the record's base (git switch --create agent-jail/${id} ${commit}), apply with --commit, then git rebase the new branch onto yours`,
    );
  }
  if (base.dirty) {
    throw new Refusal(`${top} is dirty: tracked files or the index differ from ${commit}`, 'commit, stash or discard those changes first');
  }
}

import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';

export interface GitDirectory {
  readonly path: HostPath;
  /** False: a bare repository, which may just as well be a test's data. */
  readonly checkout: boolean;
}
/** A file of a git directory that is neither an object nor the index. */
export interface GitFile {
  readonly path: Buffer;
  readonly name: string;
  /** `config` or `config.worktree` where git reads it; a branch can have that name too. */
  readonly config: boolean;
}

/** Every git directory below `root`, by one find(1): `.git` (a directory, or a link to one below `root`), and bare repositories. */
export async function findGitDirectories(root: HostPath): Promise<GitDirectory[]> {
  const argv = ['find', '-H', root, '-name', '.git', '-prune', '-print0', '-o', '-type', 'f', '-name', 'HEAD', '-print0'] as const;
  const result = await exec(argv, { timeout: 300_000 });
  // 1: a directory could not be read, and what the caller cannot read the agent cannot either.
  if (result.code !== 0 && result.code !== 1)
    throw new JailError(
      `git directories in ${root} could not be looked for: ${failure(argv, result)}`,
      'make the workspace or the mount smaller',
    );
  const found = new Map<string, GitDirectory>();
  for (const path of result.stdout.split('\0').filter((one) => one !== '')) {
    const checkout = path.endsWith('/.git');
    const directory = checkout ? targetOf(path, root) : dirname(path);
    if (directory === null || (!checkout && !isGitDirectory(names(directory)))) continue;
    if (directory.includes('\ufffd'))
      throw new JailError(
        `the git directory ${JSON.stringify(directory)} cannot be named: it is not UTF-8`,
        'rename the directory it lies in',
      );
    found.set(directory, { path: directory as HostPath, checkout: checkout || found.get(directory)?.checkout === true });
  }
  return [...found.values()];
}

/** A `.git` that is a file names a directory of a submodule or a worktree: that is found where it lies. */
function targetOf(path: string, root: HostPath): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  if (!stat?.isSymbolicLink()) return null;
  try {
    const target = realpathSync(path);
    return target.startsWith(`${realpathSync(root)}/`) && lstatSync(target).isDirectory() ? target : null;
  } catch {
    return null; // leads nowhere
  }
}

/** Files of a git directory, those of its worktrees and submodules included. Follows no link to a directory. */
export function* gitFiles(directory: HostPath): Generator<GitFile> {
  const pending: { readonly path: Buffer; readonly top: boolean }[] = [{ path: Buffer.from(directory), top: true }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const entries = entriesOf(next.path);
    const git = next.top || isGitDirectory(new Set(entries.map((entry) => entry.name.toString())));
    for (const entry of entries) {
      const path = Buffer.concat([next.path, Buffer.from('/'), entry.name]);
      const name = entry.name.toString();
      if (entry.isDirectory()) {
        if (!(git && (name === 'objects' || name === 'lfs'))) pending.push({ path, top: false });
      } else if ((entry.isFile() || entry.isSymbolicLink()) && !(git && name === 'index'))
        yield { path, name, config: git && (name === 'config' || name === 'config.worktree') };
    }
  }
}

/** As git itself tells (setup.c): of a repository, or of a worktree of one. */
const isGitDirectory = (entries: ReadonlySet<string>): boolean =>
  entries.has('HEAD') && (entries.has('commondir') || (entries.has('objects') && entries.has('refs')));

const names = (directory: string): ReadonlySet<string> => new Set(entriesOf(Buffer.from(directory)).map((entry) => entry.name.toString()));

function entriesOf(path: Buffer) {
  try {
    return readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (['EACCES', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

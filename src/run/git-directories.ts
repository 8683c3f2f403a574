import { lstatSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';
import type { Platform } from '../system/platform.ts';

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

/** Every git directory below `root`: `.git` (a directory, or a link to one below `root`), and bare repositories. Throws JailError. */
export async function findGitDirectories(root: HostPath, here: Platform): Promise<GitDirectory[]> {
  const found = new Map<string, GitDirectory>();
  for (const path of here.jails ? await byFind(root) : signs(root)) {
    // What is there cannot be looked at by this name.
    if (path.includes('\ufffd'))
      throw new JailError(`the git directory ${JSON.stringify(path)} cannot be named: it is not UTF-8`, 'rename the directory it lies in');
    const checkout = path.endsWith('/.git');
    const directory = checkout ? targetOf(path, root, here) : dirname(path);
    if (directory === null || (!checkout && !isGitDirectory(names(directory)))) continue;
    found.set(directory, { path: directory as HostPath, checkout: checkout || found.get(directory)?.checkout === true });
  }
  return [...found.values()];
}

/** Everything called `.git`, and files called HEAD, by one find(1), which is faster than we are. */
async function byFind(root: HostPath): Promise<string[]> {
  const argv = ['find', '-H', root, '-name', '.git', '-prune', '-print0', '-o', '-type', 'f', '-name', 'HEAD', '-print0'] as const;
  const result = await exec(argv, { timeout: 300_000 });
  // 1: a directory could not be read, and what the caller cannot read the agent cannot either.
  if (result.code !== 0 && result.code !== 1)
    throw new JailError(
      `git directories in ${root} could not be looked for: ${failure(argv, result)}`,
      'make the workspace or the mount smaller',
    );
  return result.stdout.split('\0').filter((one) => one !== '');
}

/** The same where there is no find(1), or another one. */
export function* signs(root: string): Generator<string> {
  const pending = [Buffer.from(root)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of entriesOf(next)) {
      const path = Buffer.concat([next, Buffer.from('/'), entry.name]);
      const name = entry.name.toString();
      if (name === '.git' || (entry.isFile() && name === 'HEAD')) yield path.toString();
      else if (entry.isDirectory()) pending.push(path);
    }
  }
}

/** A `.git` that is a file names a directory of a submodule or a worktree: that is found where it lies. */
function targetOf(path: string, root: HostPath, here: Platform): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return path;
  if (!stat?.isSymbolicLink()) return null;
  try {
    const target = here.real(path);
    return target.startsWith(`${here.real(root)}/`) && lstatSync(target).isDirectory() ? target : null;
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

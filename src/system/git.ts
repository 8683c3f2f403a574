import { dirname } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, execBytes } from './exec.ts';
import type { ExecBytes, ExecOptions } from './exec.ts';

/** Of the repository's own settings only how it is stored counts: none may start a program or reach the network. */
const HARDENED = [
  ['core.fsmonitor', 'false'], ['core.hooksPath', '/dev/null'], ['core.attributesFile', '/dev/null'], ['core.sshCommand', 'false'],
  ['protocol.allow', 'never'], ['credential.helper', ''], ['safe.directory', '*'], ['gc.auto', '0'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]); // biome-ignore format: a table
const TIMEOUT = 10_000;

/** Runs git in a repository's directory. No hook, no helper, no setting of the user's or the machine's has a say. */
export function git(directory: HostPath, args: readonly string[], options: ExecOptions = {}): Promise<ExecBytes> {
  const env = {
    ...CLEAN_ENV,
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(directory), // a repository around it is not the one that is meant
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    ...options.env,
  };
  return execBytes(['git', ...HARDENED, ...args], { timeout: TIMEOUT, ...options, env, cwd: directory });
}

/** Settings that empty the filters of the repository, which are programs; null: one has a name that no command line can carry. */
export async function withoutFilters(directory: HostPath): Promise<readonly string[] | null> {
  const { stdout } = await git(directory, ['config', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|smudge|process|required)$']);
  const names = new Set(
    stdout
      .toString()
      .split('\n')
      .filter((name) => name !== ''),
  );
  if ([...names].some((name) => name.includes('='))) return null;
  return [...names].flatMap((name) => ['-c', `${name}=${name.endsWith('.required') ? 'false' : ''}`]);
}

export interface Base {
  readonly commit: string;
  /** Tracked files, or the index, differ from it. */
  readonly dirty: boolean;
}

/** The commit that the workspace is at, and whether tracked files differ from it. null: the workspace is no repository, or has no commit. */
export async function baseOf(workspace: HostPath): Promise<Base | null> {
  // A file whose time changed is read through its filter: without one such a file counts as it lies there.
  const emptied = await withoutFilters(workspace);
  const look = emptied === null ? ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] : [...emptied, ...STATUS];
  const status = await git(workspace, look);
  const said = status.stdout.toString();
  const commit = /^(?:# branch\.oid )?([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(said)?.[1];
  if (commit === undefined) return null;
  // What cannot be told is dirty: nobody then takes the commit for what the agent saw.
  return { commit, dirty: emptied === null || status.code !== 0 || /^[^#]/m.test(said) };
}
/** The commit as `# branch.oid`, and a line for each tracked file that differs (git-status(1), porcelain version 2). */
const STATUS = ['status', '--porcelain=v2', '--branch', '--untracked-files=no', '--ignore-submodules=dirty', '--no-renames'];

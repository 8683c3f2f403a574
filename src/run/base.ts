import { dirname } from 'node:path';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, exec } from '../system/exec.ts';

/** Of the repository's own settings only how it is stored counts: none may start a program or reach the network. */
const HARDENED = [
  ['core.fsmonitor', 'false'], ['core.hooksPath', '/dev/null'], ['core.attributesFile', '/dev/null'], ['core.sshCommand', 'false'],
  ['protocol.allow', 'never'], ['credential.helper', ''], ['safe.directory', '*'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]); // biome-ignore format: a table
const TIMEOUT = 10_000;

/** The commit that the workspace is at, and whether tracked files differ from it. null: the workspace is no repository, or has no commit. */
export async function baseOf(workspace: HostPath): Promise<{ readonly commit: string; readonly dirty: boolean } | null> {
  const env = {
    ...CLEAN_ENV,
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(workspace), // a repository around the workspace is not what the jail sees
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
  };
  const git = (...args: string[]) => exec(['git', ...HARDENED, ...args], { env, cwd: workspace, timeout: TIMEOUT });
  const filters = await git('config', '--name-only', '--get-regexp', '^filter\\..*\\.(clean|smudge|process|required)$');
  // A file whose time changed is read through its filter, which is a program: it is emptied, so such a file counts as it lies there.
  const names = new Set(filters.stdout.split('\n').filter((name) => name !== ''));
  // Such a name cannot be written on the command line.
  const odd = [...names].some((name) => name.includes('='));
  const emptied = odd ? [] : [...names].flatMap((name) => ['-c', `${name}=${name.endsWith('.required') ? 'false' : ''}`]);
  const look = odd ? ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'] : STATUS;
  const status = await git(...emptied, ...look);
  const commit = /^(?:# branch\.oid )?([0-9a-f]{40}|[0-9a-f]{64})$/m.exec(status.stdout)?.[1];
  if (commit === undefined) return null;
  // What cannot be told is dirty: nobody then takes the commit for what the agent saw.
  return { commit, dirty: odd || status.code !== 0 || /^[^#]/m.test(status.stdout) };
}
/** The commit as `# branch.oid`, and a line for each tracked file that differs (git-status(1), porcelain version 2). */
const STATUS = ['status', '--porcelain=v2', '--branch', '--untracked-files=no', '--ignore-submodules=dirty', '--no-renames'];

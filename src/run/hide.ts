import { readdirSync } from 'node:fs';
import ignore from 'ignore';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';

/** `ignore` recurses once a component. */
const DEEPEST = 1000;

/**
 * Paths of the workspace that match the policy's `hide`, with the rules of gitignore(5): the topmost of each, nothing below it. Follows
 * no link, looks into no `.git`. Throws JailError where a path cannot be named, or not be looked at: it might have to be hidden.
 */
export function hiddenByGlobs(workspace: HostPath, globs: readonly string[]): HostPath[] {
  if (globs.length === 0) return [];
  const matcher = ignore({ ignorecase: false }).add([...globs]);
  const found: HostPath[] = [];
  const directories: string[] = [''];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    for (const entry of list(workspace, directory)) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      const seen = entry.isDirectory() ? `${path}/` : path;
      if (matcher.ignores(seen)) {
        if (path.includes('\ufffd')) throw cannot(`${workspace}/${path}`, 'its name is not UTF-8');
        found.push(`${workspace}/${path}` as HostPath);
      } else if (entry.isDirectory() && entry.name !== '.git') directories.push(path);
    }
  }
  return found;
}

function list(workspace: HostPath, directory: string) {
  const path = `${workspace}/${directory}`;
  if (directory.split('/').length > DEEPEST) throw cannot(path, 'it is too deep');
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    // What the caller cannot read, the agent, who has the caller's rights to the workspace at the most, cannot read either.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return [];
    throw cannot(path, directory.includes('\ufffd') ? 'its name is not UTF-8' : (error as Error).message);
  }
}

const cannot = (path: string, why: string): JailError =>
  new JailError(
    `${JSON.stringify(path)} cannot be looked at for \`workspace.hide\`: ${why}`,
    'rename or remove it, or take `hide` out of the policy',
  );

import { within } from './view.ts';

/** Directories that are the machine's or the jail's own: neither they nor anything below them can be a workspace. */
const CLOSED = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/libx32', '/proc', '/run', '/sbin', '/sys'];
/** Directories that hold other things beside a workspace: below them it may lie. */
const SHARED = ['/home', '/media', '/mnt', '/opt', '/srv', '/tmp', '/usr', '/usr/local', '/var', '/var/lib', '/var/tmp'];

/**
 * Why a directory cannot be the workspace, or null. What the jail sees of the workspace it may read as a whole, and the changes are
 * of all of it. `path` absolute, normalised, without links.
 */
export function refuseWorkspace(
  path: string,
  { homes, forbidden }: { readonly homes: readonly string[]; readonly forbidden: readonly string[] },
): string | null {
  if (path === '/') return 'it is the whole machine';
  const closed = CLOSED.find((directory) => within(path, directory));
  if (closed !== undefined) return path === closed ? 'it is a directory of the system' : `it lies in ${closed}`;
  if (SHARED.includes(path)) return 'it is a directory of the system';
  for (const home of homes) {
    if (path === home) return 'it is a home directory';
    if (within(home, path)) return `it contains the home directory ${home}`;
  }
  for (const other of forbidden) {
    if (path === other) return "it is the runner's own";
    if (within(other, path)) return `it contains ${other}, which is the runner's own`;
    if (within(path, other)) return `it lies in ${other}, which is the runner's own`;
  }
  return null;
}

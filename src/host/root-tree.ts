import { lstatSync, readlinkSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';

/** As many links as the kernel follows in one path. */
const MOST_LINKS = 40;

/** Throws JailError where a directory cannot be anybody's `/`. `what` names it. */
export function requireRoot(tree: HostPath, what: string): void {
  const remedy = 'give the root of a Linux file system with a `/bin/sh` in it: a step is started by that';
  const wrong = (why: string) => new JailError(`${what} ${why}`, remedy);
  if (look(tree)?.isDirectory() !== true) throw wrong('is not a directory');
  const usr = look(`${tree}/usr`);
  // A link would lead out of a tree that came from somewhere.
  if (usr !== null && !usr.isDirectory()) throw wrong('holds no root file system: `usr` is not a directory in it');
  const shell = inside(tree, '/bin/sh');
  const found = shell === null ? null : look(shell);
  if (found === null) throw wrong('holds no root file system: there is no `/bin/sh` in it');
  if (!found.isFile() || (found.mode & 0o111) === 0) throw wrong('holds no root file system: its `/bin/sh` is not a program');
}

/** What `path` is for whoever has `tree` as `/`, links followed within the tree as the kernel would there; null: there is nothing. */
export function inside(tree: HostPath, path: string): HostPath | null {
  let here: string[] = [];
  const ahead = parts(path);
  let links = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '..') here.pop();
    if (part === '..' || part === '.') continue;
    const at = [tree, ...here, part].join('/');
    const seen = look(at);
    if (seen === null) return null;
    if (!seen.isSymbolicLink()) {
      here.push(part);
      continue;
    }
    links += 1;
    if (links > MOST_LINKS) return null;
    const target = readlinkSync(at);
    if (target.startsWith('/')) here = [];
    ahead.unshift(...parts(target));
  }
  return [tree, ...here].join('/') as HostPath;
}

const parts = (path: string): string[] => path.split('/').filter((part) => part !== '');
function look(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

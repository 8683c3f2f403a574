import type { PathBytes } from '../model/names.ts';

/** A path of a checkout: its bytes as latin1, so that it can be a key, be split and be given to the kernel byte by byte. */
export type Path = string;

export const pathOf = (bytes: PathBytes): Path => Buffer.from(bytes).toString('latin1');
export const bytesOf = (path: Path): PathBytes => Buffer.from(path, 'latin1') as Uint8Array as PathBytes;
export const partsOf = (path: Path): string[] => path.split('/');
/** '' for what lies in the top directory. */
export const parentOf = (path: Path): Path => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const nameOf = (path: Path): string => path.slice(path.lastIndexOf('/') + 1);
/** Every directory on the way, the nearest first, without the top. */
export function* ancestorsOf(path: Path): Generator<Path> {
  for (let here = parentOf(path); here !== ''; here = parentOf(here)) yield here;
}

/** git's own directory, as it is written everywhere: what is in there is never brought, and no reason to refuse the rest. */
export const isPlainGitDir = (path: Path): boolean => partsOf(path).includes('.git');

/** Code points that HFS+ drops from a name (git, utf8.c, next_hfs_char). */
const DROPPED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** A name that git, or the file system of some other machine, takes for `.git`: other case, 8.3 names, streams, trailing blanks and dots. */
function isGitName(name: string): boolean {
  return /(?:^|\\)(?:\.git|git~\d+)[. ]*(?:$|[\\:])/i.test(plain(name));
}
/** A file that git obeys; as a link it would be read elsewhere. */
function isObeyed(name: string): boolean {
  return /^(?:\.(?:gitmodules|gitattributes|gitignore|mailmap)|(?:gitmod|gitatt|gitign|mailma)~\d+)[. ]*$/i.test(plain(name));
}
const plain = (name: string): string => Buffer.from(name, 'latin1').toString('utf8').replace(DROPPED, '');

/** Why nothing may be written at a path; null: it may. */
export function pathProblem(path: Path): string | null {
  const parts = partsOf(path);
  if (path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'it is not a path below the checkout';
  if (parts.some(isGitName)) return 'git may take a part of it for its own directory';
  return null;
}

/** Why a link may not be made; null: it may. Nothing is resolved: a `..` behind a name counts as out, since that name may be a link. */
export function linkProblem(path: Path, target: Path): string | null {
  // On Windows a backslash separates, and a letter names a disk.
  if (target.startsWith('/') || /^[a-z]:/i.test(target)) return 'it is a link to an absolute path';
  if (target.includes('\\')) return 'it is a link that may lead out of the checkout';
  if (target === '' || target.includes('\0')) return 'it is a link to nothing';
  const names = partsOf(target).filter((part) => part !== '' && part !== '.');
  const ups = names.findIndex((part) => part !== '..');
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes('..') || climbs > partsOf(path).length - 1) return 'it is a link that may lead out of the checkout';
  if (names.some(isGitName)) return 'it is a link into git’s own directory';
  if (isObeyed(nameOf(path))) return 'git obeys this file, and it is a link';
  return null;
}

import { isUtf8 } from 'node:buffer';
import { type Entry, FLAGS, type Flag, type LayerName } from '../model/changes.ts';
import { split, view } from './bytes.ts';
import { GENERATED, LOCKFILES, NOISE } from './kinds.ts';
import { Patterns } from './patterns.ts';
import { RUNS_LATER } from './runs-later.ts';

/** All that flags follow from. */
export interface Facts {
  readonly layer: LayerName;
  /** Where the layer stands in the jail. */
  readonly target: string;
  readonly path: Uint8Array;
  readonly before: Entry | null;
  readonly after: Entry | null;
  readonly binary: boolean;
  readonly secret: boolean;
  /** The content could not be read. */
  readonly unread: boolean;
  readonly ignored: boolean;
  readonly baseChanged: boolean;
  /** The base's attributes say that a program made it. */
  readonly generated: boolean;
  /** git would not write the bytes as they are. */
  readonly filtered: boolean;
}

/** In the order of the model. */
export function flagsOf(facts: Facts): Flag[] {
  const { after, path } = facts;
  const workspace = facts.layer === 'workspace';
  const directory = (after ?? facts.before)?.type === 'directory';
  const text = view(path).toString();
  const is: Readonly<Record<Flag, boolean>> = {
    'runs-later': workspace && isLater(text, directory),
    secret: facts.secret,
    // A file capability is a setuid bit in parts.
    setuid: after?.type === 'file' && ((after.mode & 0o6000) !== 0 || after.xattrs?.['security.capability'] !== undefined),
    special: facts.unread || (after !== null && ['fifo', 'socket', 'device'].includes(after.type)),
    'escaping-link': after !== null && after.link !== null && escapes(facts.layer, facts.target, path, after.link),
    binary: facts.binary,
    ignored: facts.ignored,
    'git-dir': isGitDir(path),
    'odd-name': !ORDINARY.test(text) && split(path).some(isOddName),
    'base-changed': facts.baseChanged,
    lockfile: workspace && !directory && lockfiles.matches(text, false),
    generated: workspace && !directory && (facts.generated || generated.matches(text, false)),
    filtered: facts.filtered,
    noise: !workspace && noise.matches(text, directory),
  };
  return FLAGS.filter((flag) => is[flag]);
}

const folded = new Patterns(
  RUNS_LATER.flatMap(({ patterns }) => patterns),
  { fold: true },
);
const exact = new Patterns(
  RUNS_LATER.flatMap((group) => group.exact ?? []),
  { fold: false },
);
const reasons = RUNS_LATER.map(({ why, patterns, exact: cased = [] }) => ({
  why,
  patterns: [
    ...(patterns.length > 0 ? [new Patterns(patterns, { fold: true })] : []),
    ...(cased.length > 0 ? [new Patterns(cased, { fold: false })] : []),
  ],
}));
const lockfiles = new Patterns(LOCKFILES, { fold: false });
const generated = new Patterns(GENERATED, { fold: false });
const noise = new Patterns(NOISE, { fold: false });

export function runsLater(path: Uint8Array, directory: boolean): boolean {
  return isLater(view(path).toString(), directory);
}

function isLater(text: string, directory: boolean): boolean {
  return folded.matches(text, directory) || exact.matches(text, directory);
}

/** Why a path acts after the run: the first reason there is. Ask only of a path that does. */
export function whyLater(path: Uint8Array, directory: boolean): string | null {
  const text = view(path).toString();
  return reasons.find(({ patterns }) => patterns.some((some) => some.matches(text, directory)))?.why ?? null;
}

/** A path of which no component is odd: nearly all are such, and are not looked at one by one. */
export const ORDINARY = /^(?:(?!\.wh\.)[\w.@+][\w.@+ ~=,-]*(?:\/|$))*$/;

/** A component that git takes for its own directory, also on file systems that fold names (git's `is_ntfs_dotgit`). */
export function isGitDir(path: Uint8Array): boolean {
  return split(path).some((name) => /(?:^|\\)(?:\.git|git~1)[. ]*(?:$|[\\:])/i.test(name.toString('latin1')));
}

/** A name that shows as another, breaks a line or a command, or is a whiteout to who reads the archive. */
export function isOddName(name: Uint8Array): boolean {
  const text = view(name).toString();
  return !isUtf8(name) || /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(text) || text.startsWith('-') || isWhiteoutName(name);
}

/** OCI image layers: `.wh.NAME` deletes NAME. */
export function isWhiteoutName(name: Uint8Array): boolean {
  return view(name).toString('latin1', 0, 4) === '.wh.';
}

/**
 * Does a link lead out of its layer, as its text has it? Nothing is resolved. A `..` behind a name counts as out, since that name may be
 * another link; so does every absolute target in a workspace, which means another place once the workspace is elsewhere.
 */
export function escapes(layer: LayerName, target: string, path: Uint8Array, link: Uint8Array): boolean {
  if (layer === 'root') return false;
  const parts = split(link).map((part) => part.toString('latin1'));
  const absolute = link[0] === 0x2f;
  if (absolute && (layer === 'workspace' || !view(link).toString().startsWith(`${target}/`))) return true;
  const names = parts.filter((part) => part !== '.');
  const ups = names.findIndex((part) => part !== '..');
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes('..')) return true;
  return !absolute && climbs > split(path).length - 1;
}

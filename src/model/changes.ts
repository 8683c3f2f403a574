import type { PathBytes, Place, Sha256 } from './names.ts';
import type { GuardAction } from './policy.ts';

export type LayerName = 'workspace' | 'home' | 'root';

export interface Entry {
  readonly type: 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'device';
  /** Permission bits, 0o7777. */
  readonly mode: number;
  /** As on the host: the jail's ids mapped back. */
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly sha256: Sha256 | null;
  readonly link: PathBytes | null;
  /** Seconds since 1970, whole. Not a change by itself. */
  readonly mtime?: number;
  /** Names of this file, where there is more than one. */
  readonly names?: number;
  /** Bytes on the disk, where they are fewer than `size`: the file has holes. */
  readonly stored?: number;
  /** Extended attributes, where there are some: the name, and the value in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}
/** `why`: what makes the path act after the run, where it has that flag. `more`: ignored entries that went with this directory and are not listed; absent: all of them are. `token`: the kind of credential that its new content seems to hold. */
export type Change = {
  readonly path: PathBytes;
  readonly layer: LayerName;
  readonly flags: readonly Flag[];
  readonly why?: string;
  readonly more?: number;
  readonly token?: string;
} & (
  | { readonly op: 'added'; readonly after: Entry }
  | { readonly op: 'deleted'; readonly before: Entry }
  | { readonly op: 'modified' | 'retyped' | 'metadata' | 'touched'; readonly before: Entry; readonly after: Entry }
  | { readonly op: 'renamed'; readonly from: PathBytes; readonly before: Entry; readonly after: Entry }
);
export const FLAGS = [
  'runs-later',
  'secret',
  'setuid',
  'special',
  'escaping-link',
  'binary',
  'ignored',
  'git-dir',
  'odd-name',
  'base-changed',
  'lockfile',
  'generated',
  'filtered',
  'noise',
] as const;
export type Flag = (typeof FLAGS)[number];

/** A rule that the record breaks, and by what (bounded; `more` says how many were left out). */
export interface Finding {
  readonly rule: string;
  readonly place: Place | null;
  readonly action: GuardAction;
  readonly message: string;
  readonly what: readonly string[];
  readonly more: number;
  /** Files of the workspace among them, where their names are plain text. */
  readonly at?: readonly FindingPlace[];
}
export interface FindingPlace {
  readonly path: string;
  /** The first line that is new or changed, from 1; null: no patch has one. */
  readonly line: number | null;
}

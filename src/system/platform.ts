import { realpathSync } from 'node:fs';
import { posix } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath, JailPath } from '../model/names.ts';

/**
 * What differs between the machines that a run is asked for on. Jails are built on Linux; on others the whole run is made where an engine
 * is, and what this machine has to do is to read its files and to say where they are in the jail.
 */
export interface Platform {
  /** As people call it. */
  readonly called: string;
  /** Whether jails are built on it. */
  readonly jails: boolean;
  /** Whether the modes of files on its disks say what can be executed. */
  readonly modes: boolean;
  /** What stands between the paths of a list in the environment. */
  readonly separator: string;
  /** A path as all of this program writes it: with slashes. */
  readonly slashed: (path: string) => string;
  /** Where a jail has what is at this absolute path here; null: nowhere. */
  readonly toJail: (path: string) => JailPath | null;
  /** The other way; null: nothing of this machine is there. */
  readonly toHost: (path: string) => HostPath | null;
  /** Links resolved. Throws as realpath does. */
  readonly real: (path: string) => HostPath;
}

const POSIX = {
  modes: true,
  separator: ':',
  slashed: (path: string): string => path,
  toJail: (path: string) => (path.startsWith('/') ? (path as JailPath) : null),
  toHost: (path: string) => (path.startsWith('/') ? (path as HostPath) : null),
  real: (path: string) => realpathSync(path) as HostPath,
} as const;

const slashed = (path: string): string => path.replaceAll('\\', '/').replace(/^\/\/\?\/(?=[A-Za-z]:)/, '');

/** `D:\a\repo` is `/d/a/repo` in a jail, as Git for Windows and Docker Desktop write it. */
const WINDOWS: Platform = {
  called: 'Windows',
  jails: false,
  modes: false,
  separator: ';',
  slashed,
  toJail(path) {
    const [, drive, rest = ''] = /^([A-Za-z]):(\/[^:\0]*)$/.exec(slashed(path)) ?? [];
    if (drive === undefined) return null;
    return `/${drive.toLowerCase()}${posix.normalize(rest).replace(/\/$/, '')}` as JailPath;
  },
  toHost(path) {
    const [, drive, rest = ''] = /^\/([a-z])(\/[^\0]*)?$/.exec(path) ?? [];
    return drive === undefined ? null : (`${drive.toUpperCase()}:${rest === '' ? '/' : rest}` as HostPath);
  },
  // Also in the case that the disk has, which paths are compared by.
  real: (path) => slashed(realpathSync.native(path)) as HostPath,
};

/** Pure. `name`: as in `process.platform`; null: nothing is known of such a machine. */
export function platformOf(name: string): Platform | null {
  if (name === 'linux') return { ...POSIX, called: 'Linux', jails: true };
  if (name === 'darwin') return { ...POSIX, called: 'macOS', jails: false };
  return name === 'win32' ? WINDOWS : null;
}

/** This machine. One that nothing is known of is taken for one without jails. */
export const HERE: Platform = platformOf(process.platform) ?? { ...POSIX, called: process.platform, jails: false };

/** Where a jail has it. Throws JailError for what has no place there: a share, a path without its drive. */
export function jailPathOf(path: string, here: Platform): JailPath {
  const found = here.toJail(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} has no place in a jail: it is not an absolute path of a drive with a letter`,
    'use a directory of a drive of this machine, such as `D:\\work`; copy there what is on a share',
  );
}

/** Where this machine has what a policy names. Throws JailError. */
export function hostPathOf(path: string, here: Platform): HostPath {
  const found = here.toHost(path);
  if (found !== null) return found;
  throw new JailError(
    `${JSON.stringify(path)} is not on this machine: on ${here.called} a policy names what is on a drive by the letter of it`,
    'write `D:\\data` as `/d/data`',
  );
}

/** Pure: the environment with the paths of it as a jail has them, lists with colons. */
export function inJailForm(
  env: Readonly<Record<string, string | undefined>>,
  here: Platform,
): Readonly<Record<string, string | undefined>> {
  const form = (value: string): string =>
    value
      .split(here.separator)
      .map((one) => here.toJail(one) ?? one)
      .join(':');
  const isList = (value: string): boolean => value.split(here.separator).every((one) => one === '' || here.toJail(one) !== null);
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value !== undefined && isList(value) ? form(value) : value]));
}

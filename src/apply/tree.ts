import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  unlinkSync,
} from 'node:fs';
import type { HostPath, Sha256 } from '../model/names.ts';
import { ancestorsOf, nameOf, parentOf, partsOf } from './paths.ts';
import type { Path } from './paths.ts';
import type { Content } from './plan.ts';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A path cannot be walked: a part of it on the way is missing, or a file, or a link, which is never followed. */
export class Blocked extends Error {
  override readonly name = 'Blocked';
}

/**
 * The work tree of a checkout. Every path is walked from the top's own descriptor, one directory after the other, none of them a link
 * (`/proc/self/fd/N/name` is what openat(2) would be): whoever swaps a directory for a link meanwhile cannot lead a write elsewhere.
 */
export class Tree {
  readonly #top: number;

  constructor(top: HostPath) {
    this.#top = openSync(top, DIRECTORY);
  }

  close(): void {
    closeSync(this.#top);
  }

  get device(): number {
    return fstatSync(this.#top).dev;
  }

  /** null: there is nothing. @throws Blocked */
  stat(path: Path): Stats | null {
    return this.#within(path, (entry) => lstatSync(entry, { throwIfNoEntry: false }) ?? null);
  }

  /** What stands there; 'other': neither file nor link. null: nothing. @throws Blocked */
  content(path: Path): Content | 'other' | null {
    return this.#within(path, contentAt);
  }

  /** Takes an entry out of the tree; `to` is outside of it. */
  take(path: Path, to: string): void {
    this.#at(path, (entry) => renameSync(entry, to));
  }

  /** Gives a file or link of another directory a name here as well; directories on the way are made. Throws where there is something already. */
  put(path: Path, from: string): void {
    this.#at(path, (entry) => linkSync(from, entry), true);
  }

  remove(path: Path): void {
    this.#at(path, (entry) => unlinkSync(entry));
  }

  /** Removes the directories above a path, as far as they are empty. */
  prune(path: Path): void {
    for (const directory of ancestorsOf(path)) {
      try {
        this.#at(directory, (entry) => rmdirSync(entry));
      } catch {
        return;
      }
    }
  }

  #at(path: Path, work: (entry: Buffer) => void, make = false): void {
    const found = this.#within(
      path,
      (entry) => {
        work(entry);
        return true;
      },
      make,
    );
    if (found === null) throw new Blocked('a directory on the way is not there');
  }

  /** null: a directory on the way is not there. */
  #within<T>(path: Path, work: (entry: Buffer) => T, make = false): T | null {
    const on = parentOf(path);
    let here = this.#top;
    try {
      for (const name of on === '' ? [] : partsOf(on)) {
        const next = step(here, name, make);
        if (next === null) return null;
        if (here !== this.#top) closeSync(here);
        here = next;
      }
      return work(at(here, nameOf(path)));
    } finally {
      if (here !== this.#top) closeSync(here);
    }
  }
}

const at = (directory: number, name: string): Buffer => Buffer.from(`/proc/self/fd/${directory}/${name}`, 'latin1');

function step(directory: number, name: string, make: boolean): number | null {
  const entry = at(directory, name);
  const open = (): number | null => {
    try {
      return openSync(entry, DIRECTORY);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      if (code === 'ENOTDIR' || code === 'ELOOP') throw new Blocked('a file or a link is in the way');
      throw error;
    }
  };
  const found = open();
  if (found !== null || !make) return found;
  mkdirSync(entry, 0o777);
  return open();
}

/** What stands at a path of which only the last part may be a link; null: nothing. */
export function contentAt(entry: string | Buffer): Content | 'other' | null {
  const stat = lstatSync(entry, { throwIfNoEntry: false });
  if (stat === undefined) return null;
  if (stat.isSymbolicLink()) return { kind: 'link', target: readlinkSync(entry, { encoding: 'buffer' }).toString('latin1') };
  return stat.isFile() ? fileContent(entry) : 'other';
}

function fileContent(entry: string | Buffer): Content | 'other' {
  const fd = openSync(entry, FILE);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return 'other';
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    let size = 0;
    for (let read = readSync(fd, buffer); read > 0; read = readSync(fd, buffer)) {
      hash.update(buffer.subarray(0, read));
      size += read;
    }
    return { kind: 'file', sha256: hash.digest('hex') as Sha256, size, executable: (stat.mode & 0o100) !== 0 };
  } finally {
    closeSync(fd);
  }
}

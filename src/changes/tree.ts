import type { BigIntStats, Dirent, Stats } from 'node:fs';
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { join } from './bytes.ts';

/** Bytes of a path that one system call takes: PATH_MAX is 4096 with its NUL (limits.h). */
const CALL = 4000;
/** Bytes of a path that are followed down; a tree deeper than this is a bomb, not work. */
const DEEPEST = 32_768;
const KEPT = 256;

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const DIRECTORY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY;

/**
 * A directory tree that an agent may have written, read without following a link. Relative paths are bytes; the caller has seen every
 * directory on the way as a directory, and nobody changes the tree while it is read. Paths longer than the kernel takes are reached through
 * descriptors of directories on the way.
 */
export class Tree {
  readonly root: Buffer;
  readonly #before: Buffer;
  readonly #anchors = new Map<string, number>();

  constructor(root: HostPath) {
    this.root = Buffer.from(root);
    this.#before = Buffer.from(`${root}/`);
  }

  /** null: there is no such entry. */
  lstat(rel: Uint8Array): Stats | null {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false }) ?? null;
  }

  lstatExact(rel: Uint8Array): BigIntStats | null {
    return lstatSync(this.#at(rel), { throwIfNoEntry: false, bigint: true }) ?? null;
  }

  list(rel: Uint8Array): Buffer[] {
    return readdirSync(this.#at(rel), { encoding: 'buffer' });
  }

  entries(rel: Uint8Array): Dirent<Buffer>[] {
    return readdirSync(this.#at(rel), { encoding: 'buffer', withFileTypes: true });
  }

  /** The names of a directory as far as they are asked for. */
  *names(rel: Uint8Array): Generator<Buffer> {
    // The types of Node know no encoding `buffer` here. Mostly the first name is all that is asked for.
    const dir = opendirSync(this.#at(rel), { encoding: 'buffer' as BufferEncoding, bufferSize: 4 });
    try {
      for (let entry = dir.readSync(); entry !== null; entry = dir.readSync()) yield entry.name as unknown as Buffer;
    } finally {
      dir.closeSync();
    }
  }

  isEmpty(): boolean {
    return this.list(new Uint8Array(0)).length === 0;
  }

  readlink(rel: Uint8Array): Buffer {
    return readlinkSync(this.#at(rel), { encoding: 'buffer' });
  }

  /** A descriptor of a regular file; anything else throws, and a FIFO or a device is never waited for. */
  open(rel: Uint8Array): number {
    const fd = openSync(this.#at(rel), READ);
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    throw new Error('a regular file became something else');
  }

  /** For another program; null: longer than a system call takes. */
  absolute(rel: Uint8Array): Buffer | null {
    return this.root.length + rel.length < CALL ? this.#at(rel) : null;
  }

  close(): void {
    for (const fd of this.#anchors.values()) closeSync(fd);
    this.#anchors.clear();
  }

  #at(rel: Uint8Array): Buffer {
    if (this.root.length + rel.length < CALL) {
      if (rel.length === 0) return this.root;
      const path = Buffer.allocUnsafe(this.#before.length + rel.length);
      path.set(this.#before);
      path.set(rel, this.#before.length);
      return path;
    }
    if (rel.length > DEEPEST) {
      throw new JailError(
        `the jail left a path of more than ${DEEPEST} bytes, so its changes cannot be listed`,
        'Look in the transcript for what makes directories without end.',
      );
    }
    if (this.#anchors.size > KEPT) this.close();
    return this.#beyond(rel);
  }

  /** A long path as `/proc/self/fd/N/rest`, N being a directory on the way; each piece is cut at a slash. */
  #beyond(rel: Uint8Array): Buffer {
    const bytes = Buffer.from(rel);
    let base = this.root;
    let done = 0;
    while (base.length + bytes.length - done >= CALL) {
      const cut = bytes.lastIndexOf(0x2f, done + CALL - base.length - 1);
      if (cut <= done) throw new Error('a name of more than 255 bytes');
      const name = bytes.toString('latin1', 0, cut);
      let fd = this.#anchors.get(name);
      if (fd === undefined) {
        fd = openSync(join(base, bytes.subarray(done, cut)), DIRECTORY);
        this.#anchors.set(name, fd);
      }
      base = Buffer.from(`/proc/self/fd/${fd}`);
      done = cut + 1;
    }
    return join(base, bytes.subarray(done));
  }
}

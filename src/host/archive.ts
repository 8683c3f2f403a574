import { createHash, type Hash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { JailError } from '../model/errors.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import { requireRoot } from './root-tree.ts';
import { decompressor, type Room, through, unpack } from './unpack.ts';

const REMEDY = 'give a tar archive of a root file system, plain or compressed, and its right `sha256`';
const CHUNK = 1 << 20;
/** A file that was changed less than this ago may be changed again without a trace: clocks of file systems are coarse. ms. */
const QUIET = 2000;

/** A tar archive that is to be a jail's root. */
export class Archive implements AsyncDisposable {
  readonly what: string;
  readonly #file: FileHandle;
  /** What the file looked like when it was opened; another one, or another content, looks different. null: too young to tell. */
  readonly seen: string | null;
  private constructor(path: HostPath, file: FileHandle, seen: string | null) {
    this.#file = file;
    this.what = `the root archive ${path}`;
    this.seen = seen;
  }
  /** Throws JailError. */
  static async open(path: HostPath): Promise<Archive> {
    // Not waiting for who writes into a FIFO.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
      throw new JailError(`the root archive ${path} cannot be read: ${error.message}`, REMEDY);
    });
    const stat = await file.stat({ bigint: true });
    if (stat.isFile()) return new Archive(path, file, looks(stat));
    await file.close();
    throw new JailError(`the root archive ${path} is not a file`, REMEDY);
  }

  /** Throws JailError where it is not what the policy says. */
  require(seen: Sha256, wanted: Sha256 | null): void {
    if (wanted !== null && seen !== wanted) throw new JailError(`${this.what} has the SHA-256 ${seen}, the policy says ${wanted}`, REMEDY);
  }
  async sha256(signal: AbortSignal): Promise<Sha256> {
    const hash = createHash('sha256');
    for await (const chunk of this.#chunks(hash)) {
      void chunk;
      signal.throwIfAborted();
    }
    return hash.digest('hex') as Sha256;
  }

  /** Into an empty directory. The bytes that are unpacked are hashed once more on their way: no others have this key. */
  async unpack(sha256: Sha256, into: HostPath, room: Room, signal: AbortSignal): Promise<void> {
    const head = Buffer.alloc(6);
    await this.#file.read(head, 0, head.length, 0);
    const hash = createHash('sha256');
    const program = decompressor(head);
    const plain = this.#chunks(hash);
    const chunks = program === null ? plain : through(plain, { program, what: this.what, remedy: REMEDY, signal });
    await unpack(chunks, { what: this.what, into, room, signal, remedy: REMEDY });
    if (hash.digest('hex') !== sha256)
      throw new JailError(`${this.what} was changed while it was read`, 'let nothing write to it while a run starts');
    requireRoot(into, this.what);
  }

  async *#chunks(hash: Hash): AsyncGenerator<Buffer> {
    for (let at = 0; ; ) {
      // Not from a pool: tar may still be reading the last one.
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      yield chunk;
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** What the archive there looks like; null: it is too young to tell, or not there. */
export async function looksOf(path: HostPath): Promise<string | null> {
  return stat(path, { bigint: true }).then(looks, () => null);
}

function looks({ dev, ino, size, mtimeNs, ctimeNs, ctimeMs }: BigIntStats): string | null {
  return Date.now() - Number(ctimeMs) < QUIET ? null : [dev, ino, size, mtimeNs, ctimeNs].join(' ');
}

/** An entry of a ramdisk, all root's. */
export type RamdiskEntry =
  | { readonly path: string; readonly kind: 'directory' }
  | { readonly path: string; readonly kind: 'file'; readonly mode: number; readonly bytes: Uint8Array };

const ALIGN = 4;
const [DIRECTORY, FILE] = [0o040755, 0o100000] as const;

/**
 * Pure: an archive in cpio's `newc` format, as the kernel unpacks for its initial file system (Documentation/driver-api/early-userspace/
 * buffer-format.rst). Paths are relative, a directory comes before what is in it.
 */
export function cpio(entries: readonly RamdiskEntry[]): Buffer {
  const parts = entries.flatMap((entry, index) =>
    record(
      index + 1,
      entry.path,
      entry.kind === 'directory' ? DIRECTORY : FILE | entry.mode,
      entry.kind === 'directory' ? Buffer.alloc(0) : entry.bytes,
    ),
  );
  return Buffer.concat([...parts, ...record(0, 'TRAILER!!!', 0, Buffer.alloc(0))]);
}

function record(inode: number, path: string, mode: number, bytes: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // magic; inode, mode, uid, gid, links, time, size, device, device that it is (major, minor each), length of the name, no checksum
  const fields = [inode, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length, 0];
  const head = Buffer.concat([Buffer.from(`070701${fields.map((n) => n.toString(16).padStart(8, '0')).join('')}`), name]);
  return [head, padding(head.length), bytes, padding(bytes.length)];
}
const padding = (length: number): Buffer => Buffer.alloc((ALIGN - (length % ALIGN)) % ALIGN);

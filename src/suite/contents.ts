import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Entry } from '../model/changes.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { RecordReader } from '../record/read.ts';
import { readTar } from '../system/untar.ts';

/** Of one file that a check reads; more is not looked at. */
export const MOST_BYTES = 4 << 20;
/** What is unpacked to find the files that checks read. */
const MOST_UNPACKED = 16 * 1024 * 1024 * 1024;

/** A path of the workspace as the agent left it. */
export type Found =
  | { readonly kind: 'absent' }
  /** `sha256` null: as it was at first. */
  | { readonly kind: 'file'; readonly sha256: Sha256 | null }
  | { readonly kind: 'other' };

/** Where the wanted paths are, by the changes and, where those say nothing of them, by the workspace as it was. */
export async function findPaths(record: RecordReader, base: HostPath | null, wanted: readonly string[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const of = (path: string): string[] => wanted.filter((one) => one === path || one.startsWith(`${path}/`));
  for await (const change of record.lines('changes.ndjson')) {
    if (change.layer !== 'workspace') continue;
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
    const gone =
      change.op === 'deleted' || change.op === 'retyped' ? text(change.path) : change.op === 'renamed' ? text(change.from) : null;
    // What lay below a directory that is gone is gone with it, unless a line of its own says otherwise.
    if (gone !== null) for (const path of of(gone)) if (!found.has(path) || path === gone) found.set(path, { kind: 'absent' });
    if (change.op !== 'deleted') {
      const path = text(change.path);
      if (wanted.includes(path)) found.set(path, seen(change.after));
    }
  }
  for (const path of wanted) if (!found.has(path)) found.set(path, base === null ? { kind: 'absent' } : onHost(base, path));
  return found;
}

const seen = ({ type, sha256 }: Entry): Found => (type === 'file' && sha256 !== null ? { kind: 'file', sha256 } : { kind: 'other' });

/** No link is followed, neither by the last part nor by those before it. */
function onHost(base: HostPath, path: string): Found {
  let here: string = base;
  const parts = path.split('/');
  for (const [index, part] of parts.entries()) {
    here += `/${part}`;
    const stat = lstatSync(here, { throwIfNoEntry: false });
    if (stat === undefined) return { kind: 'absent' };
    if (index === parts.length - 1) return stat.isFile() ? { kind: 'file', sha256: null } : { kind: 'other' };
    if (!stat.isDirectory()) return { kind: 'absent' };
  }
  return { kind: 'absent' };
}

/** Contents of files that the agent made or changed, by SHA-256; one that is too large, or was withheld, is not among them. */
export async function readChanged(record: RecordReader, wanted: ReadonlySet<Sha256>): Promise<Map<Sha256, Buffer>> {
  const found = new Map<Sha256, Buffer>();
  if (wanted.size === 0) return found;
  const gunzip = createGunzip();
  const pieces = function* (): Generator<Buffer> {
    for (const piece of record.pieces('changes.tar.gz')) yield Buffer.from(piece);
  };
  pipeline(Readable.from(pieces(), { objectMode: false }), gunzip, () => {});
  let parts: Buffer[] | null = null;
  let [left, bytes] = [0, 0];
  for await (const event of readTar(gunzip as AsyncIterable<Buffer>)) {
    if (event.kind === 'entry') {
      left = event.size;
      parts = event.file && event.size <= MOST_BYTES ? [] : null;
    } else {
      left -= event.bytes.length;
      bytes += event.bytes.length;
      if (bytes > MOST_UNPACKED) break;
      parts?.push(event.bytes);
    }
    if (left > 0 || parts === null) continue;
    const content = Buffer.concat(parts);
    const sha256 = createHash('sha256').update(content).digest('hex') as Sha256;
    if (wanted.has(sha256)) found.set(sha256, content);
    parts = null;
    if (found.size === wanted.size) break;
  }
  return found;
}

/** null: it is too large. */
export function readUnchanged(base: HostPath, path: string): Buffer | null {
  const fd = openSync(`${base}/${path}`, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = fstatSync(fd);
    if (size > MOST_BYTES) return null;
    const bytes = Buffer.alloc(size);
    let at = 0;
    for (let got = -1; got !== 0 && at < size; at += got) got = readSync(fd, bytes, at, size - at, at);
    return bytes.subarray(0, at);
  } finally {
    closeSync(fd);
  }
}

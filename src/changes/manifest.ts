import type { Change, Entry, LayerName } from '../model/changes.ts';
import { NdjsonWriter } from '../system/ndjson.ts';
import { isPlainText, view } from './bytes.ts';

const LAYERS: readonly LayerName[] = ['workspace', 'home', 'root'];

/** By layer (workspace, home, root), then by the bytes of the path. */
export function byLayerAndPath(a: Pick<Change, 'layer' | 'path'>, b: Pick<Change, 'layer' | 'path'>): number {
  return LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || Buffer.compare(a.path, b.path);
}

/** `NAME` as text, and `NAME_b64` where the text is lossy or holds control characters. */
export function pathFields(name: string, bytes: Uint8Array): Record<string, string> {
  const text = { [name]: view(bytes).toString() };
  return isPlainText(bytes) ? text : { ...text, [`${name}_b64`]: view(bytes).toString('base64') };
}

export function changeLine(change: Change): object {
  return {
    ...pathFields('path', change.path),
    layer: change.layer,
    op: change.op,
    flags: change.flags,
    ...(change.why === undefined ? {} : { why: change.why }),
    ...(change.more === undefined ? {} : { more: change.more }),
    ...(change.token === undefined ? {} : { token: change.token }),
    ...(change.op === 'renamed' ? pathFields('from', change.from) : {}),
    ...('before' in change ? { before: entryFields(change.before) } : {}),
    ...('after' in change ? { after: entryFields(change.after) } : {}),
  };
}

function entryFields({ link, ...rest }: Entry): object {
  return link === null ? { ...rest, link } : { ...rest, ...pathFields('link', link) };
}

/** What a part of the record could not take, and why. */
export interface LeftOut {
  readonly path: Uint8Array;
  readonly why: string;
}
export interface Footer {
  readonly ignored: number;
  readonly withheld: number;
  /** Extended attributes of all entries could be read. */
  readonly xattrs?: boolean;
  readonly patch: {
    readonly files: number;
    readonly leftOut: readonly LeftOut[];
    /** Whose the further patches are; absent: there are none. */
    readonly others?: readonly { readonly file: string; readonly path: Uint8Array; readonly files: number }[];
  };
  readonly archive: { readonly entries: number; readonly leftOut: readonly LeftOut[] };
}
/** Paths named in the footer, and their bytes (of which JSON may make six times as many, and readers take 16 MiB a line); the rest is counted. */
const NAMED = 1000;
const NAMED_BYTES = 1 << 19;

/** Writes `changes.ndjson` but for its last line, which is written by what it returns. `changes` are sorted with `byLayerAndPath`. */
export function beginManifest(fd: number, header: Readonly<Record<string, unknown>>, changes: readonly Change[]): (footer: Footer) => void {
  const writer = new NdjsonWriter(fd, 'changes', header, 'buffer');
  const counts: Record<string, number> = {};
  let noise = 0;
  let unlisted = 0;
  for (const change of changes) {
    if (change.flags.includes('noise')) noise += 1;
    unlisted += change.more ?? 0;
    counts[change.op] = (counts[change.op] ?? 0) + 1;
    writer.line(changeLine(change));
  }
  writer.flush();
  return ({ ignored, withheld, xattrs = true, patch, archive }) =>
    writer.end({
      counts,
      unlisted,
      ignored,
      noise,
      withheld,
      xattrs,
      patch: {
        files: patch.files,
        others: (patch.others ?? []).map(({ file, path, files }) => ({ file, ...pathFields('path', path), files })),
        ...leftOutFields(patch.leftOut),
      },
      archive: { entries: archive.entries, ...leftOutFields(archive.leftOut) },
    });
}

/** Writes all of it. */
export function writeManifest(...[fd, header, changes, footer]: [...Parameters<typeof beginManifest>, Footer]): void {
  beginManifest(fd, header, changes)(footer);
}

/** The first of them, and how many more there are. */
export function leftOutFields(all: readonly LeftOut[]): object {
  let bytes = 0;
  const first = all.slice(0, NAMED).filter(({ path }) => (bytes += path.length) <= NAMED_BYTES);
  return { left_out: first.map(({ path, why }) => ({ ...pathFields('path', path), why })), more: all.length - first.length };
}

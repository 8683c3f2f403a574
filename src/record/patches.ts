import * as v from 'valibot';
import type { PathBytes } from '../model/names.ts';
import { OTHER_PATCHES, type OtherPatch } from '../model/record.ts';
import { path } from './change-line.ts';
import { displayPath } from './display.ts';
import { check } from './ndjson.ts';
import type { RecordReader } from './read.ts';

/** The map of the patches, in the last line of `changes.ndjson`. */
const mapSchema = v.object({
  patch: v.object({
    others: v.optional(v.array(v.object({ file: v.picklist(OTHER_PATCHES), path: v.string(), path_b64: v.optional(v.string()) })), []),
  }),
});

export interface Patch {
  readonly file: 'changes.patch' | OtherPatch;
  /** The checkout whose patch it is, from the workspace; empty: the workspace. */
  readonly directory: Uint8Array;
}

/** The patches of a record. Those of other checkouts are known by the map alone: where that is cut off, there are none. @throws RecordError */
export function patchesOf(record: RecordReader): Patch[] {
  const { footer } = record.lines('changes.ndjson');
  const own: Patch = { file: 'changes.patch', directory: Buffer.alloc(0) };
  if (footer === null) return [own];
  const { others } = check('changes.ndjson', null, mapSchema, footer).patch;
  return [own, ...others.map((other) => ({ file: other.file, directory: path(other.path, other.path_b64, null) }))];
}

/** Bytes of a line that are put together. */
const LARGEST = 96 << 10;
/** No other line of a patch begins so: those of text begin with a sign, those of binary data hold no space. */
const HEADER = Buffer.from('diff --git ');

/** Lines of a patch, with their end. A line that two pieces share comes in parts; the header's is put together. */
export function* lineParts(pieces: Iterable<Buffer>): Generator<{ line: Buffer; starts: boolean }> {
  let rest: Buffer = Buffer.alloc(0);
  let starts = true;
  for (const piece of pieces) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let at = all.indexOf(10); at !== -1; at = all.indexOf(10, from)) {
      yield { line: all.subarray(from, at + 1), starts };
      starts = true;
      from = at + 1;
    }
    rest = Buffer.from(all.subarray(from));
    if (rest.length > LARGEST) {
      yield { line: rest, starts };
      starts = false;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { line: rest, starts };
}

/**
 * The path, as it is shown, where a file's part of a patch begins; null: this line is no header. `a/x b/x`, both names the same; a name with
 * odd characters is quoted as in C.
 */
export function headerOf(line: Buffer, directory: Uint8Array): string | null {
  if (!line.subarray(0, HEADER.length).equals(HEADER)) return null;
  const text = line.toString('latin1', HEADER.length).replace(/\n$/, '');
  const name = text.slice(0, (text.length - 1) / 2);
  const plain = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name;
  const path = Buffer.from(plain.slice('a/'.length), 'latin1');
  const whole = directory.length === 0 ? path : Buffer.concat([directory, Buffer.from('/'), path]);
  return displayPath(whole as Uint8Array as PathBytes, 2000);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
function unquoted(text: string): string {
  return text.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, one: string | undefined) =>
    octal === undefined ? (ESCAPES[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

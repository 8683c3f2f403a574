import type { PathBytes } from '../model/names.ts';
import { displayPath } from '../record/display.ts';
import type { RecordReader } from '../record/read.ts';
import type { PatchData, PatchFile } from './data.ts';

/** Bytes of one file's part, and of all of them together. */
const LARGEST = 96 << 10;
const IN_ALL = 768 << 10;
const FILES = 2000;
/** No other line of a patch begins so: those of text begin with a sign, those of binary data hold no space. */
const HEADER = Buffer.from('diff --git ');

/** `changes.patch` by file: whole files as long as there is room, of a large one its beginning. @throws RecordError */
export function gatherPatch(record: RecordReader): PatchData {
  const files: PatchFile[] = [];
  let left = 0;
  let room = IN_ALL;
  let path = '';
  let part: Buffer[] = [];
  let kept = 0;
  let length = 0;
  const finish = (): void => {
    if (length === 0) return;
    if (kept === 0) left += 1;
    else {
      const all = Buffer.concat(part);
      const text = kept === length ? all : all.subarray(0, all.lastIndexOf(10) + 1);
      files.push({ path, text: text.toString('utf8').toWellFormed(), left: length - text.length });
    }
    [part, kept, length] = [[], 0, 0];
  };
  for (const { line, starts } of lineParts(record.pieces('changes.patch'))) {
    if (starts && line.subarray(0, HEADER.length).equals(HEADER)) {
      finish();
      path = pathOf(line.subarray(HEADER.length));
      if (files.length === FILES) room = 0;
    }
    const fits = line.subarray(0, kept === length ? Math.min(room, LARGEST - kept) : 0);
    if (fits.length > 0) part.push(Buffer.from(fits));
    kept += fits.length;
    room -= fits.length;
    length += line.length;
  }
  finish();
  return { files, left };
}

/** Lines, with their end. A line that two pieces share comes in parts; the header's is put together. */
function* lineParts(pieces: Iterable<Buffer>): Generator<{ line: Buffer; starts: boolean }> {
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

/** `a/x b/x`, both names the same; a name with odd characters is quoted as in C. */
function pathOf(names: Buffer): string {
  const text = names.toString('latin1').replace(/\n$/, '');
  const name = text.slice(0, (text.length - 1) / 2);
  const plain = name.startsWith('"') ? unquoted(name.slice(1, -1)) : name;
  return displayPath(Buffer.from(plain.slice('a/'.length), 'latin1') as Uint8Array as PathBytes, 2000);
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
function unquoted(text: string): string {
  return text.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, one: string | undefined) =>
    octal === undefined ? (ESCAPES[one ?? ''] ?? one ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

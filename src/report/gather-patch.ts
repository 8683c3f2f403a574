import { headerOf, lineParts, patchesOf } from '../record/patches.ts';
import type { RecordReader } from '../record/read.ts';
import type { PatchData, PatchFile } from './data.ts';

/** Bytes of one file's part, and of all of them together. */
const LARGEST = 96 << 10;
const IN_ALL = 768 << 10;
const FILES = 2000;

/** All patches by file: whole files as long as there is room, of a large one its beginning. @throws RecordError */
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
  for (const { file, directory } of patchesOf(record)) {
    for (const { line, starts } of lineParts(record.pieces(file))) {
      const header = starts ? headerOf(line, directory) : null;
      if (header !== null) {
        finish();
        path = header;
        if (files.length === FILES) room = 0;
      }
      const fits = line.subarray(0, kept === length ? Math.min(room, LARGEST - kept) : 0);
      if (fits.length > 0) part.push(Buffer.from(fits));
      kept += fits.length;
      room -= fits.length;
      length += line.length;
    }
    finish();
  }
  return { files, left };
}

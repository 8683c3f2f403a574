import type { Change, Finding } from '../model/changes.ts';
import { OTHER_PATCHES, type RecordFile } from '../model/record.ts';
import { RecordError } from '../record/error.ts';
import type { RecordReader } from '../record/read.ts';
import { counted, finding, unchecked } from './bag.ts';
import { isTracked } from './changes.ts';
import type { ChangeCheck, ChangeRule } from './changes.ts';

/** `max-added-lines`: counts in the patches, and that every new content of the changes is there to be counted. */
export class AddedLinesCheck implements ChangeCheck {
  readonly #rule: ChangeRule;
  readonly #max: number;
  readonly #record: RecordReader;
  #expected = 0;

  constructor(rule: ChangeRule, max: number, record: RecordReader) {
    this.#rule = rule;
    this.#max = max;
    this.#record = record;
  }

  see(change: Change): void {
    if (!isTracked(change) || change.op === 'deleted' || change.op === 'metadata') return;
    if (change.after.type === 'file' || change.after.type === 'symlink') this.#expected += 1;
  }

  findings(): readonly Finding[] {
    let added = 0;
    let missing = this.#expected;
    for (const file of ['changes.patch', ...OTHER_PATCHES] as const) {
      const patch = new PatchCounter(file);
      for (const piece of this.#record.pieces(file)) patch.push(piece);
      const counts = patch.end();
      added += counts.added;
      missing -= counts.contents;
    }
    const findings: Finding[] = [];
    if (added > this.#max) findings.push(finding(this.#rule, `${counted(added, 'line')} added, the most allowed is ${this.#max}`));
    if (missing > 0) findings.push(unchecked(this.#rule, `${counted(missing, 'changed file')} too large or not fit for a patch`));
    return findings;
  }
}

/** Bytes of a line that are looked at: enough for any header, and a line of content may have gigabytes. */
const HEAD = 200;
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Reads a patch of `git diff` as it comes: lines are counted by the hunks' own numbers, so that content that looks like a header is content. */
export class PatchCounter {
  readonly #file: RecordFile;
  #line: Buffer[] = [];
  #length = 0;
  #old = 0;
  #new = 0;
  #added = 0;
  #contents = 0;
  #deletes = false;

  constructor(file: RecordFile) {
    this.#file = file;
  }

  push(piece: Buffer): void {
    for (let from = 0; from < piece.length; ) {
      const at = piece.indexOf(10, from);
      const to = at === -1 ? piece.length : at;
      if (this.#length < HEAD) {
        const part = Buffer.from(piece.subarray(from, Math.min(to, from + HEAD - this.#length)));
        this.#line.push(part);
        this.#length += part.length;
      }
      if (at !== -1) this.#endLine();
      from = to + 1;
    }
  }

  /** Lines added, and files of which the patch has new content. */
  end(): { readonly added: number; readonly contents: number } {
    if (this.#length > 0) this.#endLine();
    if (this.#old > 0 || this.#new > 0) throw new RecordError(this.#file, null, 'ends in the middle of a hunk');
    return { added: this.#added, contents: this.#contents };
  }

  #endLine(): void {
    const text = Buffer.concat(this.#line).toString('latin1');
    this.#line = [];
    this.#length = 0;
    if (this.#old > 0 || this.#new > 0) this.#inHunk(text);
    else this.#header(text);
  }

  #inHunk(text: string): void {
    if (text.startsWith('\\')) return; // "No newline at end of file"
    if (text.startsWith('+')) {
      this.#new -= 1;
      this.#added += 1;
    } else if (text.startsWith('-')) {
      this.#old -= 1;
    } else {
      this.#old -= 1;
      this.#new -= 1;
    }
    if (this.#old < 0 || this.#new < 0) throw new RecordError(this.#file, null, 'a hunk with more lines than it says');
  }

  #header(text: string): void {
    const hunk = HUNK.exec(text);
    if (hunk !== null) {
      this.#old = Number(hunk[1] ?? 1);
      this.#new = Number(hunk[2] ?? 1);
    } else if (text.startsWith('diff --git ')) {
      this.#deletes = false;
    } else if (text.startsWith('deleted file mode ')) {
      this.#deletes = true;
    } else if (text.startsWith('index ') && !this.#deletes) {
      this.#contents += 1;
    }
  }
}

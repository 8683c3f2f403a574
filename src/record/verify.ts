import type { HostPath, Sha256 } from '../model/names.ts';
import { RECORD } from '../model/record.ts';
import type { ManifestDocument, RecordFile, RunDocument, VerdictDocument } from '../model/record.ts';
import { displayText } from './display.ts';
import { RecordError } from './error.ts';
import { LINE_FILES, openRecordDir } from './read.ts';
import type { Documents, RecordReader } from './read.ts';
import { verifyTranscript } from './verify-transcript.ts';
import { hashFile, RECORD_FILES, SEALED_FILES, temporaryName } from './write.ts';

export interface Trouble {
  /** '.': the directory. */
  readonly file: string;
  readonly message: string;
}
export interface Verification {
  /**
   * `intact`: sealed, every hash is right, every file is whole, the verdict is of this record. `cut-off`: the run was cut off before its
   * verdict, and what is there is right as far as it goes. `broken`: anything else; `problems` says what.
   */
  readonly state: 'intact' | 'cut-off' | 'broken';
  readonly problems: readonly Trouble[];
  /** SHA-256 of `manifest.json`; null: not sealed. It proves integrity, not origin. */
  readonly manifest: Sha256 | null;
}

/** Checks a record against itself. Never throws for what is in the directory. */
export async function verify(dir: HostPath): Promise<Verification> {
  const problems: Trouble[] = [];
  try {
    const verifier = new Verifier(openRecordDir(dir), problems);
    const { cutOff, manifest } = await verifier.verify();
    return { state: problems.length > 0 ? 'broken' : cutOff ? 'cut-off' : 'intact', problems, manifest };
  } catch (error) {
    return { state: 'broken', problems: [...problems, trouble(error)], manifest: null };
  }
}

class Verifier {
  readonly #record: RecordReader;
  readonly #problems: Trouble[];

  constructor(record: RecordReader, problems: Trouble[]) {
    this.#record = record;
    this.#problems = problems;
  }

  async verify(): Promise<{ cutOff: boolean; manifest: Sha256 | null }> {
    const names = new Set(this.#record.names);
    const sealed = names.has('manifest.json');
    this.#unknownNames(sealed);
    const run = names.has('run.json') || sealed ? this.#document('run.json') : null;
    const manifest = sealed ? this.#document('manifest.json') : null;
    const verdict = this.#size('verdict.json') > 0 ? this.#document('verdict.json') : null;
    this.#sameId({ 'run.json': run?.value, 'manifest.json': manifest?.value, 'verdict.json': verdict?.value });
    if (manifest !== null) this.#sealedFiles(manifest.value);
    for (const file of LINE_FILES) await this.#lines(file, sealed, run?.value ?? null);
    if (verdict !== null) this.#verdict(verdict.value, manifest?.sha256 ?? null);
    // Sealed, but the run was cut off before its verdict: `finish` gave one that refers to no manifest.
    const judged = verdict !== null && verdict.value.manifest !== null;
    return { cutOff: !sealed || !judged, manifest: manifest?.sha256 ?? null };
  }

  #unknownNames(sealed: boolean): void {
    const known: ReadonlySet<string> = new Set(RECORD_FILES);
    // A writer that was killed leaves these.
    const left: ReadonlySet<string> = new Set(sealed ? [] : RECORD_FILES.map(temporaryName));
    for (const name of this.#record.names) {
      if (!known.has(name) && !left.has(name)) this.#problem(displayText(name), 'is no file of a record');
    }
  }

  #sealedFiles({ files }: ManifestDocument): void {
    for (const file of SEALED_FILES) {
      const wanted = files[file];
      if (wanted !== undefined) this.#digest(file, wanted);
      else if (this.#record.names.includes(file)) this.#problem(file, 'is not in manifest.json');
    }
  }

  #digest(file: RecordFile, wanted: { readonly sha256: Sha256; readonly size: number }): void {
    try {
      // The size first: that is the cheap half, and refuses what is larger than a record's file may be.
      const size = this.#record.size(file);
      if (size === null) this.#problem(file, 'is missing');
      else if (size !== wanted.size) this.#problem(file, `has ${size} bytes, not ${wanted.size}`);
      else if (hashFile(`${this.#record.dir}/${file}`)?.sha256 !== wanted.sha256) this.#problem(file, 'has another SHA-256');
    } catch (error) {
      this.#failed(error);
    }
  }

  async #lines(file: (typeof LINE_FILES)[number], sealed: boolean, run: RunDocument | null): Promise<void> {
    try {
      const lines = this.#record.lines(file);
      if (file === 'transcript.ndjson') await verifyTranscript(this.#record);
      else for await (const _ of lines);
      if (sealed && !lines.complete && !mayBeCutOff(run, this.#size(file))) this.#problem(file, 'was cut off');
    } catch (error) {
      this.#failed(error);
    }
  }

  #verdict(verdict: VerdictDocument, manifest: Sha256 | null): void {
    if (verdict.manifest === null) {
      // Only a cut-off run has such a verdict, and it cannot be a good one.
      if (verdict.outcome !== 'jail-error') this.#problem('verdict.json', `says ${verdict.outcome} of a record it does not name`);
      return;
    }
    if (verdict.manifest !== manifest) this.#problem('verdict.json', 'is of another manifest.json');
    for (const file of RECORD_FILES) {
      const wanted = verdict.files[file];
      if (wanted !== undefined) this.#digest(file, wanted);
      else if (isDerived(file) && this.#size(file) > 0) this.#problem(file, 'is not in verdict.json');
    }
  }

  #sameId(documents: Readonly<Record<string, { readonly id: string } | undefined>>): void {
    const ids = Object.entries(documents).filter(
      (entry): entry is [string, { id: string }] => entry[1] !== undefined && entry[1].id !== NO_ID,
    );
    for (const [file, { id }] of ids.slice(1)) {
      if (id !== ids[0]?.[1].id) this.#problem(file, `is of another run than ${ids[0]?.[0]}`);
    }
  }

  #document<F extends keyof Documents>(file: F): { value: Documents[F]; sha256: Sha256 } | null {
    try {
      return this.#record.document(file);
    } catch (error) {
      this.#failed(error);
      return null;
    }
  }

  #size(file: RecordFile): number {
    try {
      return this.#record.size(file) ?? 0;
    } catch (error) {
      this.#failed(error);
      return 0;
    }
  }

  #failed(error: unknown): void {
    const { file, message } = trouble(error);
    this.#problem(file, message);
  }

  #problem(file: string, message: string): void {
    // Several checks meet the same file.
    if (!this.#problems.some((known) => known.file === file && known.message === message)) this.#problems.push({ file, message });
  }
}

/** The id of a verdict that was written without a readable `run.json`. */
export const NO_ID = '00000000000000000000000000';

/** A run that came to grief may have files that were never begun or ended; any other is whole. */
function mayBeCutOff(run: RunDocument | null, size: number): boolean {
  if (run === null) return false;
  const never = size === 0 && run.steps.every((step) => step.started === null);
  return run.end.how === 'error' || never;
}

const isDerived = (file: RecordFile): boolean => !RECORD[file].sealed && file !== 'manifest.json' && file !== 'verdict.json';

function trouble(error: unknown): Trouble {
  if (error instanceof RecordError) {
    return { file: error.file, message: error.line === null ? error.reason : `line ${error.line}: ${error.reason}` };
  }
  return { file: '.', message: displayText(error instanceof Error ? error.message : String(error)) };
}

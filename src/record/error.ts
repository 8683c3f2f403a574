/** A record, or a part of one, that cannot be taken as it is: which file, which line (from 1; null: the file as a whole), why. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
  readonly file: string;
  readonly line: number | null;
  readonly reason: string;

  constructor(file: string, line: number | null, reason: string) {
    super(`${file}${line === null ? '' : `:${line}`}: ${reason}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }
}

import assert from 'node:assert/strict';
import { UserError } from '../../src/model/errors.ts';

/** Whether a file of a user's was refused as it should be: each problem with a message of one line, and a place within the file. */
export function assertRefused(error: unknown, text: string, file: string): void {
  if (!(error instanceof UserError)) throw error;
  assert.ok(error.problems.length > 0);
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  for (const { place, message } of error.problems) {
    assert.notEqual(message, '');
    if (place === null) continue;
    assert.equal(place.file, file);
    assert.ok(place.line >= 1 && place.line <= lines.length, `line ${place.line} of ${lines.length}`);
    assert.ok(place.column >= 1, `column ${place.column}`);
  }
}

/** What was read must not have reached what all objects have. */
export function assertClean(): void {
  assert.deepEqual(Object.keys(Object.prototype), []);
}

/** The same bytes in pieces of at most so many bytes, whose sizes follow from the bytes. */
export function cut(bytes: Buffer, most = 13): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = 1 + (((bytes[at] ?? 0) * 7 + at) % most);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { through } from '../../../src/host/unpack.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'unpack-'))));
afterEach(() => rmSync(dir, { recursive: true }));

async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}
/** What comes out of a program that stands for a decompressor. */
function unpacked(script: string, source = chunks('one', 'two')): AsyncGenerator<Buffer> {
  const program = join(dir, 'program');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  return through(source, { program, what: 'it', remedy: 'another one', signal: new AbortController().signal });
}
async function all(pieces: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece.toString();
  return text;
}

describe('a decompressor', () => {
  test('that takes its time to end after its last byte has done what it was to do', async () => {
    expect(await all(unpacked('cat; exec >&-; sleep 0.3'))).toBe('onetwo');
  });

  test('that ends with another code has not', async () => {
    await expect(all(unpacked('cat; exec >&-; sleep 0.1; echo cut off >&2; exit 3'))).rejects.toThrow('it could not be unpacked: ');
    await expect(all(unpacked('cat; exit 3'))).rejects.toThrow('it ended with 3');
  });

  test('is killed where nobody wants the rest', async () => {
    const pieces = unpacked('cat /dev/zero', chunks('x'));
    expect((await pieces.next()).done).toBe(false);
    // Else this would wait for the end of the zeros.
    await expect(pieces.return(undefined)).resolves.toMatchObject({ done: true });
  });
});

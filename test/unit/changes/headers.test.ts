import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualHeaders } from '../../../src/changes/headers.ts';

async function through(pieces: string[]): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of usualHeaders(Readable.from(pieces.map((piece) => Buffer.from(piece))))) parts.push(part);
  return Buffer.concat(parts).toString();
}

const PATCH = [
  'diff --git b/new b/new',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/new',
  '@@ -0,0 +1 @@',
  '+diff --git b/content b/content',
  'diff --git a/gone a/gone',
  'deleted file mode 100644',
  'diff --git a/same b/same',
  'diff --git "b/new\\nline" "b/new\\nline"',
  'diff --git b/a b b/a b',
  'GIT binary patch',
  'literal 1',
  'Kcmdiff--gitb/x',
  'diff --git b/last b/last',
].join('\n');

describe('usualHeaders', () => {
  const expected = PATCH.replace('diff --git b/new b/new', 'diff --git a/new b/new')
    .replace('diff --git a/gone a/gone', 'diff --git a/gone b/gone')
    .replace('diff --git "b/new\\nline"', 'diff --git "a/new\\nline"')
    .replace('diff --git b/a b b/a b', 'diff --git a/a b b/a b')
    .replace(/diff --git b\/last/, 'diff --git a/last');

  test('only header lines change, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(PATCH.length)), async (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), PATCH.length];
        expect(await through(borders.slice(1).map((to, at) => PATCH.slice(borders[at], to)))).toBe(expected);
      }),
    );
  });

  test('nothing is nothing', async () => expect(await through([])).toBe(''));
});

import assert from 'node:assert/strict';
import { PatchCounter } from '../../../src/guard/added-lines.ts';
import { RecordError } from '../../../src/record/error.ts';
import { headerOf, lineParts } from '../../../src/record/patches.ts';
import { parsePatch, sideBySide } from '../../../src/report/page/patch.ts';
import { cut } from '../say.ts';
import type { Target } from '../target.ts';

function counted(pieces: readonly Buffer[]): { added: number; contents: number } | string {
  const counter = new PatchCounter('changes.patch');
  try {
    for (const piece of pieces) counter.push(piece);
    return counter.end();
  } catch (error) {
    if (error instanceof RecordError) return error.message;
    throw error;
  }
}

/** The patch of a record, by all that read one: the guard's counter, the report's parts, the page's lines. */
export const target: Target = {
  seeds: [
    'diff --git a/new b/new\nnew file mode 100644\nindex 0000000..e69de29\n--- /dev/null\n+++ b/new\n@@ -0,0 +1,2 @@\n+one\n+two\n',
    'diff --git a/x y a/x y\ndeleted file mode 100644\nindex 1..0\n--- a/x y\n+++ /dev/null\n@@ -1 +0,0 @@\n-diff --git a b\n\\ No newline at end of file\n',
    'diff --git "a/\\303\\244" "b/\\303\\244"\nindex 1..2 100644\n--- "a/\\303\\244"\n+++ "b/\\303\\244"\n@@ -1,3 +1,3 @@ f\n a\n-b\n+c\n d\n',
    'diff --git a/i.png b/i.png\nindex 1..2\nGIT binary patch\nliteral 3\nKcmZQzfB^vj0R;d6\n\nliteral 0\nHcmV?d00001\n\n',
  ],
  words: ['diff --git ', 'a/', ' b/', '"', '\\', '\\303', '@@ -1,2 +1,2 @@\n', '@@ -', ' +', ' @@', '\n', '+', '-', ' ', '\\ No newline at end of file\n', 'index 1..2\n', 'deleted file mode 100644\n', 'GIT binary patch\n', '99999999999999999999', ',', '\0', '\r\n'],
  check(bytes) {
    const whole = counted([bytes]);
    assert.deepEqual(counted(cut(bytes)), whole);
    if (typeof whole !== 'string') assert.ok(whole.added >= 0 && whole.added <= bytes.length && whole.contents <= bytes.length);

    const parts = [...lineParts(cut(bytes))];
    assert.deepEqual(Buffer.concat(parts.map(({ line }) => line)), bytes);
    for (const { line } of parts) {
      const path = headerOf(line, Buffer.from('sub'));
      // It is shown: nothing that acts on a terminal, nothing that breaks a line.
      if (path !== null) assert.doesNotMatch(path, /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]/u);
    }

    const text = bytes.toString();
    const lines = parsePatch(text);
    const pairs = sideBySide(lines);
    // Every line stands on one side, in its place; context on both.
    const shown = pairs.flatMap(([left, right]) => (left === right ? [left] : [left, right])).filter((line) => line !== null);
    assert.equal(shown.length, lines.length);
    const all = new Set(lines);
    assert.ok(shown.every((line) => all.delete(line)) && all.size === 0);
    assert.ok(lines.length <= text.split('\n').length);
  },
}; // biome-ignore format: a list

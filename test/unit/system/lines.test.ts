import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lines, linesOf } from '../../../src/system/lines.ts';

const LONG = 'ä'.repeat(100_000);
const CASES: readonly [text: string, parts: readonly string[]][] = [
  ['', []],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\n\nb', ['a', '', 'b']],
  [`${LONG}\n${LONG}x\ny\n`, [LONG, `${LONG}x`, 'y']],
];

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'lines-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function ofFile(text: string, max: number): string[] {
  writeFileSync(join(dir, 'text'), text);
  const fd = openSync(join(dir, 'text'), 'r');
  try {
    return [...linesOf(fd, max)];
  } finally {
    closeSync(fd);
  }
}
async function ofStream(text: string, max: number): Promise<string[]> {
  const pieces = text.match(/[^]{1,1000}/gu) ?? [];
  const found: string[] = [];
  for await (const line of lines(
    (async function* () {
      for (const piece of pieces) yield Buffer.from(piece);
    })(),
    max,
  ))
    found.push(line);
  return found;
}

describe('lines', () => {
  it.each(CASES.map(([text, parts], index) => [index, text, parts] as const))(
    'case %i: the same of a stream and of a descriptor',
    async (_, text, parts) => {
      expect(ofFile(text, 1 << 20)).toEqual(parts);
      expect(await ofStream(text, 1 << 20)).toEqual(parts);
    },
  );

  it('a line that is too long is an error', async () => {
    expect(() => ofFile(LONG, 100_000)).toThrow('a line of more than 100000 bytes');
    await expect(ofStream(LONG, 100_000)).rejects.toThrow('a line of more than 100000 bytes');
  });
});

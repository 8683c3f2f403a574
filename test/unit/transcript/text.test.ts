import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeFilter } from '../../../src/transcript/escapes.ts';
import { Lines } from '../../../src/transcript/lines.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { makeText } from '../../../src/transcript/text.ts';
import type { Transcript } from '../../../src/transcript/walk.ts';
import { cpuTime } from '../../support/cpu.ts';

function resolved(...pieces: string[]): string {
  const [filter, lines] = [new EscapeFilter('line'), new Lines()];
  return pieces.map((piece) => lines.push(filter.push(piece))).join('') + lines.flush();
}

describe('a line in the end', () => {
  test.each([
    ['is what was printed', 'one\ntwo  \n\tthree', 'one\ntwo  \n\tthree'],
    ['ends with CRLF as well', 'one\r\ntwo\r\n', 'one\ntwo\n'],
    ['is the last state of a progress bar', '  0 %\r 50 %\r100 %\ndone\n', '100 %\ndone\n'],
    ['keeps what was not written over', 'abcdef\rXY\n', 'XYcdef\n'],
    ['is erased to its end', 'abcdef\rXY\x1b[K\n', 'XY\n'],
    ['is erased whole', 'downloading 12 MB\x1b[2K\rok\n', 'ok\n'],
    ['is erased to the cursor', 'abcdef\x1b[3D\x1b[1K\n', '    ef\n'],
    ['is erased with blanks', 'spinner |\r         \rfine\n', 'fine\n'],
    ['has no spinner', '|\b/\b-\b\\\bok\n', 'ok\n'],
    ['goes to a column', 'abcdef\x1b[1Gx\x1b[4Gy\n', 'xbcyef\n'],
    ['goes forward and back', 'ab\x1b[2Cc\x1b[4Dd\n', 'ad  c\n'],
    ['is blank before what stands in its middle', 'abc\x1b[2Kd\n', '   d\n'],
    [
      'has no colours, titles, links or other sequences',
      '\x1b[31mred\x1b[0m\x1b]0;t\x07 \x1b]8;;http://x\x07here\x1b]8;;\x07\x1b[2J\n',
      'red here\n',
    ],
    ['does not go up', 'one\ntwo\x1b[1Athree\n', 'one\ntwothree\n'],
    ['goes nowhere before its start', '\b\b\x1b[99Dab\n', 'ab\n'],
  ])('%s', (_, text, shown) => expect(resolved(text)).toBe(shown));

  test('is the same wherever the pieces are cut', () => {
    const text = 'one 😀\rtwo\x1b[2K\r\x1b[31mthree\x1b[0m\b\b \n\x1b]0;x\x07four\r\nfive\x1b[1G\x1b[K6';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        // No piece ends within a character: a decoder takes care.
        const at = [0, ...cuts.filter((cut) => cut !== 5).sort((a, b) => a - b), text.length];
        expect(resolved(...at.slice(1).map((to, index) => text.slice(at[index], to)))).toBe('thr e\nfour\n6');
      }),
    );
  });

  test('is what a screen as wide would show', () => {
    const part = fc.oneof(
      fc.constantFrom('\r', '\b', '\n', '\x1b[K', '\x1b[2K', '\x1b[3G', '\x1b[2D', '\x1b[C'),
      fc.stringMatching(/^[a-c ]{1,5}$/),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const shown = resolved(parts.join(''))
          .split('\n')
          .map((line) => line.trimEnd());
        expect(shown).toEqual(screen(parts).map((line) => line.trimEnd()));
      }),
      { numRuns: 2000 },
    );
  });

  test('of any length loses nothing, and no character is cut in two', () => {
    const line = 'x' + '😀'.repeat(10_000);
    expect(resolved(line)).toBe(line);
    expect(resolved(`a\b${line}`, '\n')).toBe(`${line}\n`);
  });

  test('takes a time that grows with the input alone', () => {
    for (const evil of ['\r\x1b[4000Cx', '\x1b[4000G\x1b[1K', '\x1b[2K\x1b[4000Gx', `${' '.repeat(4000)}\r`, '\x1b[', '\b']) {
      const began = cpuTime();
      resolved(evil.repeat(Math.ceil((1 << 20) / evil.length)));
      expect(cpuTime() - began).toBeLessThan(5000);
    }
  });
});

/** A screen that is plainly written. */
function screen(parts: readonly string[]): string[] {
  const rows: string[][] = [[]];
  let column = 0;
  for (const part of parts) {
    const row = rows.at(-1) ?? [];
    const blank = (to: number): void => {
      while (row.length < to) row.push(' ');
    };
    if (part === '\n') {
      rows.push([]);
      column = 0;
    } else if (part === '\r') column = 0;
    else if (part === '\b') column = Math.max(0, column - 1);
    else if (part === '\x1b[K') row.splice(column);
    else if (part === '\x1b[2K') row.splice(0);
    else if (part === '\x1b[3G') column = 2;
    else if (part === '\x1b[2D') column = Math.max(0, column - 2);
    else if (part === '\x1b[C') column += 1;
    else
      for (const character of part) {
        blank(column);
        row[column] = character;
        column += 1;
      }
  }
  return rows.map((row) => row.join(''));
}

type Line = Transcript['index'] extends AsyncIterable<infer T> ? T : never;
/** The text of one step that printed these. */
async function textOf(
  output: readonly (string | Buffer)[],
  half = 1 << 20,
  redactor: Redactor | null = null,
  name = 'agent',
): Promise<string> {
  const log = output.map((part) => Buffer.from(part as string));
  let offset = 0;
  const index: Line[] = [{ t: 500, step: 0, kind: 'begin', name }];
  for (const { length } of log) {
    index.push({ t: 501, step: 0, kind: 'output', offset, length }, { t: 502, step: 0, kind: 'checkpoint' });
    offset += length;
  }
  index.push({ t: 2000, step: 0, kind: 'end', code: 3, signal: null });
  const transcript = {
    index: (async function* () {
      yield* index;
    })(),
    log: [Buffer.concat(log)],
    size: offset,
  };
  return (await makeText(transcript, half, redactor)).toString();
}
const BEGIN = '=== agent-jail: step 1, agent\n';
const END = '=== agent-jail: step 1 ended with exit code 3, after 1.5 s\n';

describe('transcript.txt', () => {
  test('says where a step begins and how it ended', async () => {
    expect(await textOf(['one\n', 'two'])).toBe(`${BEGIN}one\ntwo\n${END}`);
    expect(await textOf([])).toBe(BEGIN + END);
  });

  test('has lines of its own that nobody can make', async () => {
    expect(
      await textOf(
        ['=== agent-jail: step 2, x\n', 'y\r=== agent-', 'jail: z\n=\x1b[1m== \u200bagent-jail: w\n'],
        1 << 20,
        null,
        'a\nb\x1b[2J',
      ),
    ).toBe(`=== agent-jail: step 1, a b\n\\=== agent-jail: step 2, x\n\\=== agent-jail: z\n\\=== agent-jail: w\n${END}`);
  });

  test('is well-formed text without controls, whatever was printed', async () => {
    const bytes = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom(...['\x1b[2K', '\x1b]0;', '\r', 'é😀', '\0'].map((text) => Buffer.from(text))),
      ),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (parts) => {
        const text = await textOf(parts.map((part) => Buffer.from(part)));
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]/);
        expect(text.startsWith(BEGIN) && text.endsWith(`\n${END}`)).toBe(true);
      }),
    );
  });

  test('holds no secret that is whole only in the end', async () => {
    const redactor = new Redactor([{ name: 'KEY', value: 'kappa-4711-omega' }]);
    const output = ['x kappa-\x1b[1m4711-omega\n', 'kappa-4711-om\bm', 'ega\n', 'XXXXX-4711-omega\rkappa\n', 'kap\0pa-4711\u200b-omega'];
    const text = await textOf(output, 1 << 20, redactor);
    expect(text).not.toContain('4711');
    expect(text.split('[redacted KEY]')).toHaveLength(5);
    expect(text.endsWith(END)).toBe(true);
  });

  test('has head and tail of a long log, and says how much is missing', async () => {
    const lines = Array.from({ length: 1000 }, (_, at) => `line ${String(at).padStart(4, '0')}\n`);
    expect(await textOf(lines, 100)).toBe(
      `${BEGIN}${lines.slice(0, 10).join('')}=== agent-jail: 9800 bytes are left out here; transcript.log has them\n${lines.slice(-10).join('')}${END}`,
    );
  });

  const LEFT = '=== agent-jail: 1065353216 bytes are left out here; transcript.log has them\n';
  const HALF = 4 << 20;
  test.each<[string, number, Buffer, string]>([
    ['a line of 1 GiB without an end', 1024, Buffer.alloc(1 << 20, 'x'), `${'x'.repeat(HALF)}\n${LEFT}${'x'.repeat(HALF)}\n`],
    ['1 GiB of NUL', 1024, Buffer.alloc(1 << 20), LEFT],
    ['1 GiB that is not UTF-8', 1024, Buffer.alloc(1 << 20, 0xff), `${'\ufffd'.repeat(HALF)}\n${LEFT}${'\ufffd'.repeat(HALF)}\n`],
    ['1,000,000 tiny writes', 1_000_000, Buffer.from('a\n'), 'a\n'.repeat(1_000_000)],
    ['1,000,000 states of a progress bar', 1_000_000, Buffer.from('\r12 %'), '12 %\n'],
  ])('%s: in bounded time and memory', async (_, count, piece, shown) => {
    const [began, before] = [cpuTime(), process.memoryUsage().rss];
    const text = await makeText(many(count, piece), HALF, null);
    expect(cpuTime() - began).toBeLessThan(15_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
    // Not `toBe`: nobody wants to read that difference.
    expect(
      text.equals(Buffer.from(`${BEGIN}${shown}=== agent-jail: step 1 ended with exit code 0, after ${(count / 1000).toFixed(1)} s\n`)),
    ).toBe(true);
  });
});

/** A step that printed a piece so many times, each with a line of the index. Nothing of it is kept here. */
function many(count: number, piece: Buffer): Parameters<typeof makeText>[0] {
  return {
    index: (async function* (): AsyncGenerator<Line> {
      yield { t: 0, step: 0, kind: 'begin', name: 'agent' };
      for (let at = 0; at < count; at += 1) yield { t: at, step: 0, kind: 'output', offset: at * piece.length, length: piece.length };
      yield { t: count, step: 0, kind: 'end', code: 0, signal: null };
    })(),
    log: (function* () {
      for (let at = 0; at < count; at += 1) yield piece;
    })(),
    size: count * piece.length,
  };
}

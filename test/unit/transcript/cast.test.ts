import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeCast } from '../../../src/transcript/cast.ts';
import type { CastOptions } from '../../../src/transcript/cast.ts';
import { ReplayFilter } from '../../../src/transcript/replay.ts';
import type { Transcript } from '../../../src/transcript/walk.ts';

const replayed = (...pieces: string[]): string => {
  const filter = new ReplayFilter();
  return pieces.map((piece) => filter.push(piece)).join('') + filter.flush();
};

describe('what a replay shows', () => {
  test.each([
    ['colours', '\x1b[1;31mred\x1b[0m', '\x1b[1;31mred\x1b[0m'],
    ['the cursor, erasing, scrolling', '\x1b[2J\x1b[H\x1b[3A\x1b[K\x1b[5;10r', '\x1b[2J\x1b[H\x1b[3A\x1b[K\x1b[5;10r'],
    ['the other screen', '\x1b[?1049h\x1b[?25l', '\x1b[?1049h\x1b[?25l'],
    ['line drawing', '\x1b(0lqk\x1b(B', '\x1b(0lqk\x1b(B'],
    ['tabs, returns, backspaces', 'a\tb\rc\bd\n', 'a\tb\rc\bd\n'],
    ['no title', '\x1b]0;title\x07.', '␛.'],
    ['no clipboard', '\x1b]52;c;aGk=\x1b\\.', '␛.'],
    ['no link', '\x1b]8;;http://x\x07here\x1b]8;;\x07', '␛here␛'],
    ['no question: a terminal answers on its input', '\x1b[6n\x1b[c\x1b[>c\x1b[?1$p\x1b[18t.', '␛␛␛␛␛.'],
    ['no keys, mouse or paste modes', '\x1b[?1000h\x1b[?2004h\x1b[>4;1m\x1b[?1h.', '␛␛␛␛.'],
    ['no strings of other kinds', '\x1bP+q\x1b\\\x1b_x\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\.', '␛␛␛␛.'],
    ['no reset', '\x1bc.', '␛.'],
    ['no bell, no NUL, no DEL', '\x07\0\x7f', '␇␀␡'],
    ['no eight-bit sequences', '\x9b6n\x9d0;x\x9c', '\ufffd6n\ufffd0;x\ufffd'],
    ['nothing that turns text around or hides', 'a\u202eb\u200bc', 'a\ufffdb\ufffdc'],
    ['a string without an end', '\x1b]0;title', '␛]0;title'],
    ['half a sequence at the end', 'x\x1b[31', 'x␛[31'],
  ])('%s', (_, text, shown) => expect(replayed(text)).toBe(shown));

  test('wherever the pieces are cut', () => {
    const text = 'a\x1b[31mb\x1b]0;t\x07c\x1b[6nd\x1b(0e\x1bPx\x1b\\f\x1b';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(replayed(...at.slice(1).map((to, index) => text.slice(at[index], to)))).toBe('a\x1b[31mb␛c␛d\x1b(0e␛f␛');
      }),
    );
  });

  test('never acts on a terminal, whatever it is given', () => {
    const parts = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '?',
      '1049',
      '2004',
      'h',
      'n',
      'c',
      'm',
      ';',
      '\x07',
      '\\',
      'P',
      '\x9b',
      '\x18',
      'é',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (pieces) => {
        const rest = replayed(...pieces).replace(
          /\x1b\[[\d;:]*[@A-HJ-MPSTXZ`abd-gmrsuI]|\x1b\[\?(?:7|25|47|104[789])[hl]|\x1b[78DEHM]|\x1b[()][0B]/g,
          '',
        );
        expect(rest).not.toMatch(/[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 5000 },
    );
  });

  test('a secret that a sequence stands in does not become whole', () => {
    for (const between of ['\x1b]0;x\x07', '\x1b[6n', '\0', '\u200b', '\u202e'])
      expect(replayed(`se${between}cret`)).not.toContain('secret');
  });
});

type Line = Transcript['index'] extends AsyncIterable<infer T> ? T : never;
async function castOf(output: readonly (string | Buffer)[], options: Partial<CastOptions> = {}, each = 1000): Promise<unknown[][]> {
  const log = output.map((part) => Buffer.from(part as string));
  let offset = 0;
  const index: Line[] = [{ t: 0, step: 0, kind: 'begin', name: 'agent\x1b]0;x\x07' }];
  for (const [at, { length }] of log.entries()) {
    index.push({ t: 1 + at * each, step: 0, kind: 'output', offset, length });
    offset += length;
  }
  index.push({ t: output.length * each, step: 0, kind: 'end', code: 3, signal: null });
  const transcript: Transcript = {
    index: (async function* () {
      yield* index;
    })(),
    // Pieces of another size than the lines of the index.
    log: Buffer.concat(log).length === 0 ? [] : [Buffer.concat(log).subarray(0, 3), Buffer.concat(log).subarray(3)],
    size: offset,
    started: '2025-07-01T10:00:00.000Z',
    terminals: [],
  };
  const text = await makeCast(transcript, { version: 2, half: 1 << 20, gap: 0, ...options });
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown[]);
}
const OVER = '\x1b[0m\x1b[?25h\x1b[?1047l';

describe('an asciicast', () => {
  test('of version 2: times are of the start', async () => {
    expect(await castOf(['one\n', 'two\r\n', 'thr', 'ee'])).toEqual([
      { version: 2, width: 120, height: 32, timestamp: 1751364000, idle_time_limit: 2 },
      [0, 'm', 'step 1: agent\ufffd]0;x\ufffd'],
      [0.001, 'o', 'one\r\n'],
      [1.001, 'o', 'two\r\n'],
      [2.001, 'o', 'thr'],
      [3.001, 'o', 'ee'],
      [4, 'o', OVER],
    ]);
  });

  test('of version 3: times are of the event before, and the exit code is there', async () => {
    expect(await castOf(['one\n', 'two\n'], { version: 3 })).toEqual([
      { version: 3, term: { cols: 120, rows: 32 }, timestamp: 1751364000, idle_time_limit: 2 },
      [0, 'm', 'step 1: agent\ufffd]0;x\ufffd'],
      [0.001, 'o', 'one\r\n'],
      [1, 'o', 'two\r\n'],
      [0.999, 'o', OVER],
      [0, 'x', '3'],
    ]);
  });

  test('characters that two writes share are whole, and what is no text stands as such', async () => {
    const bytes = Buffer.from('é');
    const events = await castOf([bytes.subarray(0, 1), bytes.subarray(1), Buffer.from([0xff])]);
    expect(events.slice(2).map(([, , text]) => text)).toEqual(['é', '\ufffd', OVER]);
  });

  test('output within a time is one event', async () => {
    const events = await castOf(['a', 'b', 'c', 'd'], { gap: 100 }, 60);
    expect(events.slice(2).map(([, , text]) => text)).toEqual(['ab', 'cd', OVER]);
  });

  test('has head and tail of a long one, and says what is missing', async () => {
    const events = await castOf(['0123456789', 'abcdefghij', 'ABCDEFGHIJ'], { half: 12 });
    const shown = events.slice(2).map(([, kind, text]) => `${String(kind)} ${String(text)}`);
    expect(shown.slice(0, 3)).toEqual(['o 0123456789', 'o ab', 'm 6 bytes left out']);
    expect(shown[3]).toContain('[6 bytes left out: transcript.log has them]');
    expect(shown.slice(3).join('')).toContain('ij');
    expect(shown.join('')).toContain('ABCDEFGHIJ');
    expect(shown.join('')).not.toMatch(/cd|de|fg|gh/);
    // The cut falls into one long line of the index, too.
    const one = await castOf(['0123456789abcdefghijABCDEFGHIJ'], { half: 5 });
    const text = one
      .slice(2)
      .map(([, , data]) => String(data))
      .join('|');
    expect([text.startsWith('01234|20 bytes left out|'), text.includes('FGHIJ'), text.includes('EFGHIJ')]).toEqual([true, true, false]);
  });

  test('of nothing is whole as well', async () => {
    expect((await castOf([])).slice(1).map(([, kind]) => kind)).toEqual(['m', 'o']);
  });

  test('of an index that goes back and overlaps has each byte once', async () => {
    const at = (offset: number, length: number): Line => ({ t: 1, step: 0, kind: 'output', offset, length });
    const index = [at(0, 4), at(0, 4), at(2, 4), at(1, 2), at(9, 100), at(3, 1)];
    const transcript: Transcript = {
      index: (async function* () {
        yield* index;
      })(),
      log: [Buffer.from('0123'), Buffer.from('456789')],
      size: 10,
      started: '2025-07-01T10:00:00.000Z',
      terminals: [],
    };
    const [, event] = (await makeCast(transcript, { version: 2, half: 100, gap: 100 })).split('\n');
    expect(JSON.parse(event ?? '')).toEqual([0.001, 'o', '0123459']);
  });

  test('has the size of the first terminal, and says where another begins', async () => {
    const parts = ['a\r\n', 'b\nc\r\n', 'd\n'];
    const index = parts.flatMap((text, step): Line[] => [
      { t: step, step, kind: 'begin', name: `${step}` },
      { t: step, step, kind: 'output', offset: parts.slice(0, step).join('').length, length: text.length },
      { t: step, step, kind: 'end', code: 0, signal: null },
    ]);
    const transcript = (): Transcript => ({
      index: (async function* () {
        yield* index;
      })(),
      log: [Buffer.from(parts.join(''))],
      size: parts.join('').length,
      started: '2025-07-01T10:00:00.000Z',
      terminals: [{ rows: 24, columns: 80 }, { rows: 50, columns: 132 }, null],
    });
    const events = async (version: 2 | 3): Promise<unknown[][]> =>
      (await makeCast(transcript(), { version, half: 100, gap: 0 }))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown[]);
    const [head, ...rest] = await events(2);
    expect(head).toMatchObject({ width: 80, height: 24 });
    expect((await events(3))[0]).toMatchObject({ term: { cols: 80, rows: 24 } });
    // A line feed alone is one where a terminal said so, and a new line where a pipe did.
    expect(rest.filter(([, , text]) => text !== OVER).map(([, code, text]) => [code, String(text).replace(OVER, '')])).toEqual([
      ['m', 'step 1: 0'],
      ['o', 'a\r\n'],
      ['m', 'step 2: 1'],
      ['r', '132x50'],
      ['o', 'b\nc\r\n'],
      ['m', 'step 3: 2'],
      ['r', '120x32'],
      ['o', 'd\r\n'],
    ]);
  });
});

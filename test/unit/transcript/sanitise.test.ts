import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forTerminal, LogSanitiser, TerminalSanitiser } from '../../../src/transcript/sanitise.ts';
import { cpuTime } from '../../support/cpu.ts';

function lines(...pieces: readonly string[]): string[] {
  const sanitiser = new LogSanitiser();
  return [...pieces.flatMap((piece) => sanitiser.push(piece)), ...sanitiser.flush()];
}

/** What .NET's culture-aware comparison skips, by Unicode's own names (ICU: completely ignorable). A tab has a weight of its own. */
const IGNORABLE = /(?!\t)[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** `Char.IsWhiteSpace`; old versions trimmed U+200B and U+FEFF too. */
const TRIM = /^[\s\u0085\u180e\u200b\ufeff]+/;

const SGR = new RegExp(`${String.fromCharCode(0x1b)}\\[[\\d;]*m`, 'g');

/**
 * The runner's two parsers (actions/runner, ActionCommand.cs), with every name registered: what a log line would do, or null.
 */
function command(line: string): { syntax: 1 | 2; name: string } | null {
  const trimmed = line.replace(TRIM, '');
  if (trimmed.startsWith('::')) {
    const end = trimmed.indexOf('::', 2);
    if (end >= 0) return { syntax: 2, name: trimmed.slice(2, end).split(' ')[0] ?? '' };
  }
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  if (start >= 0 && end >= 0) return { syntax: 1, name: line.slice(start + 3, end).split(' ')[0] ?? '' };
  return null;
}
/** Every command in what a step prints, also for a reader that skips what it cannot see. */
function commands(printed: string): string[] {
  const seen = printed.split(/\r\n|\r|\n/);
  return [...seen, ...seen.map((line) => line.replace(IGNORABLE, ''))].filter((line) => command(line) !== null);
}

const hostile = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('::', ':', '##[', '##', '#', '[', ']', 'error', 'set-env name=a', 'stop-commands', '\r', '\n', '\r\n'),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ' ',
        '\t',
        '\0',
        '\v',
        '\f',
        '\x07',
        '\x7f',
        '\x85',
        '\xa0',
        '\xad',
        '\u3000',
        '\ufeff',
        '\u200b',
        '\u202e',
        '\u2028',
        '\u2029',
        '\u{e0041}',
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '\x1b',
        '\x1b[',
        '\x1b[31m',
        '\x1b[2K',
        '\x1b]0;',
        '\x1b]8;;',
        '\x1b\\',
        '\x1bP',
        '\x9b',
        '\x9d',
        '\x9c',
        '\x1b(',
        '\x1bc',
        '\\',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
  ),
  { maxLength: 40 },
);

describe('LogSanitiser', () => {
  test('the parser of this test knows a command when it sees one', () => {
    expect(command('\ufeff \xa0::error file=a::b')).toEqual({ syntax: 2, name: 'error' });
    expect(command('text ##[error]b')).toEqual({ syntax: 1, name: 'error' });
    expect(commands('progress\r::add-mask::x')).toEqual(['::add-mask::x', '::add-mask::x']);
    expect(commands(':\xad:error::x')).toHaveLength(1);
    expect(command('a ::error::b')).toBeNull();
  });

  test('no line is ever a command, however the text is cut', () => {
    fc.assert(
      fc.property(hostile, (pieces) => {
        const printed = lines(...pieces);
        expect(commands(printed.join('\n'))).toEqual([]);
        expect(printed.filter((line) => /[\r\n]/.test(line))).toEqual([]);
        expect(printed).toEqual(lines(pieces.join('')));
      }),
      { numRuns: 3000 },
    );
  });

  test('doing it twice changes nothing', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(1, 2000), (pieces, times) => {
        for (const line of lines(pieces.join('').repeat(times)).slice(0, 50)) expect(lines(line)).toEqual(line === '' ? [] : [line]);
      }),
    );
  });

  test.each([
    ['::error::x', '\\::error::x'],
    ['  \t::add-mask::e', '  \t\\::add-mask::e'],
    ['\ufeff\xa0::set-env name=a::b', '\xa0\\::set-env name=a::b'],
    [':\u200b:error::x', '\\::error::x'],
    ['\x1b[0m:\x1b[1m:error::x', '\\::error::x'],
    ['a ##[error]x ###[group]y', 'a ##\\[error]x ###\\[group]y'],
    ['#\u2060#[error]x', '##\\[error]x'],
    ['a :: b', 'a :: b'],
    ['std::vector', 'std::vector'],
  ])('%j becomes %j', (text, line) => {
    expect(lines(text)).toEqual([line]);
  });

  test('splits on CR, LF and CRLF, also between two pieces', () => {
    expect(lines('a\rb\nc\r\nd')).toEqual(['a', 'b', 'c', 'd']);
    expect(lines('a\r', '\nb\r', '', '\n', '\n::x::')).toEqual(['a', 'b', '', '\\::x::']);
    expect(lines('\r', '\r', '\n')).toEqual(['', '']);
    expect(lines(':', ':err', 'or::x')).toEqual(['\\::error::x']);
  });

  test.each([
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['cursor', 'a\x1b[2K\x1b[1;1Hb\x1b7\x1b(Bc', 'abc'],
    ['title', '\x1b]0;title\x07text', 'text'],
    ['link (OSC 8)', '\x1b]8;;https://evil.test\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['clipboard (OSC 52)', '\x1b]52;c;ZXZpbA==\x9cx', 'x'],
    ['device control', '\x1bPq#0;2\x1b\\x', 'x'],
    ['8-bit sequences', '\x9b31mred\x9d0;t\x07.', 'red.'],
    ['a cancelled sequence', '\x1b[31\x18mine', 'mine'],
    ['controls', 'a\0b\bc\x07d\x7f\te', 'abcd\te'],
    ['bidi and zero width', 'a\u202eb\u2066c\u200bd\u00ade\ufeff', 'abcde'],
    ['format characters that are not ignorable', 'a\ufff9b\u06ddc', 'abc'],
    ['ignorables that are not format characters', 'a\u034fb\u115fc\ufe0fd\u3164e', 'abcde'],
    ['separators', 'a\u2028b\u2029c', 'abc'],
    ['text that interrupts a sequence', '\x1b[31é\x1bé', 'éé'],
  ])('takes out %s', (_, text, line) => {
    expect(lines(text)).toEqual([line]);
    expect(lines(...text)).toEqual([line]);
    expect(forTerminal(text)).toBe(line);
  });

  test('an open sequence hides no more than its line', () => {
    expect(lines('\x1b]0;hidden\nseen')).toEqual(['', 'seen']);
  });

  test('caps a line and says by how much', () => {
    expect(lines('x'.repeat(4096))).toEqual(['x'.repeat(4096)]);
    const [line = ''] = lines('x'.repeat(4000), 'x'.repeat(6000));
    expect(line).toBe(`${'x'.repeat(4032)} … [5968 more characters]`);
    expect(lines('##['.repeat(1365))[0]?.length).toBeLessThanOrEqual(4096);
    const [wide = ''] = lines('😀'.repeat(3000));
    expect(wide.isWellFormed()).toBe(true);
  });

  test('64 MiB on one line take no memory', () => {
    const sanitiser = new LogSanitiser();
    const piece = 'y'.repeat(1 << 20);
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 64; i += 1) expect(sanitiser.push(piece)).toEqual([]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 << 20);
    expect(sanitiser.flush()[0]).toMatch(/\[67104832 more characters\]$/);
  });

  test('text made of nothing but openings takes linear time', () => {
    const start = cpuTime();
    for (const text of ['\x1b[', '\x1b]', '::', '##[', ' ', '\u200b', '\r', '\x1b[;;;'])
      forTerminal(text.repeat(200_000), { colours: true });
    for (const text of ['\x1b[', '\x1b]', '::', '##[', ' ', '\u200b', '\r', '\x1b[;;;']) lines(text.repeat(200_000));
    expect(cpuTime() - start).toBeLessThan(5000);
  });
});

describe('forTerminal', () => {
  test('keeps line feeds, and makes them of returns', () => {
    expect(forTerminal('a\r\nb\rc\n')).toBe('a\nb\nc\n');
  });

  test('keeps colours if asked, and sets them back', () => {
    expect(forTerminal('\x1b[1;38;5;208mwarm', { colours: true })).toBe('\x1b[1;38;5;208mwarm\x1b[0m');
    expect(forTerminal('\x1b[31mred\x1b[0m plain', { colours: true })).toBe('\x1b[31mred\x1b[0m plain');
    expect(forTerminal('\x1b[38;5;8mgrey\x1b[m', { colours: true })).toBe('\x1b[38;5;8mgrey\x1b[m');
    const both = '\x1b[1;38;2;8;8;8;48;5;8;4mboth\x1b[m';
    expect(forTerminal(both, { colours: true })).toBe(both);
  });

  test.each([
    '\x1b[8mhidden',
    '\x1b[0;8mhidden',
    '\x1b[38;2;1;2;3;8mhidden',
    '\x1b[38;8mhidden', // found by the fuzzer: not every terminal takes 8 for a part of a colour
    '\x1b[38;5mhidden',
    '\x1b[48;2;1;2mhidden',
    '\x1b[38;5;1;008mhidden',
    '\x1b[>4;1mhidden',
    '\x1b[?1mhidden',
    `\x1b[${'1;'.repeat(50)}mhidden`,
  ])('drops %j though colours are asked for', (text) => {
    expect(forTerminal(text, { colours: true })).toBe('hidden');
  });

  test('nothing is left that acts on a terminal, and doing it twice changes nothing', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (pieces, colours) => {
        const text = forTerminal(pieces.join(''), { colours });
        const rest = colours ? text.replace(SGR, '') : text;
        expect(rest).not.toMatch(/(?![\t\n])[\p{Cc}\u200b\u202a-\u202e\u2028\u2029]/u);
        expect(forTerminal(text, { colours })).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test('a stream gives what the whole gives', () => {
    fc.assert(
      fc.property(hostile, fc.boolean(), (pieces, colours) => {
        const sanitiser = new TerminalSanitiser({ colours });
        const streamed = pieces.map((piece) => sanitiser.push(piece)).join('') + sanitiser.flush();
        expect(streamed).toBe(forTerminal(pieces.join(''), { colours }));
      }),
    );
  });
});

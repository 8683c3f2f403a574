import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import { LogSanitiser } from '../../../src/transcript/sanitise.ts';
import { cut } from '../say.ts';
import type { Target } from '../target.ts';

const printed = (pieces: readonly Buffer[]): string[] => {
  const [sanitiser, decoder] = [new LogSanitiser(), new StringDecoder('utf8')];
  return [...pieces.flatMap((piece) => sanitiser.push(decoder.write(piece))), ...sanitiser.push(decoder.end()), ...sanitiser.flush()];
};

/**
 * The runner's reading (actions/runner, ActionCommand.cs and its use): a line is cut at CR and LF; a command is `::` at its trimmed start,
 * where what .NET takes for nothing is nothing, or `##[` anywhere.
 */
function isCommand(line: string): boolean {
  const seen = line.replace(/(?!\t)[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '');
  return seen.trimStart().startsWith('::') || seen.includes('##[');
}

/** What an agent prints, on its way into the job's log: no line of it is a workflow command. */
export const target: Target = {
  seeds: [
    '::set-output name=a::b\n ##[error]x\r\n\u00a0::add-mask::y\r:\u00ad:stop-commands::z\n',
    '\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2K\rline \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x9b31m \x1bP q\x1b\\',
    'plain text, \u202etext turned around\u202c, \u200bzero width, \ud83d\ude00\n#\x1b[0m#[group]\n',
    `${'long '.repeat(900)}\n::warning::${'x'.repeat(500)}`,
  ],
  words: ['::', ':', '#', '##[', '##', '[', '\r', '\n', '\r\n', '\u00a0', '\u2028', '\u2029', '\u0085', '\u180e', '\ufeff', '\u00ad', '\u200b', '\u202e', '\u3000', '\x1b[', '\x1b]', '\x07', '\x1b\\', '\x9b', '\x90', '\0', '\t', '\v', '\f', '\\', 'add-mask::', '\xff', '\u{e0001}', '\u115f', '\ufe0f'],
  longest: 10_000,
  perByte: 10,
  check(bytes) {
    const whole = printed([bytes]);
    assert.deepEqual(printed(cut(bytes)), whole);
    for (const line of whole) {
      assert.ok(line.length <= 4096 + 64);
      assert.doesNotMatch(line, /[\0-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029]/u);
      for (const part of line.split(/\r\n|\r|\n/)) assert.ok(!isCommand(part), JSON.stringify(part));
      assert.ok(line.isWellFormed());
    }
    const text = Buffer.from(whole.map((line) => `${line}\n`).join(''));
    assert.deepEqual(printed([text]), whole);
  },
}; // biome-ignore format: a list

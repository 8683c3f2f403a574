import { StringDecoder } from 'node:string_decoder';
import fc from 'fast-check';
import { expect } from 'vitest';
import { secretForms } from '../../../src/secrets/forms.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { forTerminal, LogSanitiser, TerminalSanitiser } from '../../../src/transcript/sanitise.ts';
import { cut, fuzz, sizes, spoilt } from './fuzz.ts';

// What an agent prints, on its way into the record and the job's log.

const PRINTED = spoilt(
  [
    '::set-output name=a::b\n ##[error]x\r\n\u00a0::add-mask::y\r:\u00ad:stop-commands::z\n',
    '\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2K\rline \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x9b31m \x1bP q\x1b\\',
    'plain text, \u202etext turned around\u202c, \u200bzero width, \ud83d\ude00\n'.repeat(3),
    `${'long '.repeat(1200)}\n::warning::${'x'.repeat(5000)}`,
  ].map((text) => Buffer.from(text)),
);
const texts = (bytes: Buffer, at: readonly number[]): string[] => {
  const decoder = new StringDecoder('utf8');
  return [...cut(bytes, at).map((piece) => decoder.write(piece)), decoder.end()];
};
const log = (pieces: readonly string[]): string[] => {
  const sanitiser = new LogSanitiser();
  return [...pieces.flatMap((piece) => sanitiser.push(piece)), ...sanitiser.flush()];
};

fuzz(
  'log: no line is a command, however the output is cut',
  fc.tuple(PRINTED, sizes),
  ([bytes, at]) => {
    const whole = log([bytes.toString()]);
    expect(log(texts(bytes, at))).toEqual(whole);
    for (const line of whole) {
      expect(line.length).toBeLessThanOrEqual(4096 + 64);
      expect(line).not.toMatch(/[\0-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]/u);
      expect(line.trimStart().startsWith('::')).toBe(false);
      expect(line).not.toContain('##[');
    }
    expect(log([whole.map((line) => `${line}\n`).join('')])).toEqual(whole);
  },
  3000,
);

fuzz(
  'terminal: nothing but text, and colours where they are wanted',
  fc.tuple(PRINTED, sizes, fc.boolean()),
  ([bytes, at, colours]) => {
    const whole = forTerminal(bytes.toString(), { colours });
    const sanitiser = new TerminalSanitiser({ colours });
    expect(
      texts(bytes, at)
        .map((piece) => sanitiser.push(piece))
        .join('') + sanitiser.flush(),
    ).toBe(whole);
    const rest = colours ? whole.replace(/\x1b\[[0-9;:]*m/g, '') : whole;
    expect(rest).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  },
  3000,
);

const SECRET = 'tok+k3n/&"with=odd';
const SECRETS = [
  { name: 'ONE', value: SECRET },
  { name: 'LINES', value: 'first line of it\nsecond line of it' },
];
const FORMS = SECRETS.flatMap(({ value }) => secretForms(value));
const leaky = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FORMS),
      fc.tuple(fc.constantFrom(...FORMS), fc.nat(12)).map(([form, n]) => form.subarray(0, n)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    ),
    { maxLength: 20 },
  )
  .map((parts) => Buffer.concat(parts));

fuzz('redactor: the same however the stream is cut, no form remains, the rest is as it was', fc.tuple(leaky, sizes), ([bytes, at]) => {
  const redact = (pieces: readonly Buffer[]): Buffer => {
    const redactor = new Redactor(SECRETS);
    // The caller's memory is used again after each call.
    return Buffer.concat([...pieces.map((piece) => Buffer.from(redactor.push(Buffer.from(piece)))), redactor.flush()]);
  };
  const whole = redact([bytes]);
  expect(redact(cut(bytes, at)).equals(whole)).toBe(true);
  for (const part of whole.toString('latin1').split(/\[redacted (?:ONE|LINES)\]/))
    for (const form of FORMS) expect(part.includes(form.toString('latin1'))).toBe(false);
  if (!FORMS.some((form) => bytes.includes(form))) expect(whole.equals(bytes)).toBe(true);
});

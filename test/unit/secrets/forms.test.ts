import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MIN_FORM, refuseShort, secretForms, tooShort } from '../../../src/secrets/forms.ts';

const TOKEN = 'sk-Live_9f8e7d6c5b4a';
const texts = (value: string) => secretForms(value).map((form) => form.toString());
/** Whether a form stands in what a program printed. */
const found = (value: string, printed: string | Buffer) => secretForms(value).some((form) => Buffer.from(printed).includes(form));

describe('secretForms', () => {
  test('the value comes first, nothing is short or there twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: MIN_FORM, maxLength: 200 }), (value) => {
        const forms = secretForms(value).map((form) => form.toString('hex'));
        expect(forms[0]).toBe(Buffer.from(value.toWellFormed()).toString('hex'));
        expect(new Set(forms).size).toBe(forms.length);
        expect(forms.every((form) => form.length >= 2 * MIN_FORM)).toBe(true);
      }),
    );
  });

  test('finds base64 of the value between any neighbours, in both alphabets', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 9 }),
        fc.string({ unit: 'grapheme', minLength: 6 }),
        fc.uint8Array({ maxLength: 9 }),
        (before, value, after) => {
          fc.pre(Buffer.byteLength(value.trim()) >= 6);
          const bytes = Buffer.concat([before, Buffer.from(value), after]);
          expect(found(value, bytes.toString('base64'))).toBe(true);
          expect(found(value, bytes.toString('base64url'))).toBe(true);
        },
      ),
    );
  });

  test('leaves nothing of base64 that ends with the value, padding included', () => {
    for (const before of ['', 'x', 'xy', 'x-access-token:']) {
      const printed = Buffer.from(before + TOKEN).toString('base64');
      const form = secretForms(TOKEN)
        .map(String)
        .find((text) => text.length > 8 && printed.endsWith(text));
      expect(printed.length - (form ?? '').length).toBe(Math.ceil((before.length * 8) / 6));
    }
  });

  test.each([
    ['base64', ['base64'], TOKEN.repeat(9)],
    ['base64 of a key', ['base64', '-w64'], `-----BEGIN KEY-----\n${'Zm9vYmFy+/09'.repeat(40)}\n`],
    ['xxd -p', ['od', '-An', '-tx1', '-v', '-w30'], TOKEN.repeat(4)],
  ])('finds every line of what %s prints', (name, [file = '', ...args], value) => {
    const printed = execFileSync(file, args, { input: value, encoding: 'utf8' });
    const lines = (name === 'xxd -p' ? printed.replaceAll(' ', '') : printed).trim().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.filter((line) => line.length >= 20 && !found(value, line))).toEqual([]);
  });

  test.each([
    ['hex', TOKEN, Buffer.from(TOKEN).toString('hex')],
    ['HEX', TOKEN, Buffer.from(TOKEN).toString('hex').toUpperCase()],
    ['reversed', TOKEN, [...TOKEN].reverse().join('')],
    ['every byte percent-encoded', 'päss-w', '%70%C3%A4%73%73%2D%77'],
    ['every byte percent-encoded, lower case', 'päss-w', '%70%c3%a4%73%73%2d%77'],
    ['encodeURIComponent', 'a b/c+d=e', encodeURIComponent('a b/c+d=e')],
    ['a form', 'a b/c(d)e', new URLSearchParams({ k: 'a b/c(d)e' }).toString()],
    ['JSON', 'say "hi"\nnow', JSON.stringify({ text: 'say "hi"\nnow' })],
    ['JSON in JSON', 'say "hi"\nnow', JSON.stringify(JSON.stringify({ text: 'say "hi"\nnow' }))],
    ['ASCII JSON', 'pässwörd', '"p\\u00e4ssw\\u00f6rd"'],
    ['HTML-safe JSON', 'a<b>c&d', '"a\\u003cb\\u003ec\\u0026d"'],
    ['export -p', 'a"b$c`d\\e', 'declare -x K="a\\"b\\$c\\`d\\\\e"'],
    ['set -x', "it's-mine", "+ curl 'it'\\''s-mine'"],
    ['a terminal', 'ab\ncd\nef', 'ab\r\ncd\r\nef'],
    ['white space lost at the ends', `${TOKEN}\n`, Buffer.from(TOKEN).toString('base64')],
  ])('finds %s', (_, value, printed) => {
    expect(found(value, printed)).toBe(true);
  });

  test('takes the lines of a key one by one, but not its armour', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n  hkiG9w0BAQEFAASC\r\nabc\n-----END PRIVATE KEY-----\n';
    const forms = texts(key);
    expect(forms).toContain('MIIEvQIBADANBgkq');
    expect(forms).toContain('hkiG9w0BAQEFAASC');
    expect(forms).not.toContain('abc');
    expect(found(key, '-----BEGIN PRIVATE KEY-----\nother\n-----END PRIVATE KEY-----')).toBe(false);
  });

  test('takes lines of a key that stands in JSON', () => {
    expect(texts(JSON.stringify({ private_key: 'MIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n' }))).toContain('hkiG9w0BAQEFAASC');
  });

  test('a lone surrogate is what the encoder makes of it', () => {
    expect(found('abc\ud800defgh', 'abc\ufffddefgh')).toBe(true);
  });
});

describe('refuseShort', () => {
  test.each([
    ['12345', 'fewer than 6 bytes'],
    ['  ab  \n', 'fewer than 6 bytes'],
    ['Password', 'common word'],
    ['------------', 'different characters'],
  ])('refuses %j', (value, why) => {
    expect(tooShort(value)).toContain(why);
  });

  test('names the secret and its place, never the value', () => {
    const place = { file: 'policy.yml', line: 3, column: 2 };
    const problems = refuseShort([
      { name: 'GOOD', value: TOKEN },
      { name: 'BAD', value: 'zq7', place },
      { name: 'WORD', value: 'changeme' },
    ]);
    expect(problems.map((problem) => problem.place)).toEqual([place, null]);
    expect(problems[0]?.message).toBe('the value of BAD cannot be kept out of the record: it has fewer than 6 bytes');
    expect(JSON.stringify(problems)).not.toMatch(/zq7|changeme/);
  });
});

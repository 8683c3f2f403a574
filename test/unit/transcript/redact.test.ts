import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretForms } from '../../../src/secrets/forms.ts';
import { Matcher } from '../../../src/secrets/matcher.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { cpuTime } from '../../support/cpu.ts';

type Secret = { readonly name: string; readonly value: string };
const A: Secret = { name: 'A', value: 'sk-alpha-0123456789' };
const B: Secret = { name: 'B', value: '6789-beta-zyxwv' };

function redact(secrets: readonly Secret[], chunks: readonly Buffer[]): { text: Buffer; counts: Record<string, number> } {
  const redactor = new Redactor(secrets);
  // Copies that are wiped after use: nothing may keep a view of a chunk.
  const pieces = chunks.map((chunk) => {
    const mine = Buffer.from(chunk);
    const piece = Buffer.from(redactor.push(mine));
    mine.fill(0);
    return piece;
  });
  const text = Buffer.concat([...pieces, redactor.flush()]);
  return { text, counts: Object.fromEntries(redactor.counts) };
}
const whole = (secrets: readonly Secret[], text: string) => redact(secrets, [Buffer.from(text)]);

/** The same, the slow way: the longest form at every byte; where they overlap, all their bytes go. */
function reference(secrets: readonly Secret[], text: Buffer): { text: Buffer; counts: Record<string, number> } {
  const counts = Object.fromEntries(secrets.map(({ name }) => [name, 0]));
  const owners = new Map<string, string>();
  for (const { name, value } of secrets) {
    for (const form of secretForms(value)) if (!owners.has(form.toString('latin1'))) owners.set(form.toString('latin1'), name);
  }
  const forms = [...owners]
    .map(([form, name]) => ({ form: Buffer.from(form, 'latin1'), name }))
    .sort((a, b) => b.form.length - a.form.length);
  const out: Buffer[] = [];
  let end = 0;
  let region = new Set<string>();
  for (let at = 0; at < text.length; at += 1) {
    const match = forms.find(({ form }) => text.subarray(at, at + form.length).equals(form));
    if (at >= end) region = new Set();
    if (match !== undefined && at + match.form.length > end) {
      if (!region.has(match.name)) {
        out.push(Buffer.from(`[redacted ${match.name}]`));
        counts[match.name] = (counts[match.name] ?? 0) + 1;
      }
      region.add(match.name);
      end = at + match.form.length;
    }
    if (at >= end) out.push(text.subarray(at, at + 1));
  }
  return { text: Buffer.concat(out), counts };
}

/** Few letters, so that values overlap with themselves and with each other. */
const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 6, maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '+', ' ', 'é', '\n'), minLength: 6, maxLength: 10 }),
);
const secrets = fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => values.map((v, i) => ({ name: `S${i}`, value: v })));
const scene = secrets.chain((list) => {
  const forms = list.flatMap((secret) => secretForms(secret.value));
  fc.pre(forms.length > 0);
  const part = fc.oneof(
    fc.constantFrom(...forms),
    fc.tuple(fc.constantFrom(...forms), fc.nat(9)).map(([form, cut]) => form.subarray(0, cut)),
    fc.tuple(fc.constantFrom(...forms), fc.nat(9)).map(([form, cut]) => form.subarray(cut)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 24 }).map((text) => Buffer.from(text)),
  );
  return fc.record({ list: fc.constant(list), text: fc.array(part, { maxLength: 12 }).map((parts) => Buffer.concat(parts)) });
});

function cut(text: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, text.length]) {
    chunks.push(text.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

describe('Redactor', () => {
  test('however a stream is cut, the result is that of the whole, which is that of the slow way', () => {
    fc.assert(
      fc.property(scene, fc.array(fc.nat(7), { maxLength: 60 }), ({ list, text }, sizes) => {
        const expected = reference(list, text);
        for (const chunks of [
          [text],
          cut(text, sizes),
          cut(
            text,
            Array.from(text, () => 1),
          ),
        ]) {
          const seen = redact(list, chunks);
          expect(seen.text.toString('latin1')).toBe(expected.text.toString('latin1'));
          expect(seen.counts).toEqual(expected.counts);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('no form of any secret remains', () => {
    fc.assert(
      fc.property(scene, fc.array(fc.nat(7), { maxLength: 60 }), ({ list, text }, sizes) => {
        const { text: redacted } = redact(list, cut(text, sizes));
        const parts = redacted.toString('latin1').split(/\[redacted S\d\]/);
        for (const form of list.flatMap((secret) => secretForms(secret.value))) {
          expect(parts.filter((part) => part.includes(form.toString('latin1')))).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('whatever holds no form passes byte for byte, NUL and invalid UTF-8 included', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (chunks) => {
        const buffers = chunks.map((chunk) => Buffer.from(chunk));
        expect(redact([A, B], buffers).text.equals(Buffer.concat(buffers))).toBe(true);
      }),
    );
  });

  test('replaces and counts', () => {
    const { text, counts } = whole([A, B], `x ${A.value} y ${Buffer.from(B.value).toString('hex')}${A.value}${A.value}`);
    expect(text.toString()).toBe('x [redacted A] y [redacted B][redacted A][redacted A]');
    expect(counts).toEqual({ A: 3, B: 1 });
  });

  test('overlapping forms leave no remainder', () => {
    expect(whole([A, B], 'sk-alpha-0123456789-beta-zyxwv!').text.toString()).toBe('[redacted A][redacted B]!');
    const next = [
      { name: 'X', value: 'abcdefg' },
      { name: 'Y', value: 'bcdefgh' },
    ];
    expect(whole(next, 'abcdefgh!').text.toString()).toBe('[redacted X][redacted Y]!');
    expect(whole([{ name: 'R', value: 'aaaaaa' }], 'aaaaaaaaaaaaab').text.toString()).toBe('[redacted R]b');
  });

  test('the longest form counts', () => {
    const long = { name: 'LONG', value: `${A.value}-and-more` };
    expect(whole([A, long], `${long.value} ${A.value}`).text.toString()).toBe('[redacted LONG] [redacted A]');
  });

  test('holds back no more than what may become a form, for as long as it may', () => {
    const redactor = new Redactor([A]);
    expect(redactor.push(Buffer.from('prompt> sk-al')).toString()).toBe('prompt> ');
    expect(redactor.push(Buffer.alloc(0)).toString()).toBe('');
    expect(redactor.push(Buffer.from('pha-0123456789 sk')).toString()).toBe('[redacted A] ');
    expect(redactor.push(Buffer.from('y')).toString()).toBe('sky');
    expect(redactor.push(Buffer.from('sk-')).toString()).toBe('');
    expect(redactor.flush().toString()).toBe('sk-');
    expect(redactor.push(Buffer.from('alpha')).toString()).toBe('alpha');
  });

  test('without secrets, and without matches, a chunk is handed back as it is', () => {
    const chunk = Buffer.from('no secret in here.');
    expect(new Redactor([]).push(chunk)).toBe(chunk);
    expect(new Redactor([{ name: 'SHORT', value: 'abc' }]).push(chunk)).toBe(chunk);
    expect(new Redactor([A]).push(chunk)).toBe(chunk);
  });

  test('a value that two names share goes to the first', () => {
    const redactor = new Redactor([A, { name: 'SAME', value: A.value }]);
    expect(redactor.redactText(A.value)).toBe('[redacted A]');
    expect([...redactor.counts]).toEqual([
      ['A', 1],
      ['SAME', 0],
    ]);
  });

  test('a label holds no form, and no character with a meaning', () => {
    expect(new Redactor([{ name: 'MY_OWN_NAME', value: 'MY_OWN_NAME' }]).redactText('=MY_OWN_NAME')).toBe('=[redacted]');
    expect(new Redactor([{ name: 'N', value: 'redacted' }]).redactText('redacted!')).toBe('***!');
    expect(new Redactor([{ name: 'a"b|<c>', value: A.value }]).redactText(A.value)).toBe('[redacted a_b__c_]');
  });

  test('a text is redacted apart from the stream, and counted', () => {
    const redactor = new Redactor([A]);
    redactor.push(Buffer.from('sk-al'));
    expect(redactor.redactText(`step ${A.value}`)).toBe('step [redacted A]');
    expect(redactor.redactText('pha-0123456789')).toBe('pha-0123456789');
    expect(redactor.redactText('lone \ud800')).toBe('lone \ud800');
    expect(redactor.push(Buffer.from('pha-0123456789')).toString()).toBe('[redacted A]');
    expect(redactor.counts.get('A')).toBe(2);
  });

  test('JSON stays JSON, also where a form begins in the middle of an escape', () => {
    const redactor = new Redactor([{ name: 'N', value: 'n0123456' }]);
    const value = { [`key n0123456`]: ['\n0123456', 'xn0123456', 7, null, true, { deep: 'n0123456' }] };
    expect(redactor.redactJson(value)).toEqual({
      'key [redacted N]': ['\n0123456', 'x[redacted N]', 7, null, true, { deep: '[redacted N]' }],
    });
  });

  test('a megabyte that could always become a form takes no quadratic time', () => {
    const redactor = new Redactor([{ name: 'A', value: `${'ab'.repeat(40)}!` }]);
    const start = cpuTime();
    for (let i = 0; i < 16; i += 1) redactor.push(Buffer.alloc(1 << 16, 'ab'));
    expect(cpuTime() - start).toBeLessThan(2000);
    expect(redactor.flush().length).toBeLessThan(81);
  });
});

describe('Matcher', () => {
  test('refuses patterns that its table cannot hold', () => {
    expect(() => new Matcher([{ bytes: Buffer.from('ab'), owner: 0 }])).toThrow('fewer than 3 bytes');
  });

  test('finds patterns longer than a byte can count', () => {
    const bytes = Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 7 + (i >> 8)) & 255));
    const matcher = new Matcher([{ bytes, owner: 3 }]);
    const data = Buffer.concat([Buffer.alloc(1000), bytes, Buffer.alloc(5)]);
    expect(matcher.next(data, 0, true)).toEqual({ at: 1000, pattern: { bytes, owner: 3 } });
    expect(matcher.next(data, 1001, true)).toBeNull();
    expect(matcher.next(data.subarray(0, 1400), 0, false)).toEqual({ at: 1000, pattern: null });
    expect(matcher.next(data.subarray(0, 1400), 0, true)).toBeNull();
  });
});

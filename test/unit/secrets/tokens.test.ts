import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTokens } from '../../../src/secrets/tokens.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { cpuTime } from '../../support/cpu.ts';

/** Made here: what stands as a whole in a file would be reported by every scanner. */
const chars = (count: number, of = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z'): string => of.repeat(Math.ceil(count / of.length)).slice(0, count);
const UPPER = 'ABCD2EFG3HIJ4KLM5NOP6';
const TOKENS: readonly (readonly [string, string])[] = [
  ...['p', 'o', 'u', 's', 'r'].map((kind) => ['github-token', `gh${kind}_${chars(36)}`] as const),
  ['github-token', `github_pat_${chars(22)}_${chars(59)}`],
  ['gitlab-token', `glpat-${chars(20)}`],
  ['npm-token', `npm_${chars(36)}`],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${chars(120)}`],
  ['anthropic-key', `sk-ant-api03-${chars(93)}-${chars(8)}`],
  ['openai-key', `sk-proj-${chars(120)}`],
  ['google-key', `AIza${chars(35)}`],
  ['aws-key', `AKIA${chars(16, UPPER)}`],
  ['aws-key', `ASIA${chars(16, UPPER)}`],
  ['slack-token', `xoxb-123456789012-123456789012-${chars(24)}`],
  ['stripe-key', `sk_live_${chars(24)}`],
  ['huggingface-token', `hf_${chars(34)}`],
  ['docker-token', `dckr_pat_${chars(27)}`],
  ...(['pkcs1', 'pkcs8'] as const).map((type) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 4096 });
    return ['private-key', privateKey.export({ type, format: 'pem' }).toString().trim()] as const;
  }),
];

function redact(chunks: readonly string[]): { text: string; counts: Record<string, number> } {
  const redactor = new Redactor([{ name: 'KNOWN', value: 'kappa-4711-omega' }], true);
  const pieces = chunks.map((chunk) => {
    const mine = Buffer.from(chunk, 'latin1');
    const piece = Buffer.from(redactor.push(mine));
    mine.fill(0);
    return piece;
  });
  const text = Buffer.concat([...pieces, redactor.flush()]).toString('latin1');
  return { text, counts: Object.fromEntries(redactor.counts) };
}

describe('well-known tokens', () => {
  test.each(TOKENS)('%s is found between other text', (name, token) => {
    for (const [before, after] of [
      ['', ''],
      ['key=', '\n'],
      ['"', '"'],
      ['x: ', ' y'],
    ] as const) {
      const found = findTokens(`${before}${token}${after}`, true).tokens;
      expect(found).toEqual([{ at: before.length, length: token.length, name }]);
    }
    expect(new Redactor([], true).redactText(`é ${token} é`)).toBe(`é [redacted ${name}] é`);
  });

  test('a private key in JSON is one too', () => {
    const [, key = ''] = TOKENS.at(-1) ?? [];
    expect(new Redactor([], true).redactText(JSON.stringify({ key }))).toBe('{"key":"[redacted private-key]"}');
  });

  test.each([
    ['in the middle of a word', `x${`ghp_${chars(36)}`}`],
    ['too short', `ghp_${chars(35)}`],
    ['too long for a fixed length', `npm_${chars(37)}`],
    ['of a documentation', 'AKIAIOSFODNN7EXAMPLE'],
    ['of one character', `ghp_${'x'.repeat(36)}`],
    ['a public key', `-----BEGIN PUBLIC KEY-----\n${chars(200)}\n-----END PUBLIC KEY-----`],
    ['a name', 'npm_config_registry=https://example.com sk-learn hf_hub AIza xoxb- gho_'],
    ['a digest', chars(64, '0123456789abcdef')],
  ])('%s is none', (_, text) => {
    expect(findTokens(text, true).tokens).toEqual([]);
    expect(redact([text]).text).toBe(text);
  });

  test.each(TOKENS)('%s is found wherever the stream is cut', (name, token) => {
    const text = `before ${token}\nafter kappa-4711-omega`;
    const whole = redact([text]);
    expect(whole).toEqual({ text: `before [redacted ${name}]\nafter [redacted KNOWN]`, counts: { KNOWN: 1, [name]: 1 } });
    const step = Math.max(1, Math.floor(text.length / 200));
    for (let at = 1; at < text.length; at += step) expect(redact([text.slice(0, at), text.slice(at)]), `cut at ${at}`).toEqual(whole);
    expect(redact([...text])).toEqual(whole);
  });

  test('any text, cut anywhere: the same as in one piece', () => {
    const part = fc.oneof(
      fc.constantFrom(...TOKENS.slice(0, -2).map(([, token]) => token), '-----BEGIN RSA PRIVATE KEY-----', '-----END RSA PRIVATE KEY-----'),
      fc.constantFrom('ghp_', 'github_', 'sk-', 'sk-ant-', 'AKI', '-----BEGIN ', 'PRIVATE KEY', '-----', '\n', ' ', 'a', chars(50)),
      fc.string({ unit: 'binary-ascii', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.nat(400), { maxLength: 8 }), (parts, cuts) => {
        const text = parts.join('');
        const at = [0, ...new Set(cuts.filter((cut) => cut < text.length))].sort((a, b) => a - b);
        const pieces = at.map((from, index) => text.slice(from, at[index + 1]));
        expect(redact(pieces)).toEqual(redact([text]));
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing is held back but what may become one', () => {
    for (const text of ['plain text.\n', 'a sentence with digits 123\n', `${chars(1000)}\n`, '-----\n'])
      expect(findTokens(text, false).stop).toBe(text.length);
    expect(findTokens('say gh', false).stop).toBe(4);
    expect(findTokens(`say ghp_${chars(10)}`, false).stop).toBe(4);
    expect(findTokens('say -----BEGIN RSA', false).stop).toBe(4);
  });

  test.each([
    ['beginnings of armour', '-----BEGIN PRIVATE KEY-----'.repeat(40_000)],
    ['armour without end', `-----BEGIN PRIVATE KEY-----\n${`${chars(64)}\n`.repeat(16_000)}`],
    ['words of armour', `-----BEGIN ${'A '.repeat(500_000)}`],
    ['beginnings of keys', 'sk-ant-'.repeat(150_000)],
    ['one long word', 'g'.repeat(1 << 20)],
  ])('a megabyte of %s takes no time worth a name', (_, text) => {
    const began = cpuTime();
    const pieces = Array.from({ length: Math.ceil(text.length / 65_536) }, (_unused, at) => text.slice(at * 65_536, (at + 1) * 65_536));
    expect(redact(pieces).text.length).toBeGreaterThan(0);
    expect(cpuTime() - began).toBeLessThan(10_000);
  });
});

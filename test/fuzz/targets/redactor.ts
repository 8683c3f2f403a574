import assert from 'node:assert/strict';
import { secretForms } from '../../../src/secrets/forms.ts';
import { findTokens } from '../../../src/secrets/tokens.ts';
import { Redactor } from '../../../src/transcript/redact.ts';
import { cut } from '../say.ts';
import type { Target } from '../target.ts';

const SECRETS = [
  { name: 'ONE', value: 'tok+k3n/&"with=odd' },
  { name: 'LINES', value: 'first line of it\nsecond line of it' },
  { name: 'NEAR', value: 'k3n/&"with=oddity' },
  { name: 'AGAIN', value: 'abcabcabcd' },
];
const FORMS = SECRETS.flatMap(({ value }) => secretForms(value));
const NAMES = 'ONE LINES NEAR AGAIN github-token npm-token aws-key private-key openai-key anthropic-key'.split(' ');
const LABEL = new RegExp(`\\[redacted (?:${NAMES.join('|')})\\]`);
const TOKENS = [
  `ghp_${'aB3dE6gH9kL2'.repeat(3)}`, `npm_${'aB3dE6gH9kL2'.repeat(3)}`, 'AKIAABCDEFGHIJKLMNOP', `sk-proj-${'aB3dE6gH9k_2'.repeat(4)}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu3aumS\n'.repeat(2)}-----END RSA PRIVATE KEY-----`,
]; // biome-ignore format: a list

function redacted(pieces: readonly Buffer[], formats: boolean): Buffer {
  const redactor = new Redactor(SECRETS, formats);
  // The caller's memory is used again after each call.
  const parts = pieces.map((piece) => {
    const mine = Buffer.from(piece);
    const part = Buffer.from(redactor.push(mine));
    mine.fill(0x2a);
    return part;
  });
  return Buffer.concat([...parts, redactor.flush()]);
}

/** What must not be shown: the same however the stream is cut, nothing of it remains, and the rest is as it was. */
export const target: Target = {
  seeds: [
    `it is ${SECRETS[0]?.value} and ${Buffer.from(SECRETS[0]?.value ?? '').toString('base64')}\n`,
    ...TOKENS.map((token) => `x ${token} y`),
    `${SECRETS[1]?.value}\r\n${Buffer.from(SECRETS[3]?.value ?? '').toString('hex')} abcabcabcabcd`,
  ],
  words: [...FORMS, ...FORMS.map((form) => form.subarray(0, form.length - 1)), ...FORMS.map((form) => form.subarray(3)), ...TOKENS, 'ghp_', 'sk-', '-----BEGIN ', 'PRIVATE KEY-----', '-----END ', '[redacted ONE]', '\n'],
  perByte: 10,
  check(bytes) {
    for (const formats of [false, true]) {
      const whole = redacted([bytes], formats);
      assert.ok(redacted(cut(bytes), formats).equals(whole), 'differs by how it is cut');
      for (const part of whole.toString('latin1').split(LABEL)) for (const form of FORMS) assert.ok(!part.includes(form.toString('latin1')), `left: ${form.toString()}`);
      const known = FORMS.some((form) => bytes.includes(form));
      const tokens = findTokens(bytes.toString('latin1'), true).tokens.length > 0;
      if (!known && !(formats && tokens)) assert.ok(whole.equals(bytes), 'changed without a reason');
      if (!known && formats) assert.equal(findTokens(whole.toString('latin1'), true).tokens.length, 0, 'a token is left');
    }
  },
}; // biome-ignore format: lists

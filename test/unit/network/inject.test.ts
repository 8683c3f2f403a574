import { describe, expect, it } from 'vitest';
import type { Injection } from '../../../src/model/gateway.ts';
import { swap } from '../../../src/network/inject.ts';
import { Scrubber } from '../../../src/network/scrub.ts';

const SECRET: Injection = {
  name: 'KEY',
  hosts: ['a.com'],
  methods: ['POST'],
  paths: ['/v1/*'],
  placeholder: 'ph-KEY-1',
  value: 'sk-r$&al-123',
};
const OTHER: Injection = { name: 'TWO', hosts: ['a.com'], methods: [], paths: [], placeholder: 'ph-TWO-1', value: 'other-real-456' };
const REQUEST = { method: 'POST', path: '/v1/x', query: '' };
const put = (headers: [string, string][], request = REQUEST) => swap(headers, [SECRET, OTHER], request);
const basic = (text: string): string => `Basic ${Buffer.from(text, 'latin1').toString('base64')}`;

describe('swap', () => {
  it.each([
    ['x-api-key', 'ph-KEY-1', 'sk-r$&al-123'],
    ['Authorization', 'Bearer ph-KEY-1', 'Bearer sk-r$&al-123'],
    ['authorization', 'token ph-TWO-1', 'token other-real-456'],
    ['X-Whatever', 'a ph-KEY-1 b ph-KEY-1', 'a sk-r$&al-123 b sk-r$&al-123'],
    ['Authorization', basic('user:ph-KEY-1'), basic('user:sk-r$&al-123')],
    ['Authorization', basic('ph-KEY-1:'), basic('sk-r$&al-123:')],
  ])('puts the secret into %s: %s', (name, value, expected) => {
    expect(
      put([
        ['Accept', '*/*'],
        [name, value],
      ]),
    ).toMatchObject({
      headers: [
        ['Accept', '*/*'],
        [name, expected],
      ],
    });
  });
  it('says whose it was, and leaves alone what asks for none', () => {
    expect(put([['x-api-key', 'ph-TWO-1']])).toMatchObject({ secret: 'TWO' });
    const headers: [string, string][] = [
      ['x-goog-api-client', 'google-genai-sdk/1.0 gl-node/24'],
      ['Content-Type', 'text/plain'],
      ['anthropic-version', '1'],
    ];
    expect(put(headers)).toEqual({ headers, secret: null });
  });
  it.each([
    ['Authorization', 'Bearer mine'],
    ['Authorization', basic('user:mine')],
    ['x-api-key', 'sk-mine'],
    ['Api-Key', ''],
    ['Cookie', 'session=1'],
    ['X-Goog-Api-Key', 'mine'],
    ['X-Amz-Security-Token', 'mine'],
    ['PRIVATE-TOKEN', 'mine'],
  ])('refuses %s: %s', (name, value) => {
    expect(
      put([
        ['x-api-key', 'ph-KEY-1'],
        [name, value],
      ]),
    ).toEqual({
      refused: `the header ${name} holds something else than the placeholder of a secret`,
    });
  });
  it('refuses a credential in the address, and a use that the policy does not name', () => {
    for (const query of ['?key=mine', '?a=1&access_token=ph-KEY-1', '?api_key=x'])
      expect(put([], { ...REQUEST, query })).toMatchObject({ refused: expect.stringContaining('the address holds a credential') });
    expect(put([], { ...REQUEST, query: '?alt=sse&monkey=1' })).toMatchObject({ secret: null });
    expect(put([['x-api-key', 'ph-KEY-1']], { ...REQUEST, method: 'GET' })).toEqual({ refused: 'the secret KEY is not for GET /v1/x' });
    expect(put([['x-api-key', 'ph-KEY-1']], { ...REQUEST, path: '/v2/x' })).toEqual({ refused: 'the secret KEY is not for POST /v2/x' });
  });
  it('refuses a secret that no header can hold', () => {
    const lines = { ...OTHER, value: 'two\nlines' };
    expect(swap([['x-api-key', 'ph-TWO-1']], [lines], REQUEST)).toMatchObject({ refused: expect.stringContaining('more than one line') });
  });
});

describe('what a server answers', () => {
  const scrub = async (chunks: readonly string[]): Promise<string[]> => {
    const stream = new Scrubber([SECRET]).stream();
    const out: string[] = [];
    stream.on('data', (chunk: Buffer) => out.push(chunk.toString('latin1')));
    for (const chunk of chunks) await new Promise((done) => stream.write(Buffer.from(chunk), done));
    await new Promise((done) => stream.end(done));
    return out;
  };
  it('loses the secret in every form, at every border, and keeps its length', async () => {
    const hex = Buffer.from(SECRET.value).toString('hex');
    for (const form of [SECRET.value, hex, Buffer.from(SECRET.value).toString('base64').replace(/=+$/, '')]) {
      for (let cut = 0; cut <= form.length; cut += 1) {
        const out = await scrub([`<${form.slice(0, cut)}`, `${form.slice(cut)}>`]);
        expect(out.join('')).toBe(`<${'*'.repeat(form.length)}>`);
      }
    }
  });
  it('is passed on at once where no secret can begin in it', async () => {
    expect(await scrub(['data: one\n\n', 'data: two\n\n'])).toEqual(['data: one\n\n', 'data: two\n\n']);
    expect(await scrub(['x s', 'k-r$'])).toEqual(['x ', 'sk-r$']);
  });
  it('loses it in headers too', () => {
    expect(new Scrubber([SECRET]).text(`Bearer ${SECRET.value}`)).toBe(`Bearer ${'*'.repeat(SECRET.value.length)}`);
  });
});

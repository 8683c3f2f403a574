import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/policy/digest.ts';
import { defaultPolicy, parsePolicy } from '../../../src/policy/parse.ts';

const digestOf = (text: string): string => parsePolicy(text, 'p.yml').digest;

describe('the digest', () => {
  it.each([
    ['layout', 'network: [npm]\nlimits: { time: 1m }', '# why\n\nlimits:\n  time: "60s"\nnetwork:\n  - npm\n'],
    ['what is the default anyway', 'limits: { idle: off, processes: 1024 }', 'version: 1'],
    ['a short form', 'network: [a.com]\nmounts: [/a]', 'network: { allow: [a.com] }\nmounts: [{ source: /a, target: /a }]'],
    [
      'what a preset stands for',
      'network: [npm]',
      'network: [{ host: registry.npmjs.org, methods: [GET, HEAD], tls: named }, { host: registry.npmjs.org, methods: [POST], paths: [/-/npm/v1/security/*], tls: named }]',
    ],
    ['the file', 'env: { A: a, B: b }', 'env: { B: b, A: a }'],
  ])('does not change with %s', (_, a, b) => {
    expect(digestOf(a)).toBe(digestOf(b));
  });
  it.each([
    'workspace: read-only',
    'network: [npm]',
    'env: { A: a }',
    'env: { place: a }',
    'limits: { memory: 1GiB }',
    'mounts: [/a]',
    'secrets: { A: expose }',
    'setup: { network: [npm] }',
    'guards: { network: { denied: fail } }',
    'result: { schema: {} }',
    'result: { schema: { place: 1 } }',
    'network: { observe: true }',
    'network: { services: { a: 1 } }',
    'jail: { backend: nspawn }',
    'limits: { files: 1 }',
    'pass-env: [A]',
  ])('changes with %s', (text) => {
    expect(digestOf(text)).not.toBe(defaultPolicy().digest);
  });
  it('tells all of these apart', () => {
    const all = [
      'result: { schema: {} }',
      'result: { schema: { place: 1 } }',
      'result: { schema: { place: 2 } }',
      'env: { place: a }',
      'env: { place: b }',
    ];
    expect(new Set(all.map(digestOf)).size).toBe(all.length);
  });
  it('is this one: a change of it changes what every record says', () => {
    expect(defaultPolicy().digest).toBe('fddfffb1ce61ce7d1922417e97d784d70b946f0a72894ff674befedaf7f2df48');
  });
});

describe('canonicalJson', () => {
  it('is JSON of the same data, whatever the order of the keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const text = canonicalJson(data);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(data)));
        expect(canonicalJson(reversed(data))).toBe(text);
      }),
    );
  });
});

function reversed(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(reversed);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data)
      .reverse()
      .map(([key, value]) => [key, reversed(value)]),
  );
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '../../../src/model/hosts.ts';
import { urlPath } from '../../../src/policy/rules.ts';
import { parseHostName, parseHosts } from '../../../src/policy/hosts.ts';
import { PRESET_NAMES, presetHosts, presetRules, presetWritable } from '../../../src/policy/presets.ts';

describe('presets', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/network.md'), 'utf8');
  it.each(PRESET_NAMES)('%s is in the table of the page', (name) => {
    const row = new RegExp(`^\\| \`${name}\` \\| (.*) \\| (.*) \\| (yes|no) \\|$`, 'm').exec(page);
    expect(row?.[1]?.split(/[,;] /)).toEqual(presetHosts(name));
    expect(row?.[3]).toBe(presetWritable(name) ? 'yes' : 'no');
  });
});

describe('parseHosts', () => {
  it.each([
    ['api.example.com', ['api.example.com']],
    ['API.Example.COM.', ['api.example.com']],
    ['*.example.com', ['*.example.com']],
    ['.example.com', ['.example.com']],
    ['bücher.example', ['xn--bcher-kva.example']],
    ['*.BÜCHER.example', ['*.xn--bcher-kva.example']],
    ['1.1.1.1/32', ['1.1.1.1/32']],
    ['npm', ['registry.npmjs.org']],
    ['pypi', ['pypi.org', 'files.pythonhosted.org']],
  ])('reads %s', (text, patterns) => {
    expect(parseHosts(text)).toEqual(patterns);
  });

  it.each([
    ['*', /every host/],
    ['.', /every host/],
    ['*.', /every host/],
    ['api.*.com', /only at the front/],
    ['api*.com', /only at the front/],
    ['*.*.com', /only at the front/],
    ['..com', /not a host name/],
    ['a..b', /not a host name/],
    ['-a.com', /not a host name/],
    ['a_b.com', /not a host name/],
    ['a b.com', /not a host name/],
    ['a.com\0.org', /not a host name/],
    ['%61.com', /not a host name/],
    ['%bü.com', /not a host name/],
    [`${'a'.repeat(64)}.com`, /not a host name/],
    [`${'a.'.repeat(127)}com`, /not a host name/],
    ['', /not a host name/],
    ['https://a.com', /without scheme and path/],
    ['a.com/v1', /without scheme and path/],
    ['a.com:8080', /\{ host: a\.com, ports: \[8080\] \}/],
    ['localhost', /neither a host \(no dot\) nor a preset/],
    ['nmp', /did you mean `npm`/],
    ['constructor', /nor a preset/],
    ['Npm', /at least one dot/],
    ['1.1.1.1', /write it as 1\.1\.1\.1\/32/],
    ['1.1.1.0/24', /range/],
    ['0.0.0.0/0', /range/],
    ['01.1.1.1/32', /not an IPv4 address/],
    ['::1', /not an IPv4 address/],
    ['a.b/32', /not an IPv4 address/],
    ['127.1', /reads as an address/],
    ['0x7f.1', /reads as an address/],
    ['a.0x7f', /reads as an address/],
    ['１２７.0.0.1', /reads as an address/],
    ['*.0.0.1', /reads as an address/],
  ])('refuses %j', (text, message) => {
    expect(() => parseHosts(text)).toThrow(message);
  });

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
  ])('refuses %s, which is not public', (address) => {
    expect(() => parseHosts(`${address}/32`)).toThrow(/not a public address/);
  });
  it.each([
    '9.9.9.9',
    '100.63.0.1',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.1.0.1',
    '198.17.0.1',
    '198.20.0.1',
    '223.1.1.1',
    '168.63.129.17',
  ])('takes %s', (address) => {
    expect(parseHosts(`${address}/32`)).toEqual([`${address}/32`]);
  });

  it('gives patterns that read as themselves', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '.', '*', 'é', '/', '3', '2', ':'), maxLength: 12 }), (text) => {
        let patterns: readonly string[];
        try {
          patterns = parseHosts(text);
        } catch (error) {
          return error instanceof Error;
        }
        return patterns.every((pattern) => parseHosts(pattern).join() === pattern);
      }),
      { numRuns: 2000 },
    );
  });

  it('knows only presets of exact names', () => {
    expect(PRESET_NAMES).toHaveLength(10);
    for (const host of PRESET_NAMES.flatMap((name) => presetHosts(name) ?? [])) expect(parseHostName(host)).toBe(host);
    for (const name of PRESET_NAMES)
      expect(presetRules(name)?.every(({ paths }) => paths.every((path) => urlPath(path) === path))).toBe(true);
    expect([presetHosts('constructor'), presetRules('nothing')]).toEqual([null, null]);
  });
});

describe('covers', () => {
  it.each([
    ['a.com', 'a.com', true],
    ['a.com', 'b.a.com', false],
    ['*.a.com', 'b.a.com', true],
    ['*.a.com', 'c.b.a.com', true],
    ['*.a.com', 'a.com', false],
    ['*.a.com', 'ba.com', false],
    ['.a.com', 'a.com', true],
    ['.a.com', 'b.a.com', true],
    ['.a.com', 'ba.com', false],
    ['.a.com', 'a.com.evil.test', false],
  ])('%s, %s: %s', (pattern, name, expected) => {
    expect(covers(pattern, name)).toBe(expected);
  });
});

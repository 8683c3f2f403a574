import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { UserError } from '../../../src/model/errors.ts';
import { readYaml } from '../../../src/policy/yaml.ts';
import { lines } from './support.ts';

const read = (text: string) => readYaml(text, 'p.yml', '`version: 1`');

describe('readYaml', () => {
  it.each([
    ['an alias', 'a: &x 1\nb: *x', '2:4', 'aliases (`*x`) are not read'],
    ['an anchor', 'a: &x 1', '1:7', 'anchors (`&x`) are not read'],
    ['a merge key', '<<: { a: 1 }', '1:1', 'merge keys'],
    ['a merge key further in', 'a:\n  <<: { a: 1 }', '2:3', 'merge keys'],
    ['a known tag', 'a: !!str 1', '1:10', 'tags'],
    ['an unknown tag', 'a: !foo 1', '1:9', 'tags'],
    ['a binary', 'a: !!binary aGk=', '1:13', 'tags'],
    ['a key twice', 'a: 1\nb: 2\na: 3', '3:1', 'key "a" is there twice'],
    ['a key twice, quoted', 'a: 1\n"\\u0061": 3', '2:1', 'key "a" is there twice'],
    ['a second document', 'a: 1\n---\nb: 2', '2:1', 'there is a second YAML document'],
    ['a text behind the end', 'a: 1\n...\nb: 2', '3:1', 'there is a second YAML document'],
    ['a version directive', '%YAML 1.1\n---\na: yes', '1:1', 'directives'],
    ['a tag directive', '%TAG ! x:\n---\na: 1', '1:1', 'directives'],
    ['the prototype', '__proto__: { a: 1 }', '1:1', '"__proto__" cannot be used as a key'],
    ['the constructor', 'env:\n  constructor: x', '2:3', '"constructor" cannot be used as a key'],
    ['a map as a key', '? [a]\n: b', '1:3', 'keys must be strings'],
    ['not a number', 'a: .nan', '1:4', 'not a number that can be kept exactly'],
    ['a number too large', 'a: 99999999999999999999', '1:4', 'not a number that can be kept exactly'],
    ['half a character', 'a: "\\ud800"', '1:4', 'half of a surrogate pair'],
    ['a tab', 'a:\n\tb: 1', '2:1', 'not valid YAML'],
    ['something open', 'a: [1, 2', '1:9', 'not valid YAML'],
    ['no text', '', '1:1', 'p.yml is empty | Write `version: 1`'],
    ['a comment only', '# nothing\n', '1:1', 'p.yml is empty'],
    ['an end only', '...', '1:1', 'p.yml is empty'],
    ['null', '~', '1:1', 'p.yml is empty'],
    ['1 MiB and more', '#'.repeat((1 << 20) + 1), '1:1', 'larger than 1 MiB'],
    ['1 MiB and more in bytes', 'é'.repeat((1 << 19) + 1), '1:1', 'larger than 1 MiB'],
    ['what is nested deeply', '['.repeat(150) + ']'.repeat(150), '1:1', 'nested too deeply'],
    ['what is nested very deeply', '['.repeat(1 << 16) + ']'.repeat(1 << 16), '1:1', 'nested too deeply'],
    ['a bomb of aliases', 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]', '1:7', 'anchors'],
  ])('refuses %s', (_, text, where, message) => {
    const found = lines(() => read(text));
    expect(found.filter((line) => line.startsWith(`${where}: `) && line.includes(message))).not.toEqual([]);
  });

  it('names everything that is wrong at once', () => {
    expect(lines(() => read('a: &x 1\na: !!str 2\n<<: *x'))).toHaveLength(5);
  });

  it('takes many keys in a short time', () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n');
    expect(Object.keys(read(many).value as object)).toHaveLength(60_000);
  });

  it('reads YAML 1.2: yes and on are text, a byte order mark counts for nothing', () => {
    const source = read('\ufeffon: yes\n# é\n"1": [0x10, 1.5, ~, true]');
    expect(source.value).toEqual({ on: 'yes', '1': [16, 1.5, null, true] });
    expect(source.place(['on'])).toEqual({ file: 'p.yml', line: 1, column: 5 });
  });

  it('knows where keys and values stand', () => {
    const source = read('a:\n  b: [x, { c: 1 }]\n  d:\n');
    const at = (path: (string | number)[], part?: 'key' | 'value') => {
      const { line, column } = source.place(path, part);
      return `${line}:${column}`;
    };
    expect(at(['a', 'b'])).toBe('2:6');
    expect(at(['a', 'b'], 'key')).toBe('2:3');
    expect(at(['a', 'b', 1, 'c'])).toBe('2:15');
    expect(at(['a', 'd'])).toBe('3:3');
    expect(at(['a', 'none', 'deeper'])).toBe('2:3');
    expect(at([])).toBe('1:1');
  });

  it('gives back plain data as it was written', () => {
    const safe = fc.dictionary(fc.stringMatching(/^[a-z ]{1,8}$/), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 });
    fc.assert(
      fc.property(safe, (data) => {
        const text = stringify(data, { aliasDuplicateObjects: false });
        try {
          expect(JSON.stringify(read(text).value)).toBe(JSON.stringify(data));
        } catch (error) {
          // Half characters, too large numbers and the like are refused, never changed.
          if (!(error instanceof UserError)) throw error;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but a UserError, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&x',
      '*x',
      '!!t',
      '<<',
      '"',
      "'",
      '|',
      '>',
      '#',
      '---',
      '%',
      '\t',
      ',',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

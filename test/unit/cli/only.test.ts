import { describe, expect, it, test } from 'vitest';
import { Only } from '../../../src/cli/only.ts';
import { UserError } from '../../../src/model/errors.ts';
import { bytesOf } from '../record/fixture.ts';

const matching = (only: Only, ...paths: string[]): string[] => paths.filter((path) => only.matches(bytesOf(path)));

describe('only', () => {
  test('without a glob, everything', () => {
    expect(matching(Only.parse(' \n\n', '--only'), 'a', 'src/b')).toEqual(['a', 'src/b']);
  });

  test('globs as in a policy, one a line, case counts', () => {
    const only = Only.parse('src/**\r\n  *.md  \n!src/gen/**\n', '--only');
    expect(matching(only, 'src/a', 'SRC/a', 'README.md', 'docs/x.md', 'src/gen/x', 'a')).toEqual(['src/a', 'README.md', 'docs/x.md']);
    expect(only.unmatched()).toEqual([]);
  });

  test('what matches nothing is told', () => {
    const only = Only.parse('src/**\nsrcc/**\n!x', '--only');
    matching(only, 'src/a');
    expect(only.unmatched()).toEqual(['srcc/**']);
  });

  test('a path that is no UTF-8 is never asked for', () => {
    expect(Only.parse('**', '--only').matches(bytesOf(Buffer.from([0xff])))).toBe(false);
  });

  it.each([
    ['src/[ab', /has a `\[` without its `\]`/],
    ['x\\', /ends with a `\\`/],
    ['#x', /is a comment/],
    ['../x', /matches nothing/],
    ['a\u0001b', /control character/],
  ])('%j is wrong, and where is told', (glob, message) => {
    const error = ((): unknown => {
      try {
        return Only.parse(`src/**\n  ${glob}\n`, '--only');
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).problems).toMatchObject([
      { message: expect.stringMatching(message), place: { file: '--only', line: 2, column: 3 } },
    ]);
  });

  it.each(['a[bc]', '[!a]*', '[]]', 'a\\[b', '[a-z]/**'])('%j is fine', (glob) => expect(() => Only.parse(glob, '--only')).not.toThrow());
});

import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/cli/args.ts';
import { UserError } from '../../../src/model/errors.ts';

const options = { policy: 'string', out: 'string', json: 'boolean' } as const;

function message(argv: readonly string[], positionals = 0): string {
  try {
    parse(argv, options, positionals);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((p) => `${p.message} | ${p.remedy}`).join('\n');
    throw error;
  }
  return '';
}

describe('parse', () => {
  it('reads options, and leaves what stands after -- alone', () => {
    expect(parse(['--policy', 'p.yml', '--json', '--', 'cmd', '--json', '--', '-x'], options, 0)).toEqual({
      options: { policy: 'p.yml', json: 'true' },
      positionals: [],
      rest: ['cmd', '--json', '--', '-x'],
    });
  });

  it('takes --name=value, and tells no command from an empty one', () => {
    expect(parse(['--policy=a=b'], options, 0)).toMatchObject({ options: { policy: 'a=b' }, rest: null });
    expect(parse(['--'], options, 0).rest).toEqual([]);
  });

  it.each([
    [['--polcy', 'x'], /Unknown option '--polcy' \| Did you mean `--policy`/],
    [['--polcy=x'], /Did you mean `--policy`/],
    [['-x'], /Unknown option '-x'/],
    [['--policy'], /--policy/],
    [['--json=yes'], /json/],
    [['echo', 'hi'], /too many arguments: "echo" \| .*agent-jail run -- CMD/],
  ])('refuses %j', (argv, expected) => {
    expect(message(argv)).toMatch(expected);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { APPLY_DEFAULTS, loadApplyInputs } from '../../../src/action/apply-inputs.ts';
import { inputVariable } from '../../../src/action/environment.ts';
import { APPLY_OUTPUTS, closed } from '../../../src/action/outputs.ts';
import { UserError } from '../../../src/model/errors.ts';
import { bytesOf, digestOf } from '../record/fixture.ts';

const root = new URL('../../../', import.meta.url);
const action = parse(readFileSync(new URL('apply/action.yml', root), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: object;
  readonly runs: { readonly main: string };
};
const RUNNER = { GITHUB_WORKSPACE: '/w', GITHUB_REPOSITORY: 'o/r', GITHUB_RUN_ID: '42' };
const LEAST = { record: '/tmp/record', expect: digestOf('x') };

function load(given: Readonly<Record<string, string>>, runner: Readonly<Record<string, string>> = RUNNER) {
  const inputs = Object.entries({ ...LEAST, ...given }).map(([name, value]) => [inputVariable(name), value]);
  return loadApplyInputs({ ...runner, ...Object.fromEntries(inputs) });
}
function messages(given: Readonly<Record<string, string>>, runner?: Readonly<Record<string, string>>): string[] {
  try {
    load(given, runner);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('apply/action.yml', () => {
  it('has the inputs, defaults, outputs and program of the code', () => {
    expect(Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']))).toEqual(APPLY_DEFAULTS);
    expect(Object.keys(action.outputs)).toEqual(Object.keys(APPLY_OUTPUTS));
    expect(existsSync(new URL(`apply/${action.runs.main}`.replace('apply/../dist', 'src').replace(/js$/, 'ts'), root))).toBe(true);
  });
});

describe('the inputs of apply', () => {
  it('are strict unless something else is asked for: this repository, this run, no fork, nothing that runs later', () => {
    expect(load({})).toMatchObject({
      to: '/w',
      policySource: null,
      check: false,
      commit: null,
      author: null,
      stopOnReview: false,
      allowRunsLater: false,
      repository: 'o/r',
      run: '42',
      forks: false,
    });
    expect(load({}).only.matches(bytesOf('anything'))).toBe(true);
  });

  it('open what they are asked to open', () => {
    const given = {
      repository: 'any',
      'run-id': '7',
      forks: 'allow',
      'runs-later': 'allow',
      'on-review': 'fail',
      commit: 'm',
      author: 'N N <n@x>',
    };
    expect(load(given)).toMatchObject({
      repository: null,
      run: '7',
      forks: true,
      allowRunsLater: true,
      stopOnReview: true,
      commit: 'm',
      author: { name: 'N N', email: 'n@x' },
    });
  });

  it('tell all that is wrong at once', () => {
    const given = { record: ' ', expect: digestOf('x').toUpperCase(), forks: 'yes', only: '[', author: 'x', reckord: '' };
    expect(messages(given)).toEqual([
      'input "reckord" is not known',
      'input `record`: is not given',
      'input `expect`: is not a SHA-256',
      'input `author`: "x" is not `Name <address>`',
      '"[" has a `[` without its `]`',
      'input `forks`: "yes" is not one of refuse, allow',
    ]);
  });

  it('never take a missing variable of the runner for "any"', () => {
    for (const name of ['GITHUB_REPOSITORY', 'GITHUB_RUN_ID']) {
      expect(messages({}, { ...RUNNER, [name]: '' })).toEqual([expect.stringContaining('is not set')]);
    }
  });
});

describe('the outputs of apply', () => {
  it.each([
    ['state', 'fine'],
    ['branch', 'agent-jail/x; id'],
    ['commit', 'HEAD'],
    ['body-path', '/tmp/$(id)'],
  ] as const)('leave out %s = %j', (name, value) => expect(closed(APPLY_OUTPUTS, { [name]: value })[name]).toBe(''));
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inputVariable } from '../../../src/action/environment.ts';
import { DEFAULTS, loadInputs } from '../../../src/action/inputs.ts';
import { OUTPUTS } from '../../../src/action/outputs.ts';
import { LEAVE_OUT } from '../../../src/action/selection.ts';
import { UserError } from '../../../src/model/errors.ts';
import { EXIT } from '../../../src/model/outcome.ts';
import { OTHER_PATCHES } from '../../../src/model/record.ts';

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');
const action = parse(read('action.yml')) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: object;
};

function load(given: Readonly<Record<string, string>>) {
  return loadInputs(Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value])));
}

function messages(given: Readonly<Record<string, string>>): string[] {
  try {
    load(given);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ message, remedy }) => `${message} | ${remedy}`);
    throw error;
  }
  return [];
}

describe('loadInputs', () => {
  it('fills in every default for the smallest use', () => {
    expect(load({ run: 'true' })).toEqual({
      run: 'true',
      steps: '',
      setup: '',
      shell: 'bash',
      workingDirectory: null,
      agent: null,
      policy: '',
      policyFile: '',
      policySource: null,
      backend: null,
      onReview: 'pass',
      log: 'full',
      mask: [],
      upload: { when: 'always', name: DEFAULTS['artifact-name'], retentionDays: 7, max: 500_000_000 },
    });
  });

  it('takes an empty value for not given, as the runner hands it over', () => {
    const empty = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, '']));
    expect(load({ ...empty, run: 'true' })).toEqual(load({ run: 'true' }));
  });

  it('keeps scripts and policies byte for byte', () => {
    const script = '  echo "${{ x }}" !  \n\t\u00a0';
    expect(load({ run: script, setup: script, policy: script })).toMatchObject({ run: script, setup: script, policy: script });
  });

  it('reads every input that can be given', () => {
    const inputs = load({
      steps: '- run: true',
      shell: 'sh',
      'working-directory': 'a',
      agent: 'codex',
      'policy-file': 'p.yml',
      'policy-source': 'workspace',
      backend: 'docker',
      'on-review': 'fail',
      log: ' summary\n',
      mask: 'one\r\n two \n\n',
      upload: 'never',
      'artifact-name': 'n-{id}',
      'retention-days': '90',
      'max-upload': '1MiB',
      'github-token': 'unused',
    });
    expect(inputs).toMatchObject({
      steps: '- run: true',
      shell: 'sh',
      workingDirectory: 'a',
      agent: 'codex',
      policyFile: 'p.yml',
      policySource: 'workspace',
      backend: 'docker',
      onReview: 'fail',
      log: 'summary',
      mask: ['one', 'two'],
      upload: { when: 'never', name: 'n-{id}', retentionDays: 90, max: 1024 ** 2 },
    });
    expect(Object.isFrozen(inputs) && Object.isFrozen(inputs.upload) && Object.isFrozen(inputs.mask)).toBe(true);
  });

  it.each([
    [{}, /neither `run` nor `steps` is given/],
    [{ run: ' \n' }, /neither/],
    [{ run: 'true', steps: '- run: true' }, /both `run` and `steps` are given/],
    [{ run: 'true', policy: 'version: 1', 'policy-file': 'p' }, /both `policy` and `policy-file`/],
    [{ run: 'true', 'policy-source': 'base' }, /`policy-source`: only means something together with `policy-file`/],
    [{ run: 'true', log: 'ful' }, /`log`: "ful" is not one of full, summary, none \| Did you mean `full`/],
    [{ run: 'true', agent: 'claude' }, /`agent`: "claude"/],
    [
      { run: 'true', backend: 'chroot' },
      /`backend`: "chroot" is not one of auto, nspawn, docker, vm \| It isolates nothing, and can be asked for on the command line only/,
    ],
    [{ run: 'true', 'on-review': 'ignore' }, /`on-review`/],
    [{ run: 'true', upload: 'yes' }, /`upload`/],
    [{ run: 'true', 'retention-days': '0' }, /`retention-days`: "0" is not a whole number of days/],
    [{ run: 'true', 'retention-days': '1e2' }, /`retention-days`/],
    [{ run: 'true', 'max-upload': '5 lightyears' }, /`max-upload`: .*is not a size/],
    [{ run: 'true', comment: 'true', 'github-token': ' ' }, /`comment`: .*`github-token`.* \| Give .*permissions: pull-requests: write/],
    [{ run: 'true', comment: 'perhaps' }, /`comment`: "perhaps"/],
    [{ run: 'true', polcy: 'x' }, /input "polcy" is not known \| Did you mean `policy`/],
  ])('refuses %j', (given, expected) => {
    const found = messages(given);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it('reports everything at once', () => {
    expect(messages({ log: 'x', upload: 'x', nonsense: '' })).toHaveLength(4);
  });
});

describe('action.yml', () => {
  it('has the inputs and defaults of the code', () => {
    const defaults = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']));
    expect(defaults).toEqual(DEFAULTS);
  });

  it('has the outputs of the code', () => {
    expect(Object.keys(action.outputs)).toEqual(Object.keys(OUTPUTS));
  });

  it('describes all of them in one line and requires none, because the runner does not enforce it', () => {
    for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)])
      expect(description).toMatch(/^[^\n]{10,200}$/);
    expect(Object.values(action.inputs).filter((input) => input.required !== undefined)).toEqual([]);
  });

  it('runs main and always post', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/main.cjs', post: 'dist/post.js', 'post-if': 'always()' });
  });
});

describe('docs/action.md', () => {
  const page = read('docs/action.md');
  const [, inputs = '', outputs = '', outcomes = ''] = page.split(/^## (?:Inputs|Outputs|Outcomes|Where it runs)$/m);
  const rows = (section: string): string[] =>
    section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);
  const names = (section: string): string[] => rows(section).flatMap((row) => (row.split('|')[1] ?? '').match(/[a-z0-9-]+/g) ?? []);

  it('lists every input, output and outcome, and no other', () => {
    expect(names(inputs)).toEqual(Object.keys(DEFAULTS));
    expect(names(outputs)).toEqual(Object.keys(OUTPUTS));
    expect(names(outcomes)).toEqual(Object.keys(EXIT));
  });

  it('gives the defaults of the code', () => {
    const told = rows(inputs).map((row) =>
      row
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );
    const literal = Object.entries(DEFAULTS).filter(([name, value]) => value !== '' && name !== 'artifact-name');
    expect(told).toEqual(expect.arrayContaining(literal));
  });

  it('gives the order in which files are left out', () => {
    const between: ReadonlySet<string> = new Set(OTHER_PATCHES.slice(1, -1));
    const order = LEAVE_OUT.filter((name) => !between.has(name)).map((name) =>
      page.slice(page.indexOf('## The upload')).indexOf(`\`${name}\``),
    );
    expect(order.every((at) => at > 0)).toBe(true);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});

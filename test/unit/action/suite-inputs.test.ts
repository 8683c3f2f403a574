import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMPARE_DEFAULTS, loadCompareInputs } from '../../../src/action/compare-inputs.ts';
import { type Environment, inputVariable } from '../../../src/action/environment.ts';
import { COMPARE_OUTPUTS, SUITE_OUTPUTS } from '../../../src/action/outputs.ts';
import { loadSuiteInputs, SUITE_DEFAULTS } from '../../../src/action/suite-inputs.ts';
import { UserError } from '../../../src/model/errors.ts';

const root = new URL('../../../', import.meta.url);
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: object;
  readonly runs: { readonly main: string };
}
const action = (name: string): Action => parse(readFileSync(new URL(`${name}/action.yml`, root), 'utf8')) as Action;
const environment = (given: Readonly<Record<string, string>>): Environment =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [inputVariable(name), value]));
function messages(load: (env: Environment) => unknown, given: Readonly<Record<string, string>>): string[] {
  try {
    load(environment(given));
  } catch (error) {
    if (error instanceof UserError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

it.each([
  ['suite', SUITE_DEFAULTS, SUITE_OUTPUTS],
  ['compare', COMPARE_DEFAULTS, COMPARE_OUTPUTS],
] as const)('%s/action.yml has the inputs, defaults, outputs and program of the code', (name, defaults, outputs) => {
  const { inputs, outputs: told, runs } = action(name);
  expect(Object.fromEntries(Object.entries(inputs).map(([input, { default: value = '' }]) => [input, value]))).toEqual(defaults);
  expect(Object.keys(told)).toEqual(Object.keys(outputs));
  expect(existsSync(new URL(runs.main.replace('../dist', 'src').replace(/js$/, 'ts'), root))).toBe(true);
});

describe('the inputs of suite', () => {
  const load = (given: Readonly<Record<string, string>>) => loadSuiteInputs(environment(given));

  it('become arguments of the command line, each value with its option', () => {
    const plan = 'a'.repeat(64);
    expect(load({ suite: 's.yml', trials: '3', filter: '-x', 'fail-fast': 'true', shard: '2', of: '4', plan, tasks: 'a b:1-2' }).options).toEqual([
      '--filter=-x', '--trials=3', '--fail-fast', '--shard=2/4', `--plan=${plan}`, '--units=a b:1-2',
    ]); // biome-ignore format: a list
    const planned = { command: 'plan', suite: 's.yml', shards: '4' };
    expect(load({ ...planned, past: './a,b.ndjson' })).toMatchObject({
      options: ['--shards=4'],
      past: { wish: { files: ['./a', 'b.ndjson'] } },
      upload: null,
    });
    const place = { 'past-artifact': 'a', workflow: 'w.yml', branch: 'b', 'github-token': 't' };
    expect(load({ ...planned, past: 'last-3', ...place }).past).toEqual({
      wish: { last: 3 },
      artifact: 'a',
      workflow: 'w.yml',
      branch: 'b',
      token: 't',
    });
    expect(load(planned).past.wish).toBe('none');
    expect(load({ command: 'merge', results: 'r', 'allow-cut': 'true', upload: 'false' })).toMatchObject({
      options: ['--allow-cut'],
      upload: null,
    });
    expect(load({ suite: 's.yml' }).upload).toEqual({ name: '', retentionDays: 30, max: 500_000_000 });
  });

  it.each<[Record<string, string>, string]>([
    [{}, 'input `suite`: is not given'],
    [
      { command: 'plan', suite: 's', shards: '1', past: 'last-2' },
      'input `github-token`: is not given, and earlier results are asked for from GitHub',
    ],
    [{ command: 'plan', suite: 's', shards: '1', past: 'soon' }, 'input `past`: "soon" is not last-N, the number of a run, paths, or none'],
    [{ suite: 's', past: 'last-2' }, 'input `past`: means nothing for the command run'],
    [{ command: 'pln', suite: 's' }, 'input `command`: "pln" is not one of run, plan, merge'],
    [{ command: 'plan', suite: 's' }, 'input `shards`: is not given'],
    [{ command: 'merge' }, 'input `results`: is not given'],
    [{ command: 'merge', results: 'r', suite: 's' }, 'input `suite`: means nothing for the command merge'],
    [{ suite: 's', shards: '4' }, 'input `shards`: means nothing for the command run'],
    [{ suite: 's', shard: '1', of: '2' }, 'input `shard`: shard, of, plan and tasks go together'],
    [{ suite: 's', build: 'yes' }, 'input `build`: "yes" is not one of false, true'],
    [{ suite: 's', records: 'some' }, 'input `records`: "some" is not one of all, failed, none'],
    [{ suite: 's', 'retention-days': '0' }, 'input `retention-days`: "0" is not a whole number of days from 1 to 400'],
    [{ suite: 's', trails: '3' }, 'input "trails" is not known'],
  ])('%j: %s', (given, message) => {
    expect(messages(loadSuiteInputs, given)).toContain(message);
  });
});

describe('the inputs of compare', () => {
  const load = (given: Readonly<Record<string, string>>) => loadCompareInputs(environment({ results: 'r', ...given }));

  it('say where earlier results come from', () => {
    const token = { 'github-token': 't' };
    expect(load(token).baseline).toEqual({ wish: { last: 7 }, artifact: null, workflow: null, branch: null, token: 't' });
    const place = { 'baseline-artifact': 'a', workflow: 'w.yml', branch: 'b' };
    expect(load({ ...token, ...place }).baseline).toMatchObject({ artifact: 'a', workflow: 'w.yml', branch: 'b' });
    expect(load({ ...token, baseline: 'last-30' }).baseline.wish).toEqual({ last: 30 });
    expect(load({ ...token, baseline: '123456' }).baseline.wish).toEqual({ run: '123456' });
    expect(load({ baseline: 'none' }).baseline.wish).toBe('none');
    expect(load({ baseline: 'a/b.ndjson, ./c\nd.ndjson' }).baseline.wish).toEqual({ files: ['a/b.ndjson', './c', 'd.ndjson'] });
    expect(load({ baseline: 'none', 'min-effect': '0.1', 'fail-on': 'regression, new-host' }).options).toEqual([
      '--min-effect=0.1',
      '--fail-on=regression, new-host',
      '--on-inconclusive=pass',
    ]);
  });

  it.each<[Record<string, string>, string]>([
    [{ results: '', baseline: 'none' }, 'input `results`: is not given'],
    [{}, 'input `github-token`: is not given, and earlier results are asked for from GitHub'],
    [{ baseline: 'last-0', 'github-token': 't' }, 'input `baseline`: "last-0" is not last-N, the number of a run, paths, or none'],
    [{ baseline: 'yesterday' }, 'input `baseline`: "yesterday" is not last-N, the number of a run, paths, or none'],
    [{ baseline: 'none', confirm: '3' }, 'input `suite`: is not given, and `confirm` runs further trials'],
    [{ baseline: 'none', confirm: 'x', suite: 's' }, 'input `confirm`: "x" is not a whole number from 1 to 1000'],
    [{ baseline: 'none', comment: 'true' }, 'input `comment`: comments need `github-token`, which is not given'],
    [{ baseline: 'none', 'on-inconclusive': 'maybe' }, 'input `on-inconclusive`: "maybe" is not one of pass, fail'],
    [{ baseline: 'none', fail_on: 'x' }, 'input "fail_on" is not known'],
  ])('%j: %s', (given, message) => {
    expect(messages(loadCompareInputs, { results: 'r', ...given })).toContain(message);
  });
});

import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { parseSize } from '../policy/units.ts';
import { asksGitHub, earlierWish, type EarlierPlace } from './earlier.ts';
import { inputVariable } from './environment.ts';
import type { Environment } from './environment.ts';
import { unknownInputs } from './inputs.ts';

/** Every input of `suite/action.yml` with its default. */
export const SUITE_DEFAULTS = {
  command: 'run',
  suite: '',
  'suite-source': '',
  agent: '',
  backend: '',
  filter: '',
  trials: '',
  seed: '',
  jobs: '',
  'fail-fast': 'false',
  build: 'false',
  shards: '',
  past: '',
  'past-artifact': '',
  workflow: '',
  branch: '',
  'github-token': '',
  shard: '',
  of: '',
  plan: '',
  tasks: '',
  results: '',
  'allow-cut': 'false',
  records: 'all',
  upload: 'true',
  'artifact-name': '',
  'retention-days': '30',
  'max-upload': '500MB',
} as const;
type Name = keyof typeof SUITE_DEFAULTS;

/** Inputs that mean something to each command, beside those of the upload. */
const OF: Readonly<Record<'run' | 'plan' | 'merge', readonly Name[]>> = {
  run: ['suite', 'suite-source', 'agent', 'backend', 'filter', 'trials', 'seed', 'jobs', 'fail-fast', 'build', 'shard', 'of', 'plan', 'tasks', 'records'],
  plan: ['suite', 'suite-source', 'agent', 'filter', 'trials', 'seed', 'shards', 'past', 'past-artifact', 'workflow', 'branch', 'github-token'],
  merge: ['results', 'allow-cut', 'records'],
}; // biome-ignore format: a table
const UPLOAD: readonly Name[] = ['upload', 'artifact-name', 'retention-days', 'max-upload'];

export interface SuiteInputs {
  readonly command: keyof typeof OF;
  /** Relative to the workspace; '' for merge. */
  readonly suite: string;
  readonly suiteSource: 'base' | 'workspace' | null;
  /** Of the command line: without the suite, or the results, and the folder. */
  readonly options: readonly string[];
  /** Of plan: whose durations balance the shards. */
  readonly past: EarlierPlace;
  /** A folder that holds the shards' results, at any depth. */
  readonly results: string;
  readonly records: 'all' | 'failed' | 'none';
  /** null: nothing is uploaded. */
  readonly upload: { readonly name: string; readonly retentionDays: number; readonly max: number } | null;
}

/** Throws a UserError with everything that is wrong. */
export function loadSuiteInputs(env: Environment): SuiteInputs {
  const problems: Problem[] = unknownInputs(env, Object.keys(SUITE_DEFAULTS));
  const report = (name: Name, message: string, remedy = ''): void => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name: Name): string => (env[inputVariable(name)] ?? '').trim() || SUITE_DEFAULTS[name];
  const oneOf = <const V extends string>(name: Name, allowed: readonly [V, ...V[]]): V => {
    const value = allowed.find((one) => one === given(name));
    if (value === undefined) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== '').join(', ')}`);
    return value ?? allowed[0];
  };
  const command = oneOf('command', ['run', 'plan', 'merge']);
  for (const name of Object.keys(SUITE_DEFAULTS) as Name[])
    if (
      name !== 'command' &&
      given(name) !== SUITE_DEFAULTS[name] &&
      !OF[command].includes(name) &&
      !(UPLOAD.includes(name) && command !== 'plan')
    )
      report(name, `means nothing for the command ${command}`, 'Leave it out.');
  if (command !== 'merge' && given('suite') === '') report('suite', 'is not given', 'Give the path of the suite file.');
  if (command === 'merge' && given('results') === '')
    report('results', 'is not given', 'Give the folder that the artifacts of the shards were downloaded into.');
  if (command === 'plan' && given('shards') === '') report('shards', 'is not given', 'Say how many jobs the suite is spread over.');
  const past = earlierWish(given('past') || 'none');
  if (past === null) report('past', `${JSON.stringify(given('past').slice(0, 80))} is not last-N, the number of a run, paths, or none`);
  else if (command === 'plan' && asksGitHub(past) && given('github-token') === '')
    report(
      'github-token',
      'is not given, and earlier results are asked for from GitHub',
      'Give `github-token: ${{ github.token }}`, and the job `permissions: actions: read`; or another `past`.',
    );
  const parts = (['shard', 'of', 'plan', 'tasks'] as const).filter((name) => given(name) !== '');
  if (parts.length > 0 && parts.length < 4)
    report(parts[0] ?? 'shard', 'shard, of, plan and tasks go together', 'Pass on all four of the matrix.');
  const source = oneOf('suite-source', ['', 'base', 'workspace']);
  const days = Number(given('retention-days'));
  if (!/^\d{1,3}$/.test(given('retention-days')) || days < 1 || days > 400)
    report('retention-days', `${JSON.stringify(given('retention-days'))} is not a whole number of days from 1 to 400`);
  let max = 0;
  try {
    max = parseSize(given('max-upload'));
  } catch (error) {
    report('max-upload', (error as Error).message);
  }
  const inputs: SuiteInputs = {
    command,
    suite: given('suite'),
    suiteSource: source === '' ? null : source,
    options: optionsOf(command, given),
    past: {
      wish: past ?? 'none',
      artifact: given('past-artifact') || null,
      workflow: given('workflow') || null,
      branch: given('branch') || null,
      token: given('github-token'),
    },
    results: given('results'),
    records: oneOf('records', ['all', 'failed', 'none']),
    upload:
      command === 'plan' || oneOf('upload', ['true', 'false']) === 'false'
        ? null
        : { name: given('artifact-name'), retentionDays: days, max },
  };
  for (const name of ['fail-fast', 'build', 'allow-cut'] as const) oneOf(name, ['false', 'true']);
  if (problems.length > 0) throw new UserError(problems);
  return inputs;
}

/** Pure: `--name=value`, so that no value can be taken for an option. */
function optionsOf(command: keyof typeof OF, given: (name: Name) => string): string[] {
  const text = (name: Name, option: string): string[] => (given(name) === '' ? [] : [`--${option}=${given(name)}`]);
  const flag = (name: Name): string[] => (given(name) === 'true' ? [`--${name}`] : []);
  if (command === 'merge') return flag('allow-cut');
  const common = [...text('agent', 'agent'), ...text('filter', 'filter'), ...text('trials', 'trials'), ...text('seed', 'seed')];
  if (command === 'plan') return [...common, ...text('shards', 'shards')];
  const shard =
    given('shard') === '' ? [] : [`--shard=${given('shard')}/${given('of')}`, `--plan=${given('plan')}`, `--units=${given('tasks')}`];
  return [...common, ...text('backend', 'backend'), ...text('jobs', 'jobs'), ...flag('fail-fast'), ...flag('build'), ...shard];
}

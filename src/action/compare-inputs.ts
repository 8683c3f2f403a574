import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import { parseSize } from '../policy/units.ts';
import { inputVariable } from './environment.ts';
import type { Environment } from './environment.ts';
import { asksGitHub, earlierWish, type EarlierPlace } from './earlier.ts';
import { unknownInputs } from './inputs.ts';

/** Every input of `compare/action.yml` with its default. */
export const COMPARE_DEFAULTS = {
  results: '',
  baseline: 'last-7',
  'baseline-artifact': '',
  workflow: '',
  branch: '',
  'min-effect': '',
  alpha: '',
  'min-visible': '',
  'min-ratio': '',
  'max-infra': '',
  'fail-on': '',
  'on-inconclusive': 'pass',
  confirm: '',
  suite: '',
  'suite-source': '',
  backend: '',
  records: 'failed',
  upload: 'true',
  'artifact-name': '',
  'retention-days': '30',
  'max-upload': '500MB',
  comment: 'false',
  'github-token': '',
} as const;
type Name = keyof typeof COMPARE_DEFAULTS;

export interface CompareInputs {
  readonly results: string;
  readonly baseline: EarlierPlace;
  /** Of the command line. */
  readonly options: readonly string[];
  /** Further trials of suspected tasks; 0: none. */
  readonly confirm: number;
  readonly suite: string;
  readonly suiteSource: 'base' | 'workspace' | null;
  readonly backend: string;
  readonly records: 'all' | 'failed' | 'none';
  readonly upload: { readonly name: string; readonly retentionDays: number; readonly max: number } | null;
  readonly comment: boolean;
  /** '': none. */
  readonly token: string;
}

/** Throws a UserError with everything that is wrong. */
export function loadCompareInputs(env: Environment): CompareInputs {
  const problems: Problem[] = unknownInputs(env, Object.keys(COMPARE_DEFAULTS));
  const report = (name: Name, message: string, remedy = ''): void => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name: Name): string => (env[inputVariable(name)] ?? '').trim() || COMPARE_DEFAULTS[name];
  const oneOf = <const V extends string>(name: Name, allowed: readonly [V, ...V[]]): V => {
    const value = allowed.find((one) => one === given(name));
    if (value === undefined) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== '').join(', ')}`);
    return value ?? allowed[0];
  };
  const whole = (name: Name, least: number, most: number): number => {
    const value = Number(given(name));
    if (/^\d{1,6}$/.test(given(name)) && value >= least && value <= most) return value;
    report(name, `${JSON.stringify(given(name))} is not a whole number from ${least} to ${most}`);
    return least;
  };
  if (given('results') === '')
    report('results', 'is not given', 'Give the folder of the merged results: the output `results` of the step before.');
  const wish = earlierWish(given('baseline'));
  if (wish === null)
    report('baseline', `${JSON.stringify(given('baseline').slice(0, 80))} is not last-N, the number of a run, paths, or none`);
  if (wish !== null && asksGitHub(wish) && given('github-token') === '')
    report(
      'github-token',
      'is not given, and earlier results are asked for from GitHub',
      'Give `github-token: ${{ github.token }}`, and the job `permissions: actions: read`; or another `baseline`.',
    );
  const confirm = given('confirm') === '' ? 0 : whole('confirm', 1, 1000);
  if (confirm > 0 && given('suite') === '')
    report('suite', 'is not given, and `confirm` runs further trials', 'Give the path of the suite file.');
  if (oneOf('comment', ['false', 'true']) === 'true' && given('github-token') === '')
    report(
      'comment',
      'comments need `github-token`, which is not given',
      'Give the token, and the job `permissions: pull-requests: write`.',
    );
  let max = 0;
  try {
    max = parseSize(given('max-upload'));
  } catch (error) {
    report('max-upload', (error as Error).message);
  }
  const numbers = ['min-effect', 'alpha', 'min-visible', 'min-ratio', 'max-infra', 'fail-on', 'on-inconclusive'] as const;
  const source = oneOf('suite-source', ['', 'base', 'workspace']);
  const inputs: CompareInputs = {
    results: given('results'),
    baseline: {
      wish: wish ?? 'none',
      artifact: given('baseline-artifact') || null,
      workflow: given('workflow') || null,
      branch: given('branch') || null,
      token: given('github-token'),
    },
    options: numbers.flatMap((name) => (given(name) === '' ? [] : [`--${name}=${given(name)}`])),
    confirm,
    suite: given('suite'),
    suiteSource: source === '' ? null : source,
    backend: given('backend'),
    records: oneOf('records', ['failed', 'all', 'none']),
    upload:
      oneOf('upload', ['true', 'false']) === 'false'
        ? null
        : { name: given('artifact-name'), retentionDays: whole('retention-days', 1, 400), max },
    comment: given('comment') === 'true',
    token: given('github-token'),
  };
  oneOf('on-inconclusive', ['pass', 'fail']);
  if (problems.length > 0) throw new UserError(problems);
  return inputs;
}

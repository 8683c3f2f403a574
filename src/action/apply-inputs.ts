import { wrong } from '../cli/args.ts';
import { personOf } from '../cli/identity.ts';
import { Only } from '../cli/only.ts';
import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { Sha256 } from '../model/names.ts';
import { inputPlace } from './annotations.ts';
import { inputVariable, variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { unknownInputs } from './inputs.ts';

/** Every input of `apply/action.yml` with its default. */
export const APPLY_DEFAULTS = {
  record: '',
  expect: '',
  to: '',
  policy: '',
  'policy-file': '',
  'policy-source': '',
  only: '',
  check: 'false',
  commit: '',
  author: '',
  'on-review': 'pass',
  'runs-later': 'refuse',
  repository: '',
  'run-id': '',
  forks: 'refuse',
} as const;
type Name = keyof typeof APPLY_DEFAULTS;

export interface ApplyInputs {
  readonly record: string;
  readonly expect: Sha256;
  readonly to: string;
  readonly policy: string;
  readonly policyFile: string;
  readonly policySource: 'base' | 'workspace' | null;
  readonly only: Only;
  readonly check: boolean;
  readonly commit: string | null;
  /** null: whom git's settings name. */
  readonly author: ReturnType<typeof personOf>;
  readonly stopOnReview: boolean;
  readonly allowRunsLater: boolean;
  /** null: any. */
  readonly repository: string | null;
  readonly run: string | null;
  readonly forks: boolean;
}

/** Throws a UserError with everything that is wrong. */
export function loadApplyInputs(env: Environment): ApplyInputs {
  const problems: Problem[] = unknownInputs(env, Object.keys(APPLY_DEFAULTS));
  const report = (name: Name, message: string, remedy = ''): void => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const given = (name: Name): string => (env[inputVariable(name)] ?? '').trim() || APPLY_DEFAULTS[name];
  const oneOf = <const V extends string>(name: Name, allowed: readonly V[]): V => {
    const value = allowed.find((one) => one === given(name));
    if (value === undefined) report(name, `${JSON.stringify(given(name))} is not one of ${allowed.filter((one) => one !== '').join(', ')}`);
    return value ?? allowed[0]!;
  };
  const own = (name: Name, here: string): string | null => (given(name) === 'any' ? null : given(name) || here);

  if (given('record') === '') report('record', 'is not given', 'Download the artifact first, and give its directory.');
  // An output that was not set is an empty text: that must not pass for "anything".
  if (!/^[0-9a-f]{64}$/.test(given('expect'))) {
    report('expect', 'is not a SHA-256', 'Give `needs.JOB.outputs`, from the output `manifest-sha256` of the step that made the record.');
  }
  if (given('policy') !== '' && given('policy-file') !== '') problems.push({ ...EITHER, place: null });
  const author = given('author') === '' ? null : personOf(given('author'));
  if (given('author') !== '' && author === null) report('author', `${JSON.stringify(given('author'))} is not \`Name <address>\``);
  const policySource = oneOf('policy-source', ['', 'base', 'workspace']);
  const inputs = {
    record: given('record'),
    expect: given('expect') as Sha256,
    to: given('to') || variable(env, 'GITHUB_WORKSPACE'),
    policy: given('policy'),
    policyFile: given('policy-file'),
    policySource: policySource === '' ? null : policySource,
    only: onlyOf(env[inputVariable('only')] ?? '', problems),
    check: oneOf('check', ['false', 'true']) === 'true',
    commit: given('commit') || null,
    author,
    stopOnReview: oneOf('on-review', ['pass', 'fail']) === 'fail',
    allowRunsLater: oneOf('runs-later', ['refuse', 'allow']) === 'allow',
    repository: own('repository', variable(env, 'GITHUB_REPOSITORY')),
    run: own('run-id', variable(env, 'GITHUB_RUN_ID')),
    forks: oneOf('forks', ['refuse', 'allow']) === 'allow',
  };
  if (problems.length > 0) throw new UserError(problems);
  if (inputs.repository === '' || inputs.run === '')
    throw wrong('GITHUB_REPOSITORY or GITHUB_RUN_ID is not set: this is not a step of a workflow');
  return inputs;
}
const EITHER = { message: 'both `policy` and `policy-file` are given', remedy: 'Keep one of them.' };

function onlyOf(text: string, problems: Problem[]): Only {
  try {
    return Only.parse(text, inputPlace('only'));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return Only.parse('', '');
  }
}

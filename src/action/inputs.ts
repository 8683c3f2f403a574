import { UserError } from '../model/errors.ts';
import type { Problem } from '../model/errors.ts';
import type { BackendName } from '../model/names.ts';
import { AGENTS, type AgentWish } from '../model/trajectory.ts';
import { parseSize } from '../policy/units.ts';
import { nearest } from '../policy/nearest.ts';
import { inputVariable } from './environment.ts';
import type { Environment } from './environment.ts';

/** Inputs with a closed set of values. */
const VALUES = {
  agent: ['auto', ...AGENTS, 'none'],
  'policy-source': ['', 'base', 'workspace'],
  backend: ['', 'auto', 'nspawn', 'docker', 'vm'],
  'on-review': ['pass', 'fail'],
  log: ['full', 'summary', 'none'],
  upload: ['always', 'failure', 'never'],
  comment: ['false', 'true'],
} as const;
type Closed = keyof typeof VALUES;
type Value<N extends Closed> = (typeof VALUES)[N][number];

/** Every input with its default; `action.yml` and the documentation are held to this table. `{id}` is the run's id. */
export const DEFAULTS = {
  run: '',
  steps: '',
  setup: '',
  shell: 'bash',
  'working-directory': '',
  agent: 'auto',
  policy: '',
  'policy-file': '',
  'policy-source': '',
  backend: '',
  'on-review': 'pass',
  log: 'full',
  mask: '',
  upload: 'always',
  'artifact-name': 'agent-jail-${{ github.job }}-${{ strategy.job-index }}-${{ github.run_attempt }}-{id}',
  'retention-days': '7',
  'max-upload': '500MB',
  comment: 'false',
  'github-token': '',
} as const;
export type InputName = keyof typeof DEFAULTS;

/** What the workflow asked for. Empty means not given, as the runner has it. */
export interface Inputs {
  readonly run: string;
  readonly steps: string;
  readonly setup: string;
  readonly shell: string;
  readonly workingDirectory: string | null;
  /** null: look for any agent's log. */
  readonly agent: AgentWish;
  readonly policy: string;
  readonly policyFile: string;
  readonly policySource: 'base' | 'workspace' | null;
  /** null: the policy's. */
  readonly backend: BackendName | 'auto' | null;
  readonly onReview: Value<'on-review'>;
  readonly log: Value<'log'>;
  readonly mask: readonly string[];
  readonly upload: UploadWish;
}
/** What post needs too, so it is kept in the state; it holds no secret. */
export interface UploadWish {
  readonly when: Value<'upload'>;
  readonly name: string;
  readonly retentionDays: number;
  /** Bytes. */
  readonly max: number;
}

/** Reads all inputs once; throws a UserError with everything that is wrong with them. */
export function loadInputs(env: Environment): Inputs {
  const problems = unknownInputs(env, Object.keys(DEFAULTS));
  const report = (name: InputName, message: string, remedy: string): void => {
    problems.push({ message: `input \`${name}\`: ${message}`, remedy, place: null });
  };
  const text = (name: InputName): string => env[inputVariable(name)] ?? '';
  const given = (name: InputName): string => asciiTrim(text(name)) || DEFAULTS[name];
  const oneOf = <N extends Closed>(name: N): Value<N> => {
    const value = given(name);
    const allowed: readonly string[] = VALUES[name];
    if (allowed.includes(value)) return value as Value<N>;
    const named = allowed.filter((v) => v !== '');
    const remedy = value === 'chroot' ? 'It isolates nothing, and can be asked for on the command line only.' : suggestion(value, named);
    report(name, `${JSON.stringify(value)} is not one of ${named.join(', ')}`, remedy);
    return VALUES[name][0] as Value<N>;
  };
  const attempt = <T>(name: InputName, parse: (value: string) => T, otherwise: T): T => {
    try {
      return parse(given(name));
    } catch (error) {
      report(name, error instanceof Error ? error.message : String(error), `The default is ${DEFAULTS[name]}.`);
      return otherwise;
    }
  };

  const [run, steps] = [text('run'), text('steps')];
  if (blank(run) === blank(steps)) {
    const what = blank(run) ? 'neither `run` nor `steps` is given' : 'both `run` and `steps` are given';
    problems.push({ message: `${what}; exactly one of them says what runs in the jail`, remedy: '', place: null });
  }
  if (!blank(text('policy')) && !blank(text('policy-file'))) {
    problems.push({ message: 'both `policy` and `policy-file` are given', remedy: 'Keep one of them.', place: null });
  }
  const policySource = oneOf('policy-source');
  if (policySource !== '' && blank(text('policy-file'))) {
    report('policy-source', 'only means something together with `policy-file`', 'Give `policy-file`, or leave `policy-source` out.');
  }
  if (oneOf('comment') === 'true' && blank(text('github-token'))) {
    const remedy = 'Give `github-token: ${{ github.token }}`, and the job `permissions: pull-requests: write`.';
    report('comment', 'comments need `github-token`, which is not given', remedy);
  }
  const agent = oneOf('agent');
  const backend = oneOf('backend');
  const inputs: Inputs = {
    run: blank(run) ? '' : run,
    steps: blank(steps) ? '' : steps,
    setup: blank(text('setup')) ? '' : text('setup'),
    shell: given('shell'),
    workingDirectory: given('working-directory') || null,
    agent: agent === 'auto' ? null : agent,
    policy: blank(text('policy')) ? '' : text('policy'),
    policyFile: given('policy-file'),
    policySource: policySource === '' ? null : policySource,
    backend: backend === '' ? null : backend,
    onReview: oneOf('on-review'),
    log: oneOf('log'),
    mask: Object.freeze(
      text('mask')
        .split(/[\r\n]+/)
        .map(asciiTrim)
        .filter((line) => line !== ''),
    ),
    upload: Object.freeze({
      when: oneOf('upload'),
      name: given('artifact-name'),
      retentionDays: attempt('retention-days', days, 7),
      max: attempt('max-upload', parseSize, 0),
    }),
  };
  if (problems.length > 0) throw new UserError(problems);
  return Object.freeze(inputs);
}

/** The runner only warns of an unknown input; here a misspelt setting must not pass for the default. */
export function unknownInputs(env: Environment, names: readonly string[]): Problem[] {
  const known = new Set(names.map(inputVariable));
  return Object.keys(env)
    .filter((key) => key.startsWith('INPUT_') && !known.has(key))
    .sort()
    .map((key) => {
      const name = key.slice('INPUT_'.length).toLowerCase();
      return { message: `input ${JSON.stringify(name)} is not known`, remedy: suggestion(name, names), place: null };
    });
}

function suggestion(value: string, allowed: readonly string[]): string {
  const best = nearest(value, allowed);
  return best === null ? '' : `Did you mean \`${best}\`?`;
}

function days(value: string): number {
  const n = /^\d{1,3}$/.test(value) ? Number(value) : 0;
  if (n < 1 || n > 400) throw new Error(`${JSON.stringify(value)} is not a whole number of days from 1 to 400`);
  return n;
}

/** ASCII only: a wider trim would let a no-break space decide what counts as empty. */
function asciiTrim(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && BLANKS.includes(text.charAt(from))) from += 1;
  while (to > from && BLANKS.includes(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
const BLANKS = ' \t\r\n';

function blank(text: string): boolean {
  return asciiTrim(text) === '';
}

import { appendFileSync, existsSync } from 'node:fs';
import { EOL } from 'node:os';
import { EXIT } from '../model/outcome.ts';

const NUMBER = /^\d{1,15}$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Absolute, with slashes, and nothing in it that a shell would act on; on Windows with its drive. */
const PATH = /^(?:[A-Za-z]:)?\/[^\u0000-\u001f\u007f"'`$;&|<>\\]*$/;

/**
 * Every output with what it may be. Closed sets, because people write `${{ }}` into `run:`. A value outside its set is left out:
 * an agent's text has no way into a later step's script.
 */
export const OUTPUTS = {
  outcome: new RegExp(`^(${Object.keys(EXIT).join('|')})$`),
  because: /^[A-Za-z0-9 .,:/_@%+=-]{0,200}$/,
  'exit-code': NUMBER,
  backend: /^(nspawn|docker|vm|chroot)$/,
  'policy-sha256': DIGEST,
  'manifest-sha256': DIGEST,
  changed: /^(true|false)$/,
  'changed-files': NUMBER,
  patch: PATH,
  sarif: PATH,
  record: PATH,
  result: PATH,
  denied: NUMBER,
  'cost-usd': /^\d{1,9}(\.\d{1,6})?$/,
  'input-tokens': NUMBER,
  'output-tokens': NUMBER,
  'tokens-source': /^(gateway|agent)$/,
  turns: NUMBER,
  'tool-calls': NUMBER,
  'artifact-id': NUMBER,
  'artifact-url': /^https?:\/\/[A-Za-z0-9.:_/-]{1,500}$/,
  'artifact-digest': DIGEST,
} as const satisfies Readonly<Record<string, RegExp>>;
export type OutputName = keyof typeof OUTPUTS;
export type Outputs = Values<typeof OUTPUTS>;

const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;
/** The same for `apply/action.yml`. */
export const APPLY_OUTPUTS = {
  state: /^(applied|checked|nothing|needs-review|refused|usage-error|error)$/,
  because: OUTPUTS.because,
  outcome: OUTPUTS.outcome,
  review: OUTPUTS.changed,
  'changed-files': NUMBER,
  base: COMMIT,
  commit: COMMIT,
  branch: /^agent-jail\/[0-9a-z]{26}$/,
  'body-path': PATH,
} as const satisfies Table;

/** The same for `suite/action.yml`. */
export const SUITE_OUTPUTS = {
  outcome: OUTPUTS.outcome,
  because: OUTPUTS.because,
  /** JSON of names, numbers and digests: what a job's strategy takes. */
  matrix: /^\{"include":\[[A-Za-z0-9 ._:,{}"-]*\]\}$/,
  shards: NUMBER,
  results: PATH,
  trials: NUMBER,
  passed: NUMBER,
  'pass-rate': /^[01](\.\d{1,6})?$/,
  'artifact-id': NUMBER,
  'artifact-url': OUTPUTS['artifact-url'],
  'artifact-digest': DIGEST,
} as const satisfies Table;

/** The same for `compare/action.yml`. */
export const COMPARE_OUTPUTS = {
  outcome: OUTPUTS.outcome,
  because: OUTPUTS.because,
  verdict: /^(regressed|steady|improved|inconclusive|none)$/,
  regressed: NUMBER,
  drift: NUMBER,
  'pass-rate': SUITE_OUTPUTS['pass-rate'],
  baselines: NUMBER,
  report: PATH,
  junit: PATH,
  'artifact-id': NUMBER,
  'artifact-url': OUTPUTS['artifact-url'],
  'artifact-digest': DIGEST,
} as const satisfies Table;

type Table = Readonly<Record<string, RegExp>>;
type Values<T extends Table> = Readonly<Partial<Record<keyof T, string | number | boolean | null>>>;

/** Every output of a table as it is written: '' where it is not known or not in its set. */
export function closed<T extends Table>(table: T, outputs: Values<T>): Readonly<Record<keyof T, string>> {
  const close = ([name, set]: [keyof T, RegExp]): [keyof T, string] => {
    const value = String(outputs[name] ?? '');
    const text = name === 'because' ? plainWords(value) : value;
    return [name, set.test(text) ? text : ''];
  };
  return Object.fromEntries(Object.entries(table).map(close)) as Record<keyof T, string>;
}

export const closedOutputs = (outputs: Outputs): Readonly<Record<OutputName, string>> => closed(OUTPUTS, outputs);

/**
 * Appends them to the runner's file as `name=value` (GitHub, workflow commands, environment files). No set has a value with a line break in
 * it, so none needs the library's delimiter, for whose random part a short run would load all of `node:crypto`.
 */
export async function writeClosed<T extends Table>(table: T, outputs: Values<T>): Promise<void> {
  const values = Object.entries(closed(table, outputs));
  const file = process.env['GITHUB_OUTPUT'] ?? '';
  if (existsSync(file)) return appendFileSync(file, values.map(([name, value]) => `${name}=${value}${EOL}`).join(''));
  // A runner without such files, or one whose file is gone.
  const core = await import('@actions/core');
  for (const [name, value] of values) core.setOutput(name, value);
}

export const writeOutputs = (outputs: Outputs): Promise<void> => writeClosed(OUTPUTS, outputs);

/** The sentence in an alphabet that means nothing to a shell, a YAML parser or an expression. */
function plainWords(text: string): string {
  return text.slice(0, 200).replace(/[^A-Za-z0-9 .,:/_@%+=-]/g, '_');
}

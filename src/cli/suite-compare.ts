import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { compare } from '../compare/compare.ts';
import { failures } from '../compare/failures.ts';
import { DEFAULTS } from '../compare/settings.ts';
import type { CompareSettings } from '../compare/settings.ts';
import type { TrialsData } from '../compare/tally.ts';
import { suspects } from '../compare/tasks.ts';
import { DRIFT_KINDS, FAIL_ON } from '../model/suite.ts';
import type { FailOn } from '../model/suite.ts';
import { readTrials } from '../suite/trials.ts';
import { didYouMean, parse, wrong } from './args.ts';
import type { Args } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { resultsFile } from './suite-args.ts';
import { comparisonText } from './suite-compare-text.ts';

/** Earlier results that somebody else has found, and what was no good. */
export interface FoundBaselines {
  readonly found: readonly { readonly name: string; readonly path: string }[];
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}

/** `1`: something of `--fail-on` happened. `4`: nothing could be said, and `--on-inconclusive fail`. */
export const COMPARE_CODES = { well: 0, failed: 1, inconclusive: 4 } as const;

const OPTIONS = {
  confirm: 'string',
  alpha: 'string',
  'min-effect': 'string',
  'min-visible': 'string',
  'max-infra': 'string',
  'min-ratio': 'string',
  permutations: 'string',
  seed: 'string',
  'fail-on': 'string',
  'on-inconclusive': 'string',
  out: 'string',
  json: 'boolean',
} as const;
const KNOWN: readonly string[] = [...FAIL_ON, ...DRIFT_KINDS];

/** `agent-jail suite compare RESULTS --baseline FILE…`. */
export async function suiteCompare(argv: readonly string[], io: Io, given: FoundBaselines = { found: [], refused: [] }): Promise<number> {
  const { baselines, rest } = takeBaselines(argv);
  const args = parse(rest, OPTIONS, Number.POSITIVE_INFINITY);
  const [results, ...more] = args.positionals;
  if (results === undefined) throw wrong('which results? agent-jail suite compare RESULTS --baseline FILE…');
  // `--baseline nights/*.ndjson`: the shell gives the option its first file only.
  if (more.length > 0 && (baselines.length === 0 || argv[0] !== results))
    throw wrong(`too many arguments: ${JSON.stringify(more[0])}`, FIRST);
  const inForce = settingsOf(args);
  const strict = oneOf(args, 'on-inconclusive', ['pass', 'fail']) === 'fail';
  const open = (name: string, path = resultsFile(name, io)): TrialsData => {
    const trials = readTrials(path);
    return { name, header: trials.header, trials, complete: trials.complete };
  };
  const { confirm } = args.options;
  const earlier = [
    ...[...baselines, ...more].map((name) => open(name)),
    ...given.found.map(({ name, path }) => open(name, path)),
    ...given.refused,
  ];
  const comparison = await compare(open(results), earlier, inForce, confirm === undefined ? null : open(confirm));
  const failed = failures(comparison);
  const { out } = args.options;
  if (out !== undefined) save(resolve(io.cwd, out), `${JSON.stringify(comparison)}\n`);
  if (args.options['json']) json(io, { ...comparison, failed, suspects: suspects(comparison.tasks, inForce) });
  else io.out(comparisonText(comparison));
  for (const line of failed) io.err(`agent-jail: failed: ${line}\n`);
  if (failed.length > 0) return COMPARE_CODES.failed;
  // All baselines refused is not a first night: somebody named them.
  const unsaid = comparison.verdict === 'inconclusive' || (comparison.verdict === 'none' && comparison.refused.length > 0);
  return strict && unsaid ? COMPARE_CODES.inconclusive : COMPARE_CODES.well;
}
const FIRST = 'RESULTS comes first, then --baseline and its files.';

/** The option that may be given many times. */
function takeBaselines(argv: readonly string[]): { readonly baselines: readonly string[]; readonly rest: readonly string[] } {
  const [baselines, rest]: [string[], string[]] = [[], []];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word.startsWith('--baseline=')) baselines.push(word.slice('--baseline='.length));
    else if (word !== '--baseline') rest.push(word);
    else {
      at += 1;
      const file = argv[at];
      if (file === undefined || file.startsWith('--')) throw wrong('--baseline needs a FILE');
      baselines.push(file);
    }
  }
  return { baselines, rest };
}

function settingsOf(args: Args): CompareSettings {
  const number = (name: keyof typeof OPTIONS, without: number, least: number, most: number, whole = false): number => {
    const text = args.options[name];
    if (text === undefined) return without;
    const value = Number(text);
    const is = /^\d*\.?\d+$/.test(text) && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!is) throw wrong(`--${name} ${JSON.stringify(text)} is not ${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`);
    return value;
  };
  return {
    alpha: number('alpha', DEFAULTS.alpha, 0.0001, 0.5),
    minEffect: number('min-effect', DEFAULTS.minEffect, 0, 1),
    minVisible: number('min-visible', DEFAULTS.minVisible, 0, 1),
    maxInfra: number('max-infra', DEFAULTS.maxInfra, 0, 1),
    minRatio: number('min-ratio', DEFAULTS.minRatio, 1, 1000),
    permutations: number('permutations', DEFAULTS.permutations, 1000, 1_000_000, true),
    seed: number('seed', DEFAULTS.seed, 0, Number.MAX_SAFE_INTEGER, true),
    failOn: failOnOf(args.options['fail-on']),
  };
}

/** Names with commas between them; none: nothing fails. */
function failOnOf(text: string | undefined): readonly FailOn[] {
  if (text === undefined) return DEFAULTS.failOn;
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const unknown = names.find((name) => !KNOWN.includes(name));
  if (unknown === undefined) return [...new Set(names)] as FailOn[];
  throw wrong(`--fail-on ${JSON.stringify(unknown)} is not known`, didYouMean(unknown, KNOWN) || `Known are ${KNOWN.join(', ')}.`);
}

function oneOf(args: Args, name: 'on-inconclusive', allowed: readonly [string, ...string[]]): string {
  const value = args.options[name] ?? allowed[0];
  if (allowed.includes(value)) return value;
  throw wrong(`--${name} ${JSON.stringify(value)} is not one of ${allowed.join(', ')}`);
}

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw wrong(
      `cannot write ${JSON.stringify(path)}: ${code === 'EEXIST' ? 'it is there already' : code}`,
      'Give another file: --out FILE.json.',
    );
  }
}

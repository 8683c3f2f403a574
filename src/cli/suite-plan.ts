import { UserError } from '../model/errors.ts';
import { displayText } from '../record/display.ts';
import { planDigest, planMatrix, planOf, planShards, fewerShards, pastDurations } from '../suite/plan.ts';
import { select } from '../suite/select.ts';
import { readTrials, type TrialsFile } from '../suite/trials.ts';
import { parse, wrong } from './args.ts';
import { json, type Io } from './io.ts';
import { listOf, numberOf, resultsFile } from './suite-args.ts';
import { loadSuite, type LoadSuite } from './suite-common.ts';

const OPTIONS = {
  shards: 'string',
  past: 'string',
  agent: 'string',
  filter: 'string',
  trials: 'string',
  seed: 'string',
  json: 'boolean',
} as const;

/** Earlier results that were looked for: a plan is made without those that are not what they should be. */
interface Earlier {
  readonly found: readonly { readonly name: string; readonly path: string }[];
  readonly refused: readonly { readonly name: string; readonly why: string }[];
}
const NONE: Earlier = { found: [], refused: [] };

/** `agent-jail suite plan SUITE --shards N`: a matrix for GitHub, as JSON on stdout. */
export async function suitePlan(argv: readonly string[], io: Io, load: LoadSuite = loadSuite, earlier = NONE): Promise<number> {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [file] = positionals;
  if (file === undefined) throw wrong('which suite? agent-jail suite plan SUITE --shards N');
  const shards = numberOf(options['shards'], '--shards', 1, 1_000_000);
  if (shards === null) throw wrong('how many shards? --shards N');
  const { suite } = await load(file, io);
  const trials = numberOf(options['trials'], '--trials', 1, 1_000_000);
  const { agent, expected } = select(suite, { agent: options['agent'] ?? null, filter: listOf(options['filter']), trials });
  const given = listOf(options['past']).map((written) => readTrials(resultsFile(written, io)));
  const past = await pastDurations([...given, ...(await usable(earlier, io))]);
  const seed = numberOf(options['seed'], '--seed', 0, 0xffff_ffff) ?? suite.seed;
  const plan = planOf({ suite: suite.name, digest: suite.digest, agent, seed }, planShards(expected, shards, past));
  const matrix = planMatrix(plan, expected);
  const fewer = fewerShards(shards, plan.shards.length);
  if (fewer !== null) io.err(`agent-jail: ${fewer}\n`);
  json(io, options['json'] === undefined ? matrix : { schema: 'agent-jail/suite-plan@1', plan: planDigest(plan), matrix, document: plan });
  return 0;
}

/** Those that can be read to their end; of the others it is told why not. */
async function usable({ found, refused }: Earlier, io: Io): Promise<TrialsFile[]> {
  const files: TrialsFile[] = [];
  const told = [...refused];
  for (const { name, path } of found)
    try {
      const file = readTrials(path);
      await pastDurations([file]);
      files.push(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      told.push({ name, why: error.problems[0]?.message ?? '' });
    }
  for (const { name, why } of told) io.err(`agent-jail: durations are not taken from ${name}: ${displayText(why, 300)}\n`);
  return files;
}

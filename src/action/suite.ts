import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { JailError, UserError } from '../model/errors.ts';
import { EXIT, type Outcome } from '../model/outcome.ts';
import { MEASURED, type TrialOutcome } from '../model/suite.ts';
import { newId } from '../run/id.ts';
import { annotate, problemsOf } from './annotations.ts';
import { earlierResults } from './earlier.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { oneLine } from './log.ts';
import { SUITE_OUTPUTS, writeClosed } from './outputs.ts';
import { loadSuiteInputs, type SuiteInputs } from './suite-inputs.ts';
import { spoken } from './suite-io.ts';

/** The main process of `suite/action.yml`: the command line's `suite`, with inputs for arguments. Returns its exit code and never rejects. */
export async function runSuite(env: Environment): Promise<number> {
  try {
    const inputs = loadSuiteInputs(env);
    if (inputs.command === 'plan') return await plan(inputs, env);
    return inputs.command === 'merge' ? await merge(inputs, env) : await run(inputs, env);
  } catch (error) {
    const outcome = error instanceof UserError ? 'usage-error' : 'jail-error';
    await annotate(error);
    if (!(error instanceof UserError) && !(error instanceof JailError))
      (await import('@actions/core')).debug(String((error as Error).stack));
    await writeClosed(SUITE_OUTPUTS, { outcome, because: problemsOf(error)[0]?.message ?? '' });
    return EXIT[outcome];
  }
}

async function plan(inputs: SuiteInputs, env: Environment): Promise<number> {
  const [{ suitePlan }, { suiteOf }] = await Promise.all([import('../cli/suite-plan.ts'), import('./suite-source.ts')]);
  const loaded = await suiteOf(inputs, env);
  const own = join(variable(env, 'RUNNER_TEMP'), 'agent-jail', `plan-${newId()}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const past = await earlierResults(inputs.past, loaded.suite.name, own, env);
  const { out } = await spoken(env, (io) => suitePlan([...inputs.options, fileOf(inputs, env)], io, async () => loaded, past));
  const { include } = JSON.parse(out) as { readonly include: readonly unknown[] };
  await writeClosed(SUITE_OUTPUTS, { outcome: 'succeeded', matrix: out.trim(), shards: include.length });
  return 0;
}

/** What the command line says of a run of a suite. */
interface Said {
  readonly outcome: Outcome;
  readonly because: readonly string[];
  readonly outcomes: Readonly<Record<TrialOutcome, number>>;
  readonly rate: number | null;
}

async function run(inputs: SuiteInputs, env: Environment): Promise<number> {
  const [{ suiteRun }, { suiteOf }] = await Promise.all([import('../cli/suite-run.ts'), import('./suite-source.ts')]);
  const id = newId();
  const folder = join(variable(env, 'RUNNER_TEMP'), 'agent-jail', `suite-${id}`);
  const loaded = await suiteOf(inputs, env);
  const shard = inputs.options.find((option) => option.startsWith('--shard='))?.replace(/^--shard=(\d+)\/.*/, 'shard-$1') ?? 'all';
  const { code, out } = await spoken(env, (io) =>
    suiteRun([...inputs.options, `--out=${folder}`, '--json', fileOf(inputs, env)], io, async () => loaded),
  );
  const said = JSON.parse(out) as Said;
  return finish(said, code, { inputs, folder, id, fallback: `agent-jail-suite-${loaded.suite.name}-${shard}-${id}` }, env);
}

/** The folder of the shards gets the joined results: records stay where they are. */
async function merge(inputs: SuiteInputs, env: Environment): Promise<number> {
  const [{ suiteMerge }, { resultFiles }, { resultOf }] = await Promise.all([
    import('../cli/suite-merge.ts'),
    import('./suite-upload.ts'),
    import('../cli/suite-tally.ts'),
  ]);
  const folder = resolve(variable(env, 'GITHUB_WORKSPACE'), inputs.results);
  const files = resultFiles(folder);
  if (files.length === 0)
    throw new UserError([
      { message: `there are no results below ${inputs.results}`, remedy: 'Download the artifacts of the shards into it.', place: null },
    ]);
  const { out } = await spoken(env, (io) => suiteMerge([...inputs.options, `--out=${folder}`, '--json', ...files], io));
  const { suite, results } = JSON.parse(out) as { readonly suite: string; readonly results: string };
  const said = await resultOf(results);
  return finish(said, EXIT[said.outcome], { inputs, folder, id: newId(), fallback: `agent-jail-results-${suite}` }, env);
}

interface Finished {
  readonly inputs: SuiteInputs;
  readonly folder: string;
  readonly id: string;
  readonly fallback: string;
}
/** Uploads what there is, also of a run that failed, and writes the outputs. */
async function finish(said: Said, code: number, { inputs, folder, id, fallback }: Finished, env: Environment): Promise<number> {
  const core = await import('@actions/core');
  const say = (message: string): void => core.info(oneLine(`agent-jail: ${message}`));
  const { uploadResults } = await import('./suite-upload.ts');
  const { records, upload } = inputs;
  const uploaded = upload === null ? null : await uploadResults(folder, { upload, records, fallback, id }, env, say);
  const { outcome, because, outcomes, rate } = said;
  await writeClosed(SUITE_OUTPUTS, {
    outcome,
    because: because[0] ?? '',
    results: folder,
    trials: MEASURED.reduce((sum, one) => sum + outcomes[one], 0),
    passed: outcomes.pass,
    'pass-rate': rate === null ? null : rate.toFixed(6).replace(/\.?0+$/, ''),
    'artifact-id': uploaded?.id ?? null,
    'artifact-url': uploaded?.url ?? null,
    'artifact-digest': uploaded?.digest ?? null,
  });
  const text = oneLine(`${outcome}${because.length === 0 ? '' : `: ${because.join('; ')}`}`);
  if (code !== 0) core.error(text, { title: 'agent-jail' });
  else core.info(`agent-jail: ${text}`);
  return code;
}

const fileOf = ({ suite }: SuiteInputs, env: Environment): string => resolve(variable(env, 'GITHUB_WORKSPACE'), suite);

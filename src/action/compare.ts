import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { resultsFile } from '../cli/suite-args.ts';
import { JailError, UserError } from '../model/errors.ts';
import { EXIT } from '../model/outcome.ts';
import type { Comparison } from '../model/suite.ts';
import { newId } from '../run/id.ts';
import { readTrials } from '../suite/trials.ts';
import { annotate, problemsOf } from './annotations.ts';
import type { Baselines } from './baseline.ts';
import { type CompareInputs, loadCompareInputs } from './compare-inputs.ts';
import { earlierResults } from './earlier.ts';
import { reported } from './compare-report.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { oneLine } from './log.ts';
import { COMPARE_OUTPUTS, writeClosed } from './outputs.ts';
import { spoken } from './suite-io.ts';

/** What `suite compare --json` says. */
export type Said = Comparison & { readonly failed: readonly string[]; readonly suspects: readonly string[] };

/** The main process of `compare/action.yml`. Returns its exit code and never rejects. */
export async function runCompare(env: Environment): Promise<number> {
  try {
    return await perform(loadCompareInputs(env), env);
  } catch (error) {
    const outcome = error instanceof UserError ? 'usage-error' : 'jail-error';
    await annotate(error);
    if (!(error instanceof UserError) && !(error instanceof JailError))
      (await import('@actions/core')).debug(String((error as Error).stack));
    await writeClosed(COMPARE_OUTPUTS, { outcome, because: problemsOf(error)[0]?.message ?? '' });
    return EXIT[outcome];
  }
}

async function perform(inputs: CompareInputs, env: Environment): Promise<number> {
  const core = await import('@actions/core');
  const say = (message: string): void => core.info(oneLine(`agent-jail: ${message}`));
  const results = resultsFile(inputs.results, { cwd: variable(env, 'GITHUB_WORKSPACE') });
  const id = newId();
  const own = join(variable(env, 'RUNNER_TEMP'), 'agent-jail', `compare-${id}`);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const { suite } = readTrials(results).header;
  const baselines = await earlierResults(inputs.baseline, suite, own, env);

  let { code, said } = await compared(inputs, results, baselines, [], env);
  if (inputs.confirm > 0 && said.suspects.length > 0) {
    say(`trying again, ${inputs.confirm} times each: ${said.suspects.join(', ')}`);
    const further = await confirmed(inputs, said, results, own, env);
    ({ code, said } = await compared(inputs, results, baselines, [`--confirm=${further}`], env));
  }
  for (const { name, why } of said.refused) say(`${name} is no baseline: ${why}`);
  await reported(inputs, { said, code, folder: dirname(results), results, id, nights: baselines.found }, env, say);
  const why = said.failed.length > 0 ? said.failed : said.because;
  const text = oneLine(`${said.verdict}${why.length === 0 ? '' : `: ${why.join('; ')}`}`);
  if (code !== 0) core.error(text, { title: 'agent-jail' });
  else if (said.verdict === 'inconclusive') core.warning(text, { title: 'agent-jail' });
  else core.info(`agent-jail: ${text}`);
  return code;
}

async function compared(inputs: CompareInputs, results: string, baselines: Baselines, more: readonly string[], env: Environment) {
  const { suiteCompare } = await import('../cli/suite-compare.ts');
  const { code, out } = await spoken(env, (io) => suiteCompare([results, ...inputs.options, ...more, '--json'], io, baselines));
  return { code, said: JSON.parse(out) as Said };
}

/** Runs further trials of what is suspected. Returns the file of their results. */
async function confirmed(inputs: CompareInputs, said: Said, results: string, directory: string, env: Environment): Promise<string> {
  const [{ suiteRun }, { suiteOf }] = await Promise.all([import('../cli/suite-run.ts'), import('./suite-source.ts')]);
  const suspects = join(directory, 'suspects.json');
  writeFileSync(suspects, JSON.stringify(said), { mode: 0o600 });
  const out = join(directory, 'confirm');
  const { agent } = readTrials(results).header;
  const options = [`--suspects=${suspects}`, `--trials=${inputs.confirm}`, `--agent=${agent}`, `--out=${out}`, '--json'];
  const backend = inputs.backend === '' ? [] : [`--backend=${inputs.backend}`];
  const file = resolve(variable(env, 'GITHUB_WORKSPACE'), inputs.suite);
  await spoken(env, (io) => suiteRun([...options, ...backend, file], io, () => suiteOf(inputs, env)));
  return join(out, 'trials.ndjson');
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { wrong } from '../cli/args.ts';
import type { BringWish, Brought } from '../cli/bring.ts';
import { callerIdentity } from '../cli/identity.ts';
import { withRemedy } from '../cli/problem.ts';
import { UserError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { EXIT } from '../model/outcome.ts';
import { annotate, inputPlace, problemsOf } from './annotations.ts';
import { loadApplyInputs } from './apply-inputs.ts';
import type { ApplyInputs } from './apply-inputs.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { oneLine } from './log.ts';
import { APPLY_OUTPUTS, writeClosed } from './outputs.ts';

/** The main process of `apply/action.yml`. Returns its exit code and never rejects. */
export async function runApply(env: Environment): Promise<number> {
  try {
    const inputs = loadApplyInputs(env);
    const { bring, STATE_EXIT } = await import('../cli/bring.ts');
    const brought = await bring(await wishOf(inputs, env));
    const code = STATE_EXIT[brought.state];
    await tell(brought, code, env);
    return code;
  } catch (error) {
    const usage = error instanceof UserError;
    await annotate(error);
    await writeClosed(APPLY_OUTPUTS, { state: usage ? 'usage-error' : 'error', because: problemsOf(error)[0]?.message ?? '' });
    return EXIT[usage ? 'usage-error' : 'jail-error'];
  }
}

async function wishOf(inputs: ApplyInputs, env: Environment): Promise<BringWish> {
  const { record, to, commit, author, repository, run, forks, policy: _inline, policyFile: _file, policySource: _source, ...rest } = inputs;
  const workspace = variable(env, 'GITHUB_WORKSPACE');
  return {
    ...rest,
    record: resolve(workspace, record) as HostPath,
    to: resolve(workspace, to) as HostPath,
    policy: await ownPolicy(inputs, env),
    origin: { server: variable(env, 'GITHUB_SERVER_URL') || null, repository, run, forks },
    commit: commit === null ? null : async ({ top }) => ({ message: commit, ...(author ?? (await callerIdentity(top, env))) }),
  };
}

/** The guards come from the repository as it is at its base, never from the record. */
async function ownPolicy(inputs: ApplyInputs, env: Environment): Promise<BringWish['policy']> {
  const { defaultPolicy, parsePolicy } = await import('../policy/parse.ts');
  if (inputs.policy !== '') return { policy: parsePolicy(inputs.policy, inputPlace('policy')), source: { kind: 'inline' } };
  if (inputs.policyFile === '') return { policy: defaultPolicy(), source: { kind: 'default' } };
  const { readPolicySource } = await import('./source.ts');
  const { text, file, source, trustedHead } = await readPolicySource(inputs, env);
  if (source.kind === 'workspace' && !trustedHead) {
    throw wrong('the policy comes from the workspace, which this event does not make trustworthy', 'Use `policy-source: base`.');
  }
  return { policy: parsePolicy(text, file), source };
}

/** Outputs, the text for a pull request, and what happened as the last lines of the log. */
async function tell(brought: Brought, code: number, env: Environment): Promise<void> {
  const { state, because, remedy, what, more, conclusion, base, changed, commit, warnings } = brought;
  const core = await import('@actions/core');
  const id = conclusion?.run.id.toLowerCase() ?? null;
  await writeClosed(APPLY_OUTPUTS, {
    state,
    because,
    outcome: conclusion?.outcome ?? null,
    review: conclusion === null ? null : conclusion.outcome === 'needs-review',
    'changed-files': changed,
    base,
    commit,
    branch: id === null ? null : `agent-jail/${id}`,
    'body-path': conclusion === null || id === null ? null : await writeBody(id, conclusion, env),
  });
  for (const warning of warnings) core.warning(oneLine(warning), { title: 'agent-jail' });
  for (const item of what) core.info(oneLine(`  ${item}`));
  if (more > 0) core.info(`  and ${more} more`);
  const text = oneLine(`${state}: ${withRemedy(because, remedy)}`);
  if (code !== 0) core.error(text, { title: 'agent-jail' });
  else if (conclusion?.outcome === 'needs-review')
    core.warning(oneLine(`${state}, and to be reviewed: ${conclusion.because}`), { title: 'agent-jail' });
  else core.info(`agent-jail: ${text}`);
}

/** What the run did, as this policy judges it; all that is a stranger's is escaped. */
async function writeBody(id: string, conclusion: NonNullable<Brought['conclusion']>, env: Environment): Promise<string> {
  const directory = join(variable(env, 'RUNNER_TEMP'), 'agent-jail');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `apply-${id}.md`);
  const { summary } = await import('../report/summary.ts');
  await writeFile(path, await summary(conclusion));
  return path;
}

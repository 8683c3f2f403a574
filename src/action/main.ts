import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JailError, UserError } from '../model/errors.ts';
import type { Finding } from '../model/changes.ts';
import type { HostPath } from '../model/names.ts';
import { EXIT } from '../model/outcome.ts';
import type { Policy } from '../model/policy.ts';
import type { PolicySource, RunRequest } from '../model/protocol.ts';
import type { RunDocument } from '../model/record.ts';
import type { Totals } from '../model/trajectory.ts';
import { HERE } from '../system/platform.ts';
import { LastExit } from '../cli/last-exit.ts';
import { withRemedy } from '../cli/problem.ts';
import { VERSION } from '../cli/version.ts';
import { annotate, problemsOf } from './annotations.ts';
import { watchSignals } from './cancel.ts';
import type { Cancel } from './cancel.ts';
import { conclude, exitCode } from './conclude.ts';
import { variable } from './environment.ts';
import type { Environment } from './environment.ts';
import { loadInputs } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { JobLog } from './log.ts';
import { writeOutputs } from './outputs.ts';
import { choosePolicy } from './policy.ts';
import { annotateFindings, annotationsOf } from './findings.ts';
import { filled } from './record-file.ts';
import { refuse } from './refuse.ts';
import { maskSecrets, secretNames } from './secrets.ts';
import { forgetState, saveFinished, saveState } from './state.ts';
import type { State } from './state.ts';
import { stepsOf } from './steps.ts';
import { usageOutputs } from './usage.ts';

/** The action's main process. Returns its exit code and never rejects. */
export async function run(env: Environment): Promise<number> {
  const cancel = watchSignals((code) => process.exit(code));
  // The artifact client throws from its streams' events.
  process.once('uncaughtException', (error) => void failed(error).then((code) => process.exit(code)));
  try {
    refuse({ platform: process.platform, arch: process.arch, execPath: process.execPath, env, engine: hasEngine(env) });
    const inputs = loadInputs(env);
    const ready = await prepareRun(inputs, env, cancel);
    return ready === null ? await cancelled() : await perform(ready, inputs, env, cancel);
  } catch (error) {
    return await failed(error);
  }
}

/** Looked for, not asked. */
function hasEngine(env: Environment): boolean {
  const host = env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
  return !host.startsWith('unix://') || existsSync(host.slice('unix://'.length));
}

interface Ready {
  readonly state: State;
  readonly request: RunRequest;
}

/** Everything that can be refused is refused here, before anything privileged runs. null: cancelled meanwhile. */
async function prepareRun(inputs: Inputs, env: Environment, cancel: Cancel): Promise<Ready | null> {
  const steps = await stepsOf(inputs);
  const { policy, source } = await choosePolicy(inputs, env);
  const { newId } = await import('../run/id.ts');
  const id = newId();
  const records = join(variable(env, 'RUNNER_TEMP'), 'agent-jail');
  const state: State = { id, record: HERE.slashed(join(records, id)) as HostPath, upload: inputs.upload };

  // The warden's node starts while the workspace is looked at; without a request it does nothing and ends with this process.
  const { announceEngine, announceRoot, dismissWarden, startWarden } = await import('../run/client.ts');
  if (secretNames(policy).every((name) => env[name])) startWarden(inputs.backend ?? policy.jail.backend);
  announceRoot(policy.jail.root);

  await maskSecrets(policy, env);
  const { engineFor, prepare } = await import('../run/prepare.ts');
  if ((inputs.backend ?? policy.jail.backend) === 'docker') announceEngine(engineFor(env));
  await saveState(state);
  try {
    await mkdir(records, { recursive: true, mode: 0o700 });
    const request = await prepare(wishOf(inputs, state, policy, source, steps, env));
    if (!cancel.signal.aborted) return { state, request };
  } catch (error) {
    await Promise.all([forgetState(), dismissWarden()]);
    throw error;
  }
  await Promise.all([forgetState(), dismissWarden()]);
  return null;
}

function wishOf(
  inputs: Inputs,
  { id, record }: State,
  policy: Policy,
  source: PolicySource,
  steps: Awaited<ReturnType<typeof stepsOf>>,
  env: Environment,
): Parameters<typeof import('../run/prepare.ts')['prepare']>[0] {
  return {
    id,
    version: VERSION,
    policy,
    source,
    backend: inputs.backend ?? policy.jail.backend,
    steps,
    environment: env,
    mask: inputs.mask,
    workspace: variable(env, 'GITHUB_WORKSPACE'),
    record,
    display: inputs.log !== 'none',
  };
}

async function perform({ state, request }: Ready, inputs: Inputs, env: Environment, cancel: Cancel): Promise<number> {
  const { runJail } = await import('../run/client.ts');
  const { redactorOf } = await import('../transcript/redact.ts');
  const redactor = redactorOf(request);
  const log = new JobLog(
    inputs.log,
    (text) => process.stdout.write(text),
    (line) => redactor.redactText(line),
  );
  const last = new LastExit();
  const result = await runJail(
    request,
    (event) => {
      last.observe(event);
      log.observe(event);
    },
    cancel.signal,
  );
  log.close();

  const say = (message: string): void => log.say(message);
  const conclusion = await conclude(state, env, result, say, cancel);
  const { outcome, because, uploaded } = conclusion;
  const { run, totals, findings } = await recorded(state.record);
  const backend = run?.backend ?? null;
  if (backend !== null) say(`backend ${backend.name} (${backend.version}), ${backend.why}`);
  await writeOutputs({
    outcome,
    because,
    'exit-code': last.code,
    backend: backend?.name ?? null,
    'policy-sha256': request.policy.digest,
    'manifest-sha256': result.manifest,
    changed: result.counts === null ? null : result.counts.changed > 0,
    'changed-files': result.counts?.changed ?? null,
    denied: result.counts?.denied ?? null,
    ...usageOutputs(totals, run?.tokens ?? null),
    record: state.record,
    patch: await filled(state.record, 'changes.patch'),
    sarif: await filled(state.record, 'findings.sarif'),
    result: await filled(state.record, 'result.txt'),
    'artifact-id': uploaded?.id ?? null,
    'artifact-url': uploaded?.url ?? null,
    'artifact-digest': uploaded?.digest ?? null,
  });
  if (run !== null) await annotateFindings(annotationsOf(findings, run.workspace, inputs.log === 'none'));
  const code = exitCode(outcome, inputs.onReview);
  await announce(outcome, because, result.end.how === 'error' ? result.end.remedy : '', code);
  if (conclusion.finished) await saveFinished();
  return code;
}

/** The verdict, last in the log, as an annotation unless all is well. */
async function announce(outcome: string, because: string, remedy: string, code: number): Promise<void> {
  const core = await import('@actions/core');
  const text = `${outcome}: ${withRemedy(because, remedy)}`;
  if (code !== 0) core.error(text, { title: 'agent-jail' });
  else if (outcome !== 'succeeded') core.warning(text, { title: 'agent-jail' });
  else core.info(`agent-jail: ${outcome}`);
}

async function failed(error: unknown): Promise<number> {
  const outcome = error instanceof UserError ? 'usage-error' : 'jail-error';
  await annotate(error);
  if (!(error instanceof UserError) && !(error instanceof JailError)) {
    const core = await import('@actions/core');
    core.debug(error instanceof Error ? (error.stack ?? '') : String(error));
  }
  await writeOutputs({ outcome, because: problemsOf(error)[0]?.message ?? '' });
  return EXIT[outcome];
}

async function cancelled(): Promise<number> {
  await writeOutputs({ outcome: 'cancelled', because: 'cancelled before anything ran' });
  return EXIT.cancelled;
}

interface Recorded {
  readonly run: RunDocument | null;
  readonly totals: Totals | null;
  readonly findings: readonly Finding[];
}

/** What warden and judge wrote down, each null where the run did not come so far. */
async function recorded(record: HostPath): Promise<Recorded> {
  const { openRecordDir, readRun } = await import('../record/read.ts');
  const run = await readRun(record).catch(() => null);
  try {
    const { totals = null, findings } = openRecordDir(record).document('verdict.json').value;
    return { run, totals, findings };
  } catch {
    return { run, totals: null, findings: [] };
  }
}

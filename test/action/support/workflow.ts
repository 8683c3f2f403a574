import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { ArtifactService } from './artifact-service.ts';
import { Runner, type StepResult, type StepWish } from './runner.ts';

// A workflow as GitHub runs it, as far as the examples need: jobs in order, a matrix, outputs, artifacts, each job on a runner of its own.

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly needs?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: string };
  readonly steps: readonly Step[];
}
export interface JobResult {
  readonly job: string;
  /** Of the matrix; null: there is none. */
  readonly matrix: Readonly<Record<string, unknown>> | null;
  /** The action's steps, by id or number. */
  readonly steps: ReadonlyMap<string, StepResult>;
  readonly failed: boolean;
  /** What was handed to an action that opens pull requests. */
  readonly opened: readonly Readonly<Record<string, string>>[];
}
export interface Setting {
  /** Is copied to each job's workspace, as a checkout. */
  readonly checkout: string;
  readonly service: ArtifactService;
  /** Of all jobs' processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: object };
  readonly secrets?: Readonly<Record<string, string>>;
  /** Of the context `github`, beside the token. */
  readonly github?: Readonly<Record<string, string>>;
  /** `github.token`. */
  readonly token?: string;
  /** Inputs in place of the workflow's, by the action's name. */
  readonly given?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enter?: readonly string[];
}

/** Runs all jobs of a workflow file. What it does not know is an error. */
export async function runWorkflow(file: string, setting: Setting): Promise<JobResult[]> {
  const { jobs } = parse(readFileSync(file, 'utf8')) as { readonly jobs: Readonly<Record<string, Job>> };
  const outputs = new Map<string, string>();
  const results: JobResult[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    const context = new Map([
      ...outputs,
      ['github.token', setting.token ?? 'a-token-that-can-only-read'],
      ...Object.entries(setting.github ?? {}).map(([key, value]): [string, string] => [`github.${key}`, value]),
      ...Object.entries(setting.secrets ?? {}).map(([key, value]): [string, string] => [`secrets.${key}`, value]),
    ]);
    const matrices =
      job.strategy === undefined
        ? [null]
        : (JSON.parse(evaluate(job.strategy.matrix.replace(/fromJSON\((.*)\)/, '$1'), context)) as { include: Record<string, unknown>[] })
            .include;
    for (const matrix of matrices) results.push(await runJob(name, job, matrix, context, setting, outputs));
  }
  return results;
}

async function runJob(
  name: string,
  job: Job,
  matrix: JobResult['matrix'],
  before: ReadonlyMap<string, string>,
  setting: Setting,
  outputs: Map<string, string>,
): Promise<JobResult> {
  using runner = new Runner(setting.event);
  Object.assign(runner.env, { ACTIONS_RESULTS_URL: setting.service.url, GITHUB_JOB: name, ...setting.env });
  const context = new Map([
    ...before,
    ['runner.temp', runner.temp],
    ...Object.entries(matrix ?? {}).map(([key, value]): [string, string] => [`matrix.${key}`, String(value)]),
  ]);
  const steps = new Map<string, StepResult>();
  let failed = false;
  const opened: Readonly<Record<string, string>>[] = [];
  for (const [index, step] of job.steps.entries()) {
    if (failed && step.if !== '${{ !cancelled() }}') continue;
    const [, output = '', wanted] = /^steps\.(\S+) == '(.*)'$/.exec(step.if ?? '') ?? [];
    if (wanted !== undefined && context.get(`steps.${output}`) !== wanted) continue;
    const given = Object.fromEntries(Object.entries(step.with ?? {}).map(([key, value]) => [key, evaluate(String(value), context)]));
    const [, action] = /^OWNER\/agent-jail(?:\/([a-z]+))?@v1$/.exec(step.uses ?? '') ?? [];
    if (step.uses?.startsWith('actions/checkout@') === true) {
      rmSync(runner.workspace, { recursive: true });
      cpSync(setting.checkout, runner.workspace, { recursive: true });
    } else if (step.uses?.startsWith('actions/download-artifact@') === true) download(given, setting.service);
    else if (/^OWNER\/agent-jail(?:\/|@)/.test(step.uses ?? '')) {
      const wish = action ?? '.';
      const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, evaluate(value, context)]));
      const enter = setting.enter === undefined ? {} : { enter: setting.enter };
      const result = await runner.step({
        action: wish as NonNullable<StepWish['action']>,
        with: { ...given, ...setting.given?.[wish] },
        env,
        ...enter,
      });
      steps.set(step.id ?? String(index), result);
      failed ||= result.code !== 0;
      for (const [key, value] of Object.entries(result.outputs)) context.set(`steps.${step.id}.outputs.${key}`, value);
    } else if (step.uses?.startsWith('peter-evans/create-pull-request@') === true) opened.push(given);
    else throw new Error(`the harness does not know ${step.uses ?? 'run'}`);
  }
  for (const [key, text] of Object.entries(job.outputs ?? {})) outputs.set(`needs.${name}.outputs.${key}`, evaluate(text, context));
  return { job: name, matrix, steps, failed, opened };
}

/** Names alone, and `NAME == 'text'`. */
function evaluate(text: string, context: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{\{ ([A-Za-z0-9._-]+)(?: == '([^']*)')? \}\}/g, (_, name: string, other: string | undefined) => {
    const value = context.get(name);
    if (value === undefined) throw new Error(`the harness does not know ${name}`);
    return other === undefined ? value : String(value === other);
  });
}

/** As actions/download-artifact: each artifact in a folder of its name. */
function download({ pattern = '', path = '', 'artifact-ids': id = '' }: Readonly<Record<string, string>>, service: ArtifactService): void {
  if (id !== '') {
    // The service counts from 1001, and one artifact by its id goes into the folder itself.
    const name = [...service.artifacts.keys()][Number(id) - 1001] ?? '';
    return unpack(path, service.files(name));
  }
  const matches = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[^a-z0-9]/gi, '\\$&'))
      .join('.*')}$`,
  );
  for (const name of service.artifacts.keys()) {
    if (!matches.test(name)) continue;
    unpack(join(path, name), service.files(name));
  }
}

function unpack(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [file, bytes] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }
}

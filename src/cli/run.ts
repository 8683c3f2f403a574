import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BackendName } from '../model/names.ts';
import { EXIT } from '../model/outcome.ts';
import type { RunRequest, RunResult } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import { parseSteps } from '../policy/steps.ts';
import { dismissWarden, runJail, startWarden } from '../run/client.ts';
import { newId } from '../run/id.ts';
import { prepare } from '../run/prepare.ts';
import { redactorOf } from '../transcript/redact.ts';
import { didYouMean, parse, wrong } from './args.ts';
import type { Args } from './args.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { LastExit } from './last-exit.ts';
import { refuseNotYet } from './not-yet.ts';
import { outputOf } from './output.ts';
import { loadPolicy, readText } from './policy.ts';
import { withRemedy } from './problem.ts';
import { Progress } from './progress.ts';
import { scriptOf } from './script.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  policy: 'string',
  out: 'string',
  backend: 'string',
  setup: 'string',
  steps: 'string',
  'exit-code': 'string',
  json: 'boolean',
} as const;
/** `chroot` is here and not in a policy: it isolates nothing and is for comparison. */
const BACKENDS: readonly string[] = ['auto', 'nspawn', 'docker', 'chroot'];

/** `agent-jail run [options] -- CMD …` */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const args = parse(argv, OPTIONS, 0);
  const { options } = args;
  const { policy, source } = await loadPolicy(options['policy'], io);
  const backend = backendOf(options['backend']) ?? policy.jail.backend;
  const own = ownExit(options['exit-code']);
  const steps = await stepsOf(args, io);
  refuseNotYet(policy, backend, steps);

  startWarden();
  const id = newId();
  const request = await prepare({
    id,
    version: VERSION,
    policy,
    source,
    backend,
    steps,
    environment: io.env,
    mask: [],
    workspace: io.cwd,
    record: await recordPlace(options['out'], id, io),
    display: options['json'] === undefined,
  }).catch(async (error: unknown) => {
    await dismissWarden();
    throw error;
  });
  const last = new LastExit();
  const result = await watch(request, last, io);
  const code = own ? (last.code ?? EXIT[result.outcome]) : EXIT[result.outcome];
  if (options['json']) json(io, documentOf(id, result, last.code, code));
  else io.err(closing(result));
  return code;
}

async function watch(request: RunRequest, last: LastExit, io: Io): Promise<RunResult> {
  const cancel = new AbortController();
  const stop = (signal: NodeJS.Signals): void => cancel.abort(new Error(signal));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
  const progress = new Progress(io, request.steps.length);
  const output = outputOf(io, redactorOf(request));
  try {
    return await runJail(
      request,
      (event) => {
        last.observe(event);
        if (event.kind === 'output') {
          progress.clear();
          io.out(output.push(event.text));
        } else progress.observe(event);
      },
      cancel.signal,
    );
  } finally {
    io.out(output.flush());
    progress.close();
  }
}

/** CMD, or the entries of `--steps`; `--setup` first. */
async function stepsOf({ options, rest }: Args, io: Io): Promise<StepInput[]> {
  const setup = options['setup'] === undefined ? [] : [step('setup', true, options['setup'], null)];
  const file = options['steps'];
  if (options['setup']?.trim() === '') throw wrong('--setup is empty');
  if ((rest === null) === (file === undefined)) throw wrong('what shall run in the jail? Give `-- CMD …`, or `--steps FILE`, and not both');
  if (file !== undefined) return [...setup, ...parseSteps(await readText(file, io), file)];
  const [program = ''] = rest ?? [];
  if (program === '' || program.startsWith('-')) throw wrong(`${JSON.stringify(program)} is not the name of a program`);
  return [...setup, step(program, false, scriptOf(rest ?? []), 'sh')];
}

function step(name: string, setup: boolean, run: string, shell: string | null): StepInput {
  return { name, setup, run, shell, workingDirectory: null, env: {}, time: null, idle: null, tty: null, agent: null, place: null };
}

function backendOf(name: string | undefined): BackendName | 'auto' | null {
  if (name === undefined) return null;
  if (!BACKENDS.includes(name)) {
    throw wrong(`--backend ${JSON.stringify(name)} is not one of ${BACKENDS.join(', ')}`, didYouMean(name, BACKENDS));
  }
  return name as BackendName | 'auto';
}

function ownExit(value: string | undefined): boolean {
  if (value !== undefined && value !== 'step') throw wrong(`--exit-code ${JSON.stringify(value)}: the only value is \`step\``);
  return value === 'step';
}

/** The default folder ignores itself, so that no record is committed by accident. */
async function recordPlace(out: string | undefined, id: string, io: Io): Promise<string> {
  if (out !== undefined) return resolve(io.cwd, out);
  const records = join(io.cwd, '.agent-jail');
  await mkdir(records, { recursive: true, mode: 0o700 });
  await writeFile(join(records, '.gitignore'), '*\n', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return join(records, id);
}

function documentOf(id: string, result: RunResult, stepExit: number | null, exit: number): object {
  return { schema: 'agent-jail/result@1', id, ...result, stepExit, exit };
}

function closing({ outcome, because, record, end }: RunResult): string {
  const why = outcome === 'succeeded' ? '' : `: ${withRemedy(because, end.how === 'error' ? end.remedy : '')}`;
  return `agent-jail: ${outcome}${why}\nagent-jail: record ${record}\n`;
}

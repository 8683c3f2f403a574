import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT } from '../model/outcome.ts';
import type { RunRequest, RunResult } from '../model/protocol.ts';
import type { StepInput } from '../model/steps.ts';
import { announceEngine, announceRoot, runJail } from '../run/client.ts';
import { newId } from '../run/id.ts';
import { baseAhead, engineFor, prepare } from '../run/prepare.ts';
import { redactorOf } from '../transcript/redact.ts';
import { json } from './io.ts';
import type { Io } from './io.ts';
import { LastExit } from './last-exit.ts';
import { outputOf } from './output.ts';
import { loadPolicy, readText } from './policy.ts';
import { withRemedy } from './problem.ts';
import { Progress } from './progress.ts';
import type { RunOptions } from './run.ts';
import { scriptOf } from './script.ts';
import { VERSION } from './version.ts';

/** Reads what is asked for, runs it, tells how it ended. Returns the exit code. */
export async function perform(options: RunOptions, io: Io): Promise<number> {
  const base = baseAhead(io.cwd);
  const { policy, source } = await loadPolicy(options.policy, io);
  const backend = options.backend ?? policy.jail.backend;
  const steps = await stepsOf(options, io);
  // Loaded where it is used, which is hardly ever.
  if (backend === 'chroot') (await import('./unisolated.ts')).warnUnisolated(policy, steps, io);
  announceRoot(policy.jail.root);
  if (backend === 'docker') announceEngine(engineFor(io.env));

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
    base,
    record: recordPlace(options.out, id, io),
    display: !options.json,
  });
  const last = new LastExit();
  const result = await watch(request, last, io);
  const code = options.stepExit ? (last.code ?? EXIT[result.outcome]) : EXIT[result.outcome];
  if (options.json) json(io, documentOf(id, result, last.code, code));
  else io.err(closing(result));
  return code;
}

/** CMD, or the entries of a file of steps; the set-up first. */
async function stepsOf({ setup: script, what }: RunOptions, io: Io): Promise<StepInput[]> {
  const setup = script === undefined ? [] : [step('setup', true, script, null)];
  if ('command' in what) return [...setup, step(what.command[0], false, scriptOf(what.command), 'sh')];
  const text = readText(what.steps, io);
  const { parseSteps } = await import('../policy/steps.ts');
  return [...setup, ...parseSteps(text, what.steps)];
}

function step(name: string, setup: boolean, run: string, shell: string | null): StepInput {
  return { name, setup, run, shell, workingDirectory: null, env: {}, time: null, idle: null, tty: null, agent: null, place: null };
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
        if (event.kind === 'output') progress.print(output.push(event.text));
        else progress.observe(event);
      },
      cancel.signal,
    );
  } finally {
    progress.print(output.flush());
    progress.close();
  }
}

/** The default folder ignores itself, so that no record is committed by accident. */
function recordPlace(out: string | undefined, id: string, io: Io): string {
  if (out !== undefined) return resolve(io.cwd, out);
  const records = join(io.cwd, '.agent-jail');
  mkdirSync(records, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(join(records, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return join(records, id);
}

function documentOf(id: string, result: RunResult, stepExit: number | null, exit: number): object {
  return { schema: 'agent-jail/result@1', id, ...result, stepExit, exit };
}

function closing({ outcome, because, record, end }: RunResult): string {
  const why = outcome === 'succeeded' ? '' : `: ${withRemedy(because, end.how === 'error' ? end.remedy : '')}`;
  return `agent-jail: ${outcome}${why}\nagent-jail: record ${record}\n`;
}

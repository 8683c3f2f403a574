import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { ExpectedTask, TrialsHeader } from '../model/suite.ts';
import { newId } from '../run/id.ts';
import { fit, runTrials, type SuiteEvent } from '../suite/run.ts';
import { readUnits } from '../suite/plan-units.ts';
import { select, type Selected } from '../suite/select.ts';
import { readTrials } from '../suite/trials.ts';
import { openTrials, resumeTrials, type TrialsWriter } from '../suite/trials-write.ts';
import { parse, wrong } from './args.ts';
import { duration } from './format.ts';
import type { Io } from './io.ts';
import { readText } from './policy.ts';
import { backendOf, listOf, numberOf } from './suite-args.ts';
import { cancelled, loadSuite, type LoadSuite, originOfRun, suiteFolder, told, withBench } from './suite-common.ts';
import { Tally } from './suite-tally.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  agent: 'string', backend: 'string', out: 'string', resume: 'string', filter: 'string', trials: 'string', jobs: 'string', seed: 'string',
  shard: 'string', plan: 'string', units: 'string', suspects: 'string', 'fail-fast': 'boolean', build: 'boolean', json: 'boolean',
} as const; // biome-ignore format: a table

/** `agent-jail suite run SUITE` */
export async function suiteRun(argv: readonly string[], io: Io, load: LoadSuite = loadSuite): Promise<number> {
  const { options, positionals } = parse(argv, OPTIONS, 1);
  const [file] = positionals;
  if (file === undefined) throw wrong('which suite? agent-jail suite run SUITE');
  if (options['out'] !== undefined && options['resume'] !== undefined)
    throw wrong('--out and --resume do not go together', 'A run is resumed where it is.');
  const { suite, trusted } = await load(file, io);
  const backend = backendOf(options['backend']);
  const trials = numberOf(options['trials'], '--trials', 1, 1_000_000);
  const all = select(suite, { agent: options['agent'] ?? null, filter: listOf(options['filter']), trials });
  const shard = shardOf(options);
  const suspects = options['suspects'];
  const selected =
    shard !== null ? only(all, options['units'] ?? '') : suspects === undefined ? all : again(all, readText(suspects, io), trials);
  const seed = numberOf(options['seed'], '--seed', 0, 0xffff_ffff) ?? suite.seed;
  const { jobs, share } = fit(selected.tasks, numberOf(options['jobs'], '--jobs', 1, 1024) ?? suite.jobs);
  const resume = options['resume'];
  const out = resume === undefined ? await suiteFolder(options['out'], newId(), io) : (resolve(io.cwd, resume) as HostPath);
  const header: TrialsHeader = {
    schema: 'agent-jail/trials@1',
    suite: suite.name,
    digest: suite.digest,
    agent: selected.agent,
    backend: backend ?? 'auto',
    version: VERSION,
    started: new Date().toISOString(),
    seed,
    shard,
    expected: selected.expected,
    origin: await originOfRun(io.env),
  };
  for (const notice of suite.notices) io.err(`agent-jail: ${notice}\n`);
  const tally = new Tally(suite.gate, selected.expected);
  const cancel = cancelled();
  await withBench(
    { suite, trusted, tasks: selected.tasks, build: options['build'] !== undefined, out, backend, share, io },
    async (bench, workspaces, tasks) => {
      const file = join(out, 'trials.ndjson');
      if (resume === undefined) mkdirSync(out, { recursive: true, mode: 0o700 });
      const writer = resume === undefined ? openTrials(file, header) : resumeTrials(file, header);
      const before = writer.count;
      if (before > 0) for await (const trial of readTrials(file)) tally.add(trial);
      if (resume !== undefined) io.err(`agent-jail: ${before} trials are finished already\n`);
      const work = {
        bench, workspaces, seed, jobs, oracle: selected.agent === 'oracle', failFast: options['fail-fast'] !== undefined,
        selected: { ...selected, tasks }, done: (task: string, trial: number) => writer.has(task, trial),
      }; // biome-ignore format: a table
      await runTrials(work, (event) => observe(event, { writer, tally, io, before, of: total(selected.expected) }), cancel.signal);
      if (cancel.signal.aborted) writer.close();
      else writer.end();
    },
  );
  const results = join(out, 'trials.ndjson');
  const code = told(io, {
    suite: suite.name,
    agent: selected.agent,
    results,
    tally,
    cut: cancel.signal.aborted,
    json: options['json'] !== undefined,
  });
  if (cancel.signal.aborted) io.err(`agent-jail: cut off; go on with: agent-jail suite run ${file} --resume ${out}\n`);
  return code;
}

/** The part of a plan that this run is; null: it is all of the suite. */
function shardOf({ shard, plan, units }: Readonly<Record<string, string | undefined>>): TrialsHeader['shard'] {
  if (shard === undefined && plan === undefined && units === undefined) return null;
  if (shard === undefined || plan === undefined || units === undefined)
    throw wrong('--shard, --plan and --units go together', '`agent-jail suite plan` gives all three.');
  const [, index = '', of = ''] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(shard) ?? [];
  if (index === '' || Number(index) > Number(of)) throw wrong(`--shard ${JSON.stringify(shard)} is not such as 2/4`);
  if (!/^[0-9a-f]{64}$/.test(plan)) throw wrong(`--plan ${JSON.stringify(plan)} is not a SHA-256`);
  return { index: Number(index), of: Number(of), plan: plan as Sha256 };
}

/** Further trials of the tasks that a comparison suspects, numbered after those that there were. Throws a UserError. */
function again(selected: Selected, text: string, trials: number | null): Selected {
  const names = suspectsOf(text);
  const expected = selected.expected
    .filter(({ task }) => names.has(task))
    .map((one) => ({ ...one, first: Math.max(one.trials, names.get(one.task) ?? 0) + 1, trials: trials ?? one.trials }));
  if (expected.length === 0) throw wrong('the comparison suspects no task of this suite');
  return { ...selected, expected, tasks: selected.tasks.filter(({ id }) => names.has(id)) };
}

/** Suspected tasks of a `comparison.json`, and how often each was tried. */
function suspectsOf(text: string): ReadonlyMap<string, number> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('the comparison is no JSON', 'Give what `agent-jail suite compare --out FILE` wrote.');
  }
  const { schema, suspects, tasks } = (value ?? {}) as { readonly schema?: unknown; readonly suspects?: unknown; readonly tasks?: unknown };
  if (schema !== 'agent-jail/comparison@1' || !Array.isArray(suspects) || !Array.isArray(tasks))
    throw wrong('this is no comparison with suspects', 'Give what `agent-jail suite compare --json` printed.');
  const tried = new Map(
    tasks.map((task: { readonly task?: unknown; readonly now?: { readonly trials?: unknown } }) => [
      task.task,
      Number(task.now?.trials) || 0,
    ]),
  );
  return new Map(suspects.map((name) => [String(name), tried.get(name) ?? 0]));
}

/** The tasks and trials of a shard. Throws a UserError. */
function only(selected: Selected, units: string): Selected {
  const expected = readUnits(units, selected.expected);
  return { ...selected, expected, tasks: selected.tasks.filter(({ id }) => expected.some(({ task }) => task === id)) };
}

const total = (expected: readonly ExpectedTask[]): number => expected.reduce((sum, { trials }) => sum + trials, 0);

interface Watching {
  readonly writer: TrialsWriter;
  readonly tally: Tally;
  readonly io: Io;
  readonly before: number;
  readonly of: number;
}
function observe(event: SuiteEvent, { writer, tally, io, before, of }: Watching): void {
  if (event.kind !== 'end') return;
  const { trial, done, left } = event;
  writer.add(trial);
  tally.add(trial);
  const count = `${String(before + done).padStart(String(of).length)}/${of}`;
  const said = trial.outcome === 'pass' ? '' : `: ${trial.because.slice(0, 300)}`;
  const what = trial.outcome === 'pass' || trial.what === null ? trial.outcome : `${trial.outcome} (${trial.what})`;
  const rest = done + before === of ? '' : `, ${duration(left)} left`;
  io.err(`[${count}] ${trial.task} #${trial.trial} ${what} ${duration(trial.ms.total)}${said}${rest}\n`);
}

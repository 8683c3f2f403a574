import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../model/errors.ts';
import type { BackendName, HostPath } from '../model/names.ts';
import { EXIT } from '../model/outcome.ts';
import type { TrialsOrigin } from '../model/suite.ts';
import { keepWardens } from '../run/kept.ts';
import { originOf } from '../run/origin.ts';
import { buildImages, refuseBuild } from '../suite/image.ts';
import { readSuite } from '../suite/read.ts';
import { Workspaces } from '../suite/start.ts';
import type { Share } from '../suite/steps.ts';
import type { Bench } from '../suite/trial.ts';
import type { Suite, Task } from '../suite/types.ts';
import { json, type Io } from './io.ts';
import { readText } from './policy.ts';
import type { Tally } from './suite-tally.ts';
import { VERSION } from './version.ts';

/** A suite, and whether only people with write access can have made what lies beside it. */
export interface Loaded {
  readonly suite: Suite;
  readonly trusted: boolean;
}
export type LoadSuite = (file: string, io: Io) => Promise<Loaded>;
export const loadSuite: LoadSuite = async (file, io) => {
  const origin = await originOf(io.env);
  return { suite: readSuite(readText(file, io), file, io.cwd), trusted: origin === null || origin.head === origin.repository };
};

/** The folder of the results. One that is not named lies under .agent-jail/, which ignores itself. */
export async function suiteFolder(out: string | undefined, id: string, io: Io): Promise<HostPath> {
  if (out !== undefined) return resolve(io.cwd, out) as HostPath;
  const records = join(io.cwd, '.agent-jail');
  mkdirSync(records, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(join(records, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return join(records, `suite-${id}`) as HostPath;
}

/** What the runner says of the workflow run; null: there is none. */
export async function originOfRun(env: Io['env']): Promise<TrialsOrigin | null> {
  const origin = await originOf(env);
  if (origin === null) return null;
  const { GITHUB_RUN_ATTEMPT = '1', GITHUB_WORKFLOW_REF = '', GITHUB_EVENT_NAME = '', GITHUB_REF = '', GITHUB_SHA = '' } = env;
  return {
    ...origin,
    attempt: Number(GITHUB_RUN_ATTEMPT) || 1,
    workflow: GITHUB_WORKFLOW_REF,
    event: GITHUB_EVENT_NAME,
    ref: GITHUB_REF,
    commit: GITHUB_SHA,
  };
}

/** Aborted by the first signal that asks to end; a second one ends at once. */
export function cancelled(): AbortController {
  const cancel = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => cancel.abort(new Error(signal)));
  return cancel;
}

interface Wanted extends Loaded {
  readonly tasks: readonly Task[];
  readonly build: boolean;
  readonly out: HostPath;
  readonly backend: BackendName | 'auto' | null;
  readonly share: Share | null;
  readonly io: Io;
}
/** What trials need beside the suite: images, a place for workspaces. What was made for it goes again. */
export async function withBench(
  { suite, trusted, tasks, build, out, backend, share, io }: Wanted,
  use: (bench: Bench, workspaces: Workspaces, tasks: readonly Task[]) => Promise<void>,
): Promise<void> {
  const refused = refuseBuild(tasks, suite.build || build, trusted);
  if (refused !== null)
    throw new UserError([
      { message: refused, remedy: 'Say `build: allow` in the suite, or --build, where you trust what it builds.', place: null },
    ]);
  const images = await buildImages(tasks, io.env, (message) => io.err(`agent-jail: ${message}\n`));
  const temporary = mkdtempSync(join(tmpdir(), 'agent-jail-suite-')) as HostPath;
  try {
    await using wardens = keepWardens();
    void wardens;
    const bench = { out, version: VERSION, backend, environment: io.env, share, temporary };
    await use(
      bench,
      new Workspaces(temporary),
      tasks.map((task) => withImage(task, images.get(task.id))),
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function withImage(task: Task, ref: string | undefined): Task {
  if (ref === undefined) return task;
  return { ...task, policy: { ...task.policy, jail: { ...task.policy.jail, root: { kind: 'image', ref } } } };
}

interface Ended {
  readonly suite: string;
  readonly agent: string;
  /** `trials.ndjson`. */
  readonly results: string;
  readonly tally: Tally;
  readonly cut: boolean;
  readonly json: boolean;
  /** Further fields of the document. */
  readonly more?: Readonly<Record<string, unknown>>;
}
/** Tells how a run of a suite, or its being judged again, came out. Returns the exit code. */
export function told(io: Io, { suite, agent, results, tally, cut, json: document, more = {} }: Ended): number {
  const result = tally.result(cut);
  if (document) json(io, { schema: 'agent-jail/suite-result@1', suite, agent, results, ...more, ...result });
  else io.out(tally.table());
  for (const why of result.because) io.err(`agent-jail: ${why}\n`);
  io.err(`agent-jail: results ${results}\n`);
  return EXIT[result.outcome];
}

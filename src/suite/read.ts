import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { type Problem, UserError } from '../model/errors.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import { byPlace, check } from '../policy/check.ts';
import { policyOf } from '../policy/parse.ts';
import * as rule from '../policy/rules.ts';
import { stepInputs } from '../policy/steps.ts';
import { type Path, readYaml, type Source } from '../policy/yaml.ts';
import { checksOf } from './checks-schema.ts';
import { digestOf, treeDigest } from './digest.ts';
import { harborTasks } from './harbor.ts';
import { loosened } from './loosened.ts';
import { over, part } from './sources.ts';
import { step } from './steps.ts';
import { suiteSchema, type UserAgent, type UserSuite, type UserTask, type UserVerifier } from './schema.ts';
import type { Agent, Start, Suite, Task, Verifier } from './types.ts';

const WHAT = 'a suite: `tasks:` and an agent';
/** Built in: what the task's own solution does, and nothing at all. */
export const BUILT_IN = ['oracle', 'null'] as const;
/** It goes to the agent as a variable (execve(2): 128 KiB a string). */
const INSTRUCTION_BYTES = (1 << 17) - 100;

/**
 * Reads a suite file. `file` names it in messages; paths in it are relative to its directory. `texts`: of files that were read elsewhere, by
 * the path as it is written. Throws a UserError with every problem.
 */
export function readSuite(text: string, file: string, cwd: string, texts: ReadonlyMap<string, string> = new Map()): Suite {
  const source = readYaml(text, file, WHAT);
  const user = check(suiteSchema, source);
  return new Reader({ source, user, file, directory: dirname(resolve(cwd, file)), texts }).suite();
}

/** The file with the policy of all tasks, as the suite names it; null: it names none. Throws a UserError. */
export const policyFileOf = (text: string, file: string): string | null =>
  check(suiteSchema, readYaml(text, file, WHAT))['policy-file'] ?? null;

interface Read {
  readonly source: Source;
  readonly user: UserSuite;
  readonly file: string;
  readonly directory: string;
  readonly texts: ReadonlyMap<string, string>;
}
class Reader {
  readonly #source: Source;
  readonly #user: UserSuite;
  readonly #file: string;
  readonly #directory: string;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #problems: Problem[] = [];
  readonly #notices: string[] = [];

  constructor({ source, user, file, directory, texts }: Read) {
    this.#source = source;
    this.#user = user;
    this.#file = file;
    this.#directory = directory;
    this.#texts = texts;
  }

  suite(): Suite {
    const user = this.#user;
    const shared = this.#shared();
    const suitePolicy = policyOf(shared);
    const agents = new Map(Object.entries(user.agents).map(([name, agent]) => [name, this.#agent(agent, ['agents', name])]));
    for (const name of BUILT_IN)
      if (agents.has(name)) this.#wrong(`agents: ${JSON.stringify(name)} is built in`, 'Give yours another name.', ['agents', name]);
    if (user.agent !== undefined && !agents.has(user.agent) && !BUILT_IN.some((name) => name === user.agent))
      this.#wrong(`agent: there is no agent ${JSON.stringify(user.agent)}`, `There are: ${[...agents.keys(), ...BUILT_IN].join(', ')}.`, [
        'agent',
      ]);
    const tasks = user.tasks.flatMap((task, index) => this.#tasks(task, index, shared));
    if (tasks.length === 0 && this.#problems.length === 0) this.#wrong('there is no task', 'List at least one under `tasks`.', ['tasks']);
    const ids = new Set<string>();
    for (const { id, place } of tasks) {
      if (ids.has(id)) this.#problems.push({ message: `the task ${id} is there twice`, remedy: 'Give one another `id`.', place });
      ids.add(id);
    }
    for (const task of tasks)
      for (const more of loosened(suitePolicy, task.policy)) this.#notices.push(`task ${task.id} allows more than the suite: ${more}`);
    if (this.#problems.length > 0) throw new UserError(this.#problems.sort(byPlace));
    const [only] = agents.size === 1 ? agents.keys() : [];
    return {
      name: user.name ?? nameOf(this.#directory),
      file: this.#file,
      digest: digestOf(tasks.map((task) => this.#asked(task))),
      seed: user.seed,
      jobs: user.jobs ?? null,
      gate: { passRate: user.gate['pass-rate'] ?? null, infra: user.gate.infra },
      agents,
      agent: user.agent ?? only ?? null,
      build: user.build === 'allow',
      tasks,
      notices: this.#notices,
    };
  }

  /** The policy of all tasks, as it is written. */
  #shared(): Source {
    const file = this.#user['policy-file'];
    if (file === undefined) return part(this.#source, ['policy']);
    if (this.#user.policy !== undefined) this.#wrong('policy and policy-file are both there', 'Keep one of them.', ['policy-file']);
    const text = this.#text(file, ['policy-file']);
    return text === null ? part(this.#source, ['policy']) : readYaml(text, file, '`version: 1` for a policy of defaults');
  }

  #tasks(user: UserTask, index: number, shared: Source): Task[] {
    const at: Path = ['tasks', index];
    // A key of the task's own policy takes the place of the suite's.
    const policy = policyOf(user.policy === undefined ? shared : over(part(this.#source, [...at, 'policy']), shared));
    const place = this.#source.place(at);
    if (user.harbor !== undefined) return this.#harbor(user, at, policy);
    if (user.id === undefined) {
      this.#wrong(`tasks[${index}]: key id is missing`, 'Each task needs a name, or `harbor`.', at);
      return [];
    }
    const verifier = this.#verifier(user.verifier ?? this.#user.verifier, at, user.verifier !== undefined);
    const start = this.#start(user, at, policy.workspace.access === 'none');
    if (start.kind === 'directory') {
      const { files } = verifier;
      if (files !== null && inside(files.source, start.path))
        this.#wrong(`tasks[${index}].verifier: ${files.source} lies in the workspace, where the agent sees it`, 'Keep it elsewhere.', [
          ...at,
          'verifier',
        ]);
    }
    return [
      {
        id: user.id,
        place,
        instruction: this.#instruction(user, at),
        tags: user.tags,
        trials: user.trials ?? this.#user.trials,
        deterministic: user.deterministic ?? null,
        start,
        setup: user.setup === undefined ? [] : [step('setup of the task', true, user.setup, place, {})],
        agent: user.agent === undefined ? null : this.#agent(user.agent, [...at, 'agent']),
        solution: user.solution === undefined ? null : { script: user.solution, files: null },
        policy,
        ownRoot: false,
        image: null,
        verifier,
      },
    ];
  }

  #harbor(user: UserTask, at: Path, policy: Task['policy']): Task[] {
    const allowed = ['harbor', 'tags', 'trials', 'policy', 'setup', 'agent', 'deterministic'];
    const other = Object.keys(user).find((key) => !allowed.includes(key) && key !== 'id' && user[key as keyof UserTask] !== undefined);
    if (other !== undefined) this.#wrong(`${other} does not go with harbor: the task directory says it`, 'Leave it out.', [...at, other]);
    const place = this.#source.place([...at, 'harbor']);
    const tasks = harborTasks(this.#resolve(user.harbor ?? ''), { policy, place, trials: user.trials ?? this.#user.trials });
    if (user.id !== undefined && tasks.length > 1) this.#wrong('id does not go with several tasks', 'Leave it out.', [...at, 'id']);
    return tasks.map((task) => ({
      ...task,
      id: user.id ?? task.id,
      tags: [...user.tags, ...task.tags],
      deterministic: user.deterministic ?? null,
      setup: user.setup === undefined ? [] : [step('setup of the task', true, user.setup, place, {})],
      agent: user.agent === undefined ? null : this.#agent(user.agent, [...at, 'agent']),
    }));
  }

  #agent(user: UserAgent, at: Path): Agent {
    const place = this.#source.place(at);
    if ((user.run === undefined) === (user.steps === undefined)) {
      this.#wrong('an agent has either run or steps', 'Give exactly one of them.', at);
      return { steps: [], deterministic: user.deterministic };
    }
    const shell = user.shell ?? null;
    const setup = user.setup === undefined ? [] : [{ ...step('setup', true, user.setup, place, user.env), shell }];
    const steps =
      user.steps === undefined
        ? [{ ...step('agent', false, user.run ?? '', place, user.env), shell }]
        : stepInputs(user.steps, (path) => this.#source.place([...at, 'steps', ...path])).map((one) => ({
            ...one,
            shell: one.shell ?? shell,
            env: { ...user.env, ...one.env },
          }));
    return { steps: [...setup, ...steps], deterministic: user.deterministic };
  }

  #instruction(user: UserTask, at: Path): string {
    const file = user['instruction-file'];
    if ((user.instruction === undefined) === (file === undefined)) {
      this.#wrong('a task has either instruction or instruction-file', 'Say what the agent is asked to do.', at);
      return '';
    }
    const text = file === undefined ? (user.instruction ?? '') : (this.#text(file, [...at, 'instruction-file']) ?? '');
    if (Buffer.byteLength(text) > INSTRUCTION_BYTES)
      this.#wrong('the instruction is longer than 128 KiB', 'Put the details into a file of the workspace.', at);
    return text;
  }

  #start(user: UserTask, at: Path, none: boolean): Start {
    const { directory, repository } = user;
    if (none) {
      const key = directory === undefined ? (repository === undefined ? null : 'repository') : 'directory';
      if (key !== null)
        this.#wrong(`${key}: the policy gives the jail no workspace`, 'Leave it out, or change `workspace` in the policy.', [...at, key]);
      return { kind: 'none' };
    }
    if ((directory === undefined) === (repository === undefined)) {
      this.#wrong('a task has either directory or repository', 'Say what the workspace is at first.', at);
      return { kind: 'none' };
    }
    if (repository !== undefined) {
      const url = /^[a-z+]+:\/\//.test(repository.url) ? repository.url : this.#resolve(repository.url);
      return { kind: 'repository', url, commit: repository.commit, path: repository.path ?? '' };
    }
    return { kind: 'directory', path: this.#existing(directory ?? '', [...at, 'directory']) };
  }

  #verifier(user: UserVerifier | undefined, at: Path, own: boolean): Verifier {
    const where: Path = own ? [...at, 'verifier'] : ['verifier'];
    if (user === undefined || (user.run === undefined && user.checks.length === 0))
      this.#wrong('the verifier looks at nothing', 'Give it `run` or `checks`.', user === undefined ? at : where);
    if (user?.reward === true && user.run === undefined)
      this.#wrong('verifier.reward: there is no script that could write one', 'Add `run`.', where);
    const files =
      user?.files === undefined ? null : { source: this.#existing(user.files, [...where, 'files']), target: user.target as JailPath };
    return {
      script: user?.run ?? null,
      shell: user?.shell ?? null,
      reward: user?.reward ?? false,
      threshold: user?.threshold ?? 1,
      files,
      empty: [],
      root: user?.root ?? 'fresh',
      workspace: user?.workspace ?? 'read-only',
      env: user?.env ?? {},
      time: rule.time(user?.time ?? '10m'),
      checks: checksOf(user?.checks ?? []),
    };
  }

  /** What another suite has to have in common with this one, so that their results mean the same. No path of the machine is in it. */
  #asked({ id, instruction, start, setup, verifier }: Task): unknown {
    const { files, ...judged } = verifier;
    return {
      id,
      instruction,
      start:
        start.kind === 'directory'
          ? { ...start, path: relative(this.#directory, start.path) }
          : start.kind === 'repository'
            ? { commit: start.commit, path: start.path }
            : start,
      setup: setup.map(({ run }) => run),
      verifier: judged,
      files: files === null ? null : [files.target, treeDigest(files.source, `verifier of ${id}`)],
    };
  }

  #resolve(written: string): HostPath {
    return resolve(this.#directory, written) as HostPath;
  }
  #existing(written: string, at: Path): HostPath {
    const path = this.#resolve(written);
    if (existsSync(path) && lstatSync(realpathSync(path)).isDirectory()) return realpathSync(path) as HostPath;
    this.#wrong(`${JSON.stringify(written)} is not a directory`, 'Paths are relative to the suite file.', at);
    return path;
  }
  #text(written: string, at: Path): string | null {
    const known = this.#texts.get(written);
    if (known !== undefined) return known;
    try {
      return readFileSync(this.#resolve(written), 'utf8');
    } catch (error) {
      this.#wrong(
        `cannot read ${written}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
        'Paths are relative to the suite file.',
        at,
      );
      return null;
    }
  }
  #wrong(message: string, remedy: string, at: Path): void {
    this.#problems.push({ message, remedy, place: this.#source.place(at) });
  }
}

const inside = (path: string, directory: string): boolean => path === directory || path.startsWith(`${directory}/`);

function nameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100);
  return name === '' ? 'suite' : name;
}

import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parse } from 'yaml';
import { PACE } from '../../support/pace.ts';
import { CommandReader, parseFile } from './commands.ts';
import type { Command } from './commands.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly main: string; readonly post?: string };
}
const action = (directory: string): Action => parse(readFileSync(join(ROOT, directory, 'action.yml'), 'utf8')) as Action;
const ACTIONS = { '.': action('.'), apply: action('apply'), suite: action('suite'), compare: action('compare') } as const;

export interface StepWish {
  /** Directory of the action; the repository's own unless given. */
  readonly action?: keyof typeof ACTIONS;
  readonly with?: Readonly<Record<string, string>>;
  /** The step's and the job's `env`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Cancels the job at the first raw output for which this is true. */
  readonly cancelWhen?: (output: string) => boolean;
  /** SIGKILL at once in place of the runner's sequence. */
  readonly kill?: boolean;
  /** What goes before the program: into another world, for one. */
  readonly enter?: readonly string[];
}

export interface StepResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly commands: readonly Command[];
  readonly foreign: readonly Command[];
  /** Lines that were no commands, masked. */
  readonly log: readonly string[];
  readonly raw: string;
  /** What a step must never have written. */
  readonly leaked: { readonly env: string; readonly path: string };
  /** Command lines of other processes that had the job's token in their environment. */
  readonly tokenHolders: readonly string[];
  readonly ms: number;
}

/** One job on one runner: starts the action's `dist/` as the runner does (actions/runner, NodeScriptActionHandler). */
export class Runner implements Disposable {
  readonly home = mkdtempSync(join(tmpdir(), 'agent-jail-runner-'));
  readonly temp = join(this.home, '_temp');
  readonly workspace = join(this.home, 'work', 'repo', 'repo');
  readonly masks: string[] = [];
  /** Further variables of every process of the job: event, artifact service, … */
  readonly env: Record<string, string> = {};
  readonly token = jobToken();
  readonly #posts: { readonly wish: StepWish; readonly state: Readonly<Record<string, string>> }[] = [];

  constructor(event: { readonly name: string; readonly payload: object } = { name: 'workflow_dispatch', payload: {} }) {
    mkdirSync(join(this.temp, '_runner_file_commands'), { recursive: true });
    mkdirSync(this.workspace, { recursive: true });
    const payload = join(this.temp, 'event.json');
    writeFileSync(payload, JSON.stringify(event.payload));
    Object.assign(this.env, { GITHUB_EVENT_NAME: event.name, GITHUB_EVENT_PATH: payload });
  }

  /** Runs main, and registers post as the runner does: before main has ended. */
  async step(wish: StepWish): Promise<StepResult> {
    const { runs } = ACTIONS[wish.action ?? '.'];
    const result = await this.#start(runs.main, wish, {});
    if (runs.post !== undefined) this.#posts.push({ wish, state: result.state });
    return result;
  }

  /** Runs the posts, the last step's first. */
  async finish(): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (let next = this.#posts.pop(); next !== undefined; next = this.#posts.pop()) {
      const { env, ...rest } = next.wish;
      const wish: StepWish = { ...(env === undefined ? {} : { env }), ...(rest.with === undefined ? {} : { with: rest.with }) };
      results.push(await this.#start(ACTIONS['.'].runs.post ?? '', wish, next.state));
    }
    return results;
  }

  [Symbol.dispose](): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  async #start(entry: string, wish: StepWish, state: Readonly<Record<string, string>>): Promise<StepResult> {
    const files = commandFiles(join(this.temp, '_runner_file_commands'));
    const env = { ...this.#environment(wish), ...fileVariables(files), ...stateVariables(state) };
    const reader = new CommandReader(this.masks);
    const began = performance.now();
    const program = join(ROOT, wish.action ?? '.', entry);
    const [file = process.execPath, ...args] = wish.enter === undefined ? [] : [...wish.enter, process.execPath];
    const child = spawn(file, [...args, program], { cwd: this.workspace, env, stdio: 'pipe' });
    child.stdin.end();

    let raw = '';
    const cancelled: Promise<void>[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder('utf8');
      stream.on('data', (chunk: Buffer) => {
        const text = decoder.write(chunk);
        raw += text;
        reader.push(text);
        if (cancelled.length === 0 && wish.cancelWhen?.(raw) === true) cancelled.push(cancel(child, wish.kill === true));
      });
    }
    const holders = new Set<string>();
    const watch = setInterval(() => {
      const seen = tokenHolders(this.token, child.pid ?? -1);
      // One that main has just forked is a copy of it until it becomes the program: it is looked at once more.
      const again = (): void => tokenHolders(this.token, child.pid ?? -1, [...seen.keys()]).forEach((holder) => holders.add(holder));
      if (seen.size > 0) setTimeout(again, 10);
    }, 200);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('close', (...end) => resolve(end));
    });
    clearInterval(watch);
    await Promise.all(cancelled);
    reader.flush();
    const text = (file: string): string => readFileSync(file, 'utf8');
    return {
      code,
      signal,
      outputs: parseFile(text(files.output)),
      state: { ...state, ...parseFile(text(files.state)) },
      summary: text(files.summary),
      commands: reader.commands,
      foreign: reader.foreign,
      log: reader.log,
      raw,
      leaked: { env: text(files.env), path: text(files.path) },
      tokenHolders: [...holders],
      ms: performance.now() - began,
    };
  }

  #environment({ action: name = '.', with: given = {}, env = {} }: StepWish): Record<string, string> {
    const inputs = Object.entries(ACTIONS[name].inputs).map(([name, input]) => [name, evaluate(input.default ?? '')] as const);
    const all = Object.entries({ ...Object.fromEntries(inputs), ...given });
    return {
      PATH: process.env['PATH'] ?? '',
      HOME: this.home,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: this.workspace,
      GITHUB_REPOSITORY: 'octo/repo',
      GITHUB_RUN_ID: '42',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: 'job',
      GITHUB_SERVER_URL: 'https://github.com',
      RUNNER_TEMP: this.temp,
      RUNNER_OS: 'Linux',
      ACTIONS_RUNTIME_TOKEN: this.token,
      ...this.env,
      ...env,
      ...Object.fromEntries(all.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
    };
  }
}

/** The expressions that `action.yml` uses in defaults, and no others. */
function evaluate(text: string): string {
  const values: Readonly<Record<string, string>> = { 'github.job': 'job', 'strategy.job-index': '0', 'github.run_attempt': '1' };
  return text.replace(/\$\{\{ ([a-z._-]+) \}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the harness does not know ${name}`);
    return value;
  });
}

function commandFiles(directory: string) {
  const id = randomUUID();
  const file = (name: string): string => {
    const path = join(directory, `${name}_${id}`);
    writeFileSync(path, '');
    return path;
  };
  return {
    env: file('set_env'),
    path: file('add_path'),
    output: file('set_output'),
    state: file('save_state'),
    summary: file('step_summary'),
  };
}

function fileVariables(files: ReturnType<typeof commandFiles>): Record<string, string> {
  return {
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    GITHUB_OUTPUT: files.output,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
  };
}

function stateVariables(state: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [`STATE_${key}`, value]));
}

/** The runner's sequence, to this one process: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL (actions/runner, ProcessInvoker). */
async function cancel(child: ReturnType<typeof spawn>, atOnce: boolean): Promise<void> {
  const ended = new Promise<true>((resolve) => child.once('exit', () => resolve(true)));
  const endedWithin = async (ms: number): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
    return await Promise.race([ended, late]).finally(() => clearTimeout(timer));
  };
  if (!atOnce) {
    child.kill('SIGINT');
    if (await endedWithin(7500 * PACE)) return;
    child.kill('SIGTERM');
    if (await endedWithin(2500 * PACE)) return;
  }
  child.kill('SIGKILL');
}

/** The client wants three parts and a scope with the ids of the run and the job; nobody checks the signature. */
function jobToken(): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ scp: 'Actions.Results:run-id:job-id' })}.${randomBytes(16).toString('base64url')}`;
}

/** Command lines by pid. */
function tokenHolders(token: string, main: number, pids: readonly string[] = readdirSync('/proc')): Map<string, string> {
  const read = (pid: string, name: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1');
    } catch {
      return '';
    }
  };
  const others = pids.filter((name) => /^\d+$/.test(name) && Number(name) !== main && Number(name) !== process.pid);
  const holding = others.filter((pid) => read(pid, 'environ').includes(token));
  return new Map(holding.map((pid) => [pid, read(pid, 'cmdline').replaceAll('\0', ' ')]));
}

import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Phase, PHASES } from '../../src/model/names.ts';
import type { OwnEngine } from './engine.ts';
import { CLI, cli, ENGINE, NODE, record } from './jail.ts';
import type { User } from './user.ts';

/** Processes of every run that can die. `collector`: the one that reads the changes; `judge`: the one that reads the record. */
const OF_EVERY = ['main', 'unshare', 'warden', 'hands', 'gateway', 'collector', 'judge'] as const;
/** And what holds the jail. `container`: its first process; `engine`: dockerd, which a test must have of its own. */
export const VICTIMS = { nspawn: [...OF_EVERY, 'nspawn'], docker: [...OF_EVERY, 'container', 'engine'] } as const;
export type KilledBackend = keyof typeof VICTIMS;
export type Victim = (typeof VICTIMS)[KilledBackend][number];

/** When each of them lives: it is started in the first of these phases, and has ended with the last. */
const LIVES: Readonly<Record<Victim, readonly Phase[]>> = {
  main: PHASES,
  unshare: PHASES,
  warden: PHASES,
  hands: PHASES,
  nspawn: ['selftest', 'steps'],
  container: ['selftest', 'steps'],
  engine: PHASES,
  gateway: ['layers', 'jail', 'gateway', 'selftest', 'steps', 'stopped'],
  collector: ['selftest', 'steps', 'stopped', 'collect'],
  // The step leaves a file: another one judges, which is started when the first begins to read.
  judge: ['collect', 'seal'],
};
/** An engine has its own: what looks on is started beside the container of a step, and most of what `stopped` is for is done before that is told. */
const LIVES_ON_DOCKER: Partial<typeof LIVES> = {
  gateway: ['selftest', 'steps'],
  collector: ['selftest', 'steps', 'collect'],
};
export const livesAt = (victim: Victim, backend: KilledBackend, phase: Phase): boolean =>
  backend === 'docker' ? phase !== 'stopped' && (LIVES_ON_DOCKER[victim] ?? LIVES[victim]).includes(phase) : LIVES[victim].includes(phase);
/** From here on the jail is dead: what happens to main, or a signal, changes the outcome no more. */
export const isOver = (phase: Phase): boolean => PHASES.indexOf(phase) >= PHASES.indexOf('stopped');

/** A step that lives long enough to be killed, and says so if a signal reaches it. */
const SCRIPT = "trap 'echo got a signal' INT TERM HUP; echo agent is here; touch made; sleep 0.3";

export interface Struck {
  /** Phase seen last before the signal; null: the victim was not there at the phase that was aimed at. */
  readonly phase: Phase | null;
  readonly code: number;
  /** What `--json` printed; null: nothing. */
  readonly result: {
    readonly outcome: string;
    readonly because: string;
    readonly manifest: string | null;
    readonly end: { readonly how: string };
  } | null;
  readonly record: ReturnType<typeof record>;
  /** Exit code of `agent-jail verify`: 0 intact, 4 cut off, 3 broken. */
  readonly verified: number;
  readonly problems: string;
  /** What it showed on its terminal. */
  readonly said: string;
  /** ms from the signal until the last process of the run was gone. */
  readonly gone: number;
}

interface Blow {
  readonly signal?: NodeJS.Signals;
  readonly backend?: KilledBackend;
  readonly engine?: OwnEngine | null;
  /** Who runs it; default: whoever runs this. */
  readonly user?: User | null;
}

/**
 * Runs the command line on a terminal of its own, where it shows each phase as it comes, and sends one signal to one process as soon as
 * `aim` is the phase seen last. `at`: a directory with a `work` folder in it. `engine`: the one that the run uses, instead of that of all tests.
 */
export async function strike(
  at: string,
  victim: Victim,
  aim: Phase,
  { signal = 'SIGKILL', backend = 'nspawn', engine = null, user = null }: Blow = {},
): Promise<Struck> {
  const out = mkdtempSync(join(at, 'record-'));
  if (user !== null) chownSync(out, user.uid, user.uid);
  const [node, cliOf, become] =
    user === null ? [NODE, CLI, ''] : [user.node, user.cli, `setpriv --reuid=${user.uid} --regid=${user.uid} --clear-groups -- `];
  const json = join(at, `${out.slice(-6)}.json`);
  const quoted = ['run', '--json', '--backend', backend, '--policy', join(at, 'policy.yml'), '--out', out, '--', 'sh', '-c', SCRIPT]
    .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    .join(' ');
  const child = spawn(
    'script',
    [
      '--quiet',
      '--return',
      '--flush',
      '--echo',
      'never',
      '--command',
      `exec ${become}'${node}' '${cliOf}' ${quoted} > '${json}'`,
      '/dev/null',
    ],
    {
      cwd: join(at, 'work'),
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/nonexistent',
        TERM: 'xterm',
        ...(engine === null ? ENGINE : { DOCKER_HOST: engine.host }),
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  let last: Phase | null = null;
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    for (const [, name] of chunk.toString('latin1').matchAll(/\r\x1b\[K([a-z]+)(?=[\r\n]|$)/g))
      last = PHASES.find((phase) => phase === name) ?? last;
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  let over = false;
  void ended.then(() => (over = true));

  const family = new Family(child.pid ?? -1, engine?.pid ?? null);
  let struck: Phase | null = null;
  let when = performance.now();
  // `last` changes while this waits, which the compiler cannot see.
  const seen = (): Phase | null => last;
  while (!over && struck === null) {
    const now = seen();
    if (now !== null && PHASES.indexOf(now) > PHASES.indexOf(aim)) break;
    const pid = family.find(victim);
    if (now === aim && pid !== null) {
      struck = send(pid, signal) ? now : null;
      when = performance.now();
    }
    await setImmediate();
  }
  const code = await ended;
  const left = family.pids;
  while (left.some(isAlive) && performance.now() - when < 30_000) await new Promise((resolve) => setTimeout(resolve, 20));
  const gone = performance.now() - when;
  const verified = await cli(['verify', out], { cwd: at });
  return {
    phase: struck,
    code,
    result: JSON.parse(text(json) || 'null') as Struck['result'],
    record: record(out),
    verified: verified.code ?? -1,
    problems: verified.stdout,
    said,
    gone,
  };
}

/** The processes of one run, found by what they descend from. */
class Family {
  readonly #script: number;
  readonly #known = new Map<Victim, number>();
  readonly #all = new Set<number>();
  constructor(script: number, engine: number | null) {
    this.#script = script;
    // Not of the run: nobody waits for its end.
    if (engine !== null) this.#known.set('engine', engine);
  }
  get pids(): number[] {
    return [...this.#all];
  }
  find(victim: Victim): number | null {
    const known = this.#known.get(victim);
    if (known === undefined) this.#look();
    return this.#known.get(victim) ?? null;
  }
  #look(): void {
    const [main] = children(this.#script);
    if (main === undefined || !commandOf(main).includes('/cli.js')) return;
    this.#is('main', main);
    const unshare = unshareOf(main);
    if (unshare === null) return;
    this.#is('unshare', unshare);
    const [warden] = children(unshare);
    if (warden === undefined || !commandOf(warden).includes('/warden.cjs')) return;
    this.#is('warden', warden);
    const collectors: number[] = [];
    for (const pid of children(warden)) {
      const command = commandOf(pid);
      if (command.includes('/hands.pl')) this.#is('hands', pid);
      if (command.includes('/gateway.cjs')) this.#is('gateway', pid);
      if (command.includes('/collector.cjs')) collectors.push(pid);
      // Not `--version`, which tells whether it can be used at all.
      if (/^\S*systemd-nspawn\0--quiet\0/.test(command)) this.#is('nspawn', pid);
      this.#all.add(pid);
    }
    const container = firstOfContainer();
    if (container !== null) this.#is('container', container);
    // The one that reads the changes is started long before the other.
    const [first, second] = collectors.toSorted((a, b) => a - b);
    if (first !== undefined) this.#is('collector', first);
    if (second !== undefined) this.#is('judge', second);
  }
  #is(victim: Victim, pid: number): void {
    this.#known.set(victim, pid);
    this.#all.add(pid);
  }
}

/** Below what main has started: itself, or sudo(8), which may wait for it in a process of its own. */
function unshareOf(pid: number): number | null {
  for (const child of children(pid)) {
    const command = commandOf(child);
    if (command.startsWith('unshare\0')) return child;
    const further = command.startsWith('sudo\0') ? unshareOf(child) : null;
    if (further !== null) return further;
  }
  return null;
}

/** As the engine names it, itself or by systemd. */
const CONTAINER_GROUP = /\/(agent-jail-[0-9A-Z]{26}\/|agent_jail_[0-9A-Z]{26}\.slice\/docker-)[0-9a-f]{64}(\.scope)?$/m;

/** The first process of a container of a run: in the run's group, and process 1 of its own namespace, as a child of the engine's. */
function firstOfContainer(): number | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => CONTAINER_GROUP.test(text(`/proc/${pid}/cgroup`)) && /^NSpid:.*\t1$/m.test(text(`/proc/${pid}/status`)));
  return found === undefined ? null : Number(found);
}

function children(pid: number): number[] {
  return text(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
}
const commandOf = (pid: number): string => text(`/proc/${pid}/cmdline`);
/** A zombie is dead: nobody has asked for its end yet. */
const isAlive = (pid: number): boolean => /^\d+ \(.*\) [^ZX]/s.test(text(`/proc/${pid}/stat`));
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
function text(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** A place to run in: `work` with a repository of one file, and a small policy. */
export function killGround(at: string, policy: (file: string) => void): void {
  mkdirSync(join(at, 'work'), { recursive: true });
  execFileSync('git', ['init', '--quiet', join(at, 'work')], { env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent' } });
  policy(join(at, 'policy.yml'));
}

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Backend, BackendPlaces, Jail, JailSpec, Mount, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import { BackendLog, heldProcess } from './launched.ts';
import { openFiles } from './open-files.ts';

/** What the warden hands over beside the specification. */
export interface ChrootHost {
  /** chroot.pl. */
  readonly launcher: HostPath;
  /** Files to write to, to be in the run's cgroup. */
  doors(): readonly string[];
  /** Processes in the run's cgroup. */
  members(): readonly number[];
}

/** Said before such a run, and in its record: short enough for one line of its summary. */
export const CHROOT_LACKS =
  "the backend chroot isolates nothing: the agent has the machine's network whatever the policy says, nothing of it is logged, every system call is let through, and the warden's processes can be seen. It is for comparison only: use nspawn or docker";

/** The weak baseline: the layers, the limits and the record of a jail, and chroot(2) in place of the jail. */
export function chroot(host: ChrootHost): Backend {
  return {
    name: 'chroot',
    engine: null,
    lacks: CHROOT_LACKS,
    overhead: { memory: 0, processes: 0 },
    probe: async (): Promise<Usable> => ({ ok: true, version: 'chroot(2)', strength: 'none' }),
    cgroup: (id) => `agent-jail-${id}`,
    refuses: (spec) => (spec.identity.uid === 0 ? ['root in the jail is not offered'] : []),
    async open(spec: JailSpec, places: BackendPlaces): Promise<Jail> {
      // What one step left is adopted by its launcher until it is dead, which the next one waits for.
      let before: Promise<unknown> = Promise.resolve();
      return {
        view: spec.view,
        died: 'the process that waits for the step was killed',
        start: async (start) => {
          await before;
          const { running, gone } = startStep(host, spec, places, start);
          before = gone;
          return running;
        },
        [Symbol.asyncDispose]: async () => void (await before),
      };
    },
  };
}

/** Pure: argv of the launcher for one step. `environ`: the file of the step's variables, which are not the launcher's. */
export function chrootArgv(
  spec: JailSpec,
  start: StepStart,
  { launcher, doors, environ }: { readonly launcher: string; readonly doors: readonly string[]; readonly environ: string },
): [string, ...string[]] {
  const { id, root, view, identity, cgroup, netns, seccomp, hostname, ...rest } = spec;
  rest satisfies Record<string, never>;
  void id;
  void cgroup; // `doors` lead into it
  void [netns, seccomp, hostname]; // what is not isolated
  const files = openFiles();
  return [
    'perl',
    launcher,
    root,
    ...[identity.uid, identity.gid, files.soft, files.hard].map(String),
    environ,
    ...doors.flatMap((door) => ['--cgroup', door]),
    ...view.filter((mount) => mount.kind === 'bind' && mount.source !== null).flatMap(bind),
    '--',
    ...start.argv,
  ];
}
const bind = ({ source, target, writable }: Mount): string[] => ['--bind', writable ? 'rw' : 'ro', source ?? '', target];

/** Pure: what the launcher says of the end of the step (chroot.pl). */
export function endOf(said: string): PayloadExit {
  const [, how, number] = /^(exit|signal) (\d+)\n$/.exec(said) ?? [];
  if (how === 'exit') return { code: Number(number), signal: null };
  const signal = Object.entries(constants.signals).find(([, value]) => value === Number(number))?.[0];
  return how === 'signal' && signal !== undefined ? { code: null, signal } : 'backend';
}

function startStep(
  host: ChrootHost,
  spec: JailSpec,
  places: BackendPlaces,
  start: StepStart,
): { readonly running: Running; readonly gone: Promise<void> } {
  const directory = `${places.state}/step-${start.index}`;
  const environ = `${directory}/environ`;
  mkdirSync(directory, { mode: 0o700 });
  const variables = Object.entries(start.env).map(([name, value]) => `${name}=${value}\0`);
  writeFileSync(environ, variables.join(''), { mode: 0o600 });
  const [file, ...args] = chrootArgv(spec, start, { launcher: host.launcher, doors: host.doors(), environ });
  const child = spawn(file, args, { env: CLEAN_ENV, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], cwd: '/' });
  const log = new BackendLog(places.log);
  child.stdout?.on('data', (chunk: Buffer) => log.append(chunk));
  child.stderr?.on('data', (chunk: Buffer) => log.append(chunk));
  let over = false;
  let said = '';
  const exit = new Promise<PayloadExit>((resolve) => {
    const end = (): void => {
      over = true;
      resolve(endOf(said));
    };
    (child.stdio[3] as Readable).on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.endsWith('\n')) end();
    });
    // Its own alone: open until it said how the step ended, or was killed.
    child.stdio[3]?.once('close', end);
    child.once('error', (error) => {
      log.append(Buffer.from(`${error.message}\n`));
      end();
    });
  });
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const { argv } = start;
  const leader = () => heldProcess({ program: 'the chroot', argv, members: () => host.members(), may: () => true, over: () => over, log });
  return { running: { leader, exit, kill: async () => {} }, gone }; // the warden's cgroup reaches all of it
}

import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { Backend, BackendPlaces, Jail, JailSpec, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import { parseStatus, readProc } from '../system/proc.ts';
import { BackendLog, heldProcess } from './launched.ts';
import { bundle, nspawnArgv } from './nspawn-bundle.ts';
import { masksHere } from './proc-masks.ts';
import { findNspawn, fetchNspawn, type NspawnProgram } from './nspawn-program.ts';

/** What the warden hands to any backend beside the specification. */
export interface NspawnHost {
  readonly tools: HostPath;
  /** launch.pl: joins the cgroup and installs the filter that answers clone3 with ENOSYS. */
  readonly launcher: HostPath;
  /** Files to write to, to be in the run's cgroup. */
  doors(): readonly string[];
  /** Processes in the run's cgroup. */
  members(): readonly number[];
  /** What the payload prints where it has no output of its own. */
  said?(chunk: Buffer): Buffer;
}

export function nspawn(host: NspawnHost): Backend {
  let program: NspawnProgram | null = null;
  return {
    name: 'nspawn',
    engine: null,
    lacks: null,
    overhead: { memory: 0, processes: 0 },
    async probe(): Promise<Usable> {
      try {
        program = (await findNspawn(host.tools)) ?? (await fetchNspawn(host.tools));
        return {
          ok: true,
          version: `systemd-nspawn ${program.version}${program.fetched ? ' (fetched)' : ''}`,
          strength: 'namespaces, seccomp',
        };
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
    },
    cgroup: (id) => `agent-jail-${id}`,
    refuses: (spec) => [
      ...(spec.netns === null ? ['nspawn needs a network namespace made beforehand'] : []),
      ...(spec.identity.uid === 0 ? ['root in the jail is not offered'] : []),
    ],
    async open(spec: JailSpec, places: BackendPlaces): Promise<Jail> {
      if (program === null) throw new JailError('nspawn was opened before it was probed', 'this is a defect of agent-jail');
      const opened = program;
      return {
        view: spec.view,
        died: 'the process that holds the jail was killed',
        start: async (start) => startStep(opened, host, spec, places, start),
        [Symbol.asyncDispose]: async () => {},
      };
    },
  };
}

function startStep(program: NspawnProgram, host: NspawnHost, spec: JailSpec, places: BackendPlaces, start: StepStart): Running {
  const directory = `${places.state}/step-${start.index}`;
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(`${directory}/config.json`, JSON.stringify(bundle(spec, start)), { mode: 0o600 });
  const argv = nspawnArgv(program.path, spec, start, directory, masksHere());
  const child = spawn('perl', [host.launcher, ...host.doors().flatMap((door) => ['--cgroup', door]), '--clone3-enosys', '--', ...argv], {
    // /tmp is on the scratch disk, where limits.disk counts it; a unified group would be made for a manager that is not there.
    env: { ...program.env, SYSTEMD_NSPAWN_TMPFS_TMP: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
  });
  const log = new BackendLog(places.log);
  child.stdout.on('data', (chunk: Buffer) => {
    log.append(host.said?.(chunk) ?? chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => log.append(chunk));
  let over = false;
  const exit = new Promise<PayloadExit>((resolve) => {
    const end = (code: number | null, signal: string | null): void => {
      over = true;
      resolve(exitOf(code, signal, log.text));
    };
    child.once('error', (error) => {
      log.append(Buffer.from(`${error.message}\n`));
      end(null, null);
    });
    child.once('close', end);
  });
  return {
    leader: () =>
      heldProcess({
        program: 'systemd-nspawn',
        argv: start.argv,
        members: () => host.members(),
        // The second process of the jail's namespace.
        may: (pid) =>
          parseStatus(readProc(pid, 'status') ?? '')
            .get('NSpid')
            ?.endsWith('\t2') === true,
        over: () => over,
        log,
      }),
    exit,
    kill: async () => {}, // the warden's cgroup reaches all of it
  };
}

/** nspawn passes the payload's code on, turns its signal into 255 and says so in words. A signal of nspawn's own is not the payload's. */
export function exitOf(code: number | null, signal: string | null, said: string): PayloadExit {
  if (signal !== null) return 'backend';
  const killed = code === 255 ? /terminated by signal ([A-Z0-9]+)\./.exec(said) : null;
  return killed === null ? { code, signal: null } : { code: null, signal: `SIG${killed[1]}` };
}

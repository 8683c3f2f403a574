import { mkdirSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { Backend, BackendPlaces, Jail, JailSpec, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath } from '../model/names.ts';
import { parseStatus, readProc } from '../system/proc.ts';
import { BackendLog, heldProcess } from './launched.ts';
import { Launcher } from './launcher.ts';
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
  /** The same, as one hierarchy has them. */
  membersOfOne(): readonly number[];
  /** What the payload prints where it has no output of its own. */
  said?(chunk: Buffer): Buffer;
}

export function nspawn(host: NspawnHost): Backend {
  let program: NspawnProgram | null = null;
  const ahead: Launcher[] = [];
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
        start: async (start) => startStep(opened, host, spec, places, start, ahead.splice(0)[0] ?? launcherOf(host, opened)),
        [Symbol.asyncDispose]: async () => {},
      };
    },
    begin(): void {
      if (program !== null) ahead.push(launcherOf(host, program));
    },
  };
}

const launcherOf = (host: NspawnHost, { env }: NspawnProgram): Launcher =>
  // /tmp is on the scratch disk, where limits.disk counts it; a unified group would be made for a manager that is not there.
  new Launcher(host.launcher, host.doors(), { ...env, SYSTEMD_NSPAWN_TMPFS_TMP: '0' });

function startStep(
  program: NspawnProgram,
  host: NspawnHost,
  spec: JailSpec,
  places: BackendPlaces,
  start: StepStart,
  launcher: Launcher,
): Running {
  const directory = `${places.state}/step-${start.index}`;
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(`${directory}/config.json`, JSON.stringify(bundle(spec, start)), { mode: 0o600 });
  const argv = nspawnArgv(program.path, spec, start, directory, masksHere());
  const log = new BackendLog(places.log);
  launcher.become(argv, (chunk, from) => log.append(from === 'stdout' ? (host.said?.(chunk) ?? chunk) : chunk));
  let over = false;
  const exit = launcher.ended.then(({ code, signal, failure }) => {
    over = true;
    if (failure !== null) log.append(Buffer.from(`${failure}\n`));
    return exitOf(code, signal, log.text);
  });
  return {
    leader: () =>
      heldProcess({
        program: 'systemd-nspawn',
        argv: start.argv,
        members: () => host.membersOfOne(),
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

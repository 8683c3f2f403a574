import { spawn } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { SocketPlace } from '../model/gateway.ts';
import type { Backend, BackendPlaces, Jail, JailSpec, Mount, PayloadExit, Running, StepStart, Usable } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { LimitName } from '../model/policy.ts';
import { CLEAN_ENV } from '../system/exec.ts';
import { BackendLog } from './launched.ts';
import { nspawn, type NspawnHost } from './nspawn.ts';
import { openFiles } from './open-files.ts';
import { guestConfig, OVERHEAD, PLACE, relayArgv } from './vm-machine.ts';
import { buildServerRoot, filesArgv, type ServerRoot } from './vm-files.ts';
import { findVm, type VmProgram } from './vm-program.ts';
import { type Guest, machineProof } from './vm-proof.ts';
import type { GuestPrograms } from './vm-ramdisk.ts';
import { Said } from './vm-said.ts';
import { buildTree } from './vm-tree.ts';

/** What the warden hands over beside the specification. */
export interface VmHost extends Omit<NspawnHost, 'said'> {
  /** Whether QEMU may emulate a processor where the kernel gives it none. */
  readonly emulation: 'allow' | 'refuse';
  /** Where the gateway listens. */
  readonly sockets: readonly SocketPlace[];
  readonly programs: GuestPrograms & { readonly relay: HostPath; readonly share: HostPath };
  /** Where a device node can be made, and where the run's files can be shown to the agent's uid. */
  readonly kvm: HostPath;
  readonly shown: HostPath;
  /** A line that the guest's kernel, or who broke into it, has to say of programs. */
  told(line: string): void;
}
/** ms that a guest may take until it is ready. */
const PATIENCE = 60_000;
const RUNTIME = '/run/agent-jail';

/**
 * A virtual machine for each step, in the jail that a step of `nspawn` has: the relay, which is the held process, and QEMU. Whoever breaks out of
 * the machine is there. The run's files reach the guest through a server that has the agent's rights and sees nothing else; connections go
 * through the relay to the gateway's sockets, in the run's network namespace.
 */
export function vm(host: VmHost): Backend {
  const said = new Said();
  const outer = nspawn({ ...host, said: (chunk) => said.take(chunk) });
  let program: VmProgram | null = null;
  return {
    name: 'vm',
    engine: null,
    lacks: null,
    overhead: OVERHEAD,
    async probe(): Promise<Usable> {
      try {
        program = await findVm();
      } catch (error) {
        if (error instanceof JailError) return { ok: false, why: error.message, remedy: error.remedy };
        throw error;
      }
      const { version, files, release, emulated } = program;
      if (emulated !== null && host.emulation === 'refuse')
        return {
          ok: false,
          why: `a virtual machine would be emulated, which is slow: ${emulated}`,
          remedy: 'set `jail.vm.emulation: allow`, or run on a machine with KVM',
        };
      const holder = await outer.probe();
      if (!holder.ok) return holder;
      return {
        ok: true,
        version: `QEMU ${version}, virtiofsd ${files.version}, ${emulated === null ? 'KVM' : 'emulated'}, Linux ${release}; ${holder.version}`,
        strength: `own kernel; around it ${holder.strength}`,
      };
    },
    cgroup: (id) => outer.cgroup(id),
    refuses: (spec) => outer.refuses(spec),
    async open(spec: JailSpec, places: BackendPlaces): Promise<Jail> {
      if (program === null) throw new JailError('vm was opened before it was probed', 'this is a defect of agent-jail');
      const tree = await buildTree(program, host, spec.identity, places.state);
      const holder: JailSpec = { ...spec, root: tree.root, view: [...tree.view, runtimeOf(spec)] };
      const server = await buildServerRoot(program.files, places.state);
      const jail = await outer.open(holder, places);
      const built: Built = { host, program, spec, holder, jail, server, tree: tree.root, log: new BackendLog(places.log), said };
      return {
        view: holder.view,
        died: 'the virtual machine ended before its step did; backend.log in the record may tell why',
        start: (start) => startStep(built, start),
        [Symbol.asyncDispose]: () => jail[Symbol.asyncDispose](),
      };
    },
  };
}

interface Built {
  readonly host: VmHost;
  readonly program: VmProgram;
  readonly spec: JailSpec;
  /** What the machine's own jail is made of. */
  readonly holder: JailSpec;
  readonly jail: Jail;
  readonly tree: HostPath;
  readonly server: ServerRoot | null;
  readonly log: BackendLog;
  readonly said: Said;
}

async function startStep(built: Built, start: StepStart): Promise<Running> {
  const { host, program, spec, jail, said } = built;
  const place = `${built.tree}${PLACE}/step-${start.index}`;
  mkdirSync(place, { mode: 0o755 });
  const files = await serveFiles(built, `${place}/files`);
  writeFileSync(`${place}/config`, guestConfig(spec, start, host.sockets, files), { mode: 0o400 });
  chownSync(`${place}/config`, spec.identity.uid, spec.identity.gid);
  // What the guest has of its own is mounted where something is.
  if (start.tty !== null) writeFileSync(`${runtimeOf(spec).source}/drained`, '');
  said.begin();
  const output = { out: `${RUNTIME}/out`, err: start.split ? `${RUNTIME}/err` : '' };
  const argv = relayArgv(program, start, output);
  const running = await jail.start({ ...start, argv, cwd: '/' as JailPath, env: CLEAN_ENV });
  const exceeded = Promise.withResolvers<LimitName>();
  const refused = new Set<LimitName>();
  said.onHit = (name) => {
    refused.add(name);
    if (name === 'memory') exceeded.resolve(name);
  };
  said.onTold = (line) => host.told(line);
  let held: Guest | null = null;
  const exit = running.exit.then((end): PayloadExit => (said.failed ? 'backend' : end));
  return {
    leader: async () => {
      const relay = await running.leader();
      held = { relay, ...(await said.ready(running.exit, PATIENCE)) };
      return relay;
    },
    exit,
    kill: () => running.kill(),
    inside: { exceeded: exceeded.promise, refused: () => [...refused] },
    proof: () => machineProof(program, spec, argv.slice(argv.indexOf('--') + 1), held, host.members()),
  };
}

/** Starts the server of the run's files and resolves once it can be connected to, with how many it may have open. It ends with the machine, or with the run's cgroup. */
async function serveFiles({ host, program, spec, server, log }: Built, socket: string): Promise<number> {
  const { uid, gid } = spec.identity;
  const runtime = runtimeOf(spec).source ?? '';
  const result = spec.view.find(({ target }) => target === `${RUNTIME}/result`)?.source ?? '';
  const shown = server?.shown ?? host.shown;
  const share = [socket, server?.root ?? '', shown, spec.root, runtime, result, uid, gid, openFiles().hard].map(String);
  const argv = ['perl', host.programs.share, ...share, '--', ...filesArgv(program.files, shown)];
  const child = spawn('perl', [host.launcher, ...host.doors().flatMap((door) => ['--cgroup', door]), '--', ...argv], {
    env: CLEAN_ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
  });
  child.stderr.on('data', (chunk: Buffer) => log.append(chunk));
  return new Promise<number>((resolve, reject) => {
    const failed = (): void =>
      reject(
        new JailError(
          `the server of the run's files did not start: ${log.text.trim().split('\n').at(-1) ?? ''}`,
          'see backend.log in the record',
        ),
      );
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(/^listening (\d+)\n$/.exec(chunk.toString('latin1'))?.[1] ?? 0)));
    child.once('error', failed);
    child.once('close', failed);
  });
}

const runtimeOf = (spec: JailSpec): Mount => {
  const found = spec.view.find(({ target }) => target === RUNTIME);
  if (found === undefined) throw new Error('no runtime files');
  return found;
};

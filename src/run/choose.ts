import { chroot } from '../backend/chroot.ts';
import { nspawn, type NspawnHost } from '../backend/nspawn.ts';
import { OUTER_PROC, seenOutside } from '../host/outside.ts';
import { RUN_SYSTEMD, TOOLS } from '../host/places.ts';
import { JailError } from '../model/errors.ts';
import type { Backend, Usable } from '../model/jail.ts';
import type { BackendName, HostPath } from '../model/names.ts';
import { requireArchitecture } from './architecture.ts';
import type { Context } from './context.ts';
import { furtherSockets, SOCKETS } from './gateway.ts';
import { GuestTrace } from './guest-trace.ts';

/** Where a device node is one: the warden's other places are mounted `nodev`. */
const KVM = `${RUN_SYSTEMD}/agent-jail-kvm` as HostPath;
/** Unlike the warden's other places, anyone can go there. */
const SHOWN = `${RUN_SYSTEMD}/agent-jail-files` as HostPath;

export interface Chosen {
  readonly backend: Backend;
  readonly usable: Usable & { ok: true };
  readonly why: string;
}

/** The backend that will be used, and why. `auto` takes the first that is usable here, and never one that isolates nothing; what was asked for by name is never replaced. Throws JailError. */
export async function chooseBackend(asked: BackendName | 'auto', context: Context): Promise<Chosen> {
  const { runtime } = context.request.policy.jail;
  if (runtime !== undefined && asked !== 'docker') {
    // A backend named by the caller, not by the policy.
    if (asked !== 'auto')
      throw new JailError(
        `the backend ${asked} has no runtime ${runtime}`,
        'choose the backend `docker`, or take `jail.docker.runtime` out',
      );
    return { ...(await chooseBackend('docker', context)), why: `auto: jail.docker.runtime is ${runtime}` };
  }
  if (asked !== 'auto') {
    const backend = await { nspawn: nspawnOf, docker: dockerOf, vm: vmOf, chroot: chrootOf }[asked](context);
    const usable = await backend.probe();
    if (!usable.ok) throw new JailError(usable.why, usable.remedy);
    const { elsewhere } = context.request;
    return {
      backend,
      usable,
      why: elsewhere === undefined ? 'asked for' : `docker, but ${elsewhere}: nspawn in a helper container there`,
    };
  }
  const first = nspawnOf(context);
  const usable = await first.probe();
  if (usable.ok) return { backend: first, usable, why: 'auto: systemd-nspawn is here or can be fetched' };
  const second = await dockerOf(context);
  const other = await second.probe();
  if (other.ok) return { backend: second, usable: other, why: `auto: ${usable.why}` };
  throw new JailError(`no backend is usable here: ${usable.why}; ${other.why}`, `${usable.remedy}; or ${other.remedy}`);
}

const nspawnOf = (context: Context): Backend => nspawn(hostOf(context));

function hostOf(context: Context): NspawnHost {
  return {
    tools: TOOLS,
    launcher: context.programs.launch,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.members() ?? [],
    membersOfOne: () => context.cgroup?.membersOfOne() ?? [],
  };
}

/** Never what `auto` takes: it is slower. */
async function vmOf(context: Context): Promise<Backend> {
  const { request, programs } = context;
  const { vm } = await import('../backend/vm.ts');
  return vm({
    ...hostOf(context),
    emulation: request.policy.jail.vm.emulation,
    sockets: [...SOCKETS, ...furtherSockets(request.policy)],
    programs: programs.vm,
    kvm: KVM,
    shown: SHOWN,
    told: (line) => {
      if (context.trace instanceof GuestTrace) context.trace.told(line);
    },
  });
}

function chrootOf(context: Context): Backend {
  return chroot({
    launcher: context.programs.chroot,
    doors: () => context.cgroup?.doors ?? [],
    members: () => context.cgroup?.membersOfOne() ?? [],
  });
}

/** Loaded where it is used: an HTTP client comes with it. */
async function dockerOf({ request, warm }: Context): Promise<Backend> {
  const { docker } = await import('../backend/docker.ts');
  return docker({
    met: async () => warm.engine(request.engine),
    arch: requireArchitecture(process.arch),
    proc: OUTER_PROC,
    runtime: request.policy.jail.runtime ?? null,
    seen: (path) => seenOutside(request.id, path),
  });
}

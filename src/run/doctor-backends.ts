import { findNspawn } from '../backend/nspawn-program.ts';
import { TOOLS } from '../host/places.ts';
import { findProgram } from '../host/programs.ts';
import type { EngineChoice } from '../model/engine.ts';
import { JailError } from '../model/errors.ts';
import { type HelperInfo, noHelper } from '../remote/helper.ts';
import { contained } from '../system/contained.ts';
import type { Engine } from '../system/engine.ts';
import { HERE, type Platform } from '../system/platform.ts';
import { whyElsewhere } from './why-elsewhere.ts';

/** One backend, or one runtime of a Docker engine, as it is here. */
export interface BackendRow {
  /** As in `jail.backend`. */
  readonly name: string;
  /** As in `jail.docker.runtime`; null: the backend as such. */
  readonly runtime: string | null;
  readonly usable: boolean;
  /** What was found, or why it cannot be used. */
  readonly what: string;
  /** How to get it; '' where it is there. */
  readonly remedy: string;
  /** What isolates. */
  readonly strength: string;
}

const SHARED = "namespaces, seccomp; the machine's kernel";
const OWN_GUEST = 'a kernel of its own, in a jail of nspawn';

/** Every backend there is, also those that this version does not have. Looks, and makes nothing. */
export async function examineBackends(engine: EngineChoice, here: Platform = HERE): Promise<readonly BackendRow[]> {
  if (!here.jails) {
    const [what, remedy] = [
      `needs Linux, and this is ${here.called}`,
      'use a Linux machine, or `docker` with an engine of Linux containers',
    ];
    return [row('nspawn', false, what, remedy, SHARED), ...(await docker(engine, here)), row('vm', false, what, remedy, OWN_GUEST)];
  }
  return [
    await nspawn(),
    ...(await docker(engine, here)),
    await vm(),
    row('chroot', true, 'by `run --backend chroot` alone', '', 'none: for comparison'),
  ];
}

async function nspawn(): Promise<BackendRow> {
  const remedy = 'apt-get install systemd-container';
  try {
    const found = await findNspawn(TOOLS);
    if (found !== null) return row('nspawn', true, `${found.version}, ${found.fetched ? 'fetched' : 'installed'}`, '', SHARED);
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    return row('nspawn', false, error.message, error.remedy, SHARED);
  }
  const fetchable = findProgram('apt-get') !== null && findProgram('dpkg-deb') !== null;
  const what = fetchable ? 'systemd-nspawn is not installed; it is fetched when first needed' : 'systemd-nspawn is not there';
  return row('nspawn', fetchable, what, fetchable ? '' : remedy, SHARED);
}

/** What it would take, in a policy. Nothing is made. */
async function vm(): Promise<BackendRow> {
  try {
    const { findVm } = await import('../backend/vm-program.ts');
    const { version, files, release, emulated } = await findVm();
    const what = `QEMU ${version}, virtiofsd ${files.version}, Linux ${release}, ${emulated === null ? 'KVM' : `emulated, with \`jail.vm.emulation: allow\`: ${emulated}`}`;
    return row('vm', true, what, '', OWN_GUEST);
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    return row('vm', false, error.message, error.remedy, OWN_GUEST);
  }
}

async function docker(choice: EngineChoice, here: Platform): Promise<readonly BackendRow[]> {
  const [{ Engine }, { runtimesOf, strengthOf, unusable }] = await Promise.all([
    import('../system/engine.ts'),
    import('../backend/docker-engine.ts'),
  ]);
  try {
    const engine = await Engine.connect(choice);
    const why = await whyElsewhere(choice, contained(process.execPath, process.env), here);
    if (why !== null) return [await elsewhere(engine, why)];
    const info = (await engine.ask('GET', '/info')).body as Parameters<typeof unusable>[0];
    const unfit = unusable(info);
    if (unfit !== null)
      return [row('docker', false, `the Docker engine at ${engine.where} ${unfit}`, 'use the engine of the distribution', SHARED)];
    const strength = `${strengthOf(info)}; the machine's kernel`;
    const names = runtimesOf(info);
    return [
      row('docker', true, `Docker ${engine.version} at ${engine.where}`, '', strength),
      ...names.map((name) => ofRuntime(name, name === info.DefaultRuntime)),
    ];
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    // A run asks as root, where it is not elsewhere.
    if (here.jails && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES')
      return [row('docker', true, 'an engine that only root may ask: what it has is not known', '', SHARED)];
    return [row('docker', false, error.message, error.remedy, SHARED)];
  }
}

/** One that does not see this machine's files. */
async function elsewhere(engine: Engine, why: string): Promise<BackendRow> {
  const none = noHelper((await engine.ask('GET', '/info')).body as HelperInfo);
  const what = `${engine.product === 'podman' ? 'Podman' : 'Docker'} ${engine.version} at ${engine.where}`;
  if (none !== null) return row('docker', false, `${what} ${none}`, 'use another engine', SHARED);
  return row('docker', true, `${what}: ${why}, so a run is made by a helper container there`, '', "as nspawn's; that machine's kernel");
}

/** Names that projects give their runtimes. Another kernel under the step cannot be looked into from here (`DockerJail`). */
const OWN_KERNEL = /^(?:runsc|gvisor|kata)/;

/** Pure. */
export function ofRuntime(runtime: string, isDefault: boolean): BackendRow {
  const own = OWN_KERNEL.test(runtime);
  const what = own ? 'the engine has it; the jail cannot be proved from outside, so nothing starts' : 'the engine has it';
  return {
    ...row('docker', !own, isDefault ? `${what}: its default` : what, own ? 'use runc' : '', own ? 'a kernel of its own' : 'as docker'),
    runtime,
  };
}

function row(name: string, usable: boolean, what: string, remedy: string, strength: string): BackendRow {
  return { name, runtime: null, usable, what, remedy, strength };
}

import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { architectureOf, type Architecture } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec } from '../system/exec.ts';
import { installOf, VM_ARCHITECTURES, type VmArchitecture } from './vm-architecture.ts';
import { type FileServer, findFileServer } from './vm-files.ts';
import { type Module, modulesOf } from './vm-modules.ts';

/** What a virtual machine is made of, all of it from the distribution. */
export interface VmProgram {
  readonly architecture: Architecture;
  readonly qemu: HostPath;
  /** Version as QEMU says it. */
  readonly version: string;
  /** Serves the run's files to the guest. */
  readonly files: FileServer;
  readonly kernel: HostPath;
  /** Release of the guest's kernel. */
  readonly release: string;
  readonly modules: readonly Module[];
  /** null: /dev/kvm can be used; else why not. */
  readonly emulated: string | null;
}

const WANTED = ['virtio_pci', 'virtiofs', 'virtio_console'] as const;
/** Starts nothing of a guest's: only whether the kernel of this machine gives QEMU a processor. */
const tryKvm = ({ qemu, machine }: VmArchitecture): [string, ...string[]] => [
  qemu, '-accel', 'kvm', '-machine', machine, '-cpu', 'host', '-m', '16', '-nodefaults', '-no-user-config', '-display', 'none', '-S', '-monitor', 'stdio',
]; // biome-ignore format: options with their values

/** Looks for everything; throws a JailError that names what is missing, and what to do. */
export async function findVm(): Promise<VmProgram> {
  const architecture = architectureOf(process.arch);
  if (architecture === null)
    throw new JailError(`virtual machines are not made on ${process.arch}`, 'use `jail.backend: nspawn` or `docker`');
  const here = VM_ARCHITECTURES[architecture];
  const { qemu } = here;
  const install = installOf(here);
  if (!executable(qemu)) throw new JailError(`${qemu} is not there`, install);
  const files = await findFileServer(executable);
  const { kernel, release, modules } = findKernel('/', install);
  const said = await exec([qemu, '--version']);
  const version = /version (\d+(?:\.\d+)*)/.exec(said.stdout)?.[1];
  if (version === undefined) throw new JailError(`${qemu} does not tell its version`, install);
  return { architecture, qemu, version, files, kernel, release, modules, emulated: await emulated(here) };
}

/** The newest kernel below `root` that has what a guest needs; those made for virtual machines first. Throws JailError, with `install` as remedy. */
export function findKernel(
  root: string,
  install: string,
): { readonly kernel: HostPath; readonly release: string; readonly modules: readonly Module[] } {
  const names = list(`${root}boot`).flatMap((name) => /^vmlinuz-(.+)$/.exec(name)?.slice(1) ?? []);
  const releases = byPreference(names.filter((release) => existsSync(`${root}lib/modules/${release}/modules.dep`)));
  let why = `no kernel with its modules is in ${root}boot`;
  for (const release of releases) {
    const directory = `${root}lib/modules/${release}`;
    const found = modulesOf(WANTED, readFileSync(`${directory}/modules.dep`, 'utf8'), read(`${directory}/modules.builtin`));
    if (found.missing.length > 0) {
      why = `the kernel ${release} has no ${found.missing.join(', ')}`;
      continue;
    }
    return {
      kernel: `${root}boot/vmlinuz-${release}` as HostPath,
      release,
      modules: found.modules.map((path) => ({ path: `${directory}/${path}` as HostPath })),
    };
  }
  throw new JailError(`there is no kernel for a virtual machine: ${why}`, install);
}

/** Pure: made for virtual machines first, then the newest. */
export function byPreference(releases: readonly string[]): string[] {
  const cloud = (release: string): number => (/-(cloud|kvm|virtual|azure|aws|gcp)\b/.test(release) ? 1 : 0);
  return [...releases].sort((a, b) => cloud(b) - cloud(a) || b.localeCompare(a, 'en', { numeric: true }));
}

/** A device that is there may still be of no use, as in machines that are themselves virtual: the processor tells, and QEMU has to try. */
async function emulated(here: VmArchitecture): Promise<string | null> {
  if (!existsSync('/dev/kvm')) return '/dev/kvm is not there';
  const unfit = unfitProcessor(here, readFileSync('/proc/cpuinfo', 'utf8'));
  if (unfit !== null) return unfit;
  const result = await exec(tryKvm(here), { input: 'quit\n', timeout: 10_000 });
  if (result.code === 0) return null;
  return `/dev/kvm is of no use here (QEMU: ${result.stderr.trim().split('\n')[0]?.slice(0, 200) ?? ''})`;
}

/** Pure: why /dev/kvm runs no ordinary kernel, by what /proc/cpuinfo says; null: it may. */
export function unfitProcessor({ virtualizes }: Pick<VmArchitecture, 'virtualizes'>, cpuinfo: string): string | null {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.split(' '));
  if (virtualizes === null || virtualizes.some((flag) => flags.has(flag))) return null;
  return `/dev/kvm is for other kernels (the processor has none of ${virtualizes.join(', ')})`;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

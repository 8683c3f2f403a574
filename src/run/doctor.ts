import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { arch, release } from 'node:os';
import { dirname } from 'node:path';
import { cgroupLayout, cgroupRefusal } from '../host/cgroup-layout.ts';
import { STATE } from '../host/places.ts';
import { findProgram, PROGRAMS } from '../host/programs.ts';
import { ARCHITECTURE_NAMES, architectureOf } from '../model/architecture.ts';
import { exec } from '../system/exec.ts';
import { HERE, type Platform } from '../system/platform.ts';
import { parseMountinfo, readProc } from '../system/proc.ts';
import { kernelAtLeast } from './check.ts';

/** One thing that a jail needs of the machine. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly what: string;
  /** '' where nothing has to be done. */
  readonly remedy: string;
}

/** A scratch disk much smaller than this is of little use. */
const LEAST_FREE = 2 * 1024 ** 3;

/**
 * What every jail needs of this machine, whatever its backend. Looks at the machine and makes nothing. Where no jail is built here the rest
 * is about the engine's machine.
 */
export async function examine(here: Platform = HERE): Promise<readonly Check[]> {
  // What an engine has is the backend's row.
  if (!here.jails)
    return [check('linux', true, `${here.called}: a run is made at an engine of Linux containers, with \`jail.backend: docker\``, '')];
  const programs = Object.entries(PROGRAMS).map(([name, source]) => program(name, source));
  return [
    check('linux', true, 'linux', ''),
    architecture(),
    kernel(),
    await privilege(),
    ...programs,
    loopDevices(),
    overlay(),
    cgroups(),
    disk(),
  ];
}

function architecture(): Check {
  return check(
    'architecture',
    architectureOf(arch()) !== null,
    arch(),
    `Use an ${ARCHITECTURE_NAMES} machine: the system call filter is made for those.`,
  );
}

function kernel(): Check {
  return check('kernel', kernelAtLeast(release(), 5, 12), release(), 'Linux 5.12 or later is needed for id-mapped mounts.');
}

async function privilege(): Promise<Check> {
  if (process.getuid?.() === 0) return check('root', true, 'running as root', '');
  const sudo = await exec(['sudo', '-n', '--', 'true'], { timeout: 10_000 });
  const what =
    sudo.code === 0
      ? 'sudo without a password'
      : sudo.missing
        ? 'not root, and sudo is not there'
        : 'not root, and sudo asks for a password';
  return check('root', sudo.code === 0, what, 'Run as root, or allow this user sudo without a password.');
}

function program(name: string, source: string): Check {
  const path = findProgram(name);
  return check(name, path !== null, path ?? 'not there', `apt-get install ${source}`);
}

function loopDevices(): Check {
  const there = existsSync('/dev/loop-control');
  return check(
    'loop devices',
    there,
    there ? '/dev/loop-control' : '/dev/loop-control is not there',
    'modprobe loop; in a container: run on the host.',
  );
}

/** A module that is not loaded yet is not in the list: mount(8) loads it. */
function overlay(): Check {
  const listed = readFileSync('/proc/filesystems', 'utf8')
    .split('\n')
    .some((line) => line.trim().endsWith('overlay'));
  const module = existsSync(`/lib/modules/${release()}/kernel/fs/overlayfs`);
  const what = listed ? 'in the kernel' : module ? 'a module that can be loaded' : 'not there';
  return check('overlay', listed || module, what, 'modprobe overlay, or use a kernel with CONFIG_OVERLAY_FS.');
}

function cgroups(): Check {
  const layout = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
  const refusal = cgroupRefusal(layout);
  return check('cgroups', refusal === null, refusal ?? layout.kind, 'Cgroup v2, or v1 with memory, pids and cpu, must be mounted.');
}

function disk(): Check {
  let place: string = STATE;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  return check('disk', free >= LEAST_FREE, `${(free / 1024 ** 3).toFixed(1)} GiB free for ${STATE}`, 'Make room: at least 2 GiB.');
}

function check(name: string, ok: boolean, what: string, remedy: string): Check {
  return { name, ok, what, remedy: ok ? '' : remedy };
}

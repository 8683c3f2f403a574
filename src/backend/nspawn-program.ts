import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { ARCHITECTURES } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { CLEAN_ENV, exec, failure, SYSTEM_PATH } from '../system/exec.ts';

/** A systemd-nspawn to run, installed or fetched. */
export interface NspawnProgram {
  readonly path: HostPath;
  /** Environment of nspawn itself; its payload gets none of it. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly fetched: boolean;
}

/** OCI bundles came with 242; user-visible fixes that this code counts on are in 247. */
const LEAST = 247;

const found = new Map<HostPath, Promise<NspawnProgram | null>>();
/** The installed program, else one that was fetched before; null: neither. Looked for once. */
export function findNspawn(tools: HostPath): Promise<NspawnProgram | null> {
  const known = found.get(tools) ?? look(tools);
  found.set(tools, known);
  return known;
}
async function look(tools: HostPath): Promise<NspawnProgram | null> {
  for (const directory of SYSTEM_PATH.split(':')) {
    const path = `${directory}/systemd-nspawn` as HostPath;
    if (executable(path)) return asBefore(tools, path, CLEAN_ENV, false);
  }
  const tree = `${tools}/nspawn`;
  return existsSync(tree) ? asBefore(tools, `${tree}/usr/bin/systemd-nspawn` as HostPath, fetchedEnv(tree), true) : null;
}

/** `checked`, unless that was done for this very file: to start it takes a tenth of what a short run does. What it said is root's, beside the tools. */
async function asBefore(tools: HostPath, path: HostPath, env: Readonly<Record<string, string>>, fetched: boolean): Promise<NspawnProgram> {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  const key = [path, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  const notes = `${tools}/nspawn-version`;
  const [known, version] = noted(notes).split('\n');
  if (known === key && version !== undefined && version !== '') return { path, env, version, fetched };
  const program = await checked(path, env, fetched);
  try {
    if (!existsSync(tools)) mkdirSync(tools, { mode: 0o755 });
    writeFileSync(`${notes}.${process.pid}`, `${key}\n${program.version}\n`, { mode: 0o644 });
    renameSync(`${notes}.${process.pid}`, notes);
  } catch {
    // It is asked again the next time.
  }
  return program;
}

function noted(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Downloads the distribution's package and unpacks it below `tools` (root's): nothing is installed, so nothing of the machine's
 * systemd changes. Its signature is checked by apt. Throws JailError.
 */
export async function fetchNspawn(tools: HostPath): Promise<NspawnProgram> {
  const remedy = 'install the package systemd-container, or choose `jail.backend: docker`';
  for (const program of ['apt-get', 'dpkg-deb'])
    if (!SYSTEM_PATH.split(':').some((d) => executable(`${d}/${program}`)))
      throw new JailError(`systemd-nspawn is not here and cannot be fetched: ${program} is not there`, remedy);
  mkdirSync(tools, { recursive: true, mode: 0o755 });
  const fresh = `${tools}/nspawn.${process.pid}.${Date.now()}`;
  mkdirSync(fresh, { mode: 0o755 });
  try {
    const download = ['apt-get', '-qq', '-o', 'APT::Sandbox::User=root', 'download', 'systemd-container', 'libsystemd-shared'] as const;
    let result = await exec(download, { cwd: fresh, timeout: 120_000 });
    if (result.code !== 0) {
      const update = await exec(['apt-get', '-qq', 'update'], { timeout: 240_000 });
      // Releases before Debian 12 and Ubuntu 23.04 have no libsystemd-shared of its own.
      result = await exec(download, { cwd: fresh, timeout: 120_000 });
      if (result.code !== 0)
        result = await exec(download.slice(0, -1) as unknown as [string, ...string[]], { cwd: fresh, timeout: 120_000 });
      if (result.code !== 0)
        throw new JailError(`systemd-nspawn could not be fetched: ${failure(download, update.code === 0 ? result : update)}`, remedy);
    }
    for (const file of readdirSync(fresh).filter((name) => name.endsWith('.deb'))) {
      const unpacked = await exec(['dpkg-deb', '-x', `${fresh}/${file}`, fresh]);
      if (unpacked.code !== 0) throw new JailError(`systemd-nspawn could not be unpacked: ${failure(['dpkg-deb'], unpacked)}`, remedy);
      rmSync(`${fresh}/${file}`);
    }
    await checked(`${fresh}/usr/bin/systemd-nspawn` as HostPath, fetchedEnv(fresh), true);
    rmSync(`${tools}/nspawn`, { recursive: true, force: true });
    renameSync(fresh, `${tools}/nspawn`);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another run may have been first: its tree is as good.
    const other = (error as NodeJS.ErrnoException).code === 'ENOTEMPTY' ? await look(tools) : null;
    if (other === null) throw error;
  }
  const tree = `${tools}/nspawn`;
  return checked(`${tree}/usr/bin/systemd-nspawn` as HostPath, fetchedEnv(tree), true);
}

async function checked(path: HostPath, env: Readonly<Record<string, string>>, fetched: boolean): Promise<NspawnProgram> {
  const argv = [path, '--version'] as const;
  const result = await exec(argv, { env, timeout: 10_000 });
  const version = /^systemd (\d+) ?(\(.*\))?/.exec(result.stdout);
  if (result.code !== 0 || version === null)
    throw new JailError(`systemd-nspawn does not run: ${failure(argv, result)}`, 'reinstall systemd-container');
  if (Number(version[1]) < LEAST)
    throw new JailError(
      `systemd-nspawn ${version[1]} is too old, ${LEAST} is needed`,
      'use a newer distribution, or `jail.backend: docker`',
    );
  return { path, env, version: (version[2] ?? '').replace(/[()]/g, '') || (version[1] as string), fetched };
}

function fetchedEnv(tree: string): Readonly<Record<string, string>> {
  return { ...CLEAN_ENV, LD_LIBRARY_PATH: librariesOf(tree).filter(existsSync).join(':') };
}

/** Pure: where the libraries of unpacked packages may be, on every machine that jails are made on. */
export function librariesOf(tree: string): string[] {
  const triplets = Object.values(ARCHITECTURES).map(({ triplet }) => triplet);
  const own = ['usr/lib', 'lib'].flatMap((lib) => triplets.flatMap((triplet) => [`${lib}/${triplet}/systemd`, `${lib}/${triplet}`]));
  return [...own, 'usr/lib/systemd', 'lib/systemd'].map((path) => `${tree}/${path}`);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

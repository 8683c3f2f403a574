import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { exec } from '../system/exec.ts';
import { linkedLibraries } from './vm-libraries.ts';

/**
 * The program that serves the run's files to the guest. There are two of that name: the one in C came with QEMU until 8.0, the one in Rust is a
 * package of its own. They take other options, and only the one in C can shut itself in as another user than root.
 */
export interface FileServer {
  readonly path: HostPath;
  readonly kind: 'c' | 'rust';
  readonly version: string;
}
/** Where distributions have it: Debian 13, Ubuntu 24.04 and Fedora; Arch; Debian 12 and Ubuntu 22.04. */
const PLACES = ['/usr/libexec/virtiofsd', '/usr/lib/virtiofsd', '/usr/lib/qemu/virtiofsd'] as const;
const INSTALL =
  'run `apt-get install virtiofsd` (Debian 13, Ubuntu 24.04 and later) or `apt-get install qemu-system-common` (Debian 12, Ubuntu 22.04)';
/** Where the one in Rust has the run's files, in the root that is made for it. */
const SHARED = '/files';
/** It wants to know this, also where it is told to leave its limit as it is. */
const MOST_OPEN = '/proc/sys/fs/nr_open';

/** Pure: which of the two it is, by what it prints for `--version`; null: neither. */
export function serverIn(said: string): Omit<FileServer, 'path'> | null {
  const [, c] = /^virtiofsd version (\d+(?:\.\d+)+)/.exec(said) ?? [];
  if (c !== undefined) return { kind: 'c', version: c };
  const [, rust] = /^virtiofsd(?: backend)? (\d+(?:\.\d+)+)/.exec(said) ?? [];
  return rust === undefined ? null : { kind: 'rust', version: rust };
}

/** The first that is there. Throws JailError. */
export async function findFileServer(there: (path: string) => boolean): Promise<FileServer> {
  const path = PLACES.find(there);
  if (path === undefined)
    throw new JailError(
      `virtiofsd, which shows the run's files to the guest, is not there: not in ${PLACES.map(dirname).join(', ')}`,
      INSTALL,
    );
  const said = await exec([path, '--version']);
  const found = serverIn(said.stdout);
  if (found === null) throw new JailError(`${path} does not tell its version`, INSTALL);
  return { path: path as HostPath, ...found };
}

/**
 * Pure: its command line; `shown`: where the run's files are for its uid. Nobody else changes them while a step runs, so that the guest may
 * remember them. It gives up every privilege that it needs to shut itself in, and keeps none to act as anyone else than the agent. What has
 * been shut in already (`vm-share.pl`) starts without any: there is none to give up, and no uid but its own to be served as.
 */
export function filesArgv({ path, kind }: FileServer, shown: string): [string, ...string[]] {
  const same = ['--fd={socket}', '--rlimit-nofile=0', '--thread-pool-size=0'];
  if (kind === 'rust') {
    const options = ['--sandbox=none', '--seccomp=kill', '--announce-submounts', '--inode-file-handles=never', '--cache=always', '--xattr'];
    return [path, ...same, `--shared-dir=${SHARED}`, ...options, '--log-level=warn'];
  }
  const caps = ['chown', 'dac_override', 'fowner', 'fsetid', 'setgid', 'setuid', 'mknod', 'setfcap'].map((one) => `-${one}`).join(':');
  const options = [`source=${shown}`, 'sandbox=namespace', 'announce_submounts', 'cache=always', 'xattr', `modcaps=${caps}`];
  return [path, ...same, ...options.flatMap((option) => ['-o', option]), '-f'];
}

/**
 * The root of a server that cannot shut itself in: copies of it and of its libraries, and what `vm-share.pl` mounts something on. null: it
 * makes its own. Throws JailError.
 */
export async function buildServerRoot({ path, kind }: FileServer, state: HostPath): Promise<ServerRoot | null> {
  if (kind === 'c') return null;
  const root = `${state}/server` as HostPath;
  const directory = (at: string): void => void mkdirSync(`${root}${at}`, { recursive: true, mode: 0o755 });
  for (const at of [SHARED, '/proc/self/fd', dirname(MOST_OPEN)]) directory(at);
  writeFileSync(`${root}/proc/self/mountinfo`, '');
  writeFileSync(`${root}${MOST_OPEN}`, readFileSync(MOST_OPEN));
  for (const file of [path, ...(await linkedLibraries(path))]) {
    directory(dirname(file));
    copyFileSync(file, `${root}${file}`);
    chmodSync(`${root}${file}`, 0o755);
  }
  return { root, shown: `${root}${SHARED}` as HostPath };
}
export interface ServerRoot {
  readonly root: HostPath;
  /** Where the run's files are to be mounted. */
  readonly shown: HostPath;
}

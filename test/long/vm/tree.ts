import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VM_ARCHITECTURES } from '../../../src/backend/vm-architecture.ts';
import { requireArchitecture } from '../../../src/run/architecture.ts';
import { asRoot, machinesAt, NAMESPACES } from '../../machine/image.ts';
import { NODE, REPOSITORY } from '../../support/jail.ts';

const { packages } = VM_ARCHITECTURES[requireArchitecture(process.arch)];
/** What a run needs of a machine, with all that makes a virtual one. */
// biome-ignore format: a list
const PACKAGES = [
  'dbus', 'e2fsprogs', 'git', 'iproute2', 'perl', 'procps', 'systemd-container', 'virtiofsd', 'xz-utils', packages.qemu, packages.debian,
];
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
const SUITE = 'trixie';
/** Seconds; two minutes are usual. */
const PATIENCE = 600;

/** What is printed counts only where it failed. */
const QUIETLY = '"$@" > "$0" 2>&1 || { tail -n 20 "$0" >&2; exit 1; }';

/** The files of a newer Debian: those that were unpacked before, or anew (700 MB). Throws with what was said where it cannot. */
export function tree(at = machinesAt()): string {
  const digest = createHash('sha256')
    .update([SUITE, ...PACKAGES].join(' '))
    .digest('hex');
  const directory = join(at, `${SUITE}-tree-${digest.slice(0, 16)}`);
  if (existsSync(directory)) return directory;
  console.log(`unpacking Debian ${SUITE}`);
  mkdirSync(at, { recursive: true });
  const fresh = mkdtempSync(join(at, 'fresh-'));
  const files = join(fresh, 'tree');
  try {
    const build = ['debootstrap', '--variant=minbase', `--keyring=${KEYS}`, `--include=${PACKAGES.join()}`, SUITE, files];
    asRoot([...NAMESPACES, 'sh', '-c', QUIETLY, join(fresh, 'log'), 'timeout', String(PATIENCE), ...build]);
    renameSync(files, directory);
  } finally {
    asRoot(['rm', '-rf', fresh]);
  }
  return directory;
}

/** Command line before one that is to run there, with the repository, Node and `place` where they are here. */
export function inTree(files: string, place: string): string[] {
  const node = dirname(dirname(NODE));
  if (node === '/usr')
    throw new Error('the Node of the distribution cannot be taken elsewhere: run the tests by npm, with the one in node_modules/');
  const paths = [REPOSITORY, place, ...(NODE.startsWith(`${REPOSITORY}/`) ? [] : [node])];
  return [...NAMESPACES, 'sh', join(import.meta.dirname, 'enter.sh'), files, ...paths, '--'];
}

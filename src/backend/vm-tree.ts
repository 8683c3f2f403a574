import { chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { Identity, Mount } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import { exec, failure } from '../system/exec.ts';
import { PLACE } from './vm-machine.ts';
import type { VmProgram } from './vm-program.ts';
import { type GuestPrograms, ramdisk } from './vm-ramdisk.ts';

const DIRECTORIES = ['usr', 'etc', 'proc', 'sys', 'dev', 'run', 'tmp', PLACE.slice(1)];
const LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** What is needed of the warden's places and programs. */
interface Places {
  readonly programs: GuestPrograms & { readonly relay: HostPath };
  readonly kvm: HostPath;
}

/**
 * The file system of the jail that holds a machine: the host's /usr through an overlay without an upper layer, so that no socket or FIFO of the
 * host's is in it; the kernel, the ramdisk and the relay. Nothing of it can be written to. Throws JailError.
 */
export async function buildTree(
  program: VmProgram,
  { programs, kvm }: Places,
  { uid, gid }: Identity,
  state: HostPath,
): Promise<{ readonly root: HostPath; readonly view: readonly Mount[] }> {
  const root = `${state}/machine` as HostPath;
  mkdirSync(root, { mode: 0o755 });
  for (const name of DIRECTORIES) mkdirSync(`${root}/${name}`, { mode: 0o755 });
  for (const name of LINKS)
    if (lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      symlinkSync(readlinkSync(`/${name}`), `${root}/${name}`);
  if (existsSync('/etc/ld.so.cache')) copyFileSync('/etc/ld.so.cache', `${root}/etc/ld.so.cache`);
  for (const file of [programs.mux, programs.relay]) copyFileSync(file, `${root}${PLACE}/${basename(file)}`);
  copyFileSync(program.kernel, `${root}${PLACE}/kernel`);
  writeFileSync(`${root}${PLACE}/ramdisk`, await ramdisk(program.modules, programs), { mode: 0o444 });
  for (const name of ['kernel', 'ramdisk']) chownSync(`${root}${PLACE}/${name}`, uid, gid);
  mkdirSync(`${state}/empty`, { mode: 0o755 });
  await must('mount', '-t', 'overlay', '-o', `ro,nosuid,nodev,lowerdir=${state}/empty:/usr`, 'overlay', `${root}/usr`);
  const view: Mount[] = [
    { target: '/' as JailPath, kind: 'bind', source: null, writable: false },
    { target: '/usr' as JailPath, kind: 'overlay', source: null, writable: false },
  ];
  if (program.emulated !== null) return { root, view };
  // A node of the run's own: the machine's belongs to a group that the agent is not in.
  await must('mknod', '-m', '600', kvm, 'c', '10', '232');
  chownSync(kvm, uid, gid);
  return { root, view: [...view, { target: '/dev/kvm' as JailPath, kind: 'device', source: kvm, writable: true }] };
}

async function must(...argv: [string, ...string[]]): Promise<void> {
  const result = await exec(argv);
  if (result.code !== 0)
    throw new JailError(`the jail of the virtual machine could not be made: ${failure(argv, result)}`, 'see `agent-jail doctor`');
}

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { VM_ARCHITECTURES } from '../../../src/backend/vm-architecture.ts';
import { buildServerRoot, filesArgv, findFileServer } from '../../../src/backend/vm-files.ts';
import { guestConfig, PLACE, qemuArgv } from '../../../src/backend/vm-machine.ts';
import { moduleBytes } from '../../../src/backend/vm-modules.ts';
import { findKernel, type VmProgram } from '../../../src/backend/vm-program.ts';
import { entriesOf } from '../../../src/backend/vm-ramdisk.ts';
import type { StepStart } from '../../../src/model/jail.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { seccompProfile } from '../../../src/plan/seccomp.ts';
import { cpio } from '../../../src/system/cpio.ts';
import { asRoot, machinesAt, NAMESPACES } from '../../machine/image.ts';
import { REPOSITORY } from '../../support/jail.ts';

// A guest of another machine than this one: what the backend makes of it, but for the jail around it.

const SUITE = 'bookworm';
// biome-ignore format: a list
const PACKAGES = [
  'coreutils', 'dash', 'libacl1', 'libattr1', 'libc6', 'libcrypt1', 'libgcc-s1', 'libgmp10', 'libpcre2-8-0', 'libselinux1', 'perl-base',
];
const LIBRARIES = '/lib/aarch64-linux-gnu';
/** Of perl-base: libraries and modules, as ldd(1) and %INC would say it there. */
const PERL = [
  '/lib/ld-linux-aarch64.so.1',
  ...['libm.so.6', 'libc.so.6', 'libcrypt.so.1'].map((name) => `${LIBRARIES}/${name}`),
  ...['strict.pm', 'warnings.pm'].map((name) => `/usr${LIBRARIES}/perl-base/${name}`),
];
const { qemu, packages } = VM_ARCHITECTURES.arm64;
const program = (name: string): string => join(REPOSITORY, 'src/host', name);
const AGENT = { uid: 61_001, gid: 61_001, name: 'agent', home: '/tmp' as JailPath };

/** ms. */
const PATIENCE = 3 * 60_000;

/** Directory with `tree` and `kernel`, unpacked before or now (100 MB). */
export function arm64(at = machinesAt()): string {
  const digest = createHash('sha256')
    .update([SUITE, packages.debian, ...PACKAGES].join(' '))
    .digest('hex');
  const directory = join(at, `${SUITE}-arm64-${digest.slice(0, 16)}`);
  if (existsSync(directory)) return directory;
  mkdirSync(at, { recursive: true });
  const fresh = mkdtempSync(join(at, 'fresh-'));
  try {
    asRoot([...NAMESPACES, 'timeout', '600', 'sh', join(import.meta.dirname, 'unpack.sh'), fresh, SUITE, packages.debian, ...PACKAGES]);
    renameSync(fresh, directory);
  } finally {
    if (existsSync(fresh)) asRoot(['rm', '-rf', fresh]);
  }
  return directory;
}

/** A step of this script, whose output is `said`, in a guest that is emulated. Root. */
export async function boot(directory: string, place: string, script: string): Promise<{ said: string; code: number | null; log: string }> {
  const at = (name: string): HostPath => join(place, name) as HostPath;
  chmodSync(place, 0o755); // the server is another user
  for (const name of ['runtime/result', 'shown', 'vm/step-0']) mkdirSync(at(name), { recursive: true });
  for (const name of ['runtime/out', 'runtime/err']) writeFileSync(at(name), '');
  const kernel = findKernel(`${directory}/kernel/`, 'see unpack.sh');
  const files = await findFileServer(existsSync);
  const made: VmProgram = { architecture: 'arm64', qemu, version: '', files, ...kernel, emulated: 'another machine' };
  const argv = ['/bin/sh', '-c', `exec > /run/agent-jail/out 2>&1; ${script}`] as const;
  const limits = { memory: 256 << 20, cpus: 2, processes: 100 };
  const start: StepStart = { index: 0, argv, cwd: '/' as JailPath, env: { PATH: '/usr/bin:/bin' }, split: false, tty: null, limits };
  const root = `${directory}/tree` as HostPath;
  const view = [{ target: '/' as JailPath, kind: 'overlay', source: null, writable: true } as const];
  const seccomp = seccompProfile('arm64', 'nspawn');
  const spec = { id: 'x', root, view, identity: AGENT, cgroup: '', netns: null, hostname: 'jail', seccomp };
  writeFileSync(at('vm/step-0/config'), guestConfig(spec, start, [], 20_000));
  writeFileSync(at('vm/ramdisk'), await ramdisk(root, kernel.modules));
  const own = await buildServerRoot(files, place as HostPath);
  const shown = own?.shown ?? at('shown');
  const share = [at('vm/step-0/files'), own?.root ?? '', shown, root, at('runtime'), at('runtime/result'), AGENT.uid, AGENT.gid, 20_000];
  const server = spawn('perl', [program('vm-share.pl'), ...share.map(String), '--', ...filesArgv(files, shown)]);
  const served = text(server.stderr);
  await once(server.stdout, 'data');
  const machine = qemuArgv(made, start).map((one) => one.replace(`${PLACE}/kernel`, kernel.kernel).replace(`${PLACE}/`, `${place}/vm/`));
  const relayed = [program('vm-relay.pl'), program('vm-mux.pl'), at('vm/step-0/config'), at('out'), '', '--', ...machine];
  const relay = spawn('perl', relayed, { timeout: PATIENCE, killSignal: 'SIGKILL' });
  const ended = once(relay, 'close');
  relay.once('close', () => server.kill());
  const log = (await Promise.all([text(relay.stderr), served])).join('');
  await ended;
  return { said: existsSync(at('out')) ? readFileSync(at('out'), 'utf8') : '', code: relay.exitCode, log };
}

/** As `vm-ramdisk.ts` makes it of this machine's perl. */
async function ramdisk(root: string, modules: VmProgram['modules']): Promise<Buffer> {
  const bytes = new Map<string, { mode: number; bytes: Uint8Array }>();
  for (const path of PERL) bytes.set(path.slice(1), { mode: 0o755, bytes: readFileSync(root + path) });
  bytes.set('bin/perl', { mode: 0o755, bytes: readFileSync(`${root}/usr/bin/perl`) });
  bytes.set('init', { mode: 0o755, bytes: readFileSync(program('vm-guest.pl')) });
  for (const name of readdirSync(program('')).filter((one) => /^(?:vm-(?:calls|mux|network|step|programs)|trace|pty)\.pl$/.test(one)))
    bytes.set(name, { mode: 0o644, bytes: readFileSync(program(name)) });
  for (const [index, module] of modules.entries())
    bytes.set(`modules/${String(index).padStart(3, '0')}.ko`, { mode: 0o644, bytes: await moduleBytes(module) });
  return cpio(entriesOf(bytes));
}

import { readFileSync, statSync } from 'node:fs';
import type { JailSpec, Property } from '../model/jail.ts';
import { parseStatus, readProc, readProcLink } from '../system/proc.ts';
import type { VmProgram } from './vm-program.ts';

/** What the guest's process 1 said before anything of the agent's ran, and the host pid of the relay that it said it to. */
export interface Guest {
  readonly relay: number;
  readonly release: string;
  readonly bootId: string;
}
/** Filters over QEMU: the one around nspawn, the profile, and QEMU's own. */
const QEMU_FILTERS = 3;
const APART = ['mnt', 'pid', 'net'] as const;

/** What is to be seen of the machine and of the server of its files, by /proc of the host; `pids`: of the run's cgroup. */
export function machineProof(
  program: VmProgram,
  spec: Pick<JailSpec, 'identity'>,
  argv: readonly string[],
  guest: Guest | null,
  pids: readonly number[],
): Property[] {
  const all = pids.map((pid) => ({
    pid,
    argv: (readProc(pid, 'cmdline') ?? '').split('\0').slice(0, -1),
    status: parseStatus(readProc(pid, 'status') ?? ''),
  }));
  const qemu = all.filter(({ status, argv: [name] }) => name === program.qemu && status.get('PPid') === String(guest?.relay));
  const files = all.filter(({ argv: [name] }) => name === program.files.path);
  const uid = [0, 0, 0, 0].map(() => spec.identity.uid).join('\t');
  const properties = (name: string, status: ReadonlyMap<string, string> | undefined, filters: number): Property[] => [
    equal(`${name}: uid`, status?.get('Uid'), uid),
    equal(`${name}: capabilities CapPrm`, status?.get('CapPrm'), '0000000000000000'),
    equal(`${name}: capabilities CapEff`, status?.get('CapEff'), '0000000000000000'),
    equal(`${name}: no new privileges`, status?.get('NoNewPrivs'), '1'),
    equal(`${name}: seccomp`, status?.get('Seccomp'), '2'),
    ok(`${name}: seccomp filters`, status?.get('Seccomp_filters'), (seen) => Number(seen) >= filters, `should be ${filters} or more`),
  ];
  // One that shuts itself in is there twice: what serves is in a process namespace that the other one made, and waits for.
  const server = files.find(({ status }) => files.some(({ pid }) => status.get('PPid') === String(pid))) ?? files[0];
  return [
    equal('machine: processes', String(qemu.length), '1'),
    equal('machine: command line', qemu[0]?.argv.join(' ').replace(/,fd=\d+/, ',fd={channel}'), argv.join(' ')),
    ...properties('machine', qemu[0]?.status, QEMU_FILTERS),
    ok(
      'kernel of its own',
      guest === null ? undefined : `${guest.release}, boot ${guest.bootId}`,
      () => guest?.bootId !== hostBoot(),
      "is this machine's",
    ),
    equal('kernel release', guest?.release, program.release),
    ...properties('file server', server?.status, 1),
    ok('file server: root', server === undefined ? undefined : rootOf(server.pid), (seen) => seen !== rootOf('self'), "is this machine's"),
    ...APART.map((name) =>
      ok(
        `file server: namespace ${name}`,
        (server === undefined ? null : readProcLink(server.pid, `ns/${name}`)) ?? undefined,
        (seen) => seen !== readProcLink('self', `ns/${name}`),
        'should be its own',
      ),
    ),
  ];
}

/** Device and inode; undefined: the process is gone. */
function rootOf(pid: number | 'self'): string | undefined {
  const found = statSync(`/proc/${pid}/root`, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}
const hostBoot = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
const equal = (property: string, seen: string | undefined, wanted: string): Property =>
  ok(property, seen, (value) => value === wanted, `should be ${wanted}`);
const ok = (property: string, seen: string | undefined, right: (seen: string) => boolean, wrong: string): Property => ({
  property,
  seen: seen ?? 'absent',
  wrong: seen !== undefined && right(seen) ? null : wrong,
});

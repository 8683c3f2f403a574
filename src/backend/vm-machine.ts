import type { JailSpec, StepStart } from '../model/jail.ts';
import type { SocketPlace } from '../model/gateway.ts';
import { readProc } from '../system/proc.ts';
import { openFiles } from './open-files.ts';
import { MASKED_DIRECTORIES, MASKED_FILES } from './proc-masks.ts';
import { filterProgram } from './vm-filter.ts';
import { VM_ARCHITECTURES } from './vm-architecture.ts';
import type { VmProgram } from './vm-program.ts';

const MIB = 1 << 20;
/** bits/resource.h */
const [CORE, NPROC, NOFILE, SIGPENDING] = [4, 6, 7, 11] as const;
/** Where the machine's files are, in the jail that holds it. */
export const PLACE = '/vm';
/** Bytes that QEMU may keep translated code in, where it emulates. */
const TRANSLATED = 128 * MIB;
/** What the guest's kernel and its process 1 take: the step has its limit for itself, which that kernel keeps. */
const KERNEL = 192 * MIB;
/** That, and what QEMU, the file server and the relay take, at the most. */
export const OVERHEAD = { memory: KERNEL + 384 * MIB, processes: 64 } as const;
/** Pure: command line of QEMU for one step. Nothing is there that is not listed: no network, no display, no disk. */
export function qemuArgv(program: VmProgram, { index, limits }: StepStart): [string, ...string[]] {
  const memory = `${Math.ceil((limits.memory + KERNEL) / MIB)}M`;
  const emulated = program.emulated !== null;
  const here = VM_ARCHITECTURES[program.architecture];
  // Other processors are started once the first one has made everything ready.
  const common = words`quiet panic=-1 random.trust_cpu=on maxcpus=1 cryptomgr.notests`;
  const kernel = [`console=${here.console}`, ...common, ...here.kernel, ...(emulated ? ['mitigations=off'] : [])].join(' ');
  return [
    program.qemu,
    ...words`-nodefaults -no-user-config -no-reboot -display none`,
    ...words`-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny`,
    ...(emulated ? words`-accel tcg,thread=multi,tb-size=${TRANSLATED / MIB} -cpu ${here.cpu}` : words`-accel kvm -cpu host`),
    ...words`-smp ${Math.ceil(limits.cpus)} -m ${memory} -machine ${here.machine},memory-backend=memory`,
    ...words`-object memory-backend-memfd,id=memory,size=${memory},share=on`,
    ...words`-kernel ${PLACE}/kernel -initrd ${PLACE}/ramdisk -append ${kernel}`,
    // What the kernel prints, for backend.log.
    ...words`-chardev stdio,id=console,signal=off -serial chardev:console`,
    ...words`-chardev socket,id=channel,fd={channel} -device virtio-serial-pci,max_ports=2 -device virtserialport,chardev=channel,name=channel`,
    ...words`-chardev socket,id=files,path=${PLACE}/step-${index}/files -device vhost-user-fs-pci,chardev=files,tag=root,queue-size=1024`,
  ];
}
/** Split at blanks, but for what is put in. */
const words = (texts: TemplateStringsArray, ...values: readonly (string | number)[]): string[] =>
  texts
    .flatMap((text, index) => [...text.split(/(?= )|(?<= )/), ...(index < values.length ? [{ value: String(values[index]) }] : [])])
    .reduce<string[]>((all, part) => {
      if (part === ' ') all.push('');
      else all.push(`${all.pop() ?? ''}${typeof part === 'string' ? part : part.value}`);
      return all;
    }, []);

/** Pure: what runs in the jail that holds the machine. */
export const relayArgv = (
  program: VmProgram,
  start: StepStart,
  output: { readonly out: string; readonly err: string },
): [string, ...string[]] => [
  '/usr/bin/perl',
  `${PLACE}/vm-relay.pl`,
  `${PLACE}/vm-mux.pl`,
  `${PLACE}/step-${start.index}/config`,
  output.out,
  output.err,
  '--',
  ...qemuArgv(program, start),
];

/** Pure: what the guest's process 1 is told, as `vm-guest.pl` reads it: groups of strings, each string after its length. `open`: files that its
 * server may have open. */
export function guestConfig(spec: JailSpec, start: StepStart, sockets: readonly SocketPlace[], open: number): Buffer {
  const { identity, view, hostname, seccomp } = spec;
  const files = openFiles();
  const groups: Record<string, readonly (string | Buffer)[]> = {
    ids: [String(identity.uid), String(identity.gid)],
    hostname: [hostname],
    cwd: [start.cwd],
    argv: start.argv,
    terminal: start.tty === null ? [] : [start.tty.rows, start.tty.columns].map(String),
    env: Object.entries(start.env).map(([name, value]) => `${name}=${value}`),
    // setrlimit(2): files, and what the kernel would make of the guest's memory.
    limits: [`${CORE} 0 0`, `${NOFILE} ${files.soft} ${files.hard}`, ...limitsAsHere(readProc('self', 'limits') ?? '')],
    processes: [String(start.limits.processes)],
    // The server has a file open for each that the guest remembers: it has to forget in time.
    remember: [String(Math.floor(open / 2))],
    memory: [String(start.limits.memory)],
    mounts: view.filter(({ kind }) => kind === 'overlay').map(({ target }) => target),
    'read-only': view.filter(({ kind, writable }) => kind === 'overlay' && !writable).map(({ target }) => target),
    masks: [...MASKED_FILES, ...MASKED_DIRECTORIES],
    sockets: sockets.map(({ protocol, address, port }) => `${protocol}:${address}:${port}`),
    filter: [filterProgram(seccomp)],
  };
  const strings = Object.entries(groups).flatMap(([name, values]) => [name, String(values.length), ...values]);
  return Buffer.concat(strings.flatMap((one) => sized(Buffer.from(one))));
}
/** Pure: those that a kernel computes from its memory, as the steps of other backends have them here. */
export const limitsAsHere = (limits: string): string[] =>
  Object.entries({ 'Max processes': NPROC, 'Max pending signals': SIGPENDING }).flatMap(([name, number]) => {
    const [, soft, hard] = new RegExp(`^${name} +(\\d+) +(\\d+)`, 'm').exec(limits) ?? [];
    return soft === undefined ? [] : [`${number} ${soft} ${hard}`];
  });

function sized(bytes: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

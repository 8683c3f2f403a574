import { describe, expect, it } from 'vitest';
import { SYSCALL_NUMBERS } from '../../../src/backend/syscall-numbers.ts';
import { filterProgram } from '../../../src/backend/vm-filter.ts';
import { seccompProfile } from '../../../src/plan/seccomp.ts';

const AUDIT = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
type Arch = keyof typeof AUDIT;
const ARCHITECTURES = Object.keys(AUDIT) as Arch[];
const [ALLOW, EPERM, ENOSYS, KILL] = [0x7fff_0000, 0x0005_0001, 0x0005_0026, 0x8000_0000];
const programOf = (arch: Arch): Buffer => filterProgram(seccompProfile(arch, 'nspawn'));
const PROGRAMS = { x64: programOf('x64'), arm64: programOf('arm64') };

/** What the kernel's machine does with the five instructions that are used (Documentation/networking/filter.rst). */
function run(arch: Arch, number: number, args: readonly bigint[] = [], audit: number = AUDIT[arch]): number {
  const program = PROGRAMS[arch];
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number >>> 0, 0);
  data.writeUInt32LE(audit, 4);
  for (const [index, value] of args.entries()) data.writeBigUInt64LE(value, 16 + 8 * index);
  let held = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const code = program.readUInt16LE(8 * at);
    const [yes, no, k] = [program.readUInt8(8 * at + 2), program.readUInt8(8 * at + 3), program.readUInt32LE(8 * at + 4)];
    const jump = (is: boolean): void => void (at += is ? yes : no);
    if (code === 0x20) held = data.readUInt32LE(k);
    else if (code === 0x54) held = (held & k) >>> 0;
    else if (code === 0x15) jump(held === k);
    else if (code === 0x35) jump(held >= k);
    else if (code === 0x25) jump(held > k);
    else if (code === 0x06) return k;
    else throw new Error(`instruction ${code} at ${at}`);
  }
  throw new Error('the program has no end');
}
const call = (arch: Arch, name: string, ...args: readonly bigint[]): number => run(arch, SYSCALL_NUMBERS[arch].get(name) ?? -1, args);

describe.each(ARCHITECTURES)('the filter of a virtual machine: %s', (arch) => {
  const program = PROGRAMS[arch];
  it('is small enough for the kernel, and no jump leaves it', () => {
    expect(program.length / 8).toBeLessThan(4096);
    for (let at = 0; at < program.length / 8; at += 1) {
      if (![0x15, 0x35, 0x25].includes(program.readUInt16LE(8 * at))) continue;
      for (const offset of [2, 3]) expect(at + 1 + program.readUInt8(8 * at + offset)).toBeLessThan(program.length / 8);
    }
  });
  it('allows each call that the profile allows whatever its arguments, and no other number up to 600', () => {
    const { syscalls } = seccompProfile(arch, 'nspawn');
    const always = syscalls.filter(({ args }) => args === undefined).flatMap(({ names }) => names);
    const numbers = new Set(always.filter((name) => name !== 'clone3').flatMap((name) => SYSCALL_NUMBERS[arch].get(name) ?? []));
    expect(numbers.size).toBeGreaterThan(arch === 'x64' ? 280 : 230);
    const conditional = ['clone', 'unshare', 'socket', 'socketpair', 'personality', 'mknod', 'mknodat', 'clone3'];
    const apart = new Set(conditional.map((name) => SYSCALL_NUMBERS[arch].get(name)));
    for (let number = 0; number < 600; number += 1)
      if (!apart.has(number)) expect([number, run(arch, number)]).toEqual([number, numbers.has(number) ? ALLOW : EPERM]);
  });
  it.each([
    ['clone', [0x11], ALLOW],
    ['clone', [0x1000_0000], EPERM],
    ['clone', [0x2000_0011], EPERM],
    ['unshare', [0x200], ALLOW],
    ['unshare', [0x80], EPERM],
    ['socket', [1, 5, 9], ALLOW],
    ['socket', [2, 1, 6], ALLOW],
    ['socket', [10, 2, 17], ALLOW],
    ['socket', [2, 3, 1], EPERM],
    ['socket', [16, 3, 0], ALLOW],
    ['socket', [16, 3, 9], EPERM],
    ['socket', [40, 1, 0], EPERM],
    // The high half counts too.
    ['socket', [2 ** 32 + 2, 1, 0], EPERM],
    ['socketpair', [1], ALLOW],
    ['socketpair', [2], EPERM],
    ['personality', [0xffff_ffff], ALLOW],
    ['personality', [4], EPERM],
    ['mknodat', [0, 0, 0o140644], ALLOW],
    ['mknodat', [0, 0, 0o060644], EPERM],
    ['clone3', [], ENOSYS],
  ] as const)('%s %j', (name, args, answer) => {
    expect(call(arch, name, ...args.map(BigInt))).toBe(answer);
  });
  it('kills what comes by another ABI', () => {
    expect(run(arch, 0, [], 0x4000_0003)).toBe(KILL);
    for (const other of ARCHITECTURES) if (other !== arch) expect(run(arch, 0, [], AUDIT[other])).toBe(KILL);
  });
});

describe('the filter of a virtual machine', () => {
  it('knows what x64 has beside: mknod(2) by its own name, and numbers of x32', () => {
    expect([call('x64', 'mknod', 0n, 0o010644n), call('x64', 'mknod', 0n, 0o020644n)]).toEqual([ALLOW, EPERM]);
    expect([run('x64', 0x4000_0000), run('arm64', 0x4000_0000)]).toEqual([KILL, EPERM]);
  });
  it('is made for no other machine', () => {
    expect(() => filterProgram({ defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_RISCV64'], syscalls: [] })).toThrow(
      'no such machine here: SCMP_ARCH_RISCV64',
    );
  });
  it('knows no comparison that it does not make', () => {
    const syscalls = [{ names: ['socket'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 1, op: 'SCMP_CMP_GE' }] }];
    expect(() => filterProgram({ defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls })).toThrow(
      'no such comparison here: SCMP_CMP_GE',
    );
  });
});

import { ARCHITECTURES, type Architecture } from '../model/architecture.ts';
import type { SeccompProfile } from '../model/jail.ts';
import { SYSCALL_NUMBERS } from './syscall-numbers.ts';
import { VM_ARCHITECTURES } from './vm-architecture.ts';

type Rule = SeccompProfile['syscalls'][number];
type Argument = NonNullable<Rule['args']>[number];

/** linux/filter.h, linux/bpf_common.h. */
const LOAD = 0x20;
const AND = 0x54;
const EQUAL = 0x15;
const AT_LEAST = 0x35;
const MORE = 0x25;
const RETURN = 0x06;
/** linux/seccomp.h, linux/audit.h. */
const KILL = 0x8000_0000;
const REFUSE = 0x0005_0000;
const ALLOW = 0x7fff_0000;
const [EPERM, ENOSYS] = [1, 38] as const;
/** Offsets in struct seccomp_data. */
const [NUMBER, ARCHITECTURE, ARGUMENTS] = [0, 4, 16] as const;
const WORD = 2n ** 32n;

type Instruction = readonly [code: number, yes: number, no: number, k: number];
const load = (offset: number): Instruction => [LOAD, 0, 0, offset];
const end = (action: number): Instruction => [RETURN, 0, 0, action];

/**
 * Pure: the profile as the kernel takes it (seccomp(2), struct sock_filter), for where no container runtime is there to make it. What
 * it does not allow is EPERM; another ABI is killed; clone3 is ENOSYS, so that libraries fall back to clone, whose flags a filter can see.
 */
export function filterProgram({ architectures, syscalls }: SeccompProfile): Buffer {
  const here = (Object.keys(ARCHITECTURES) as Architecture[]).find((name) => architectures.includes(ARCHITECTURES[name].seccomp));
  if (here === undefined) throw new Error(`no such machine here: ${architectures.join()}`);
  const { audit, otherAbi } = VM_ARCHITECTURES[here];
  const numbers = SYSCALL_NUMBERS[here];
  /** Names of other machines' calls are in the profile too. */
  const known = (name: string): number[] => [numbers.get(name) ?? []].flat();
  const program: Instruction[] = [
    load(ARCHITECTURE),
    [EQUAL, 1, 0, audit],
    end(KILL),
    load(NUMBER),
    ...(otherAbi === null ? [] : ([[AT_LEAST, 0, 1, otherAbi], end(KILL)] as const)),
    ...known('clone3').flatMap((number): Instruction[] => [[EQUAL, 0, 1, number], end(REFUSE | ENOSYS)]),
  ];
  const allowed = syscalls.filter(({ action, names }) => action === 'SCMP_ACT_ALLOW' && !names.includes('clone3'));
  const always = allowed.filter(({ args }) => args === undefined).flatMap(({ names }) => names.flatMap(known));
  for (const [first, last] of runs(always)) program.push([AT_LEAST, 0, 2, first], [MORE, 1, 0, last], end(ALLOW));
  for (const name of new Set(allowed.filter(({ args }) => args !== undefined).flatMap(({ names }) => names))) {
    const rules = allowed.filter(({ args, names }) => args !== undefined && names.includes(name)).flatMap(({ args }) => one(args ?? []));
    // The number is in the accumulator until a rule loads something else; after the rules nothing follows but the answer.
    for (const number of known(name)) program.push([EQUAL, 0, rules.length + 1, number], ...rules, end(REFUSE | EPERM));
  }
  program.push(end(REFUSE | EPERM));
  return Buffer.concat(program.map(encode));
}

/** All of these, or on to what stands behind. */
function one(args: readonly Argument[]): Instruction[] {
  const tests = args.flatMap(({ index, op, value, valueTwo }): [Instruction, ...Instruction[]][] => {
    const [mask, wanted] = op === 'SCMP_CMP_MASKED_EQ' ? [BigInt(value), BigInt(valueTwo ?? 0)] : [WORD * WORD - 1n, BigInt(value)];
    if (!['SCMP_CMP_EQ', 'SCMP_CMP_MASKED_EQ'].includes(op)) throw new Error(`no such comparison here: ${op}`);
    return [0, 4].map((half): [Instruction, ...Instruction[]] => {
      const part = (of: bigint): number => Number(half === 0 ? of % WORD : of / WORD);
      return [
        load(ARGUMENTS + 8 * index + half),
        ...((part(mask) === 0xffff_ffff ? [] : [[AND, 0, 0, part(mask)]]) as Instruction[]),
        [EQUAL, 0, 0, part(wanted)],
      ];
    });
  });
  const length = tests.reduce((sum, test) => sum + test.length, 0) + 1;
  let done = 0;
  const program: Instruction[] = [];
  for (const test of tests) {
    done += test.length;
    program.push(...test.slice(0, -1), [EQUAL, 0, length - done, (test.at(-1) as Instruction)[3]]);
  }
  return [...program, end(ALLOW)];
}

/** Ascending, without gaps. */
function runs(numbers: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = [];
  for (const next of [...new Set(numbers)].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last[1] + 1 === next) last[1] = next;
    else found.push([next, next]);
  }
  return found;
}

function encode([code, yes, no, k]: Instruction): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(yes, 2);
  bytes.writeUInt8(no, 3);
  bytes.writeUInt32LE(k >>> 0, 4);
  return bytes;
}

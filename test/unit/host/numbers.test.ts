import { describe, expect, it } from 'vitest';
import { SYSCALL_NUMBERS } from '../../../src/backend/syscall-numbers.ts';
import { ALLOWED_SYSCALLS } from '../../../src/plan/syscalls.ts';
import { read, repositoryFiles } from '../../support/sources.ts';
import { type Arch, SYSCALLS } from '../../support/syscalls.ts';

// Programs in Perl have the numbers of system calls in them, for both machines. There is only one of them here: so, by table.

const programs = repositoryFiles().filter((path) => /^(?:src|test\/redteam)\/.*\.p[lm]$/.test(path));
/** Constants that are called like a call, and are flags. */
const FLAGS = ['bind', 'kill'];
/** Names that differ from the kernel's own. */
const REAL: Readonly<Record<string, string>> = { prlimit: 'prlimit64' };
const SELF = 'test/unit/host/numbers.test.ts';
const NOT_CALLS = ['audit', 'x32'];
const number = (arch: Arch, name: string): number | undefined => SYSCALLS[arch].get(REAL[name] ?? name);
/** `{ name => 1, … }` of each machine. */
const tables = programs.flatMap((path) =>
  [...read(path).matchAll(/\$(X86_64|AARCH64)\s*=>\s*\{([^}]*)\}/g)].map(([, machine = '', body = '']) => ({
    path,
    arch: (machine === 'X86_64' ? 'x64' : 'arm64') as Arch,
    calls: [...body.matchAll(/(\w+) => (\w+)/g)].flatMap(([, name = '', value = '']) =>
      NOT_CALLS.includes(name) ? [] : [[name, Number(value)] as const],
    ),
  })),
);

describe('numbers of system calls', () => {
  it('are those of the kernel, wherever a program has a table', () => {
    expect(new Set(tables.map(({ path }) => path)).size).toBeGreaterThan(6);
    for (const { path, arch, calls } of tables) {
      expect(calls.length).toBeGreaterThan(0);
      for (const [name, value] of calls) expect([path, arch, name, value]).toEqual([path, arch, name, number(arch, name)]);
    }
  });

  it('stand there for both machines', () => {
    for (const path of new Set(tables.map((table) => table.path))) {
      const names = (arch: Arch) =>
        tables.filter((table) => table.path === path && table.arch === arch).flatMap(({ calls }) => calls.map(([name]) => name));
      expect([path, names('x64').toSorted()]).toEqual([path, names('arm64').toSorted()]);
    }
  });

  it('that have a name of their own are the same on both', () => {
    const own = programs.flatMap((path) =>
      [...read(path).matchAll(/my \(([^)]*)\) = \(([^)]*)\)/g)].flatMap(([, left = '', right = '']) => {
        const values = right.split(',').map((value) => value.trim());
        return left.split(',').flatMap((name, at) => {
          const call = name.trim().slice(1).toLowerCase();
          return /^\$[A-Z]/.test(name.trim()) && SYSCALLS.x64.has(call) && !FLAGS.includes(call) && /^\d+$/.test(values[at] ?? '')
            ? [[path, call, Number(values[at])] as const]
            : [];
        });
      }),
    );
    expect(new Set(own.map(([, call]) => call))).toEqual(new Set(['mount_setattr', 'move_mount', 'open_tree', 'openat2', 'pidfd_open']));
    for (const [path, call, value] of own)
      expect([path, call, value, value]).toEqual([path, call, number('x64', call), number('arm64', call)]);
  });

  it.each([
    ['test/redteam/probes/C1-become-root.sh', /%setxattr = \(x86_64 => (\d+), aarch64 => (\d+)\)/, ['setxattr']],
    ['src/host/terminal.pl', /%MKNODAT = \(\$X86_64 => (\d+), \$AARCH64 => (\d+)\)/, ['mknodat']],
  ])('of %s', (path, pattern, names) => {
    const values = pattern.exec(read(path))?.slice(1).map(Number);
    expect(values).toEqual((['x64', 'arm64'] as const).flatMap((arch) => names.map((name) => number(arch, name))));
  });

  it.each(['x64', 'arm64'] as const)('of the filter of a virtual machine: %s', (arch) => {
    const called = [...SYSCALL_NUMBERS[arch]];
    expect(called.length).toBeGreaterThan(250);
    expect(called).toEqual(called.map(([name]) => [name, number(arch, name)]));
    // What the profile speaks of, and the filter would leave out in silence.
    const spoken = [...ALLOWED_SYSCALLS, 'clone', 'unshare', 'socket', 'socketpair', 'personality', 'mknod', 'mknodat', 'clone3'];
    expect(spoken.filter((name) => SYSCALLS[arch].has(name) && !SYSCALL_NUMBERS[arch].has(name))).toEqual([]);
  });

  it('of the probes of the red team', () => {
    const rows = [...read('test/redteam/probes/lib/Probe.pm').matchAll(/\b(\w+) => \[(\d+), (\d+)\]/g)];
    expect(rows.length).toBeGreaterThan(50);
    for (const [, name = '', x64, arm64] of rows)
      expect([name, Number(x64), Number(arm64)]).toEqual([name, number('x64', name), number('arm64', name)]);
  });

  it('are in no other program', () => {
    // A call by a bare number would be one of this machine alone. What a probe adds a bit to is looked up.
    const others = repositoryFiles().filter((path) => /^(?:src|test|scripts|bench)\/.*\.(?:ts|mjs|sh)$/.test(path) && path !== SELF);
    const bare = [...programs, ...others].filter((path) => /\bsyscall[ (]\s*\d(?!x40000000 \|)/.test(read(path)));
    expect(bare).toEqual([]);
  });
});

describe('the filter around nspawn', () => {
  const [, x64, arm64] = /%MACHINE = \(\s*\$X86_64 +=> \{([^}]*)\},\s*\$AARCH64 => \{([^}]*)\}/.exec(read('src/host/launch.pl')) ?? [];
  const of = (body: string | undefined, name: string): number => Number(new RegExp(`${name} => (\\w+)`).exec(body ?? '')?.[1]);

  it('knows the machine by its audit number: EM_X86_64 and EM_AARCH64, 64 bits, little-endian (linux/audit.h)', () => {
    const [BITS_64, LITTLE] = [0x8000_0000, 0x4000_0000];
    expect([of(x64, 'audit'), of(arm64, 'audit')]).toEqual([BITS_64 + LITTLE + 62, BITS_64 + LITTLE + 183]);
    expect(read('src/host/launch.pl')).toContain('my ($X86_64, $AARCH64) = (62, 183);');
  });

  it('refuses clone3, and the numbers of x32 where there are such', () => {
    expect([of(x64, 'clone3'), of(arm64, 'clone3')]).toEqual([435, 435]);
    expect([of(x64, 'x32'), of(arm64, 'x32')]).toEqual([0x4000_0000, 0xffff_ffff]);
  });
});

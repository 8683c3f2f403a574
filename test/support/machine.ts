import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { PACE } from './pace.ts';
import { engineState, type EngineState } from './engine-state.ts';

/** Everything a run could leave on a machine, as sorted lines by kind. */
export type Snapshot = EngineState &
  Readonly<
    Record<
      'mounts' | 'loops' | 'cgroups' | 'traces' | 'namespaces' | 'processes' | 'routes' | 'sysctls' | 'state' | 'users',
      readonly string[]
    >
  >;

/** What may differ between two snapshots of a machine on which nothing was left, and why. */
const ALLOWED: Partial<Record<keyof Snapshot, RegExp>> = {
  // The tools that were fetched once, compiled code that is kept, roots that are kept (but nothing half made), the mount point that every warden covers with a tmpfs of its own.
  state: /^\/var\/lib\/agent-jail(\/(tools|work|collect|code).*|\/roots(\/(image|archive)-[0-9a-f]{64})?)?$/,
  // What an engine makes with its first container, and keeps.
  cgroups: /^\/sys\/fs\/cgroup\/([^/]+\/)?(docker|agent-jail-engine-\w+)$/,
  // The root of every container of ours: links, made once (`docker-image.ts`).
  images: /^sha256:\w+ agent-jail-root:\w+$/,
  // A cgroup that this machine's own session makes and removes as it likes.
  processes: /^\d+ (kworker|ksoftirqd|migration|loop\d+|jbd2|ext4)/,
};

export function snapshot(): Snapshot {
  return {
    mounts: lines(readFileSync('/proc/self/mountinfo', 'utf8')).map((line) => line.split(' ').slice(3).join(' ')),
    loops: lines(execFileSync('losetup', ['--list', '--noheadings', '--output', 'NAME,BACK-FILE'], { encoding: 'utf8' })),
    cgroups: directories('/sys/fs/cgroup', 4),
    traces: traces(),
    namespaces: namespaces(),
    processes: processes(),
    routes: lines(execFileSync('ip', ['route', 'show', 'table', 'all'], { encoding: 'utf8' })),
    sysctls: [
      'kernel/core_pattern',
      'kernel/hostname',
      'kernel/yama/ptrace_scope',
      'net/ipv4/ip_forward',
      'user/max_user_namespaces',
      'vm/overcommit_memory',
    ].map((name) => `${name}=${read(`/proc/sys/${name}`)}`),
    state: [...directories('/var/lib/agent-jail', 1), ...directories('/var/lib/agent-jail/roots', 1)],
    users: lines(read('/etc/passwd')),
    ...engineState(),
  };
}

/** What is there after and was not before (`+`), or the other way round (`-`). Empty: the machine is as it was. */
export function difference(before: Snapshot, after: Snapshot): string[] {
  const found: string[] = [];
  for (const kind of Object.keys(before) as (keyof Snapshot)[]) {
    const [old, now] = [new Set(before[kind]), new Set(after[kind])];
    const allowed = (line: string) => ALLOWED[kind]?.test(line) ?? false;
    for (const line of now) if (!old.has(line) && !allowed(line)) found.push(`${kind} + ${line}`);
    // A process or namespace of somebody else may end at any time.
    if (kind === 'processes' || kind === 'namespaces') continue;
    // So may a group within somebody's group; the outer ones have to stay.
    const mayEnd = (line: string) => kind === 'cgroups' && line.split('/').length > 6;
    for (const line of old) if (!now.has(line) && !allowed(line) && !mayEnd(line)) found.push(`${kind} - ${line}`);
  }
  return found;
}

/** The difference once it is empty, or after `ms`: the kernel takes a moment to end a namespace. */
export async function settled(before: Snapshot, ms = 3000 * PACE): Promise<string[]> {
  for (const end = Date.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const left = difference(before, snapshot());
    if (left.length === 0 || Date.now() > end) return left;
  }
}

/** `pid command` of every process that lives, but kernel threads and what descends from this test. */
function processes(): string[] {
  const all = new Map<number, { parent: number; name: string; args: string }>();
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    const stat = /^\d+ \((.*)\) \S (\d+)/s.exec(read(`/proc/${pid}/stat`));
    if (stat !== null && !isBuried(pid))
      all.set(pid, {
        parent: Number(stat[2]),
        name: stat[1] ?? '',
        args: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 200),
      });
  }
  const ours = (pid: number): boolean => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid || at === process.ppid) return true;
    return false;
  };
  return [...all].filter(([pid, p]) => p.parent !== 2 && pid !== 2 && !ours(pid)).map(([pid, p]) => `${pid} ${p.name} ${p.args}`);
}

/** Instances of tracefs, which is mounted to look where the machine has not. */
function traces(): string[] {
  const at = '/sys/kernel/tracing';
  const look = `[ -d ${at}/instances ] || mount -t tracefs tracefs ${at} 2> /dev/null; ls ${at}/instances 2> /dev/null || true`;
  return lines(execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', look], { encoding: 'utf8' }));
}

/** Namespaces in use by a process, or bound below /run. */
function namespaces(): string[] {
  const found = new Set<string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (isBuried(Number(pid))) continue;
    for (const kind of ['net', 'mnt', 'pid', 'user']) {
      try {
        found.add(readlinkSync(`/proc/${pid}/ns/${kind}`));
      } catch {
        // gone
      }
    }
  }
  return [...found];
}

/** Dead, and left to init, which has not asked for its end yet: nobody of ours holds it any more. */
const isBuried = (pid: number): boolean => /^\d+ \(.*\) [ZX] 1 /s.test(read(`/proc/${pid}/stat`));

function directories(root: string, depth: number): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => [`${root}/${entry.name}`, ...(depth > 1 ? directories(`${root}/${entry.name}`, depth - 1) : [])]);
  } catch {
    return [];
  }
}
const lines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .sort();
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

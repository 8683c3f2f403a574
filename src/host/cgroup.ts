import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JailError } from '../model/errors.ts';
import type { GroupLimits } from '../model/jail.ts';
import { below, field, number, read, write } from './cgroup-files.ts';
import { type CgroupLayout, NEEDED } from './cgroup-layout.ts';
import { Refusals, type Refused } from './cgroup-refusals.ts';

export interface CgroupUsage extends Refused {
  readonly memory: number;
  readonly memoryPeak: number;
  /** µs. */
  readonly cpu: number;
  readonly pids: number;
  /** The most there were at a time; 0 where the kernel does not keep it. */
  readonly pidsPeak: number;
}

const PERIOD = 100_000;
/** ms. */
const RETRY = 5;
export const HANGS = 'the machine needs a look: a process may hang in the kernel';

/** One named group in every hierarchy that matters; what is in it is what a run may use, and what ends with a step. */
export class Cgroup {
  readonly layout: CgroupLayout;
  readonly name: string;
  readonly #refusals: Refusals;
  constructor(layout: CgroupLayout, name: string) {
    this.layout = layout;
    this.name = name;
    this.#refusals = new Refusals(layout, name);
  }

  /** Group directories, by hierarchy. */
  get directories(): string[] {
    const { kind, unified, controllers } = this.layout;
    const roots = kind === 'v2' ? [] : NEEDED.flatMap((c) => controllers.get(c) ?? []);
    return [...new Set([...roots, ...(unified === null ? [] : [unified])])].map((root) => `${root}/${this.name}`);
  }
  /** Files a process writes `0` to, to join. */
  get doors(): string[] {
    return this.directories.map((d) => `${d}/cgroup.procs`);
  }

  make(): void {
    const { kind, unified } = this.layout;
    try {
      if (kind === 'v2') writeFileSync(`${unified}/cgroup.subtree_control`, NEEDED.map((c) => `+${c}`).join(' '));
      for (const directory of this.directories) mkdirSync(directory, { recursive: false });
    } catch (error) {
      throw new JailError(
        `the cgroup ${this.name} could not be made: ${(error as Error).message}`,
        'limits need a writable cgroup file system: run on the host, not in a container',
        null,
        { cause: error },
      );
    }
  }

  limit(limits: GroupLimits): void {
    this.#refusals.limit(limits);
    for (const [file, value] of limitWrites(this.layout, this.name, limits)) {
      try {
        writeFileSync(file, value);
      } catch (error) {
        // Swap accounting may be off (memsw absent): without swap there is nothing to account for.
        if (file.endsWith('memory.memsw.limit_in_bytes') || file.endsWith('memory.swap.max')) {
          if (!existsSync(file) && /^SwapTotal:\s+0 kB$/m.test(readFileSync('/proc/meminfo', 'utf8'))) continue;
        }
        throw new JailError(
          `a limit could not be set: ${(error as Error).message}`,
          'check that the cgroup controllers memory, pids and cpu are usable',
          null,
          { cause: error },
        );
      }
    }
  }

  /**
   * Makes room for the next step: what nspawn made in the group on v2, and left there with controllers for it, lets nobody join the group
   * itself any more (cgroup v2, "no internal process constraint"). Nothing may live in it.
   */
  vacate(): void {
    if (this.layout.kind !== 'v2') return;
    const own = `${this.layout.unified}/${this.name}`;
    this.#refusals.count();
    for (const group of below(own)) rmdirSync(group);
    const given = (read(`${own}/cgroup.subtree_control`) ?? '').split(/\s+/).filter((name) => name !== '');
    if (given.length > 0) writeFileSync(`${own}/cgroup.subtree_control`, given.map((name) => `-${name}`).join(' '));
  }

  /** Files and what they read as while these limits are in force. */
  limitFiles(limits: GroupLimits): ReadonlyMap<string, string> {
    return new Map(limitWrites(this.layout, this.name, limits).filter(([file]) => existsSync(file)));
  }

  /** What the kernel counted so far. */
  usage(): CgroupUsage {
    const v1 = (controller: string, file: string) => read(`${this.layout.controllers.get(controller)}/${this.name}/${file}`);
    const v2 = (file: string) => read(`${this.layout.unified}/${this.name}/${file}`);
    if (this.layout.kind === 'v2') {
      return {
        memory: number(v2('memory.current')),
        memoryPeak: number(v2('memory.peak')),
        cpu: field(v2('cpu.stat'), 'usage_usec'),
        pids: number(v2('pids.current')),
        pidsPeak: number(v2('pids.peak')),
        ...this.#refusals.count(),
      };
    }
    return {
      memory: number(v1('memory', 'memory.usage_in_bytes')),
      memoryPeak: number(v1('memory', 'memory.max_usage_in_bytes')),
      cpu: this.layout.unified === null ? 0 : field(v2('cpu.stat'), 'usage_usec'),
      pids: number(v1('pids', 'pids.current')),
      pidsPeak: number(v1('pids', 'pids.peak')),
      ...this.#refusals.count(),
    };
  }

  /** See `Refusals`. */
  async follow(): Promise<void> {
    return this.#refusals.follow();
  }
  unfollow(): void {
    this.#refusals.unfollow();
  }

  /** Process ids in the group and below it, as this process's namespace numbers them. */
  members(): number[] {
    return [...new Set(this.directories.flatMap((directory) => listed([...below(directory), directory])))];
  }
  /** The same, as one hierarchy has them: for whoever looks often. */
  membersOfOne(): number[] {
    const [directory = ''] = this.directories;
    return listed(this.layout.kind === 'v2' ? [...below(directory), directory] : [directory]);
  }

  /** A process of a namespace that this one cannot see counts too: it is listed as 0. */
  #occupied(): boolean {
    return this.directories.some((directory) =>
      [...below(directory), directory].some((group) => (read(`${group}/cgroup.procs`) ?? '') !== ''),
    );
  }

  /** Kills everything in the group and waits until it is empty; false: something is still there after `timeout` ms. */
  async kill(timeout = 5000): Promise<boolean> {
    const end = performance.now() + timeout;
    for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
      this.#strike();
      if (!this.#occupied()) return true;
      if (performance.now() > end) return false;
      await sleep(wait);
    }
  }

  #strike(): void {
    const { unified } = this.layout;
    if (unified !== null) {
      // Recursive and atomic: no fork escapes it (cgroups v2, cgroup.kill).
      const file = `${unified}/${this.name}/cgroup.kill`;
      if (existsSync(file)) return write(file, '1');
    }
    // No fork escapes this either. Not by the freezer: what is frozen, and left so by a warden that was killed, no signal ends.
    write(`${this.#refusals.processes}/pids.max`, '0');
    for (const pid of this.members()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone already
      }
    }
  }

  /**
   * Removes the groups, in every hierarchy: backends make some below them, and of the same name in others. What was started to join may do
   * so only now: it is killed. Idempotent. Throws JailError, also where that takes longer than `timeout` ms.
   */
  async remove(timeout = 5000): Promise<void> {
    for (const end = performance.now() + timeout; ; await sleep(RETRY)) {
      try {
        return this.#remove();
      } catch (error) {
        const left = end - performance.now();
        const { code, message } = error as NodeJS.ErrnoException;
        if (code !== 'EBUSY' || left <= 0)
          throw new JailError(`the cgroup ${this.name} could not be removed: ${message}`, HANGS, null, { cause: error });
        await this.kill(left);
      }
    }
  }
  #remove(): void {
    const { unified, controllers, named } = this.layout;
    const roots = new Set([...controllers.values(), ...named, ...(unified === null ? [] : [unified])]);
    for (const directory of [...roots].map((root) => `${root}/${this.name}`)) {
      for (const group of [...below(directory), directory]) {
        try {
          rmdirSync(group);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
    }
  }
}

const listed = (groups: readonly string[]): number[] =>
  groups.flatMap((group) => (read(`${group}/cgroup.procs`) ?? '').split('\n').filter((line) => line !== '' && line !== '0')).map(Number);

/** Pure: what is written where, in order (cgroups v1 and v2 documentation). */
export function limitWrites(layout: CgroupLayout, name: string, limits: GroupLimits): [file: string, value: string][] {
  const quota = String(Math.max(1000, Math.round(limits.cpus * PERIOD)));
  const memory = String(limits.memory);
  if (layout.kind === 'v2') {
    const at = `${layout.unified}/${name}`;
    return [
      [`${at}/memory.max`, memory],
      [`${at}/memory.swap.max`, '0'],
      [`${at}/memory.oom.group`, '0'],
      [`${at}/pids.max`, String(limits.processes)],
      [`${at}/cpu.max`, `${quota} ${PERIOD}`],
    ];
  }
  const at = (controller: string) => `${layout.controllers.get(controller)}/${name}`;
  return [
    // The sum may never be below the part, whether the limit grows or shrinks.
    [`${at('memory')}/memory.memsw.limit_in_bytes`, '-1'],
    [`${at('memory')}/memory.limit_in_bytes`, memory],
    [`${at('memory')}/memory.memsw.limit_in_bytes`, memory],
    [`${at('pids')}/pids.max`, String(limits.processes)],
    [`${at('cpu')}/cpu.cfs_period_us`, String(PERIOD)],
    [`${at('cpu')}/cpu.cfs_quota_us`, quota],
  ];
}

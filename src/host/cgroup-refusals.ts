import { existsSync } from 'node:fs';
import type { GroupLimits } from '../model/jail.ts';
import { below, field, number, read } from './cgroup-files.ts';
import type { CgroupLayout } from './cgroup-layout.ts';

export interface Refused {
  /** Processes killed for memory, since the group was made. */
  readonly oomKills: number;
  /** Forks refused, since the group was made. */
  readonly forksRefused: number;
}

/** A group that is looked at often. */
interface Following {
  /** Groups below it, from it. */
  readonly below: readonly string[];
  /** As many processes as there may be were there before. */
  readonly reached: boolean;
  /** Processes that were killed for memory on the whole machine. */
  readonly killed: number;
  /** Counted after the last process had ended, and before the groups were removed. */
  complete: boolean;
  readonly timer: NodeJS.Timeout;
}

/** ms. */
const EVERY = 5;

/**
 * What the kernel counts where it happens only: in the group, and in those that a backend makes below it and an engine removes with what
 * they counted. Of forks that is so on v2 too, before Linux 6.11; later the groups above count as well, which makes more of it, but not
 * something of nothing.
 */
export class Refusals {
  /** The group, in the hierarchy that counts processes. */
  readonly processes: string;
  readonly #memory: string;
  readonly #isV1: boolean;
  readonly #counted = new Map<string, number>();
  #limits: GroupLimits | null = null;
  #following: Following | null = null;

  constructor({ kind, unified, controllers }: CgroupLayout, name: string) {
    this.#isV1 = kind !== 'v2';
    this.processes = `${this.#isV1 ? controllers.get('pids') : unified}/${name}`;
    this.#memory = `${this.#isV1 ? controllers.get('memory') : unified}/${name}`;
  }

  limit(limits: GroupLimits): void {
    this.#limits = limits;
  }

  count(): Refused {
    return {
      // v2's events have those of the groups below.
      oomKills: this.#isV1
        ? this.#sum(this.#memory, 'memory.oom_control', 'oom_kill')
        : field(read(`${this.#memory}/memory.events`), 'oom_kill'),
      forksRefused: this.#sum(this.processes, 'pids.events', 'max'),
    };
  }
  #sum(own: string, file: string, name: string): number {
    for (const group of [own, ...below(own)]) {
      const seen = field(read(`${group}/${file}`), name);
      if (seen > 0) this.#counted.set(`${group}/${file}`, seen);
    }
    return [...this.#counted].reduce((all, [path, count]) => (path.endsWith(`/${file}`) ? all + count : all), 0);
  }

  /**
   * Counts often enough to see what a group counted before it is removed: an engine needs several times as long for that. Resolves once
   * nothing lives in it, which an engine takes as long to tell; never, where what lives in it now is not counted there.
   */
  async follow(): Promise<void> {
    this.unfollow();
    const { promise, resolve } = Promise.withResolvers<void>();
    const counted = (this.#living() ?? 0) > 0;
    const look = (): void => {
      const over = this.#living() === 0;
      this.count();
      if (over && following.below.every((group) => existsSync(this.processes + group))) following.complete = true;
      if (over && counted) resolve();
    };
    const following: Following = {
      below: below(this.processes).map((group) => group.slice(this.processes.length)),
      reached: this.#reached,
      killed: killedOnMachine(),
      complete: false,
      timer: setInterval(look, EVERY),
    };
    this.#following = following;
    return promise;
  }
  unfollow(): void {
    const following = this.#following;
    if (following === null) return;
    clearInterval(following.timer);
    this.#following = null;
    this.count();
    if (following.complete) return;
    for (const group of following.below.filter((one) => !existsSync(this.processes + one))) this.#guess(group, following);
  }

  /**
   * This process was held up while the engine removed a group: what it counted last is lost, and the peaks, which are of the group above,
   * have to tell. Whoever had as many processes as there may be wanted more; whoever had all memory may have been killed for it, if
   * anybody on the machine was.
   */
  #guess(group: string, { reached, killed }: Following): void {
    // Where there are events of the group alone, its events have those of the groups below: nothing was lost (Linux 6.11, cgroup v2).
    const told = existsSync(`${this.processes}/pids.events.local`);
    if (!told && !reached && this.#reached) this.#once(`${this.processes}${group}/pids.events`);
    const full = number(read(`${this.#memory}/memory.max_usage_in_bytes`)) >= (this.#limits?.memory ?? Infinity);
    if (this.#isV1 && full && killedOnMachine() > killed) this.#once(`${this.#memory}${group}/memory.oom_control`);
  }
  #once(file: string): void {
    if (!this.#counted.has(file)) this.#counted.set(file, 1);
  }
  get #reached(): boolean {
    return number(read(`${this.processes}/pids.peak`)) >= (this.#limits?.processes ?? Infinity);
  }

  /** In the group and below it, whatever namespaces they are in: v1 lists none that this one cannot see. null: it could not be read. */
  #living(): number | null {
    const text = read(`${this.processes}/pids.current`)?.trim();
    return /^\d+$/.test(text ?? '') ? Number(text) : null;
  }
}

const killedOnMachine = (): number => field(read('/proc/vmstat'), 'oom_kill');

import { existsSync, readdirSync } from 'node:fs';

/** Files of /proc that tell about the host or act on it. Beside them nspawn makes /proc/sys, sysrq-trigger, … read-only itself. */
export const MASKED_FILES = [
  '/proc/keys',
  '/proc/key-users',
  '/proc/interrupts',
  '/proc/softirqs',
  '/proc/config.gz',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/kallsyms',
  '/proc/kcore',
  '/proc/sched_debug',
  '/proc/latency_stats',
  '/proc/vmallocinfo',
  '/proc/slabinfo',
  '/proc/pagetypeinfo',
  '/proc/buddyinfo',
  '/proc/diskstats',
  '/proc/partitions',
  '/proc/iomem',
  '/proc/ioports',
  '/proc/modules',
  '/proc/swaps',
  // Anyone may write to these: a trigger that the host's kernel then serves (Documentation/accounting/psi.rst).
  '/proc/pressure/cpu',
  '/proc/pressure/io',
  '/proc/pressure/irq',
  '/proc/pressure/memory',
  '/proc/sysrq-trigger',
] as const;

/** Directories of the same kind. */
export const MASKED_DIRECTORIES = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
  '/sys/dev/block',
] as const;
export interface Masks {
  readonly files: readonly string[];
  readonly directories: readonly string[];
}

/** What is to be hidden of what this machine has: all that the engine hides by itself (moby, oci/defaults.go), and more. */
export function masksHere(): Masks {
  return masksOf(existsSync(CPUS) ? readdirSync(CPUS) : [], existsSync);
}

/** Pure: by the names in `/sys/devices/system/cpu`, and whether a path is there. */
export function masksOf(cpus: readonly string[], isThere: (path: string) => boolean): Masks {
  // Counters that tell what others compute (GHSA-6fw5-f8r9-fgfm).
  const thermal = cpus.filter((name) => /^cpu\d+$/.test(name)).map((name) => `${CPUS}/${name}/thermal_throttle`);
  return { files: MASKED_FILES.filter(isThere), directories: [...MASKED_DIRECTORIES, ...thermal].filter(isThere) };
}
const CPUS = '/sys/devices/system/cpu';

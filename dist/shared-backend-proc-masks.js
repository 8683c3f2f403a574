const { existsSync, readdirSync } = process.getBuiltinModule("node:fs");
// src/backend/proc-masks.ts
var MASKED_FILES = [
  "/proc/keys",
  "/proc/key-users",
  "/proc/interrupts",
  "/proc/softirqs",
  "/proc/config.gz",
  "/proc/timer_list",
  "/proc/timer_stats",
  "/proc/kallsyms",
  "/proc/kcore",
  "/proc/sched_debug",
  "/proc/latency_stats",
  "/proc/vmallocinfo",
  "/proc/slabinfo",
  "/proc/pagetypeinfo",
  "/proc/buddyinfo",
  "/proc/diskstats",
  "/proc/partitions",
  "/proc/iomem",
  "/proc/ioports",
  "/proc/modules",
  "/proc/swaps",
  // Anyone may write to these: a trigger that the host's kernel then serves (Documentation/accounting/psi.rst).
  "/proc/pressure/cpu",
  "/proc/pressure/io",
  "/proc/pressure/irq",
  "/proc/pressure/memory",
  "/proc/sysrq-trigger"
];
var MASKED_DIRECTORIES = [
  "/proc/acpi",
  "/proc/asound",
  "/proc/scsi",
  "/sys/firmware",
  "/sys/devices/virtual/powercap",
  "/sys/dev/block"
];
function masksHere() {
  return masksOf(existsSync(CPUS) ? readdirSync(CPUS) : [], existsSync);
}
function masksOf(cpus, isThere) {
  const thermal = cpus.filter((name) => /^cpu\d+$/.test(name)).map((name) => `${CPUS}/${name}/thermal_throttle`);
  return { files: MASKED_FILES.filter(isThere), directories: [...MASKED_DIRECTORIES, ...thermal].filter(isThere) };
}
var CPUS = "/sys/devices/system/cpu";

export {
  MASKED_FILES,
  MASKED_DIRECTORIES,
  masksHere
};

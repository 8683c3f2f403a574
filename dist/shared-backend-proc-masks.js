// src/backend/proc-masks.ts
var PROC_MASKS = [
  "/proc/keys",
  "/proc/key-users",
  "/proc/interrupts",
  "/proc/softirqs",
  "/proc/config.gz",
  "/proc/timer_list",
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

export {
  PROC_MASKS
};

import {
  readProc
} from "./shared-system-proc.js";

// src/backend/open-files.ts
var SOFT = 1024;
var HARD = 524288;
var openFiles = () => openFilesWithin(readProc("self", "limits") ?? "");
function openFilesWithin(limits) {
  const own = /^Max open files +\S+ +(\S+)/m.exec(limits)?.[1];
  const hard = own === void 0 || own === "unlimited" ? HARD : Math.min(HARD, Number(own));
  return { soft: Math.min(SOFT, hard), hard };
}

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
  openFiles,
  PROC_MASKS
};

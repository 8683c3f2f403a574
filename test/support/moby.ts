/** What moby hides of /proc and /sys, and what it makes read-only (moby 28.3, daemon/pkg/oci/defaults.go); `cpuN` of every processor. */
export const MOBY_MASKED = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
  '/sys/devices/system/cpu/cpu0/thermal_throttle',
  '/sys/devices/system/cpu/cpu17/thermal_throttle',
] as const;
export const MOBY_READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'] as const;

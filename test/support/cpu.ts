/** ms of processor that this thread took so far: what bounds work, however busy the machine is with other things. */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

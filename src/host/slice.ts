import { JailError } from '../model/errors.ts';
import { exec, failure } from '../system/exec.ts';
import type { Cgroup } from './cgroup.ts';
import { OUTER_MOUNTS } from './outside.ts';

/** Removes a run's group, and the slice that systemd made of it. Idempotent. Throws JailError where systemd keeps that. */
export async function removeCgroup(cgroup: Cgroup): Promise<void> {
  try {
    if (isSlice(cgroup.name)) await stopSlice(cgroup.name);
  } finally {
    cgroup.remove();
  }
}
/** Pure: by such a name an engine asks systemd for a group (`Backend.cgroup`). */
export const isSlice = (name: string): boolean => name.endsWith('.slice');

/** A slice in which a container was started stays with systemd, empty, until the machine is shut down. */
async function stopSlice(name: string): Promise<void> {
  const argv = ['systemctl', 'stop', name] as const;
  const result = await exec(['nsenter', `--mount=${OUTER_MOUNTS}`, '--', ...argv]);
  if (result.code !== 0) throw new JailError(`systemd keeps the run's slice: ${failure(argv, result)}`, argv.join(' '));
}

import type { MountInfo } from '../system/proc.ts';
import { read } from './cgroup-files.ts';

/** Which hierarchies this machine has. `v2` alone (unified), v1 controllers with a v2 tree beside them (hybrid), or v1 alone. */
export interface CgroupLayout {
  readonly kind: 'v2' | 'hybrid' | 'v1';
  readonly unified: string | null;
  /** v1 controller to the mount point of its hierarchy; empty on v2. */
  readonly controllers: ReadonlyMap<string, string>;
  /** Hierarchies without a controller (`name=systemd`): nspawn makes groups there too. */
  readonly named: readonly string[];
}

/** Controllers that the limits need. */
export const NEEDED = ['memory', 'pids', 'cpu'] as const;

export function cgroupLayout(mounts: readonly MountInfo[]): CgroupLayout {
  const unified = mounts.find((m) => m.type === 'cgroup2')?.target ?? null;
  const controllers = new Map<string, string>();
  const named: string[] = [];
  for (const mount of mounts) {
    if (mount.type !== 'cgroup') continue;
    if (mount.superOptions.some((o) => o.startsWith('name='))) named.push(mount.target);
    for (const option of mount.superOptions)
      if (/^[a-z_]+$/.test(option) && !['rw', 'ro', 'xattr'].includes(option)) controllers.set(option, mount.target);
  }
  return { kind: controllers.size === 0 ? 'v2' : unified === null ? 'v1' : 'hybrid', unified, controllers, named };
}

/** Why limits cannot be kept here; null: they can. */
export function cgroupRefusal(layout: CgroupLayout): string | null {
  if (layout.kind === 'v2') {
    if (layout.unified === null) return 'no cgroup file system is mounted';
    const there = (read(`${layout.unified}/cgroup.controllers`) ?? '').split(/\s+/);
    const absent = NEEDED.filter((c) => !there.includes(c));
    return absent.length === 0 ? null : `cgroup v2 without the controller ${absent.join(', ')}`;
  }
  const absent = NEEDED.filter((c) => !layout.controllers.has(c));
  return absent.length === 0 ? null : `cgroup v1 without the controller ${absent.join(', ')}`;
}

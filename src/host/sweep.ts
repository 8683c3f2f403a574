import { readdirSync } from 'node:fs';
import { parseMountinfo, readProc } from '../system/proc.ts';
import { Cgroup, cgroupLayout } from './cgroup.ts';
import { isLive, leftRuns, removeState } from './lock.ts';
import { hostName, ID } from './places.ts';

/**
 * Removes what runs that are dead left on the host, found by what is there (state directories, cgroups), not by memory;
 * never anything of a live run. `id`: only this one. Mounts, loop devices, namespaces and processes went with the warden.
 */
export async function sweep(id: string | null): Promise<{ removed: string[]; live: string[] }> {
  const layout = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
  const { dead, live } = await leftRuns();
  const groups = [...layout.controllers.values(), ...layout.named, ...(layout.unified === null ? [] : [layout.unified])].flatMap((root) =>
    readdirSync(root).filter((name) => name.startsWith('agent-jail-')),
  );
  const ids = new Set([...dead, ...groups.map((name) => name.slice('agent-jail-'.length)).filter((name) => ID.test(name))]);
  const removed: string[] = [];
  for (const one of ids) {
    if ((id !== null && one !== id) || live.includes(one) || (await isLive(one))) continue;
    const cgroup = new Cgroup(layout, hostName(one));
    await cgroup.kill();
    cgroup.remove();
    removeState(one);
    removed.push(one);
  }
  return { removed, live };
}

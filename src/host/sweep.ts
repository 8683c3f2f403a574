import { existsSync, readdirSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import { parseMountinfo, readProc } from '../system/proc.ts';
import { Cgroup, cgroupLayout } from './cgroup.ts';
import { isLive, leftRuns, removeState } from './lock.ts';
import { hostName, ID } from './places.ts';
import { tidyRoots } from './root-cache.ts';

/** An engine that does not answer in this time, ms, is left alone. */
const PATIENCE = 5000;

/**
 * Removes what runs that are dead left on the host, found by what is there (state directories, cgroups, containers, half-made roots), not
 * by memory; never anything of a live run. `id`: only this one, and half-made roots. Mounts, loop devices, namespaces and processes went
 * with the warden. `engine`: DOCKER_HOST.
 */
export async function sweep(id: string | null, engine: string | null): Promise<{ removed: string[]; live: string[] }> {
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
  const ended = async (run: string): Promise<boolean> => (id === null || run === id) && !(await isLive(run));
  return { removed: [...removed, ...(await tidyRoots()), ...(await sweepEngine(engine, ended))], live };
}

/** Containers of runs that have ended. Where there is no engine, there are none. */
async function sweepEngine(host: string | null, ended: (run: string) => Promise<boolean>): Promise<string[]> {
  const [{ Engine, socketOf }, { removeContainers }] = await Promise.all([import('../system/engine.ts'), import('./image.ts')]);
  try {
    if (!existsSync(socketOf(host))) return [];
    return await removeContainers(await Engine.connect(host, PATIENCE), ended);
  } catch (error) {
    if (error instanceof JailError) return [];
    throw error;
  }
}

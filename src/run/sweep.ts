import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cgroup } from '../host/cgroup.ts';
import { cgroupLayout } from '../host/cgroup-layout.ts';
import { forgetUnnamedOf, isLive, leftRuns, removeState } from '../host/lock.ts';
import { forgetWork, withdrawWork } from '../host/outside.ts';
import { ID, stateOf } from '../host/places.ts';
import { tidyRoots } from '../host/root-cache.ts';
import { removeTrace, tracedRuns } from '../host/tracing.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { parseMountinfo, readProc } from '../system/proc.ts';

/** Ids of runs, and directories that they left half made. */
export interface Swept {
  readonly removed: readonly string[];
  readonly live: readonly string[];
  /** What of a dead run is still there, and why: the next sweep tries again. */
  readonly left: readonly Left[];
}
export interface Left {
  readonly id: string;
  readonly why: string;
}

/** Names of a run's cgroup: with systemd as the engine's driver it is a slice (`Backend.cgroup`). */
const GROUP = /^(?:agent-jail-([0-9A-Z]{26})|agent_jail_([0-9A-Z]{26})\.slice)$/;

/**
 * Removes what runs that are dead left on the host, found by what is there (state directories, cgroups), not by memory;
 * never anything of a live run. `id`: only this one. What lived in the warden's namespaces went with them; what an engine holds is found by
 * the run's label. `script`: `export.pl`.
 */
export async function sweep(id: string | null, script: HostPath): Promise<Swept> {
  const layout = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
  if (id !== null) await dying(id);
  const { dead, live } = await leftRuns();
  const hierarchies = [...new Set([...layout.controllers.values(), ...layout.named, ...(layout.unified === null ? [] : [layout.unified])])];
  const groups = new Map<string, Set<string>>();
  for (const name of hierarchies.flatMap((root) => readdirSync(root))) {
    const [, plain, slice] = GROUP.exec(name) ?? [];
    const one = plain ?? slice;
    if (one !== undefined && ID.test(one)) groups.set(one, (groups.get(one) ?? new Set()).add(name));
  }
  const traced = await tracedRuns();
  const removed: string[] = [];
  const left: Left[] = [];
  for (const one of new Set([...dead, ...groups.keys(), ...traced])) {
    if ((id !== null && one !== id) || live.includes(one) || (await isLive(one))) continue;
    try {
      await releaseEngine(one, script);
      for (const name of groups.get(one) ?? []) {
        const cgroup = new Cgroup(layout, name);
        await cgroup.kill();
        await cgroup.remove();
      }
      if (traced.includes(one)) await removeTrace(one);
      removeState(one);
      removed.push(one);
    } catch (error) {
      left.push({ id: one, why: error instanceof JailError ? `${error.message}; ${error.remedy}` : String(error) });
    }
  }
  if (id !== null) await forgetUnnamedOf(id);
  removed.push(...(await tidyRoots()));
  return { removed, live, left };
}

/** Who asks for one run knows that it is over: what held its lock may take a moment to end. */
async function dying(id: string): Promise<void> {
  for (const end = performance.now() + DYING; performance.now() < end && (await isLive(id)); ) await sleep(DYING / 100);
}
/** ms. */
const DYING = 5000;

/** Whether a run has said before that this is left: an engine that is gone for good would be in the notices of every run. */
export function saidBefore({ id, why }: Left): boolean {
  const file = `${stateOf(id)}/left`;
  try {
    if (existsSync(file) && readFileSync(file, 'utf8') === why) return true;
    writeFileSync(file, why, { mode: 0o600 });
  } catch {} // another run removes it right now
  return false;
}

/** Written before anything is made that outlives the warden: which engine holds what has the run's label. */
const journal = (id: string): string => `${stateOf(id)}/engine`;
export function journalEngine(id: string, socket: string): void {
  writeFileSync(journal(id), `${socket}\n`, { mode: 0o600 });
}

/** Containers and mounts of a run, live or dead: nothing where no engine was asked. Throws JailError; then the state has to stay. */
async function releaseEngine(id: string, script: HostPath): Promise<void> {
  const socket = engineOf(id);
  if (socket === null) return;
  const [{ Engine }, { removeContainers }] = await Promise.all([import('../system/engine.ts'), import('../backend/docker.ts')]);
  try {
    await removeContainers(await Engine.connect(`unix://${socket}`), id);
  } finally {
    await withdrawWork(id, script);
    await forgetWork([id], script);
  }
}

function engineOf(id: string): string | null {
  try {
    return readFileSync(journal(id), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

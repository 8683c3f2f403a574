import { chmodSync, chownSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Cgroup } from '../host/cgroup.ts';
import type { Hands } from '../host/hands.ts';
import { cover, layerViews, makeSetup, mountOverlays, mountPoint, requireWay, ROOT, setupDirectory } from '../host/layers.ts';
import { restore } from '../host/restore.ts';
import { work } from '../host/places.ts';
import { FROZEN_RUNTIME } from '../host/outside.ts';
import { RUNTIME_FILES } from '../host/scratch.ts';
import type { LayerView } from '../model/collector.ts';
import type { Backend, JailSpec, Mount } from '../model/jail.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { RunRequest } from '../model/protocol.ts';
import { etcFiles } from '../plan/etc.ts';
import { seccompProfile } from '../plan/seccomp.ts';
import { APT } from '../plan/retries.ts';
import { told } from '../plan/told.ts';
import { enclosing, type OverlayPlan, within } from '../plan/view.ts';
import type { Checked } from './check.ts';
import { RUNTIME } from './step.ts';
import { trustInRoot, writeTrust } from './trust.ts';
import { ETC, NETNS } from './warmup.ts';

/** On the scratch disk, in a directory the agent cannot write to: what it answers with. */
export const RESULT = work('scratch', 'result');

/** The root's skeleton, in its setup layer. */
const DIRECTORIES: readonly [path: string, mode: number][] = [
  ['usr', 0o755], ['proc', 0o555], ['sys', 0o555], ['dev', 0o755], ['run', 0o755], ['tmp', 0o1777], ['var/tmp', 0o1777],
  ['var/lib', 0o755], ['var/cache', 0o755], ['var/log', 0o755], ['etc', 0o755], ['home', 0o755], ['root', 0o755], ['mnt', 0o755], ['srv', 0o755],
]; // biome-ignore format: a table

/** What `buildLayers` needs beside what is asked for. */
interface Means {
  readonly hands: Hands;
  /** `restore.pl`. */
  readonly restore: HostPath;
  /** The scratch disk is mounted, with the directories of the layers: the hands were asked for both before. */
  readonly scratch: Promise<void>;
}

/** Fills the setup layers, and mounts everything below the jail's root once the scratch disk is there. */
export async function buildLayers(request: RunRequest, checked: Checked, { hands, restore: script, scratch }: Means): Promise<LayerView[]> {
  const { overlays, identity } = checked;
  makeSetup(overlays);
  const root = overlays[0] as OverlayPlan;
  for (const [path, mode] of DIRECTORIES) {
    const made = setupDirectory(root, path, identity, mode);
    if (mode === 0o1777) chmodSync(made, mode); // also where a tree was packed without the bit
  }
  const setup = work('setup', root.key);
  for (const { name, target } of checked.links) symlinkSync(target, `${setup}/${name}`);
  if (root.lower === null) moveEtc(`${setup}/etc`);
  for (const [name, content] of Object.entries(etcFiles(identity, hostname(request.id))))
    writeFileSync(`${setup}/etc/${name}`, content, { mode: 0o644 });

  if (request.interception !== null) trustInRoot(root, identity, request.interception.authority);

  for (const overlay of overlays.slice(1)) mountPoint(enclosing(overlays, overlay.target), overlay.target, identity);
  const whiteouts = overlays.flatMap((overlay) => cover(overlay, coversOf(overlay, overlays, request), identity));
  const earlier = request.restore;
  const kept = earlier === null ? new Set<string>() : await scratch.then(async () => restore(earlier, overlays, identity, script));
  for (const overlay of overlays.slice(1)) {
    const around = enclosing(overlays, overlay.target);
    if (kept.has(around.key)) requireWay(around, overlay.target);
  }
  const mounted = mountOverlays(hands, overlays, whiteouts, identity, kept);
  await scratch; // what went wrong first is told
  await mounted;
  return layerViews(overlays, identity, kept);
}

/** What is replaced or hidden in this overlay: by the path on the host that its lower shows. */
function coversOf(overlay: OverlayPlan, overlays: readonly OverlayPlan[], request: RunRequest) {
  const { lower } = overlay;
  if (lower === null) return [];
  const { forbidden, hidden } = request.surroundings;
  const gone = [...forbidden, ...hidden, ...recordPlaces(request.record)];
  const all = [...request.covers, ...gone.map((path) => ({ path, content: null }))];
  const unique = new Map(all.map((c) => [c.path, c]));
  const absent = [...unique.values()].filter((c) => c.content === null);
  return [...unique.values()].filter(
    ({ path }) =>
      path !== lower &&
      !absent.some((c) => c.path !== path && within(path, c.path)) &&
      within(path, lower) &&
      // an overlay further in shows it, and covers it there
      !overlays.some((o) => o.lower !== null && o.lower.length > lower.length && within(path, o.lower) && within(o.target, overlay.target)),
  );
}

/** The record grows while the jail looks, and the command line keeps earlier ones beside it. */
const recordPlaces = (record: HostPath): HostPath[] => {
  const folder = dirname(record) as HostPath;
  return basename(folder) === '.agent-jail' ? [folder] : [record];
};

/** The copy takes the place of the directory, which is empty so far. */
function moveEtc(target: string): void {
  renameSync(ETC, target);
  chmodSync(target, 0o755);
}

/** Scripts, result, and what the agent is told, beside the FIFO. Read-only to the jail but for the result. */
export function buildRuntime(request: RunRequest, checked: Checked): void {
  const { uid, gid } = checked.identity;
  writeFileSync(RESULT, '', { mode: 0o600 });
  chownSync(RESULT, uid, gid);
  writeFileSync(work('runtime', 'result'), '', { mode: 0o444 });
  writeFileSync(work('runtime', 'policy.json'), `${JSON.stringify(told(request.policy), null, 2)}\n`, { mode: 0o444 });
  writeFileSync(work('runtime', basename(APT.path)), APT.text, { mode: 0o444 });
  if (request.interception !== null) writeTrust(request.interception.authority);
  for (const [index, step] of request.steps.entries()) {
    const script = work('runtime', `step-${index}${step.extension}`);
    writeFileSync(script, step.script, { mode: 0o444 });
    chmodSync(script, 0o444);
  }
}

export function makeCgroup(name: string, checked: Checked): Cgroup {
  const cgroup = new Cgroup(checked.layout, name);
  cgroup.make();
  return cgroup;
}

/** Pure: the finished specification. */
export function jailSpec(request: RunRequest, checked: Checked, backend: Pick<Backend, 'name' | 'engine' | 'lacks' | 'cgroup'>): JailSpec {
  const view: Mount[] = checked.overlays.map((o) => ({
    target: o.target,
    kind: 'overlay',
    source: null,
    writable: o.access === 'copy-on-write',
  }));
  return {
    id: request.id,
    root: ROOT,
    view: [
      ...view,
      { target: RUNTIME, kind: 'bind', source: backend.engine === null ? RUNTIME_FILES : FROZEN_RUNTIME, writable: false },
      { target: `${RUNTIME}/result` as JailPath, kind: 'bind', source: RESULT, writable: true },
    ],
    identity: checked.identity,
    cgroup: backend.cgroup(request.id),
    netns: backend.engine === null && backend.lacks === null ? NETNS : null,
    seccomp: seccompProfile(checked.architecture, backend.name === 'docker' ? 'oci' : 'nspawn'),
    hostname: hostname(request.id),
  };
}

const hostname = (id: string): string => `jail-${id.slice(-8).toLowerCase()}`;

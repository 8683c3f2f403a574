import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import type { LayerView } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import type { Cover } from '../model/protocol.ts';
import type { Hands } from './hands.ts';
import { work } from './places.ts';

/** What `host/` needs to know of an overlay; the plan's own type has more. */
export interface OverlayToMake {
  readonly key: string;
  readonly layer: LayerView['layer'];
  readonly target: string;
  readonly lower: HostPath | null;
  readonly access: 'read-only' | 'copy-on-write';
  readonly swap: { readonly uid: number; readonly gid: number } | null;
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly mode: number;
}
/** Bytes of a lower's path that fit into the options of an overlay, which are a page with all that is in them (mount(2)). */
const LONGEST = 1024;
type Ids = { readonly uid: number; readonly gid: number };

/** Where the merged `/` of the jail is mounted. */
export const ROOT = work('root');
const upper = (key: string): HostPath => work('scratch', 'layers', key, 'upper');
const setup = (key: string): HostPath => work('setup', key);
/** What an earlier run had left there (`restore.ts`), above the setup layer that it was made on. */
export const restored = (key: string): HostPath => work('scratch', 'restored', key);
const merged = (target: string): HostPath => (target === '/' ? ROOT : (`${ROOT}${target}` as HostPath));
/** The lower as it is mounted: id-mapped, or bound to a name that overlay options can hold, whatever its own is. */
const lowerOf = (o: OverlayToMake): HostPath | null =>
  o.lower !== null && (o.swap !== null || /[,:\\\s"]/.test(o.lower) || Buffer.byteLength(o.lower) > LONGEST)
    ? work('lower', o.key)
    : o.lower;

/** Makes the directories of the setup layers, which can be filled from then on. */
export function makeSetup(overlays: readonly OverlayToMake[]): void {
  for (const name of ['root', 'setup', 'lower']) mkdirSync(work(name), { recursive: true });
  for (const o of overlays) {
    const directory = setup(o.key);
    mkdirSync(directory);
    chownSync(directory, o.owner.uid, o.owner.gid); // a merged directory has owner and mode of its topmost
    chmodSync(directory, o.mode);
    if (lowerOf(o) !== o.lower) mkdirSync(work('lower', o.key));
  }
}
/** Those of the run's own layers, on the scratch disk. */
export function makeUppers(hands: Hands, overlays: readonly OverlayToMake[]): Promise<void> {
  const ours = { owner: { uid: 0, gid: 0 }, mode: 0o755 };
  const directories = overlays
    .filter((o) => o.access === 'copy-on-write')
    .flatMap((o) => [
      { path: work('scratch', 'layers', o.key), ...ours },
      { path: upper(o.key), ...o },
      { path: work('scratch', 'layers', o.key, 'work'), ...ours },
    ]);
  return hands.ask('the directories of the layers could not be made', [
    'directories',
    ...[{ path: work('scratch', 'layers'), ...ours }, ...directories].flatMap(({ path, owner, mode }) =>
      [path, owner.uid, owner.gid, mode].map(String),
    ),
  ]);
}

/** A directory in a setup layer, with its parents; what the lower has keeps owner and mode. */
export function setupDirectory(o: OverlayToMake, relative: string, agent: Ids, mode = 0o755): HostPath {
  return directoryIn(setup(o.key), [lowerAsSeen(o, agent)], relative, mode);
}
/** The same in the layer of an earlier run. */
export function restoredDirectory(o: OverlayToMake, relative: string, agent: Ids): HostPath {
  return directoryIn(
    restored(o.key),
    [{ path: setup(o.key), owner: ({ uid, gid }) => ({ uid, gid }) }, lowerAsSeen(o, agent)],
    relative,
    0o755,
  );
}

/** A layer below, and what its owners are in the jail. */
interface Below {
  readonly path: string | null;
  readonly owner: (seen: Ids) => Ids;
}
const lowerAsSeen = (o: OverlayToMake, agent: Ids): Below => ({
  path: o.lower,
  owner: ({ uid, gid }) => ({ uid: flip(uid, o.swap?.uid, agent.uid), gid: flip(gid, o.swap?.gid, agent.gid) }),
});

/** `mode`: of the last part, where no layer below has it. */
function directoryIn(layer: HostPath, below: readonly Below[], relative: string, mode: number): HostPath {
  let here: string = layer;
  let left = below;
  const parts = relative.split('/').filter(Boolean);
  for (const [index, part] of parts.entries()) {
    here += `/${part}`;
    // Not through a link of a lower: it leads to somewhere on the host.
    left = left.flatMap(({ path, owner }) =>
      path !== null && look(`${path}/${part}`)?.isDirectory() === true ? [{ path: `${path}/${part}`, owner }] : [],
    );
    if (existsSync(here)) continue;
    mkdirSync(here);
    const [top] = left;
    const seen = top === undefined || top.path === null ? null : look(top.path);
    if (seen === null || top === undefined) chmodSync(here, index === parts.length - 1 ? mode : 0o755);
    else {
      const { uid, gid } = top.owner(seen);
      chownSync(here, uid, gid);
      chmodSync(here, seen.mode & 0o7777);
    }
  }
  return here as HostPath;
}

/**
 * Makes the mount point of `target` inside the overlay around it, where its lower has none. Follows no link of the lower: mount(8) would,
 * and an absolute one leads out of the jail's root.
 */
export function mountPoint(around: OverlayToMake, target: string, agent: Ids): void {
  const relative = around.target === '/' ? target : target.slice(around.target.length);
  let [here, below, missing]: [string, string | null, boolean] = [setup(around.key), around.lower, false];
  for (const part of relative.split('/').filter(Boolean)) {
    here += `/${part}`;
    const own = look(here);
    const seen = own ?? (below === null ? null : look(`${below}/${part}`));
    if (seen !== null && !seen.isDirectory())
      throw new JailError(
        `${target} cannot be a directory in the jail: ${part} is ${seen.isSymbolicLink() ? 'a link' : 'none'} there`,
        'give the mount another `target`, or use another root',
      );
    missing ||= seen === null;
    // What the setup layer puts over a link or a file hides all that lies below that.
    below = below !== null && (look(`${below}/${part}`)?.isDirectory() ?? false) ? `${below}/${part}` : null;
  }
  if (missing) setupDirectory(around, relative, agent);
}

/** What an earlier run left must not lead the mount of `target` elsewhere: mount(8) follows links. Throws JailError. */
export function requireWay(around: OverlayToMake, target: string): void {
  let here: string = restored(around.key);
  for (const part of (around.target === '/' ? target : target.slice(around.target.length)).split('/').filter(Boolean)) {
    here += `/${part}`;
    const seen = look(here);
    if (seen === null) return;
    if (!seen.isDirectory())
      throw new JailError(`the earlier run left ${part} in the way of ${target}`, 'look at its changes: it is no directory any more');
  }
}

/** Replaces or hides paths in a setup layer. Returns where the whiteouts belong that hide them: Node cannot make device nodes. */
export function cover(o: OverlayToMake, covers: readonly Cover[], agent: Ids): string[] {
  return covers.flatMap(({ path, content }) => {
    const relative = path.slice((o.lower ?? o.target).length + 1); // `path` is the host's, and lies below the lower
    const slash = relative.lastIndexOf('/');
    const place = `${setupDirectory(o, slash === -1 ? '' : relative.slice(0, slash), agent)}/${relative.slice(slash + 1)}`;
    if (content === null) return [place];
    writeFileSync(place, content, { flag: 'wx', mode: 0o644 });
    chownSync(place, o.owner.uid, o.owner.gid);
    return [];
  });
}

/** The layers below a run's own, topmost first. */
const lowersOf = (o: OverlayToMake, kept: Keys): HostPath[] =>
  [kept.has(o.key) ? restored(o.key) : null, setup(o.key), lowerOf(o)].filter((path) => path !== null);
/** Of the overlays that have a layer of an earlier run. */
export type Keys = ReadonlySet<string>;

/** All whiteouts and overlays, parents before children. */
export function mountOverlays(
  hands: Hands,
  overlays: readonly OverlayToMake[],
  whiteouts: readonly string[],
  agent: Ids,
  kept: Keys,
): Promise<void> {
  const mapped = overlays.flatMap((o) =>
    o.lower === null || o.swap === null
      ? []
      : [o.lower, work('lower', o.key), String(o.swap.uid), String(agent.uid), String(o.swap.gid), String(agent.gid)],
  );
  return hands.all([
    ['a path could not be hidden', ['whiteout', ...whiteouts]],
    ['a directory could not be id-mapped', ['map', ...mapped]],
    ['the layers could not be mounted', ['mount', ...overlayMounts(overlays, kept).flatMap((m) => m.map(String))]],
  ]);
}

/** mount(2). */
const [RDONLY, NOSUID, NODEV, BIND] = [1, 2, 4, 4096] as const;
type Mount = readonly [source: string, target: string, type: string, flags: number, data: string];

/** Pure: what is mounted, in this order. */
export function overlayMounts(overlays: readonly OverlayToMake[], kept: Keys = new Set()): Mount[] {
  return overlays.flatMap((o): Mount[] => {
    const lower = lowerOf(o);
    const own = o.access === 'read-only' ? [] : [`upperdir=${upper(o.key)}`, `workdir=${work('scratch', 'layers', o.key, 'work')}`];
    const data = [`lowerdir=${lowersOf(o, kept).join(':')}`, ...own, 'redirect_dir=on', 'metacopy=off', 'index=off'].join(',');
    const flags = NOSUID | NODEV | (o.access === 'read-only' ? RDONLY : 0);
    return [
      ...(o.lower !== null && lower !== null && lower !== o.lower && o.swap === null ? [[o.lower, lower, 'none', BIND, ''] as const] : []),
      ['overlay', merged(o.target), 'overlay', flags, data],
    ];
  });
}

/** What the collector reads once the jail is dead. */
export function layerViews(overlays: readonly OverlayToMake[], agent: Ids, kept: Keys): LayerView[] {
  return overlays
    .filter((o) => o.access === 'copy-on-write')
    .map((o) => ({
      layer: o.layer,
      target: o.target as LayerView['target'],
      upper: upper(o.key),
      lowers: lowersOf(o, kept),
      merged: merged(o.target),
      swapped: o.swap === null ? null : { host: o.swap, jail: agent },
    }));
}

const flip = (id: number, a: number | undefined, b: number): number => (a === undefined ? id : id === a ? b : id === b ? a : id);
function look(path: string) {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

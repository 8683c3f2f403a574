import { JailError } from '../model/errors.ts';
import type { LayerName } from '../model/changes.ts';
import type { HostPath, JailPath } from '../model/names.ts';
import type { Access } from '../model/policy.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}
/** One overlay of the jail's view: `lower` (if any) below a setup layer below the run's own upper directory. */
export interface OverlayPlan {
  /** Unique in the run, usable as a directory name. */
  readonly key: string;
  readonly layer: LayerName;
  readonly target: JailPath;
  /** null: only what the host puts into the setup layer. */
  readonly lower: HostPath | null;
  readonly access: Access;
  /** Owner on the host that is swapped with the agent by an id-mapped mount; null: ids as they are. */
  readonly swap: Owner | null;
  /** Owner and mode of the merged directory, ids as the jail sees them. */
  readonly owner: Owner;
  readonly mode: number;
}
/** What was found of a directory that the jail is to see. */
export interface Found {
  readonly owner: Owner;
  readonly mode: number;
  /** Mount points below it, the nearest ones only. */
  readonly submounts: readonly { readonly target: HostPath; readonly directory: boolean }[];
}
export interface ViewWish {
  /** The tree that is the jail's `/`; null: made from the host's directories in `paths`. */
  readonly tree: HostPath | null;
  /** What is root's in that tree is the agent's in the jail. */
  readonly ownRoot: boolean;
  /** Directories of the host at their own path; those of the caller's are the agent's in the jail. */
  readonly paths: readonly HostPath[];
  readonly workspace: { readonly path: HostPath; readonly access: Access } | null;
  readonly mounts: readonly { readonly source: HostPath; readonly target: JailPath; readonly access: Access }[];
  readonly home: JailPath;
  readonly agent: Owner;
  readonly caller: Owner;
  /** False where the kernel cannot: the agent then has the workspace owner's id. */
  readonly idmap: boolean;
  readonly found: ReadonlyMap<HostPath, Found>;
}

/** Pure: the jail's whole file system, parents before children. Throws JailError where two things want one place. */
export function planView(wish: ViewWish): OverlayPlan[] {
  const root: OverlayPlan = {
    key: 'root',
    layer: 'root',
    target: '/' as JailPath,
    lower: wish.tree,
    access: 'copy-on-write',
    swap: null,
    owner: { uid: 0, gid: 0 },
    mode: 0o755,
  };
  const top: OverlayPlan =
    wish.ownRoot && wish.tree !== null && wish.idmap ? { ...root, swap: { uid: 0, gid: 0 }, owner: wish.agent } : root;
  const home: OverlayPlan = { ...root, key: 'home', layer: 'home', target: wish.home, lower: null, owner: wish.agent, mode: 0o750 };
  const listed = [
    ...wish.paths.flatMap((path) => directory(wish, 'root', path, path as string as JailPath, 'copy-on-write', callerOwns(wish, path))),
    ...wish.mounts.flatMap((m) => directory(wish, 'root', m.source, m.target, m.access, true)),
    ...(wish.workspace === null
      ? []
      : directory(wish, 'workspace', wish.workspace.path, wish.workspace.path as string as JailPath, wish.workspace.access, true)),
  ];
  const all = [top, home, ...listed].sort((a, b) => compare(a.target, b.target));
  for (const [index, plan] of all.entries()) {
    if (all[index - 1]?.target === plan.target)
      throw new JailError(`two things are to be at ${plan.target} in the jail`, 'give the mount another `target`');
  }
  return all.map((plan, index) => ({ ...plan, key: plan.key === '' ? `d${index}` : plan.key }));
}

/** A directory of the host and the mounts below it, each an overlay of its own: an overlay does not show what is mounted below its lower. */
function directory(wish: ViewWish, layer: LayerName, source: HostPath, target: JailPath, access: Access, mine: boolean): OverlayPlan[] {
  const found = wish.found.get(source);
  if (found === undefined) throw new JailError(`${source} was not looked at`, 'this is a defect of agent-jail');
  const file = found.submounts.find((m) => !m.directory);
  if (file !== undefined)
    throw new JailError(
      `a file is mounted at ${file.target}, below ${source}`,
      'unmount it, or do not list the directory: a file mount cannot be copy-on-write',
    );
  const swap = mine && wish.idmap && found.owner.uid !== wish.agent.uid ? found.owner : null;
  const owner: Owner =
    swap === null
      ? found.owner
      : { uid: flip(found.owner.uid, swap.uid, wish.agent.uid), gid: flip(found.owner.gid, swap.gid, wish.agent.gid) };
  return [
    { key: '', layer, target, lower: source, access, swap, owner, mode: found.mode },
    ...found.submounts.flatMap((mount) =>
      directory(wish, layer, mount.target, `${target}${mount.target.slice(source.length)}` as JailPath, access, mine),
    ),
  ];
}

const callerOwns = (wish: ViewWish, path: HostPath): boolean =>
  wish.caller.uid !== 0 && wish.found.get(path)?.owner.uid === wish.caller.uid;
/** An id as the id-mapped mount shows it. */
export const flip = (id: number, a: number, b: number): number => (id === a ? b : id === b ? a : id);

/** By path components, so that a parent stands before its children. */
function compare(a: string, b: string): number {
  const left = a.split('/').filter(Boolean);
  const right = b.split('/').filter(Boolean);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const l = left[i] as string;
    const r = right[i] as string;
    if (l !== r) return l < r ? -1 : 1;
  }
  return left.length - right.length;
}

/** The overlay whose merged tree holds `path` (the longest target above it), `path` itself left out. */
export function enclosing(plans: readonly OverlayPlan[], path: string): OverlayPlan {
  let best = plans[0] as OverlayPlan;
  for (const plan of plans) if (plan.target !== path && within(path, plan.target) && plan.target.length >= best.target.length) best = plan;
  return best;
}

/** `path` is `directory` or below it. */
export const within = (path: string, directory: string): boolean =>
  path === directory || directory === '/' || path.startsWith(`${directory}/`);

/** The paths that do not lie in another of them. */
export const outermost = (paths: readonly string[]): string[] =>
  [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && within(path, other)));

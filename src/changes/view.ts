import type { CollectorRequest, LayerView } from '../model/collector.ts';
import { JailError } from '../model/errors.ts';
import { BaseDirectory } from './lower.ts';
import { Tree } from './tree.ts';

const EMPTY = Buffer.alloc(0);

/** A layer, opened for reading. */
export interface View {
  readonly layer: LayerView['layer'];
  readonly target: LayerView['target'];
  /** What stands before a path of this view in the manifest. */
  readonly prefix: Buffer;
  /** What stands before a path of this view in the archive. */
  readonly place: Buffer;
  readonly upper: Tree;
  readonly merged: Tree;
  /** null: a plain directory, nothing was there before. */
  readonly base: BaseDirectory | null;
  /** The host's tree, the lowest lower. */
  readonly host: Tree | null;
  readonly swapped: LayerView['swapped'];
  /** All trees, to be closed. */
  readonly trees: readonly Tree[];
  /** Directories of another device are mounts, not the agent's work. */
  readonly device: number;
  /** ms since 1970 at which the layer was made; 0: the file system does not say. */
  readonly born: number;
}

/** `workspace`: where the workspace stands; what is mounted below it is a view of its own, with paths from the workspace. */
export function openView(layer: LayerView, workspace: string): View {
  const upper = new Tree(layer.upper);
  const merged = new Tree(layer.merged);
  // Most setup layers are empty.
  const lowers = layer.lowers.map((lower) => new Tree(lower)).filter((lower, at, all) => at === all.length - 1 || !lower.isEmpty());
  const root = merged.lstat(EMPTY);
  const top = upper.lstat(EMPTY);
  if (root === null || top === null) {
    throw new JailError(`the layer of ${layer.target} is not there any more`, 'Was something unmounted while the run went on?');
  }
  const inside = Buffer.from(layer.target.replace(/^\/+/, ''));
  return {
    layer: layer.layer,
    target: layer.target,
    prefix: layer.layer === 'root' ? inside : layer.layer === 'workspace' ? Buffer.from(layer.target.slice(workspace.length + 1)) : EMPTY,
    place: inside,
    upper,
    merged,
    base: lowers.length === 0 ? null : new BaseDirectory(EMPTY, lowers),
    host: lowers.at(-1) ?? null,
    swapped: layer.swapped,
    trees: [upper, merged, ...lowers],
    device: root.dev,
    born: top.birthtimeMs,
  };
}

export type ChangesRequest = Extract<CollectorRequest, { kind: 'changes' }>;

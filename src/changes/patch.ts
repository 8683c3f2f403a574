import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { OTHER_PATCHES, type OtherPatch } from '../model/record.ts';
import { basename, join } from './bytes.ts';
import { type Checkout, within } from './checkouts.ts';
import type { Item } from './compare.ts';
import { readAll } from './content.ts';
import type { Side } from './entry.ts';
import { type Leaf, treeOf } from './git-tree.ts';
import type { LeftOut } from './manifest.ts';
import { type Id, Pack } from './pack.ts';

/** Bytes of a file that still goes into the patch; larger ones are in the archive only. */
const LARGEST = 5 << 20;
/** Bytes packed in all, so that the scratch directory stays small. */
const COPIED = 512 << 20;
/** Bytes of a path that `git apply` can open below a work tree. */
const LONGEST = 3800;

/** A patch of a checkout other than the workspace's own. */
export interface OtherCheckout {
  readonly file: OtherPatch;
  /** Its root, from the workspace: where the patch applies. */
  readonly path: Buffer;
  readonly files: number;
}
export interface Patched {
  /** In all patches. */
  readonly files: number;
  readonly leftOut: LeftOut[];
  readonly others: readonly OtherCheckout[];
}
interface Comparison {
  readonly checkout: Checkout;
  readonly before: Leaf[];
  readonly after: Leaf[];
  files: number;
}

/**
 * Writes `changes.patch`, and one patch for each changed checkout below the workspace's own: what git would see there. Old and new files
 * become two trees in a repository of our own, which git compares there: it never runs in a tree, or under a configuration, that an agent
 * wrote.
 */
export class Patches {
  readonly #pack: Pack;
  /** What is in the pack. */
  readonly #blobs = new Map<Side, Id>();
  /** Bytes that may still be packed. */
  #room: number;

  constructor(scratch: HostPath, copied = COPIED) {
    this.#pack = new Pack(scratch);
    this.#room = copied;
  }

  /** Packs what is at hand of an item, which may well be one of those that are written. */
  prepare(item: Item): void {
    if (item.checkout === null || !isVisibleToGit(item) || reason(item) !== null) return;
    for (const [side, bytes] of [
      [item.before, item.bytes.before],
      [item.after, item.bytes.after],
    ] as const)
      if (side !== null && bytes !== null) this.#blobs.set(side, this.#pack.add('blob', bytes));
  }

  async write(fds: { readonly [F in 'changes.patch' | OtherPatch]: number }, items: readonly Item[]): Promise<Patched> {
    const pack = this.#pack;
    const leftOut: LeftOut[] = [];
    const compared = new Map<Checkout, Comparison>();
    for (const item of items) {
      const { checkout } = item;
      if (checkout === null || !isVisibleToGit(item)) continue;
      const size = (item.before?.entry.size ?? 0) + (item.after?.entry.size ?? 0);
      const others = [...compared.keys()].filter(({ root }) => root.length > 0).length;
      const full = checkout.root.length > 0 && others === OTHER_PATCHES.length && !compared.has(checkout);
      const why = reason(item) ?? (full ? 'other-repository' : size > this.#room ? 'full' : null);
      if (why !== null) {
        leftOut.push({ path: item.change.path, why });
        continue;
      }
      let comparison = compared.get(checkout);
      if (comparison === undefined) compared.set(checkout, (comparison = { checkout, before: [], after: [], files: 0 }));
      const path = within(pathOf(item), checkout);
      this.#add(item.before, item.bytes.before, path, comparison.before);
      this.#add(item.after, item.bytes.after, path, comparison.after);
      this.#room -= size;
      comparison.files += 1;
    }
    const ids = new Map(
      [...compared.values()].map((one) => [one, [one.before, one.after].map((leaves) => pack.add('tree', treeOf(leaves)))]),
    );
    pack.close();
    let files = 0;
    const others: OtherCheckout[] = [];
    for (const [{ checkout, ...comparison }, trees] of ids) {
      const file = checkout.root.length === 0 ? 'changes.patch' : (OTHER_PATCHES[others.length] as OtherPatch);
      if (file !== 'changes.patch') others.push({ file, path: checkout.root, files: comparison.files });
      files += comparison.files;
      await diff(fds[file], pack.repository, trees);
    }
    return { files, leftOut, others };
  }

  /** Puts what git would see of one side into a tree, and into the pack. */
  #add(side: Side | null, bytes: Buffer | null, path: Buffer, tree: Leaf[]): void {
    if (side?.entry.link) tree.push({ path, mode: '120000', id: this.#pack.add('blob', Buffer.from(side.entry.link)) });
    if (side?.entry.type !== 'file') return;
    const mode = (side.entry.mode & 0o100) === 0 ? '100644' : '100755';
    tree.push({ path, mode, id: this.#blobs.get(side) ?? this.#pack.add('blob', bytes ?? contentOf(side)) });
  }
}

/** In the workspace, whatever is mounted on the way. */
const pathOf = (item: Item): Buffer => join(item.view.prefix, item.path);

function isContent(side: Side | null): boolean {
  return side?.entry.type === 'file' || side?.entry.type === 'symlink';
}

/** git knows files, links and one bit of their mode. */
function isVisibleToGit({ change, before, after }: Item): boolean {
  if (change.op === 'metadata') return change.after.type === 'file' && ((change.before.mode ^ change.after.mode) & 0o100) !== 0;
  return isContent(before) || isContent(after) || (after !== null && after.entry.type !== 'directory');
}

function reason(item: Item): string | null {
  const { flags } = item.change;
  if (flags.includes('secret')) return 'secret';
  if (flags.includes('ignored')) return 'ignored';
  if (flags.includes('git-dir')) return 'git-dir';
  if (flags.includes('filtered')) return 'filtered';
  const sides = [item.before, item.after].filter((side) => side !== null);
  if (sides.some((side) => !isContent(side) && side.entry.type !== 'directory')) return 'special';
  if (item.withheld) return 'unread';
  if (sides.some((side) => side.entry.size > LARGEST)) return 'too-large';
  if (pathOf(item).length > LONGEST) return 'long-path';
  // `git apply` refuses such a link, and the whole patch with it.
  const isModules = /^(?:\.gitmod|gitmod~|g[i7eba]{0,5}~\d)/i.test(basename(pathOf(item)).toString('latin1'));
  return isModules && sides.some((side) => side.entry.type === 'symlink') ? 'gitmodules-link' : null;
}

function contentOf(side: Side): Buffer {
  const fd = side.tree.open(side.path);
  try {
    return readAll(fd, side.entry.size);
  } finally {
    closeSync(fd);
  }
}

const OPTIONS = ['-r', '--patch', '--binary', '--full-index', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];

async function diff(fd: number, repository: HostPath, trees: readonly Id[]): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_DIR: '.',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
  };
  const ids = trees.map((id) => Buffer.from(id, 'latin1').toString('hex'));
  const git = spawn('git', ['diff-tree', ...OPTIONS, ...ids], { cwd: repository, env, stdio: ['ignore', fd, 'pipe'] });
  const said: Buffer[] = [];
  git.stderr?.on('data', (piece: Buffer) => said.push(piece));
  try {
    const [code, signal] = (await once(git, 'close')) as [number | null, string | null];
    if (code !== 0) throw new Error(`it ended with ${code ?? signal}: ${Buffer.concat(said).toString().slice(0, 500).trim()}`);
  } catch (error) {
    const message = `git could not make the patch: ${(error as Error).message}`;
    throw new JailError(message, 'Is git 2.32 or later installed?', null, { cause: error });
  }
}

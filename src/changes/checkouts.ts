import type { Base } from './base.ts';
import { join, key, parent, split, view } from './bytes.ts';

/** A work tree of git in the base: the workspace's own, a submodule, a linked worktree, another repository's. */
export interface Checkout {
  /** From the workspace; empty: the workspace itself, which need not be a checkout. */
  readonly root: Buffer;
  /** Where its index is; null: there is none, or it lies outside the workspace. */
  readonly git: Buffer | null;
  /** Where its configuration and `info` are: not the same in a linked worktree (gitrepository-layout(5), commondir). */
  readonly common: Buffer | null;
}

const GIT = Buffer.from('.git');
/** Bytes of a file that names a directory. */
const POINTER = 4096;

/** The checkouts of a workspace, as the base has them: one that the agent made is no more than files. */
export class Checkouts {
  readonly #base: Base;
  readonly #known = new Map<string, Checkout>();

  constructor(base: Base) {
    this.#base = base;
  }

  /** The innermost one that a path lies in. That a directory is a checkout's root does not put it inside. */
  of(path: Uint8Array): Checkout {
    return this.#at(parent(path));
  }

  #at(directory: Buffer): Checkout {
    const id = key(directory);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const git = this.#gitOf(directory);
    const checkout =
      git !== undefined
        ? { root: directory, git, common: git && this.#commonOf(git) }
        : directory.length === 0
          ? { root: directory, git: null, common: null }
          : this.#at(parent(directory));
    this.#known.set(id, checkout);
    return checkout;
  }

  /** undefined: no checkout begins here. A link is not followed. */
  #gitOf(directory: Buffer): Buffer | null | undefined {
    const path = join(directory, GIT);
    const entry = this.#base.find(path);
    if (entry === null) return undefined;
    if (entry.directory !== null) return path;
    const [, pointer] = /^gitdir: ([^\n]+)\n?$/.exec(this.#text(path) ?? '') ?? [];
    return pointer === undefined ? null : resolve(directory, pointer);
  }

  #commonOf(git: Buffer): Buffer | null {
    const pointer = this.#text(join(git, Buffer.from('commondir')));
    return pointer === null ? git : resolve(git, pointer.replace(/\n$/, ''));
  }

  #text(path: Buffer): string | null {
    return this.#base.read(path, POINTER)?.toString('latin1') ?? null;
  }
}

/** A path of the workspace as one of the checkout that it lies in. */
export function within(path: Uint8Array, { root }: Checkout): Buffer {
  return view(path).subarray(root.length === 0 ? 0 : root.length + 1);
}

/** A relative path within the workspace; null: it leads out, or may. */
function resolve(from: Buffer, pointer: string): Buffer | null {
  if (pointer.startsWith('/')) return null;
  const names = split(from);
  for (const name of split(Buffer.from(pointer, 'latin1'))) {
    const text = key(name);
    if (text === '.') continue;
    if (text !== '..') names.push(name);
    else if (names.pop() === undefined) return null;
  }
  return names.reduce<Buffer>(join, Buffer.alloc(0));
}

import { displayPath } from '../record/display.ts';
import { ancestorsOf, bytesOf, parentOf } from './paths.ts';
import type { Path } from './paths.ts';
import type { Content, Place } from './plan.ts';
import { Problems } from './refusal.ts';
import { Blocked } from './tree.ts';
import type { Tree } from './tree.ts';

/**
 * Compares what the run saw with what the checkout has, path by path, and looks at what the checkout would become.
 * @throws Refusal
 */
export function compareBase(tree: Tree, places: readonly Place[]): void {
  const [moved, repositories] = [new Problems(), new Problems()];
  const future = new Future(tree, places);
  for (const { path, before, after } of places) {
    const now = () => (future.makesWay(path) ? null : tree.content(path));
    const differs = sayDifference(() => difference(before, after, now(), future.hasBelow(path)));
    if (differs !== null) moved.add(`${displayPath(bytesOf(path))}: ${differs}`);
    const problem = future.problem(path);
    if (problem !== null) repositories.add(`${displayPath(bytesOf(path))}: ${problem}`);
  }
  repositories.refuse(
    'the record changes what git takes, or would take, for a repository of its own, which can name programs',
    'leave it out with `only`',
  );
  moved.refuse('the checkout is not what the run saw', 'check the base commit of the record out anew, apply, and rebase the result');
}

function sayDifference(look: () => string | null): string | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof Blocked) return error.message;
    throw error;
  }
}

function difference(before: Content | null, after: Content | null, now: Content | 'other' | null, hasBelow: boolean): string | null {
  if (now === 'other') {
    // A directory whose files go to make room: that it is empty by then is seen when it is removed.
    if (before === null && after !== null && hasBelow) return null;
    return before === null ? 'it is there already' : 'it is neither a file nor a link';
  }
  if (before === null) return now === null ? null : 'it is there already';
  if (now === null) return 'it is not there';
  return same(before, now) ? null : 'it is not what the run saw';
}

export function same(a: Content, b: Content): boolean {
  if (a.kind === 'link' || b.kind === 'link') return a.kind === 'link' && b.kind === 'link' && a.target === b.target;
  return a.sha256 === b.sha256 && a.executable === b.executable;
}

/** The checkout as it would be. */
class Future {
  readonly #tree: Tree;
  /** Whether there is something in the end. */
  readonly #after: ReadonlyMap<Path, boolean>;
  /** Directories that hold something of the plan. */
  readonly #above = new Set<Path>();
  /** Directories that will hold something of the plan. */
  readonly #filled = new Set<Path>();
  readonly #known = new Map<Path, string | null>();

  constructor(tree: Tree, places: readonly Place[]) {
    this.#tree = tree;
    this.#after = new Map(places.map(({ path, after }) => [path, after !== null]));
    for (const { path, after } of places) {
      for (const above of ancestorsOf(path)) {
        this.#above.add(above);
        if (after !== null) this.#filled.add(above);
      }
    }
  }

  /** A file or a link above the path goes. */
  makesWay(path: Path): boolean {
    return [...ancestorsOf(path)].some((above) => this.#after.get(above) === false);
  }

  hasBelow(path: Path): boolean {
    return this.#above.has(path);
  }

  /** git runs what the configuration of a repository names, wherever below the checkout somebody stands: none may be made or changed. */
  problem(path: Path): string | null {
    for (let here = path; here !== ''; ) {
      here = parentOf(here);
      if (here === '' && this.#looksLikeBareRepository('')) return BARE;
      if (here === '') return null;
      if (!this.#known.has(here)) this.#known.set(here, this.#problemOf(here));
      const problem = this.#known.get(here) ?? null;
      if (problem !== null) return problem;
    }
    return null;
  }

  #problemOf(directory: Path): string | null {
    if (this.#has(`${directory}/.git`)) return 'it lies in a repository of its own';
    return this.#looksLikeBareRepository(directory) ? BARE : null;
  }

  /** What git takes for a repository (git, setup.c, is_git_directory). */
  #looksLikeBareRepository(directory: Path): boolean {
    const has = (name: string): boolean => this.#has(directory === '' ? name : `${directory}/${name}`);
    return has('HEAD') && ((has('objects') && has('refs')) || has('commondir'));
  }

  #has(path: Path): boolean {
    if (this.#filled.has(path)) return true;
    const after = this.#after.get(path);
    if (after !== undefined) return after;
    try {
      return this.#tree.stat(path) !== null;
    } catch (error) {
      if (error instanceof Blocked) return false;
      throw error;
    }
  }
}
const BARE = 'it would be part of a directory that git takes for a repository';

import type { Change, Entry } from '../model/changes.ts';
import type { PathBytes, Sha256 } from '../model/names.ts';
import { displayPath } from '../record/display.ts';
import { ancestorsOf, bytesOf, isPlainGitDir, linkProblem, pathOf, pathProblem } from './paths.ts';
import type { Path } from './paths.ts';
import { Problems, Refusal } from './refusal.ts';

/** What git keeps of a file or a link. */
export type Content =
  | { readonly kind: 'file'; readonly sha256: Sha256; readonly size: number; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: Path };

/** One path of the checkout: what must stand there, and what is to stand there. null: nothing. */
export interface Place {
  readonly path: Path;
  readonly before: Content | null;
  readonly after: Content | null;
}
export interface Plan {
  /** By path; never one below another that is to be a file or a link. */
  readonly places: readonly Place[];
  /** Changed paths that are not brought: git ignores them, they are in git's own directory, or nobody asked for them. */
  readonly leftOut: { readonly ignored: number; readonly gitDir: number; readonly unasked: number };
}
export interface Wanted {
  /** Whether a path is asked for. */
  readonly only: (path: PathBytes) => boolean;
  /** Whether tools run or obey a file at this path by themselves; null: that does not matter. */
  readonly runsLater: ((path: PathBytes) => boolean) | null;
}

export const MOST_PLACES = 100_000;
export const MOST_BYTES = 1 << 30;

/**
 * What is to be done, from the lines of `changes.ndjson`, and from their paths and entries alone: flags are only believed where they leave
 * something out. @throws Refusal where any of it must not be done.
 */
export async function planChanges(changes: AsyncIterable<Change>, wanted: Wanted): Promise<Plan> {
  const planner = new Planner(wanted);
  for await (const change of changes) planner.see(change);
  return planner.plan();
}

interface Side {
  readonly path: PathBytes;
  readonly before: Entry | null;
  readonly after: Entry | null;
}

class Planner {
  readonly #wanted: Wanted;
  readonly #places = new Map<Path, Place>();
  readonly #leftOut = { ignored: 0, gitDir: 0, unasked: 0 };
  readonly #wrong = new Problems();
  readonly #later = new Problems();
  #bytes = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  see(change: Change): void {
    if (change.layer !== 'workspace') return;
    this.#leftOut.ignored += change.more ?? 0;
    for (const side of sidesOf(change)) {
      if (!isVisibleToGit(side)) continue;
      if (change.flags.includes('ignored')) this.#leftOut.ignored += 1;
      else if (isPlainGitDir(pathOf(side.path))) this.#leftOut.gitDir += 1;
      else if (!this.#wanted.only(side.path)) this.#leftOut.unasked += 1;
      else this.#add(side);
    }
  }

  plan(): Plan {
    this.#structure();
    this.#wrong.refuse('the record holds changes that are never applied', 'leave them out with `only`, or run again without them');
    this.#later.refuse(
      'the record changes files that tools run or obey by themselves',
      'read them; leave them out with `only`, or allow `runs-later` where nothing of the checkout is run',
    );
    if (this.#bytes > MOST_BYTES) {
      throw new Refusal(
        `the changes hold ${this.#bytes} bytes, and at most ${MOST_BYTES} are applied at once`,
        'ask for less, with `only`',
      );
    }
    const places = [...this.#places.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { places, leftOut: this.#leftOut };
  }

  #add({ path: bytes, before, after }: Side): void {
    const path = pathOf(bytes);
    const shown = displayPath(bytes);
    const problem = this.#places.has(path) ? 'it is named twice' : sideProblem(path, before, after);
    if (problem !== null) return this.#wrong.add(`${shown}: ${problem}`);
    // What is taken away runs no more.
    if (after !== null && this.#wanted.runsLater?.(bytes) === true) this.#later.add(shown);
    const place: Place = { path, before: contentOf(before), after: contentOf(after) };
    this.#places.set(path, place);
    this.#bytes += place.after?.kind === 'file' ? place.after.size : 0;
    if (this.#places.size > MOST_PLACES) {
      throw new Refusal(`the record has more than ${MOST_PLACES} changes, more than are applied at once`, 'ask for less, with `only`');
    }
  }

  #structure(): void {
    for (const { path, after } of this.#places.values()) {
      if (after === null) continue;
      for (const above of ancestorsOf(path)) {
        if ((this.#places.get(above)?.after ?? null) === null) continue;
        this.#wrong.add(`${displayPath(bytesOf(path))}: it lies below what is to be a file or a link`);
        break;
      }
    }
  }
}

/** A renamed file is one that is gone and one that is new. */
function sidesOf(change: Change): readonly Side[] {
  const before = 'before' in change ? change.before : null;
  const after = 'after' in change ? change.after : null;
  if (change.op !== 'renamed') return [{ path: change.path, before, after }];
  return [
    { path: change.from, before, after: null },
    { path: change.path, before: null, after },
  ];
}

const isContent = (entry: Entry | null): entry is Entry => entry !== null && (entry.type === 'file' || entry.type === 'symlink');
const executable = (entry: Entry): boolean => (entry.mode & 0o100) !== 0;

/** git keeps no directories, and of a mode one bit. */
function isVisibleToGit({ before, after }: Side): boolean {
  const isDirectory = (entry: Entry | null): boolean => entry === null || entry.type === 'directory';
  if (isDirectory(before) && isDirectory(after)) return false;
  if (!isContent(before) || !isContent(after) || before.type !== after.type) return true;
  if (after.type === 'symlink') return before.link === null || after.link === null || pathOf(before.link) !== pathOf(after.link);
  return before.sha256 === null || before.sha256 !== after.sha256 || executable(before) !== executable(after);
}

function sideProblem(path: Path, before: Entry | null, after: Entry | null): string | null {
  const wrong = pathProblem(path);
  if (wrong !== null) return wrong;
  for (const entry of [before, after]) {
    if (entry === null || entry.type === 'directory') continue;
    if (entry.type !== 'file' && entry.type !== 'symlink') return `it is, or was, a ${entry.type}`;
    if (entry.type === 'file' ? entry.sha256 === null : entry.link === null) return 'its content is not known';
  }
  return after?.type === 'symlink' && after.link !== null ? linkProblem(path, pathOf(after.link)) : null;
}

function contentOf(entry: Entry | null): Content | null {
  if (entry === null || entry.type === 'directory') return null;
  if (entry.type === 'symlink' && entry.link !== null) return { kind: 'link', target: pathOf(entry.link) };
  if (entry.sha256 === null) throw new Error('sideProblem lets no such entry through');
  return { kind: 'file', sha256: entry.sha256, size: entry.size, executable: executable(entry) };
}

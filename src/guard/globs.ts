import ignore from 'ignore';
import type { Change } from '../model/changes.ts';
import type { PathBytes } from '../model/names.ts';
import { utf8 } from '../record/display.ts';

/** `ignore` recurses once a component: a path made to be deep would exhaust the stack. */
const DEEPEST = 1000;
/** `ignore` remembers every path it has seen. */
const REMEMBERED = 10_000;

/** A path that a change touched, as globs see it. */
export interface Touched {
  readonly bytes: PathBytes;
  /** With a slash at its end where it is, and was, a directory; lossy where the bytes are not UTF-8. */
  readonly text: string;
  readonly directory: boolean;
  /** Not UTF-8, or too deep: no glob can be trusted with it. */
  readonly odd: boolean;
  /** More went with it than the record lists. */
  readonly more: boolean;
}

/** The path of a change, and where a renamed file was. The root of a layer has no path that a glob could match. */
export function touched(change: Change): readonly Touched[] {
  const sides = ['before' in change ? change.before : null, 'after' in change ? change.after : null];
  const directory = sides.every((side) => side === null || side.type === 'directory');
  const paths = change.op === 'renamed' ? [change.from, change.path] : [change.path];
  return paths.filter((path) => path.length > 0).map((path) => ({ ...seen(path, directory), more: (change.more ?? 0) > 0 }));
}

function seen(bytes: PathBytes, directory: boolean): Omit<Touched, 'more'> {
  const strict = utf8(bytes);
  const text = strict ?? Buffer.from(bytes).toString('utf8');
  const odd = strict === null || text.split('/').length > DEEPEST;
  return { bytes, text: directory ? `${text}/` : text, directory, odd };
}

/**
 * gitignore globs of a policy, applied to paths of the workspace. Case counts, and the last glob that matches decides. git does not look for
 * a `!glob` below a directory that an earlier glob matches: `src/**` and `!src/gen/**` match all of `src`. That would be a hole in `allow`,
 * so there such a glob counts; in `deny` and `review` git's way is the stricter one.
 */
export class Globs {
  readonly #globs: readonly string[];
  readonly #all: Matcher;
  readonly #each: readonly { readonly negative: boolean; readonly matcher: Matcher }[];

  constructor(globs: readonly string[]) {
    this.#globs = globs;
    this.#all = new Matcher(globs);
    this.#each = globs.map((glob) => ({ negative: glob.startsWith('!'), matcher: new Matcher([glob.replace(/^!/, '')]) })).reverse();
  }

  /** For `allow` and `require`: only a path that globs can be trusted with. */
  surely(path: Touched): boolean {
    return !path.odd && this.#each.find(({ matcher }) => matcher.matches(path.text))?.negative === false;
  }

  /** For `deny` and `review`: where a path cannot be told, it matches. */
  perhaps(path: Touched): boolean {
    if (path.text.split('/').length > DEEPEST || this.#all.matches(path.text)) return true;
    return path.more && this.#globs.some((glob) => mayLieBelow(glob, path.text));
  }
}

/** Could a glob match something in a directory? One that begins with other names than the directory's cannot. */
function mayLieBelow(glob: string, directory: string): boolean {
  if (glob.startsWith('!')) return false;
  if (!/^\/|\/./.test(glob)) return true; // at any depth
  const names = glob.replace(/^\//, '').split('/');
  for (const [at, part] of directory.replace(/\/$/, '').split('/').entries()) {
    const name = names[at] ?? '';
    if (name === '' || /[*?[\\]/.test(name)) return true;
    if (name !== part) return false;
  }
  return true;
}

class Matcher {
  readonly #globs: readonly string[];
  #ignore: ReturnType<typeof ignore> | null = null;
  #asked = 0;

  constructor(globs: readonly string[]) {
    this.#globs = globs;
  }

  matches(text: string): boolean {
    if (this.#asked % REMEMBERED === 0) this.#ignore = null;
    this.#asked += 1;
    this.#ignore ??= ignore({ ignorecase: false }).add(this.#globs);
    return this.#ignore.ignores(text);
  }
}

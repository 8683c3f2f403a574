import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdirSync, openSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { writeAll } from '../system/ndjson.ts';
import { basename, join, key, parent, split } from './bytes.ts';
import type { Item } from './compare.ts';
import { readAll } from './content.ts';
import type { Side } from './entry.ts';
import { usualHeaders } from './headers.ts';
import type { LeftOut } from './manifest.ts';

/** Bytes of a file that still goes into the patch; larger ones are in the archive only. */
const LARGEST = 5 << 20;
/** Bytes copied in all, so that the scratch directory stays small. */
const COPIED = 512 << 20;
/** Bytes of a path that git can open below the scratch directory. */
const LONGEST = 3800;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Writes `changes.patch`: what git would see of the workspace. Old and new files are copied to `a` and `b` in an empty directory and
 * compared there: git never runs in a tree, or under a configuration, that an agent wrote.
 */
export async function writePatch(
  fd: number,
  items: readonly Item[],
  scratch: HostPath,
  copied = COPIED,
): Promise<{ files: number; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  const sides = { before: new Copy(scratch, 'a'), after: new Copy(scratch, 'b') };
  let budget = copied;
  let files = 0;
  for (const item of items) {
    if (item.view.layer !== 'workspace' || !isVisibleToGit(item)) continue;
    const size = (item.before?.entry.size ?? 0) + (item.after?.entry.size ?? 0);
    const why = reason(item) ?? (size > budget ? 'full' : null);
    if (why !== null) {
      leftOut.push({ path: item.change.path, why });
      continue;
    }
    for (const part of ['before', 'after'] as const) {
      const side = item[part];
      if (side !== null && isContent(side)) sides[part].add(pathOf(item), side);
    }
    budget -= size;
    files += 1;
  }
  await diff(fd, scratch);
  return { files, leftOut };
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
  if (item.nested) return 'other-repository';
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

/** One side of the comparison, made by this process alone: no path of it leads through a link. */
class Copy {
  readonly #root: Buffer;
  readonly #made = new Set<string>();

  constructor(scratch: HostPath, name: 'a' | 'b') {
    this.#root = Buffer.from(`${scratch}/${name}`);
    mkdirSync(this.#root, { mode: 0o700 });
  }

  add(path: Buffer, side: Side): void {
    this.#directories(parent(path));
    const to = join(this.#root, path);
    if (side.entry.link !== null) {
      symlinkSync(Buffer.from(side.entry.link), to);
      return;
    }
    const from = side.tree.open(side.path);
    try {
      const fd = openSync(to, WRITE, (side.entry.mode & 0o100) === 0 ? 0o600 : 0o700);
      writeAll(fd, readAll(from, side.entry.size));
      closeSync(fd);
    } finally {
      closeSync(from);
    }
  }

  #directories(path: Buffer): void {
    let here: Buffer = Buffer.alloc(0);
    for (const name of split(path)) {
      here = join(here, name);
      if (this.#made.has(key(here))) continue;
      mkdirSync(join(this.#root, here), { mode: 0o700 });
      this.#made.add(key(here));
    }
  }
}

const OPTIONS = ['--no-index', '--no-prefix', '--binary', '--full-index', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames'];

/** `git diff` ends with 1 where there are differences. */
async function diff(fd: number, scratch: HostPath): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    LC_ALL: 'C',
    HOME: '/nonexistent',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(scratch),
  };
  const git = spawn('git', ['diff', ...OPTIONS, 'a', 'b'], { cwd: scratch, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  git.stderr.on('data', (piece: Buffer) => said.push(piece));
  const copy = async (): Promise<void> => {
    for await (const piece of usualHeaders(git.stdout)) writeAll(fd, piece);
  };
  try {
    const [[code, signal]] = await Promise.all([once(git, 'close'), copy()]);
    if (code !== 0 && code !== 1) throw new Error(`it ended with ${code ?? signal}: ${Buffer.concat(said).toString().slice(0, 500)}`);
  } catch (error) {
    throw new JailError('git could not make the patch', 'Is git 2.32 or later installed?', null, { cause: error });
  }
}

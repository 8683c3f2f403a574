import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { KEEP } from './kept-code.ts';

/**
 * V8 compiles each function when it is called first, which is a third of what a short process does. Here a program is started with the code
 * that an earlier process of it had compiled by its end (`vm.Script`, `createCachedData`). What is kept is code: it is read from a
 * directory where nobody but this user and root can write, and only for the very same file; V8 refuses that of another version of itself,
 * or of other flags. Where anything is amiss the program is compiled, as without. The first run on a machine keeps nothing, as it costs
 * some milliseconds: many machines see no second one. Nothing is loaded for this that takes longer than it saves, such as `node:crypto`.
 */
export function startKept(program: string, require: NodeJS.Require, directory = directoryOf(process.getuid?.(), process.env)): void {
  const file = openSync(program, 'r');
  const place = directory === null ? null : join(directory, nameOf(program, file));
  const source = readFileSync(file, 'latin1');
  closeSync(file);
  const kept = place === null ? null : read(place);
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: program,
    ...(kept === null ? {} : { cachedData: kept }),
  });
  if (place !== null && (kept === null || script.cachedDataRejected === true)) {
    const second = existsSync(dirname(place));
    (globalThis as { [KEEP]?: () => void })[KEEP] = () => {
      if (second) write(place, script.createCachedData());
      else prepare(dirname(place));
    };
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(module.exports, require, module, program, dirname(program));
}

/** Pure: where code is kept: root's with root's other state, anybody else's in their cache (XDG Base Directory); null: nowhere. */
export function directoryOf(uid: number | undefined, env: Readonly<Record<string, string | undefined>>): string | null {
  if (uid === undefined) return null;
  if (uid === 0) return OF_ROOT;
  const { XDG_CACHE_HOME: cache = '', HOME: home = '' } = env;
  const base = cache.startsWith('/') ? cache : home.startsWith('/') ? join(home, '.cache') : null;
  return base === null ? null : join(base, 'agent-jail', 'code');
}
/** Below `STATE` of `host/places.ts`. */
export const OF_ROOT = '/var/lib/agent-jail/code';

/** Code of this program of root's would be kept, and there is none. */
export function wantsCode(entry: string): boolean {
  if (!existsSync(OF_ROOT)) return false;
  const program = programOf(entry);
  const file = openSync(program, 'r');
  try {
    return read(join(OF_ROOT, nameOf(program, file))) === null;
  } finally {
    closeSync(file);
  }
}

/** In dist/: the program that is started by `entry`, which lies beside it. */
export const programOf = (entry: string): string => entry.replace(/\.cjs$/, '.code.cjs');

/** Of this very file, and this Node: whatever writes to it, or puts another one in its place, changes that. */
function nameOf(program: string, fd: number): string {
  const { dev, ino, size, ctimeNs } = fstatSync(fd, { bigint: true });
  const file = [dev, ino, size, ctimeNs].map((number) => number.toString(16));
  return [basename(program, '.code.cjs'), process.versions.node, ...file].join('-');
}
/** Versions of a program whose code is kept. */
const VERSIONS = 3;
/** Bytes. */
const MOST = 16 << 20;

/** What was kept there; null: nothing that can be used. */
export function read(place: string): Buffer | null {
  let file: number | null = null;
  try {
    if (!own(statSync(dirname(place)))) return null;
    file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const seen = fstatSync(file);
    if (!seen.isFile() || !own(seen) || seen.size > MOST) return null;
    const code = readFileSync(file);
    return code.length > 0 ? code : null;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Keeps it, if that can be done: nothing depends on it. */
export function write(place: string, code: Buffer): void {
  const fresh = `${place}.${process.pid}`;
  try {
    if (!own(statSync(dirname(place)))) return;
    writeFileSync(fresh, code, { mode: 0o600, flag: 'wx', flush: true }); // whole, also after the machine was cut off: V8 does not look
    renameSync(fresh, place);
    forget(place);
  } catch {
    if (existsSync(fresh)) rmSync(fresh, { force: true });
  }
}

/** What follows the name of a program; with a number it was never finished. */
const KEPT = /(-[0-9a-f.]+)+$/;
/** All but the latest versions of the same program. */
function forget(place: string): void {
  const program = basename(place).replace(KEPT, '');
  const made = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  readdirSync(dirname(place))
    .filter((name) => name.replace(KEPT, '') === program)
    .map((name) => join(dirname(place), name))
    .sort((a, b) => made(b) - made(a))
    .slice(VERSIONS)
    .forEach((file) => rmSync(file, { force: true }));
}

function prepare(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    // Nothing is kept then.
  }
}

/** Nobody but this user and root can have written it. */
const own = ({ uid, mode }: { uid: number; mode: number }): boolean => (uid === 0 || uid === process.getuid?.()) && (mode & 0o022) === 0;

import { normalize } from 'node:path/posix';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { INSTALLATIONS, TOOL_DIRECTORIES, TOOLCHAIN_VARIABLES, type ToolchainVariable } from './toolchain-data.ts';
import { outermost } from './paths.ts';
import { within } from './view.ts';

export interface VisibleWish {
  /** Entries of the caller's PATH. */
  readonly path: readonly string[];
  /** The caller's toolchain variables. */
  readonly toolchain: Readonly<Record<string, string>>;
  readonly home: string;
  readonly forbidden: readonly string[];
  readonly workspace: string;
  /** Whether something is there, links followed; `/.` at the end asks for a directory. */
  exists(path: string): boolean;
  /** Without links; null: nothing is there. */
  realpath(path: string): string | null;
}
export interface Visible {
  /** Directories of the host that the jail's root shows, none inside another. */
  readonly paths: HostPath[];
  readonly env: Record<string, string>;
  readonly path: string[];
  readonly notices: string[];
}

/** Shown whatever the caller's environment says; those that are links in a merged-usr system are links in the jail too. */
const ROOTS = ['/usr', '/opt', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Of the jail's own /etc, but with what the host has there (see etc.ts). */
const CERTIFICATES = ['/etc/ssl/certs', '/etc/pki/ca-trust', '/etc/pki/tls/certs'];
/** Always on PATH, last. */
const SYSTEM_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
/** The jail has its own of these, and neither they nor, for the first ones, what is below them comes from the host. */
const OWN = ['/dev', '/etc', '/proc', '/run', '/sys', '/boot'];
const SHARED = ['/home', '/media', '/mnt', '/root', '/srv', '/tmp', '/var', '/var/lib', '/var/tmp'];

/** The caller's variables that the table names. */
export function toolchainOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env))
    if (value !== undefined && value !== '' && rowOf(name) !== undefined) found[name] = value;
  return found;
}
const rowOf = (name: string): ToolchainVariable | undefined =>
  TOOLCHAIN_VARIABLES.find((row) => (typeof row.name === 'string' ? row.name === name : row.name.test(name)));

/** Pure but for the two questions in `wish`: what of the host the root `host` shows, the jail's PATH and toolchain variables. Throws JailError. */
export function visiblePaths(wish: VisibleWish): Visible {
  const notices: string[] = [];
  const shown = new Set<string>();
  const extra: Record<string, string> = {};
  const isLink = (path: string): boolean => wish.realpath(path) !== path;
  const links = ROOTS.filter((path) => wish.exists(`${path}/.`) && isLink(path));
  for (const path of ROOTS) {
    if (!wish.exists(`${path}/.`) || isLink(path)) continue;
    const why = path === '/opt' ? refuse(path, wish) : null; // a service's user may have its home there, and so may a runner
    if (why === null) shown.add(path);
    else notices.push(`${path} is left out: ${why}; what PATH names of it is shown`);
  }
  if (within(wish.home, '/usr'))
    throw new JailError(`the home directory ${wish.home} lies in /usr, which every jail sees`, 'run as a user with another home directory');

  /** Adds a directory; what it says is why it cannot be shown. */
  const show = (path: string): string | null => {
    if (within(path, wish.workspace)) return null;
    const real = wish.exists(`${path}/.`) ? wish.realpath(path) : null;
    if (real === null) return 'it is not a directory';
    const why = refuse(path, wish) ?? refuse(real, wish);
    if (why === null && !within(real, wish.workspace)) shown.add(real);
    return why;
  };

  const entries: string[] = [];
  for (const written of wish.path) {
    const entry = clean(written);
    if (entry !== null && !within(entry, wish.workspace) && !wish.exists(entry)) continue; // common, and harmless
    const why = entry === null ? 'it is not absolute' : show(entry);
    if (entry === null || why !== null) {
      notices.push(`PATH: ${JSON.stringify(written)} is left out: ${why}`);
      continue;
    }
    entries.push(entry);
    for (const more of beside(entry, wish)) {
      const path = wish.realpath(more.path);
      if (path === null || show(path) !== null) continue;
      if (more.variable !== null) extra[more.variable] ??= path;
    }
  }

  const kept: [name: string, value: string, row: ToolchainVariable][] = [];
  for (const [name, value] of Object.entries(wish.toolchain)) {
    const row = rowOf(name);
    if (row === undefined) continue;
    if (row.kind === 'tree') {
      const path = clean(value);
      const why = path === null ? 'it is not absolute' : show(path);
      if (why !== null) {
        notices.push(`${name} is left out, ${JSON.stringify(value)}: ${why}`);
        continue;
      }
    }
    if (row.export) kept.push([name, value, row]);
  }

  const paths = outermost([...shown]).sort(); // an overlay shows what is below its lower
  /** How the jail names it; null: it is not there. */
  const inJail = (path: string): string | null => {
    const real = wish.realpath(path);
    const seen = (p: string): boolean => [...paths, wish.workspace, ...CERTIFICATES].some((directory) => within(p, directory));
    if (within(path, wish.workspace)) return path;
    if (real === null || !seen(real)) return null;
    // A link is there only where the directory it lies in is.
    return seen(path) || links.some((link) => within(path, link)) ? path : real;
  };
  const env: Record<string, string> = { ...extra };
  for (const [name, value, row] of kept) {
    const parts = (row.kind === 'list' ? value.split(':') : [value]).flatMap((part) => clean(part) ?? []);
    const found = parts.flatMap((part) => inJail(part) ?? []);
    if (found.length > 0) env[name] = found.join(':');
    if (found.length < parts.length) notices.push(`${name}: not all of ${JSON.stringify(value)} is in the jail`);
  }
  const path = unique([...entries.flatMap((entry) => inJail(entry) ?? []), ...SYSTEM_PATH]);
  return { paths: paths as HostPath[], env, path, notices };
}

/** Why a directory is not shown, or null. */
function refuse(path: string, { home, forbidden }: VisibleWish): string | null {
  if (path === '/') return 'it is the whole machine';
  if (OWN.some((own) => within(path, own)) || SHARED.includes(path)) return 'the jail has its own';
  if (within(home, path) || /^\/home\/[^/]+$/.test(path)) return 'it is, or contains, a home directory';
  const other = forbidden.find((one) => within(path, one) || within(one, path));
  return other === undefined ? null : `it is, contains or lies in ${other}, which is the runner's own`;
}

/** What programs of a PATH entry need beside it. */
function* beside(entry: string, wish: VisibleWish): Generator<{ readonly path: string; readonly variable: string | null }> {
  for (const { under, show, env } of TOOL_DIRECTORIES) {
    const at = `${entry}/`.indexOf(`/${under}/`);
    if (at === -1) continue;
    const base = entry.slice(0, at);
    for (const path of show) {
      const variable = Object.entries(env ?? {}).find(([, value]) => value === path)?.[0] ?? null;
      yield { path: `${base}/${path}`, variable };
    }
  }
  const prefix = entry.endsWith('/bin') ? entry.slice(0, -'/bin'.length) : '';
  if (prefix === '') return;
  for (const { marker, show } of INSTALLATIONS)
    if (wish.exists(`${prefix}/${marker}`)) yield { path: show === '' ? prefix : `${prefix}/${show}`, variable: null };
}

/** Normalised; null: not absolute, so it means something else in every directory. */
function clean(path: string): string | null {
  if (!path.startsWith('/') || /[\0\n]/.test(path)) return null;
  return normalize(path).replace(/(?<=.)\/$/, '');
}

const unique = (all: readonly string[]): string[] => [...new Set(all)];

import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fetchNspawn, findNspawn, type NspawnProgram } from '../backend/nspawn-program.ts';
import { TOOLS } from '../host/places.ts';
import { JailError } from '../model/errors.ts';
import type { HostPath } from '../model/names.ts';
import { type Engine, messageOf } from '../system/engine.ts';
import { exec, failure } from '../system/exec.ts';
import { archive, type Content } from './archive.ts';
import { FAR_DIST, FAR_NODE, isThere, LABEL, nameOf, PATIENCE } from './helper-name.ts';
import { closure, isNeeded, librariesIn } from './packages.ts';

/** Counted up when the image is made another way. */
const LAYOUT = 1;
/** Makes the image of what this machine has, Debian packages among it, and sends it; nothing is pulled. Returns its name. Throws JailError. */
export async function provideSent(engine: Engine, dist: string, notice: (message: string) => void): Promise<string> {
  const { packages, missing } = await packagesHere();
  if (missing.length > 0)
    throw new JailError(
      `the helper for an engine elsewhere needs of this machine: ${missing.join(', ')}`,
      `install what is missing: \`apt-get install ${missing.join(' ')}\``,
    );
  const nspawn = await nspawnHere();
  const name = nameOf([LAYOUT, [...packages], nspawn.version, nspawn.fetched, process.version, process.arch], dist);
  if (await isThere(engine, name)) return name;
  notice(`the engine at ${engine.where} is sent what a jail needs, once: ${name}`);
  const content = await contentOf([...packages.keys()], nspawn, dist);
  const query = `fromSrc=-&repo=${name}&changes=${encodeURIComponent(`LABEL ${LABEL.join('=')}`)}`;
  const { status, body } = await engine.ask('POST', `/images/create?${query}`, {
    body: Readable.from(archive(content)),
    timeout: PATIENCE,
  });
  if (status === 200 && (await isThere(engine, name))) return name;
  throw new JailError(
    `the engine at ${engine.where} does not take the helper's image: ${messageOf(status, body)}`,
    'look into the log of the engine',
  );
}

async function packagesHere(): Promise<{ packages: ReadonlyMap<string, string>; missing: readonly string[] }> {
  const argv = ['dpkg-query', '--show', '--showformat=${Package}\\t${Version}\\t${Pre-Depends}, ${Depends}\\n'] as const;
  const told = await exec(argv, { maxBuffer: 64 << 20 });
  if (told.code !== 0)
    throw new JailError(
      `the helper for an engine elsewhere is made of Debian packages, and this machine has none: ${failure(argv, told)}`,
      'run on Debian or Ubuntu, or use an engine of this machine',
    );
  const { found, missing } = closure(told.stdout);
  return { packages: found, missing };
}

/** Installed, or fetched before, or now: where a warden of this machine would have it, or in a place of the user's own. */
export async function nspawnHere(): Promise<NspawnProgram> {
  const tools = process.getuid?.() === 0 ? TOOLS : (join(homedir(), '.cache/agent-jail/tools') as HostPath);
  return (await findNspawn(tools)) ?? (await fetchNspawn(tools));
}

/** What the image has, of packages and other files of this machine. */
export async function contentOf(packages: readonly string[], nspawn: NspawnProgram, dist: string): Promise<Content> {
  const content = new Map<string, { from: string } | { text: string } | { link: string } | { directory: number }>();
  const told = await exec(['dpkg-query', '--listfiles', ...packages], { maxBuffer: 64 << 20 });
  const merged = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'].filter((name) => isLink(`/${name}`));
  const add = (path: string): void => {
    const first = path.split('/')[1] ?? '';
    const at = merged.includes(first) ? `/usr${path}` : path;
    if (existsHere(at)) content.set(at, { from: at });
  };
  for (const path of told.stdout.split('\n')) if (path.startsWith('/') && path !== '/.' && isNeeded(path)) add(path);
  for (const name of merged) content.set(`/${name}`, { link: `usr/${name}` });
  for (const path of ['/etc/ld.so.cache', '/etc/ssl/certs/ca-certificates.crt']) add(path);
  const libraries = librariesIn((await exec(['ldd', nspawn.path], { env: nspawn.env })).stdout);
  const tree = nspawn.fetched ? dirname(dirname(dirname(nspawn.path))) : null;
  for (const library of libraries) {
    if (tree !== null && library.startsWith(`${tree}/`)) continue;
    const real = realpathSync(library);
    add(join(dirname(real), basename(library)));
    add(real);
  }
  if (tree === null) add(nspawn.path);
  else for (const path of below(tree)) content.set(`${TOOLS}/nspawn${path}`, { from: `${tree}${path}` });
  content.set(FAR_NODE, { from: realpathSync(process.execPath) });
  for (const name of readdirSync(dist)) content.set(`${FAR_DIST}/${name}`, { from: join(dist, name) });
  content.set('/etc/passwd', { text: 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' });
  content.set('/etc/group', { text: 'root:x:0:\nnogroup:x:65534:\n' });
  content.set('/etc/hosts', { text: '127.0.0.1 localhost\n' });
  for (const [path, mode] of DIRECTORIES) content.set(path, { directory: mode });
  return content;
}
const DIRECTORIES = [
  ['/proc', 0o755],
  ['/sys', 0o755],
  ['/dev', 0o755],
  ['/run', 0o755],
  ['/opt', 0o755],
  ['/tmp', 0o1777],
  ['/root', 0o700],
  ['/home', 0o755],
] as const;

/** Everything below a directory, as paths from it. */
function below(tree: string, at = ''): string[] {
  return readdirSync(`${tree}${at}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${at}/${entry.name}`;
    return entry.isDirectory() ? [path, ...below(tree, path)] : [path];
  });
}

const isLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
const existsHere = (path: string): boolean => existsSync(path) || isLink(path);

import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { archive, type Content } from '../../src/remote/archive.ts';
import { BASES } from '../../src/remote/helper-built.ts';
import { FAR_DIST, FAR_NODE } from '../../src/remote/helper-name.ts';
import { contentOf, nspawnHere } from '../../src/remote/helper-sent.ts';
import { closure, WANTED } from '../../src/remote/packages.ts';
import { Engine } from '../../src/system/engine.ts';
import { REPOSITORY } from './jail.ts';

/**
 * Gives an engine the images that a helper's is built from, made of this machine: apt(8) and all that it would have to install, which so is
 * there already. It has no source of packages to ask.
 */
export async function giveBases(host: string): Promise<void> {
  const engine = await Engine.connect(host);
  const told = execFileSync('dpkg-query', ['--show', '--showformat=${Package}\\t${Version}\\t${Pre-Depends}, ${Depends}\\n']).toString();
  const packages = [...closure(told, [...WANTED, 'apt', 'dpkg']).found.keys()];
  const content = new Map(await contentOf(packages, await nspawnHere(), join(REPOSITORY, 'dist')));
  for (const path of content.keys()) if (path === FAR_NODE || path.startsWith(`${FAR_DIST}/`)) content.delete(path);
  content.set('/var/lib/dpkg/status', { text: statusOf(packages) });
  for (const directory of ['/etc/apt', '/var/lib/apt/lists/partial', '/var/cache/apt/archives/partial', '/var/lib/dpkg/info'])
    content.set(directory, { directory: 0o755 });
  await give(engine, BASES.debian, content);
  await give(engine, BASES.node, new Map([['/usr/local/bin/node', { from: realpathSync(process.execPath) }]]));
}

async function give(engine: Engine, name: string, content: Content): Promise<void> {
  const [repo = '', tag = ''] = name.split(':'); // no port in these
  const body = Readable.from(archive(content));
  const made = await engine.ask('POST', '/images/create?fromSrc=-&repo=agent-jail-test-base', { body, timeout: 300_000 });
  // By a request of its own: Podman's service forgets the tag of an import.
  const named = await engine.ask('POST', `/images/agent-jail-test-base/tag?repo=${repo}&tag=${tag}`);
  if (made.status !== 200 || named.status !== 201)
    throw new Error(`the engine does not take ${name}: ${JSON.stringify([made.body, named.body])}`);
  await engine.ask('DELETE', '/images/agent-jail-test-base');
}

/** dpkg's word that these are installed, and nspawn's package, which is there in another way. */
function statusOf(packages: readonly string[]): string {
  const field = (entry: string, name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(entry)?.[1] ?? '';
  const entries = readFileSync('/var/lib/dpkg/status', 'utf8').split('\n\n');
  const base = entries.find((entry) => field(entry, 'Package') === 'dpkg') ?? '';
  const said = (entry: string, name = field(entry, 'Package')): string =>
    `Package: ${name}\nStatus: install ok installed\nMaintainer: nobody\nArchitecture: ${field(entry, 'Architecture')}\nVersion: ${field(entry, 'Version')}\nDescription: x\n`;
  const listed = entries.filter((entry) => packages.includes(field(entry, 'Package'))).map((entry) => said(entry));
  return [...listed, said(base, 'systemd-container')].join('\n');
}

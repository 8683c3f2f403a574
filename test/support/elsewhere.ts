import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { Engine } from '../../src/system/engine.ts';
import { OwnEngine } from './engine.ts';
import { type Ran, repository } from './jail.ts';

/** A port of the loopback that nobody listens at right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** An engine of its own root that is spoken to over TCP: to a client, one on another machine. `enter`: what goes before its command line. */
export async function farEngine(
  further: readonly string[] = [],
  enter: readonly string[] = [],
): Promise<{ engine: OwnEngine; host: string }> {
  const port = await freePort();
  const address = `tcp://127.0.0.1:${port}`;
  return { engine: await OwnEngine.start(undefined, { enter, further: ['--host', address, ...further] }), host: address };
}

/** An authority, and what it certified: `server-*.pem` for `localhost`, and what a client has (`ca.pem`, `cert.pem`, `key.pem`). */
export function certificates(at: string): void {
  mkdirSync(at, { recursive: true });
  const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { cwd: at, stdio: ['ignore', 'pipe', 'ignore'] });
  const key = (name: string): Buffer => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', name);
  key('ca-key.pem');
  openssl('req', '-new', '-x509', '-key', 'ca-key.pem', '-subj', '/CN=authority', '-days', '2', '-out', 'ca.pem');
  for (const [name, subject] of [
    ['server-', 'localhost'],
    ['', 'client'],
  ] as const) {
    key(`${name}key.pem`);
    writeFileSync(join(at, 'extensions'), 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth,clientAuth\n');
    openssl('req', '-new', '-key', `${name}key.pem`, '-subj', `/CN=${subject}`, '-out', 'request');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-extfile', 'extensions'];
    openssl('x509', '-req', '-in', 'request', ...by, '-days', '2', '-out', `${name}cert.pem`);
  }
}

/** Containers and volumes that an engine has, sorted (an engine lists volumes in any order); an image of the helper stays on purpose. */
export async function leftAt(host: string): Promise<readonly string[]> {
  const engine = await Engine.connect(host);
  const containers = (await engine.ask('GET', '/containers/json?all=1')).body as { Id: string }[];
  const volumes = ((await engine.ask('GET', '/volumes')).body as { Volumes: { Name: string }[] | null }).Volumes ?? [];
  return [...containers.map(({ Id }) => Id), ...volumes.map(({ Name }) => Name)].toSorted();
}

/** A workspace with what is easily lost on the way: owners, modes, links, empty directories, old times, odd names. */
export function intricate(at: string): string {
  const path = repository(at);
  const file = (name: string, text: string | Buffer, mode = 0o644): void => writeFileSync(join(path, name), text, { mode });
  mkdirSync(join(path, 'deep/er'), { recursive: true });
  mkdirSync(join(path, 'empty'));
  file('deep/er/run.sh', '#!/bin/sh\necho hi\n', 0o755);
  file('crlf.txt', 'one\r\ntwo\r\n');
  file('no newline', 'x');
  file('bytes', Buffer.from([...Array(256).keys()]));
  file('ü — "q".txt', 'name\n');
  file('private', 'p\n', 0o600);
  file('theirs', 't\n');
  file('first', 'same\n');
  linkSync(join(path, 'first'), join(path, 'second'));
  symlinkSync('deep/er/run.sh', join(path, 'link'));
  symlinkSync('nowhere', join(path, 'dangling'));
  chmodSync(join(path, 'deep'), 0o2775);
  utimesSync(join(path, 'bytes'), 1_000_000_000.25, 1_000_000_000.25);
  chownSync(join(path, 'theirs'), 4321, 4322);
  return path;
}

/** What a run changed, without what is the run's own: its times. */
export function changesIn(ran: Ran): { readonly lines: unknown; readonly patch: string; readonly archive: readonly string[] } {
  const lines: unknown = JSON.parse(JSON.stringify(ran.ndjson('changes.ndjson')), (key, value: unknown) => (key === 'mtime' ? 0 : value));
  return { lines, patch: readFileSync(join(ran.out, 'changes.patch'), 'latin1'), archive: entriesOf(join(ran.out, 'changes.tar.gz')) };
}

/** Blocks of an archive with the times of its headers and their sums taken out. */
function entriesOf(file: string): string[] {
  const bytes = gunzipSync(readFileSync(file));
  const blocks: string[] = [];
  for (let at = 0; at < bytes.length; at += 512) {
    const block = Buffer.from(bytes.subarray(at, at + 512));
    if (block.toString('latin1', 257, 262) === 'ustar') block.fill(0, 136, 156);
    blocks.push(block.toString('latin1'));
  }
  return blocks;
}

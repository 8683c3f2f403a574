import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { join } from 'node:path';
import { findNspawn } from '../../src/backend/nspawn-program.ts';
import { TOOLS } from '../../src/host/places.ts';
import { Engine, socketOf } from '../../src/system/engine.ts';
import { NODE, REPOSITORY } from './jail.ts';

/** One of the programs beside the warden with a change in it; for this command alone, by a mount namespace. Returns what goes before the command line. */
export function sabotagedScript(place: string, name: string, before: string, after: string): string[] {
  const [real, changed] = [join(REPOSITORY, 'dist', name), join(place, name)];
  const text = readFileSync(real, 'utf8');
  if (!text.includes(before)) throw new Error(`there is no ${before} in ${name}`);
  writeFileSync(
    changed,
    text.replace(before, () => after),
  );
  return [
    'unshare',
    '--mount',
    '--propagation',
    'slave',
    'sh',
    '-ec',
    'mount --bind "$1" "$2"; shift 2; exec "$@"',
    'sabotage',
    changed,
    real,
  ];
}

/**
 * A systemd-nspawn that does something else than it was told, where a run finds nspawn; for this command alone, by a mount namespace.
 * `code`: JavaScript on `config` (the OCI bundle's), `args`, `env` and `sh(text)`. Returns what goes before the command line.
 */
export async function sabotagedNspawn(place: string, code: string): Promise<string[]> {
  const program = await findNspawn(TOOLS);
  if (program === null) throw new Error('there is no systemd-nspawn');
  const [real, wrapper] = [join(place, 'real-nspawn'), join(place, 'wrapper')];
  copyFileSync(program.path, real);
  const source = `#!${NODE}
const { readFileSync, writeFileSync } = require('node:fs');
const { execFileSync, spawnSync } = require('node:child_process');
const args = process.argv.slice(2);
const env = { ...process.env };
const bundle = args.find((arg) => arg.startsWith('--oci-bundle='));
const sh = (text, ...more) => execFileSync('sh', ['-ec', text, 'sh', ...more], { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } });
if (bundle !== undefined) {
  const file = bundle.slice('--oci-bundle='.length) + '/config.json';
  const config = JSON.parse(readFileSync(file, 'utf8'));
  ${code};
  writeFileSync(file, JSON.stringify(config));
}
const { status } = spawnSync('${real}', args, { stdio: 'inherit', env });
process.exitCode = status ?? 255;
`;
  writeFileSync(wrapper, source, { mode: 0o755 });
  return [
    'unshare',
    '--mount',
    '--propagation',
    'slave',
    'sh',
    '-ec',
    'mount --bind "$1" "$2"; shift 2; exec "$@"',
    'sabotage',
    wrapper,
    program.path,
  ];
}

/**
 * A Docker engine that makes other containers than it is asked for: the tests' own, or the one at `behind`, behind a proxy. `started`: is
 * called with the process of a container before anybody hears that it was started. Returns its DOCKER_HOST.
 */
export async function sabotagedEngine(
  place: string,
  change: (container: { User: string; HostConfig: Record<string, unknown> } & Record<string, unknown>) => void,
  { behind = process.env['DOCKER_HOST'] ?? null, started }: { behind?: string | null; started?: (pid: number) => void } = {},
): Promise<{ readonly host: string } & AsyncDisposable> {
  const socketPath = socketOf(behind);
  const server = createServer((given, answer) => {
    const chunks: Buffer[] = [];
    given.on('data', (chunk: Buffer) => chunks.push(chunk));
    given.on('end', () => {
      let body = Buffer.concat(chunks);
      if (given.method === 'POST' && /\/containers\/create/.test(given.url ?? '')) {
        const container = JSON.parse(body.toString()) as Parameters<typeof change>[0];
        change(container);
        body = Buffer.from(JSON.stringify(container));
      }
      const { 'transfer-encoding': _, ...headers } = given.headers;
      const passed = ask(
        { socketPath, path: given.url, method: given.method, headers: { ...headers, 'content-length': body.length } },
        (said) => {
          // Whole: the client speaks HTTP/1.0, which knows no chunks.
          const parts: Buffer[] = [];
          said.on('data', (chunk: Buffer) => parts.push(chunk));
          const end = async (): Promise<void> => {
            const name = given.method === 'POST' ? /\/containers\/([^/]+)\/start/.exec(given.url ?? '')?.[1] : undefined;
            if (name !== undefined) started?.(await processOf(behind, name));
            const { 'transfer-encoding': _chunked, connection: _kept, ...kept } = said.headers;
            const whole = Buffer.concat(parts);
            answer.writeHead(said.statusCode ?? 502, { ...kept, 'content-length': whole.length, connection: 'close' });
            answer.end(whole);
          };
          said.on('end', () => void end().catch(() => answer.destroy()));
        },
      );
      passed.once('error', () => answer.destroy());
      passed.end(body);
    });
  });
  const path = join(place, 'engine.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Pid of a container's first process. */
async function processOf(host: string | null, name: string): Promise<number> {
  const { body } = await (await Engine.connect(host)).ask('GET', `/containers/${name}/json`);
  return (body as { State: { Pid: number } }).State.Pid;
}

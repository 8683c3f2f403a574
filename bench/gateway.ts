// The gateway beside a direct connection, squid, tinyproxy and proxy-chain: downloads, uploads, small requests, a thousand connections.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HostPath } from '../src/model/names.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { testGateway } from './support/gateway-process.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median, ROUNDS, type Samples } from './support/rounds.ts';
import { ownNetns } from '../test/support/hands.ts';

const HERE = import.meta.dirname;
const SIZE = 1 << 30;
const ADDRESS = '198.18.0.1';

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const children: ChildProcess[] = [];
try {
  chmodSync(place, 0o755);
  const netns = join(place, 'net') as HostPath;
  execFileSync('mount', ['--bind', place, place]);
  execFileSync('mount', ['--make-private', place]);
  await ownNetns(netns);
  const port = await freePort();
  await started([process.execPath, join(HERE, 'support/gateway-server.mjs'), String(port)]);
  const gateway = await testGateway(netns, port);
  const proxies = { squid: await squid(), tinyproxy: await tinyproxy(), 'proxy-chain': await proxyChain() };
  const inside = ['nsenter', `--net=${netns}`, '--'] as const;
  const upload = join(place, 'upload');
  execFileSync('truncate', ['--size', String(SIZE / 2), upload]);

  bulk('gateway-download', 'Downloads through the gateway', [`/${SIZE}`], SIZE);
  bulk(
    'gateway-upload',
    'Uploads through the gateway',
    ['/', '--request', 'POST', '--header', 'Expect:', '--upload-file', upload],
    SIZE / 2,
  );
  await small();
  await gateway.finish();

  /** One transfer by curl: what it takes, as MB/s. */
  function bulk(name: string, title: string, [path = '', ...more]: readonly string[], bytes: number): void {
    const curl = ['curl', '--silent', '--show-error', '--fail', '--output', '/dev/null', '--noproxy', '', ...more] as const;
    const own = { cwd: place, env: CLEAN_ENV, code: 0 };
    const contestants: Contestant[] = [
      { ...own, name: 'direct', argv: [...curl, `http://127.0.0.1:${port}${path}`] },
      { ...own, name: 'agent-jail gateway', argv: [...inside, ...curl, `http://${ADDRESS}:${port}${path}`] },
      ...Object.entries(proxies).map(([proxy, at]) => ({
        ...own,
        name: proxy,
        argv: [...curl, '--proxytunnel', '--proxy', `http://127.0.0.1:${at}`, `http://127.0.0.1:${port}${path}`] as Contestant['argv'],
      })),
    ];
    const raw = alternate(contestants);
    const samples: Samples = Object.fromEntries(
      Object.entries(raw).map(([one, times]) => [one, times.map((ms) => Math.round(bytes / 1e3 / ms))]),
    );
    const ratio = median(samples['agent-jail gateway'] ?? []) / median(samples['squid'] ?? []);
    const least = name === 'gateway-download' ? 1.1 : 0.9;
    report(name, {
      title,
      about: `${bytes >> 20} MiB by curl from a server on loopback; the proxies by CONNECT. The start of curl is in it.`,
      unit: 'MB/s',
      samples,
      raw,
      reference: 'squid',
      bars: [{ says: `at least ${least} times as fast as squid`, ratio, least }],
    });
  }

  /** What a request of 200 bytes takes, and what 1,000 connections cost. */
  async function small(): Promise<void> {
    const client = [process.execPath, join(HERE, 'support/gateway-client.mjs')] as const;
    const contestants: Readonly<Record<string, readonly [string, ...string[]]>> = {
      direct: [...client, '127.0.0.1', String(port)],
      'agent-jail gateway': [...inside, ...client, ADDRESS, String(port)],
      ...Object.fromEntries(Object.entries(proxies).map(([proxy, at]) => [proxy, [...client, '127.0.0.1', String(port), String(at)]])),
    };
    const kept: Record<string, number[]> = {};
    const fresh: Record<string, number[]> = {};
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [name, [file, ...args]] of Object.entries(contestants)) {
        const said = JSON.parse(await output(file, args)) as { kept: number; fresh: number };
        if (round === 0) continue;
        (kept[name] ??= []).push(said.kept);
        (fresh[name] ??= []).push(said.fresh);
      }
    }
    const added = (of: Record<string, number[]>): number => (median(of['agent-jail gateway'] ?? []) - median(of['direct'] ?? [])) / 1000;
    const about = 'Requests of 200 bytes from a server on loopback, one after the other; the median of each round.';
    report('gateway-kept', {
      title: 'Small requests through the gateway, on one connection',
      about,
      unit: 'µs',
      samples: kept,
      reference: 'direct',
      bars: [{ says: 'added by the gateway, in ms', ratio: added(kept), most: 0.5 }],
    });
    report('gateway-new', {
      title: 'Small requests through the gateway, each on its own connection',
      about,
      unit: 'µs',
      samples: fresh,
      reference: 'direct',
      bars: [{ says: 'added by the gateway, in ms', ratio: added(fresh), most: 0.5 }],
    });
    const [file, ...args] = [
      ...inside,
      process.execPath,
      join(HERE, 'support/gateway-held.mjs'),
      ADDRESS,
      String(port),
      String(gateway.pid),
    ];
    const held = await output(file, args);
    const { before, holding } = JSON.parse(held) as { before: number; holding: number };
    report('gateway-memory', {
      title: 'A thousand connections through the gateway',
      about: 'Resident memory of the gateway before, and while 1,000 connections are open that each had a request of 200 bytes.',
      unit: 'MiB',
      samples: { before: [before], 'with 1,000 connections': [holding] },
      reference: null,
      bars: [{ says: 'with 1,000 connections, in MiB', ratio: holding, most: 160 }],
    });
  }
} finally {
  for (const child of children) child.kill('SIGKILL');
  for (const mount of [join(place, 'net'), place]) execFileSync('umount', [mount], { stdio: 'ignore' });
  rmSync(place, { recursive: true, force: true });
}

async function squid(): Promise<number> {
  const at = await freePort();
  const config = join(place, 'squid.conf');
  const lines = [
    `http_port 127.0.0.1:${at}`,
    'http_access allow localhost',
    'cache deny all',
    'access_log none',
    `cache_log ${place}/squid.log`,
    `pid_filename ${place}/squid.pid`,
    `coredump_dir ${place}`,
    'shutdown_lifetime 0 seconds',
    'pinger_enable off',
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  execFileSync('install', ['-d', '-o', 'proxy', '-m', '755', join(place, 'squid')]);
  return listening(['squid', '-N', '-n', `bench${process.pid}`, '-f', config], at);
}

async function tinyproxy(): Promise<number> {
  const at = await freePort();
  const config = join(place, 'tinyproxy.conf');
  writeFileSync(
    config,
    `Port ${at}\nListen 127.0.0.1\nTimeout 600\nMaxClients 2000\nAllow 127.0.0.1\nLogLevel Critical\nLogFile "${place}/tinyproxy.log"\n`,
  );
  return listening(['tinyproxy', '-d', '-c', config], at);
}

async function proxyChain(): Promise<number> {
  const at = await freePort();
  return listening([process.execPath, join(HERE, 'support/proxy-chain.mjs'), String(at)], at);
}

/** What a program prints. This process goes on reading meanwhile: the gateway waits for whoever takes its log. */
async function output(file: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { env: CLEAN_ENV, encoding: 'utf8', timeout: 120_000 });
  return stdout;
}

/** Starts a program, and resolves once its port answers. */
async function listening(argv: readonly [string, ...string[]], at: number): Promise<number> {
  children.push(spawn(argv[0], argv.slice(1), { env: CLEAN_ENV, stdio: 'ignore' }));
  const hex = `:${at.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let tries = 0; tries < 300; tries += 1) {
    if (readFileSync('/proc/net/tcp', 'utf8').includes(hex)) return at;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${argv[0]} did not come up`);
}

/** Starts a program, and resolves with its first line. */
async function started(argv: readonly [string, ...string[]]): Promise<string> {
  const child = spawn(argv[0], argv.slice(1), { env: CLEAN_ENV, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${argv[0]} ended`)));
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

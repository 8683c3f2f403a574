// How long well-known tools take to give up a host that is denied, by the form of the denial. Decides what the gateway and the jail do.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostPath } from '../src/model/names.ts';
import { APT, RETRIES } from '../src/plan/retries.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { report } from './support/report.ts';
import { median } from './support/rounds.ts';
import { ownNetns } from '../test/support/hands.ts';

const ROUNDS = 2;
/** s; a tool that takes longer is cut off, and counts as this. */
const LONGEST = 30;
const HOST = 'denied.example.com';
const FORMS = {
  'no such name': { form: 'nxdomain', env: {} },
  'an address that refuses': { form: 'refused', env: {} },
  'TLS alert, or 403': { form: 'told', env: {} },
  'no such name, and soon retries': { form: 'nxdomain', env: RETRIES },
} as const;

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const netns = join(place, 'net') as HostPath;
const files = {
  'resolv.conf': 'nameserver 127.0.0.1\noptions timeout:2 attempts:2\n',
  'apt.conf': APT.text,
  'sources.list': `deb [trusted=yes] http://${HOST}/ stable main\n`,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
const fresh = (name: string): string => {
  const path = join(place, `${name}-${Math.random()}`);
  mkdirSync(path);
  return path;
};
const TOOLS: Readonly<Record<string, () => readonly string[]>> = {
  npm: () => ['npm', 'pack', 'leftpad', `--registry=https://${HOST}/`, `--cache=${fresh('npm')}`, '--globalconfig=/dev/null'],
  pip: () => ['/usr/bin/python3', '-m', 'pip', 'download', '--no-cache-dir', '--index-url', `https://${HOST}/simple/`, 'tiny'],
  'apt-get update': () => {
    const dirs = ['State', 'Cache'].flatMap((dir) => ['-o', `Dir::${dir}=${fresh('apt')}`]);
    const sources = ['-o', `Dir::Etc::sourcelist=${place}/sources.list`, '-o', 'Dir::Etc::sourceparts=-', '-o', 'APT::Sandbox::User=root'];
    return ['apt-get', ...dirs, ...sources, 'update'];
  },
};
let server: ChildProcess | null = null;
try {
  execFileSync('mount', ['--bind', place, place]);
  execFileSync('mount', ['--make-private', place]);
  await ownNetns(netns);
  const samples: Record<string, Record<string, number[]>> = {};
  for (const [name, { form, env }] of Object.entries(FORMS)) {
    server = await serve(form);
    for (const [tool, argv] of Object.entries(TOOLS))
      (samples[tool] ??= {})[name] = Array.from({ length: ROUNDS }, () =>
        timed(argv(), { ...env, ...(env === RETRIES ? { APT_CONFIG: join(place, 'apt.conf') } : {}) }),
      );
    server.kill('SIGKILL');
  }
  for (const [tool, of] of Object.entries(samples)) {
    const forms = Object.entries(of).sort(([, a], [, b]) => median(a) - median(b));
    console.log(`${tool}: soonest by "${forms[0]?.[0]}"`);
    report(`denial-${tool.split(' ')[0]}`, {
      title: `A denied host: until ${tool} gives up`,
      about: `The whole command, to its end; cut off after ${LONGEST} s.`,
      unit: 's',
      samples: of,
      reference: 'no such name',
      bars: [],
    });
  }
} finally {
  server?.kill('SIGKILL');
  for (const mount of [netns, place]) spawnSync('umount', [mount]);
  rmSync(place, { recursive: true, force: true });
}

async function serve(form: string): Promise<ChildProcess> {
  const argv = ['--net=' + netns, '--', process.execPath, join(import.meta.dirname, 'support/denial-server.mjs'), form];
  const child = spawn('nsenter', argv, { env: CLEAN_ENV, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => child.once('exit', () => reject(new Error('the server ended'))).stdout.once('data', resolve));
  return child;
}

/** s until a command has ended, without success. */
function timed(argv: readonly string[], env: Readonly<Record<string, string>>): number {
  const inside = ['--net=' + netns, '--', 'unshare', '--mount', '--propagation', 'private', '--'];
  const become = ['sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', join(place, 'resolv.conf')];
  const start = performance.now();
  const { status, error } = spawnSync('nsenter', [...inside, ...become, ...argv], {
    env: { ...CLEAN_ENV, PATH: process.env['PATH'] ?? '', HOME: place, PIP_CONFIG_FILE: '/dev/null', ...env },
    cwd: place,
    stdio: 'ignore',
    timeout: LONGEST * 1000,
  });
  // apt calls a failed update a success, with warnings.
  if (status === 0 && !argv.includes('update')) throw new Error(`${argv[0]} reached what is denied`);
  if (status === null && !String(error).includes('ETIMEDOUT')) throw error ?? new Error(`${argv[0]} was killed`);
  const seconds = Math.round((performance.now() - start) / 10) / 100;
  console.log(`${argv[0]} ${seconds} s`);
  return seconds;
}

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchNspawn, findNspawn } from '../../src/backend/nspawn-program.ts';
import { TOOLS } from '../../src/host/places.ts';
import { CLI, NODE, REPOSITORY } from '../support/jail.ts';
import { probes, script } from './batch.ts';
import { type Host, OWNER } from './host.ts';
import { judge, type Judged, looked } from './judge.ts';
import { Ground } from './traps.ts';

const SRT = '0.0.83';
/** Of nobody on the machine, so that no process of anybody else's can be reached. */
const UID = 61_990;
const TRAPS = 'D1-traps.sh';
const PROBES = join(import.meta.dirname, 'probes');
/** Seconds that all probes together may take. */
const PATIENCE = 200;
/** About the descriptors that a step of ours is given; others give others. */
const OURS = ['C6-descriptors'];
/** And one: the whole machine is too much to search; what was found until then counts. */
const EACH = 15;

/** Something that one can run a step in, with no settings but those that the step needs to run at all. */
export interface Level {
  readonly name: string;
  readonly about: string;
  /** `work`: the directory to run in, writable. `text`: for sh. */
  argv(work: string, text: string): readonly [string, ...string[]];
  /** Variables of the command itself; what reaches the step is the level's doing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Who the step is. */
  readonly uid: number;
}

/** Probes that only read, connect, and write in their own directory. Only these ever run outside of a jail of ours. */
export const harmless = (): string[] =>
  probes().flatMap(({ file }) => (/^(?:#|\/\/) harmless$/m.test(readFileSync(join(PROBES, file), 'utf8')) ? [file] : []));

/** The harmless probes at one level. The traps need a checkout of their own, in which somebody then works on the host. */
export async function atLevel(host: Host, level: Level): Promise<Judged[]> {
  const files = harmless().filter((file) => file !== TRAPS);
  const seen = await run(host, level, host.workspace, script(files, EACH));
  const judged = judge(
    probes().filter(({ file }) => files.includes(file)),
    seen,
    host.nonce,
    host,
  );
  const ground = new Ground(host);
  const set = judge(
    probes().filter(({ file }) => file === TRAPS),
    await run(host, level, ground.work, script([TRAPS])),
    host.nonce,
    host,
  );
  const worked = ground.worksIn(ground.work);
  const sprung = ground.all();
  return [
    ...judged.filter(({ id }) => !OURS.includes(id)),
    ...set.map(
      (one): Judged =>
        one.verdict === 'blocked' && sprung.includes(one.id) ? { ...one, verdict: 'ESCAPED', detail: 'it was sprung on the host' } : one,
    ),
    looked(
      'D3-work',
      worked,
      sprung.map((id) => `${id} was sprung`),
      'git did not work on the host',
    ),
    looked('C2-arrived', true, host.arrived),
  ];
}

async function run(host: Host, level: Level, work: string, text: string): Promise<string> {
  writeFileSync(join(work, 'config/level'), `${level.name}\n`);
  // What a policy of ours lists beside the workspace is nowhere here.
  for (const name of ['host-sockets', 'host-fifos']) {
    const file = join(work, 'config', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\/mnt\/listed\/.*\n/gm, ''));
  }
  const temp = join(work, 'temp');
  mkdirSync(temp, { recursive: true });
  if (level.uid !== 0) execFileSync('chown', ['-R', '-h', `${level.uid}:${level.uid}`, work]);
  const own = { RT_NONCE: host.nonce, RT_PLAIN: host.plain, RT_LEVEL: level.name, TMPDIR: temp };
  const exported = Object.entries(own).map(([name, value]) => `export ${name}='${value}'`);
  const [program, ...args] = level.argv(work, [...exported, `cd '${work}' || exit 1`, text].join('\n'));
  // Not waited for by a call that blocks: the services of the host are this process's.
  const child = spawn(program, args, {
    cwd: work,
    env: { ...host.env, ...own, ...level.env },
    timeout: PATIENCE * 1000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === null || !stdout.includes(`START ${host.nonce}`))
    throw new Error(`${level.name}: no probe ran: ${code} ${stdout.slice(-300)} ${stderr.slice(-500)}`);
  return stdout;
}

const drop = ['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups'] as const;

/** What is compared with. `place`: a directory for trees and settings; `engine`: DOCKER_HOST. */
export async function levels(place: string, engine: string): Promise<Level[]> {
  const nspawn = (await findNspawn(TOOLS)) ?? (await fetchNspawn(TOOLS));
  const node = dirname(NODE);
  const tree = treeAt(join(place, 'tree'));
  const image = 'agent-jail-redteam:levels';
  const docker = { PATH: process.env['PATH'] ?? '', DOCKER_HOST: engine, DOCKER_CONFIG: join(place, 'docker') };
  execFileSync('sh', ['-c', `tar -cC '${tree}' . | docker import - ${image}`], { env: docker, stdio: 'ignore' });
  return [
    {
      name: 'a bare step',
      about: 'an unprivileged user in a directory of its own',
      uid: UID,
      argv: (_, text) => [drop[0], ...drop.slice(1), '--', 'sh', '-c', text],
    },
    {
      name: 'chroot',
      about: '`agent-jail run --backend chroot`: layers, a user and an environment of its own, and nothing isolated',
      uid: OWNER,
      argv: (_, text) => {
        const out = mkdtempSync(join(place, 'record-'));
        writeFileSync(join(out, 'policy.yml'), 'limits: { disk: 512MiB, memory: 2GiB, processes: 512, time: 3m }\n');
        return [
          NODE,
          CLI,
          'run',
          '--backend',
          'chroot',
          '--policy',
          join(out, 'policy.yml'),
          '--out',
          join(out, 'record'),
          '--',
          'sh',
          '-c',
          text,
        ];
      },
    },
    {
      name: 'docker run',
      about:
        'defaults; /usr read-only and the workspace as volumes. The engine of the tests has no bridge, so there is no network to leave by',
      uid: 0,
      env: docker,
      argv: (work, text) => [
        'docker',
        'run',
        '--rm',
        '-v',
        '/usr:/usr:ro',
        '-v',
        `${node}:${node}:ro`,
        '-v',
        `${work}:${work}`,
        '-e',
        `PATH=${node}:/usr/bin:/bin`,
        image,
        'sh',
        '-c',
        text,
      ],
    },
    {
      name: 'systemd-nspawn',
      about: `defaults; /usr read-only and the workspace as binds. ${nspawn.version}`,
      uid: 0,
      env: nspawn.env as Record<string, string>,
      argv: (work, text) => [
        nspawn.path, '--quiet', '--register=no', '--keep-unit', '--pipe', `--directory=${tree}`, '--bind-ro=/usr', `--bind-ro=${node}`, `--bind=${work}`,
        `--setenv=PATH=${node}:/usr/bin:/bin`, 'sh', '-c', text,
      ], // biome-ignore format: a command line
    },
    {
      name: 'sandbox-runtime',
      about: `\`@anthropic-ai/sandbox-runtime\` ${SRT}, no domains allowed, the workspace writable; nothing else set`,
      uid: UID,
      argv: (work, text) => {
        const settings = join(place, 'srt.json');
        writeFileSync(
          settings,
          JSON.stringify({
            network: { allowedDomains: [], deniedDomains: [] },
            filesystem: { denyRead: [], allowWrite: [work], denyWrite: [] },
          }),
        );
        const file = join(work, 'temp/step.sh');
        writeFileSync(file, text);
        return [drop[0], ...drop.slice(1), '--', NODE, srt(), '--settings', settings, 'sh', file];
      },
    },
  ];
}

/** A root with links to what /usr has; what is mounted into it is the level's. */
function treeAt(at: string): string {
  if (existsSync(at)) return at;
  for (const directory of ['etc', 'proc', 'sys', 'dev', 'run', 'tmp', 'usr', 'root', 'var', 'mnt/listed'])
    mkdirSync(join(at, directory), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64'].filter((path) => existsSync(join('/usr', path))))
    symlinkSync(`usr/${name}`, join(at, name));
  chmodSync(join(at, 'tmp'), 0o1777);
  writeFileSync(join(at, 'etc/passwd'), `root:x:0:0::/root:/bin/sh\nstep:x:${UID}:${UID}::/tmp:/bin/sh\n`);
  writeFileSync(join(at, 'etc/group'), `root:x:0:\nstep:x:${UID}:\n`);
  writeFileSync(join(at, 'etc/os-release'), 'ID=levels\n');
  return at;
}

/** Installed on demand, outside of the project's own packages. */
function srt(): string {
  const at = join(REPOSITORY, '.tmp/bench/srt');
  const entry = join(at, 'node_modules/@anthropic-ai/sandbox-runtime/dist/cli.js');
  if (!existsSync(entry)) {
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `@anthropic-ai/sandbox-runtime@${SRT}`], {
      cwd: at,
      stdio: 'inherit',
    });
  }
  return entry;
}

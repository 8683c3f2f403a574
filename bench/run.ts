// A whole run of `true` with its record, beside what others take for less.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchNspawn, findNspawn, type NspawnProgram } from '../src/backend/nspawn-program.ts';
import { TOOLS } from '../src/host/places.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { type EngineOptions, OwnEngine } from '../test/support/engine.ts';
import { dockerEnv, staticImage, staticTree } from './support/docker.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
const SRT = '0.0.83';
/** An engine as it comes: a bridge, and rules of a firewall, none of which are the machine's. */
const BRIDGED: EngineOptions = {
  enter: ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'],
  further: ['--bridge=', '--iptables=true', '--ip-forward=true', '--ip-masq=true'],
};
const BARE = 'docker run, bare';
const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const work = join(place, 'work');
const policy = join(place, 'policy.yml');
try {
  await using engine = await OwnEngine.start();
  await using bridged = await OwnEngine.start(undefined, BRIDGED);
  const program = (await findNspawn(TOOLS)) ?? (await fetchNspawn(TOOLS));
  repository();
  const contestants = [jail('nspawn', engine), jail('docker', engine), nspawn(program), bwrap(), srt(), docker(engine), bare(bridged)];
  const samples = alternate(contestants);
  const ratio = (name: string, to = 'docker run') => median(samples[name] ?? []) / median(samples[to] ?? []);
  report('run', {
    title: 'A run of `true`',
    about:
      'From the start of the command to its end. Only agent-jail makes layers that are thrown away, a disk of fixed size, a proof from outside, a network log, a transcript, a diff and a sealed record; the others start a process.',
    unit: 'ms',
    samples,
    reference: 'docker run',
    notes: {
      'agent-jail, nspawn': '`agent-jail run --backend nspawn -- true`, with its record',
      'agent-jail, docker': '`agent-jail run --backend docker -- true`, with its record; the same engine as `docker run`',
      'systemd-nspawn': `\`--directory\` of a tree with one static program, read-only, private network; ${program.version}`,
      bwrap: '`--unshare-all` over the same tree, read-only; no limits, no seccomp',
      srt: `\`@anthropic-ai/sandbox-runtime\` ${SRT} (on bwrap, with its proxies)`,
      'docker run': '`--rm --network none` of an image that is there',
      [BARE]: 'the same with `--rm` alone: a network of the bridge, by an engine in a network namespace of its own',
    },
    bars: [
      { says: 'on nspawn at most 0.8 of `docker run --rm --network none`', ratio: ratio('agent-jail, nspawn'), most: 0.8 },
      { says: 'on nspawn at most 0.8 of a bare `docker run --rm`', ratio: ratio('agent-jail, nspawn', BARE), most: 0.8 },
      { says: 'on docker at most 1.6 of `docker run`', ratio: ratio('agent-jail, docker'), most: 1.6 },
    ],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

function repository(): void {
  execFileSync('git', ['init', '--quiet', work], { env: CLEAN_ENV });
  writeFileSync(join(work, 'a.txt'), 'a\n');
  writeFileSync(policy, 'limits: { disk: 256MiB, memory: 512MiB, time: 1m }\n');
}

function jail(backend: 'nspawn' | 'docker', engine: OwnEngine): Contestant {
  // Records take names of their own: the default place, in the workspace.
  const argv = [process.execPath, join(ROOT, 'dist/cli.js'), 'run', '--backend', backend, '--policy', policy, '--', 'true'] as const;
  return { name: `agent-jail, ${backend}`, argv, cwd: work, env: { ...CLEAN_ENV, HOME: place, DOCKER_HOST: engine.host }, code: 0 };
}

function nspawn(program: NspawnProgram): Contestant {
  const tree = join(place, 'tree');
  staticTree(tree);
  const argv = [
    program.path,
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--pipe',
    '--read-only',
    '--private-network',
    `--directory=${tree}`,
    '/bin/true',
  ] as const;
  return { name: 'systemd-nspawn', argv, cwd: place, env: { ...program.env }, code: 0 };
}

function bwrap(): Contestant {
  const argv = [
    'bwrap',
    '--unshare-all',
    '--die-with-parent',
    '--ro-bind',
    join(place, 'tree'),
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '/bin/true',
  ] as const;
  return { name: 'bwrap', argv, cwd: place, env: CLEAN_ENV, code: 0 };
}

/** Installed on demand, outside the project's own packages. */
function srt(): Contestant {
  const at = join(ROOT, '.tmp/bench/srt');
  const entry = join(at, 'node_modules/@anthropic-ai/sandbox-runtime/dist/cli.js');
  if (!existsSync(entry)) {
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `@anthropic-ai/sandbox-runtime@${SRT}`], {
      cwd: at,
      stdio: 'inherit',
    });
  }
  const settings = join(place, 'srt.json');
  writeFileSync(
    settings,
    JSON.stringify({ network: { allowedDomains: [], deniedDomains: [] }, filesystem: { denyRead: [], allowWrite: [], denyWrite: [] } }),
  );
  const argv = [process.execPath, entry, '--settings', settings, 'true'] as const;
  return { name: 'srt', argv, cwd: work, env: { ...CLEAN_ENV, HOME: place }, code: 0 };
}

function bare(engine: OwnEngine): Contestant {
  const argv = ['docker', 'run', '--rm', staticImage(engine, 'bench'), '/bin/true'] as const;
  return { name: BARE, argv, cwd: place, env: dockerEnv(engine), code: 0 };
}

function docker(engine: OwnEngine): Contestant {
  const argv = ['docker', 'run', '--rm', '--network', 'none', staticImage(engine, 'bench'), '/bin/true'] as const;
  return { name: 'docker run', argv, cwd: place, env: dockerEnv(engine), code: 0 };
}

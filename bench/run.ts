// A whole run of `true` with its record, beside what others take for less.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchNspawn, findNspawn, type NspawnProgram } from '../src/backend/nspawn-program.ts';
import { TOOLS } from '../src/host/places.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { OwnEngine } from '../test/support/engine.ts';
import { dockerEnv, staticImage, staticTree } from './support/docker.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
const SRT = '0.0.83';
const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
try {
  await using engine = await OwnEngine.start();
  const program = (await findNspawn(TOOLS)) ?? (await fetchNspawn(TOOLS));
  const contestants = [jail(), nspawn(program), bwrap(), srt(), docker(engine)];
  const samples = alternate(contestants);
  const ratio = median(samples['agent-jail run'] ?? []) / median(samples['docker run'] ?? []);
  report('run', {
    title: 'A run of `true`',
    about:
      'From the start of the command to its end. Only agent-jail makes layers that are thrown away, a disk of fixed size, a proof from outside, a network log, a transcript, a diff and a sealed record; the others start a process.',
    unit: 'ms',
    samples,
    reference: 'docker run',
    notes: {
      'agent-jail run': '`agent-jail run -- true`, with its record',
      'systemd-nspawn': `\`--directory\` of a tree with one static program, read-only, private network; ${program.version}`,
      bwrap: '`--unshare-all` over the same tree, read-only; no limits, no seccomp',
      srt: `\`@anthropic-ai/sandbox-runtime\` ${SRT} (on bwrap, with its proxies)`,
      'docker run': '`--rm --network none` of an image that is there',
    },
    bars: [{ says: 'agent-jail takes at most 0.8 of `docker run`', ratio, most: 0.8 }],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

function jail(): Contestant {
  const work = join(place, 'work');
  execFileSync('git', ['init', '--quiet', work], { env: CLEAN_ENV });
  writeFileSync(join(work, 'a.txt'), 'a\n');
  writeFileSync(join(place, 'policy.yml'), 'limits: { disk: 256MiB, memory: 512MiB, time: 1m }\n');
  // Records take names of their own: the default place, in the workspace.
  const argv = [process.execPath, join(ROOT, 'dist/cli.js'), 'run', '--policy', join(place, 'policy.yml'), '--', 'true'] as const;
  return { name: 'agent-jail run', argv, cwd: work, env: { ...CLEAN_ENV, HOME: place }, code: 0 };
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
  return { name: 'srt', argv, cwd: join(place, 'work'), env: { ...CLEAN_ENV, HOME: place }, code: 0 };
}

function docker(engine: OwnEngine): Contestant {
  const argv = ['docker', 'run', '--rm', '--network', 'none', staticImage(engine, 'bench'), '/bin/true'] as const;
  return { name: 'docker run', argv, cwd: place, env: dockerEnv(engine), code: 0 };
}

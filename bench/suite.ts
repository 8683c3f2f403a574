// A suite of small trials, agent and verifier each in a jail of its own, beside the same commands by bare `docker run`.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { OwnEngine } from '../test/support/engine.ts';
import { dockerEnv, staticImage } from './support/docker.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
const TRIALS = 20;
const JOBS = 2;
const AGENT = 'read x < a.txt; echo "$x, done" > a.txt';
const VERIFIER = 'read x < a.txt; [ "$x" = "one, done" ]';

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
try {
  await using engine = await OwnEngine.start();
  const image = staticImage(engine, 'bench');
  mkdirSync(join(place, 'start'));
  writeFileSync(join(place, 'start/a.txt'), 'one\n');
  writeFileSync(join(place, 'suite.yml'), suite(image));
  writeFileSync(join(place, 'trial.sh'), trial(image));
  const samples = alternate([jails('nspawn', engine), jails('docker', engine), bare(engine)], 5);
  const perMinute = Object.fromEntries(
    Object.entries(samples).map(([name, all]) => [name, all.map((ms) => Math.round((60_000 * TRIALS) / ms / JOBS))]),
  );
  const ratio = (name: string): number => median(samples[name] ?? []) / median(samples['docker run'] ?? []);
  report('suite', {
    title: 'Trials of a suite',
    about: `${TRIALS} trials, ${JOBS} at a time, of an agent that changes a file and a verifier that reads it, each in a jail of its own over the same image. agent-jail has a record of both and a line of results; \`docker run\` has a copy of the workspace for each trial and two containers.`,
    unit: 'trials a minute and processor',
    samples: perMinute,
    reference: 'docker run',
    notes: {
      'agent-jail, nspawn': '`agent-jail suite run --backend nspawn`',
      'agent-jail, docker': '`agent-jail suite run --backend docker`; the same engine as `docker run`',
      'docker run': '`--rm --network none`, first for the agent, then for the verifier; `xargs --max-procs`',
    },
    bars: [{ says: 'on nspawn at most 1.3 times as long as `docker run`', ratio: ratio('agent-jail, nspawn'), most: 1.3 }],
  });
} finally {
  rmSync(place, { recursive: true, force: true });
}

function suite(image: string): string {
  return JSON.stringify({
    name: 'bench',
    trials: TRIALS,
    policy: { jail: { root: { image } }, limits: { disk: '64MiB', memory: '256MiB', cpus: 1, time: '1m' } },
    agents: { bench: { shell: 'sh', run: AGENT } },
    tasks: [{ id: 'one', instruction: 'do', directory: 'start', verifier: { shell: 'sh', run: VERIFIER } }],
  });
}

function trial(image: string): string {
  const container = (script: string): string => `docker run --rm --network none -v "$work:/work" -w /work ${image} /bin/sh -c '${script}'`;
  return `set -e\nwork=$(mktemp -d)\ncp start/a.txt "$work"\n${container(AGENT)}\n${container(VERIFIER)}\nrm -r "$work"\n`;
}

function jails(backend: 'nspawn' | 'docker', engine: OwnEngine): Contestant {
  const out = join(place, `out-${backend}`);
  const argv = [
    process.execPath,
    join(ROOT, 'dist/cli.js'),
    'suite',
    'run',
    'suite.yml',
    '--backend',
    backend,
    '--jobs',
    String(JOBS),
    '--out',
    out,
  ] as const;
  const after = (): void => {
    const passed = readFileSync(join(out, 'trials.ndjson'), 'utf8').split('"outcome":"pass"').length - 1;
    if (passed !== TRIALS) throw new Error(`${passed} of ${TRIALS} trials passed`);
    rmSync(out, { recursive: true });
  };
  return { name: `agent-jail, ${backend}`, argv, cwd: place, env: { ...CLEAN_ENV, HOME: place, DOCKER_HOST: engine.host }, code: 0, after };
}

function bare(engine: OwnEngine): Contestant {
  const script = `seq ${TRIALS} | xargs --max-procs=${JOBS} -I{} sh trial.sh`;
  return { name: 'docker run', argv: ['sh', '-c', script], cwd: place, env: dockerEnv(engine), code: 0 };
}

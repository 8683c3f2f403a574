// What the collector does with a large tree of which an agent changed little, and with many new files.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { COLLECTOR_FLAGS } from '../src/run/children.ts';
import { wantsCode } from '../src/system/code-cache.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { OwnEngine } from '../test/support/engine.ts';
import { dockerEnv } from './support/docker.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median, ROUNDS, type Samples } from './support/rounds.ts';
import { addFiles, change, type Layered, makeTree, mountAgain, mountOver } from './support/tree.ts';

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const SMALL = 100_000;
const LARGE = 1_000_000;
/** The slow ones take ten seconds and more. */
const FEW = 3;
const layered: Layered[] = [];
/** In one file, as it ships. */
const collector = join(place, 'collect.mjs');
/** Where the collector writes what git compares, as in a run. */
const memory = join(place, 'memory');
const out = join(memory, 'out');

try {
  await using engine = await OwnEngine.start();
  const entry = join(import.meta.dirname, 'support/collect.ts');
  await build({ entryPoints: [entry], outfile: collector, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  copyFileSync(join(import.meta.dirname, '../src/changes/readahead.pl'), join(place, 'readahead.pl'));
  mkdirSync(memory);
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', memory], { env: CLEAN_ENV });
  const small = edited('small', SMALL);
  const id = container(engine, small);
  const large = edited('large', LARGE);
  const nothing = join(place, 'nothing');
  mkdirSync(nothing);
  const fresh = overlay('fresh', nothing);
  addFiles(fresh, SMALL);

  keepCode();
  const [all, git] = ['a run’s collector, 100,000 files', 'git diff --no-index'];
  const often: Samples = alternate([
    waiting(all, small),
    waiting('a run’s collector, 1,000,000 files', large),
    collect('a new process', small, 'all'),
    collect('a new process, manifest alone', small, 'manifest'),
    find('find, the floor', small),
  ]);
  const seldom: Samples = alternate(
    [
      other('rsync -nia --checksum', ['rsync', '-nia', '--delete', '--checksum', `${small.merged}/`, `${small.base}/`], 0, small),
      other('diff -rq', ['diff', '-rq', '--no-dereference', small.base, small.merged], 1, small),
      other(git, ['git', 'diff', '--no-index', '--binary', '--no-renames', small.base, small.merged], 1, small),
      other(`${git}, again`, ['git', 'diff', '--no-index', '--binary', '--no-renames', small.base, small.merged], 1),
      { ...other('docker diff', ['docker', 'diff', id], 0), env: dockerEnv(engine) },
    ],
    FEW,
  );
  // Half a minute each; nothing is compared with it.
  const once: Samples = alternate([waiting('a run’s collector, 100,000 new files', fresh)], 1);
  const samples = { ...often, ...seldom, ...once };
  const middle = (name: string): number => median(samples[name] ?? []);
  report('changes', {
    title: 'The changes of a run',
    about: `2,000 changes in a tree of 100,000 files of 1 to 4 KiB (the large one: 1,000,000 such files, each its own), by an overlay whose own layers are on another disk, as in a run: manifest with SHA-256, patch and archive, by one process and those it starts. A run’s collector is started while the agent works, and rehearses; the time is from its question to its answer. The overlay is mounted anew each time, since no agent has read all of a large tree through it; for ${git} also once more right behind, with all that in memory. Files are in the page cache. The other programs only find the changes; \`git diff\` makes a patch. Slow ones: ${FEW} rounds, the new files one, the others ${ROUNDS}.`,
    unit: 'ms',
    samples,
    reference: all,
    notes: {
      [all]: 'manifest, patch, archive',
      'a run’s collector, 1,000,000 files': 'the same changes in a tree ten times as large',
      'a new process': 'the same, with its start, and without the code that an earlier run kept',
      'a new process, manifest alone': 'without patch and archive',
      'find, the floor': '`find upper -printf` with all that is in an inode',
      'docker diff': '100,000 files in an image, the same changes in a container',
    },
    bars: [
      { says: `\`${git}\` takes at least 20 times as long`, ratio: middle(git) / middle(all), least: 20 },
      { says: 'the same of one that has just read the whole tree', ratio: middle(`${git}, again`) / middle(all), least: 20 },
      {
        says: 'a tree ten times as large takes at most 1.5 times as long',
        ratio: middle('a run’s collector, 1,000,000 files') / middle(all),
        most: 1.5,
      },
    ],
  });
} finally {
  for (const mount of [...layered.flatMap(({ mounts }) => mounts), memory]) spawnSync('umount', [mount], { env: CLEAN_ENV });
  rmSync(place, { recursive: true, force: true });
}

function overlay(name: string, base: string): Layered {
  const made = mountOver(join(place, name), base);
  layered.push(made);
  return made;
}

function edited(name: string, files: number): Layered {
  const base = join(place, `${name}-base`);
  makeTree(base, files);
  const made = overlay(name, base);
  change(made, true);
  return made;
}

/** A container whose image is the base, with the same changes made in it. */
function container(engine: OwnEngine, { base }: Layered): string {
  const env = dockerEnv(engine);
  const tar = join(place, 'base.tar');
  execFileSync('tar', ['-cf', tar, '-C', base, '.'], { env: CLEAN_ENV });
  execFileSync('docker', ['import', tar, 'base'], { env, stdio: 'ignore', timeout: 300_000 });
  rmSync(tar);
  const id = execFileSync('docker', ['create', 'base', '/none'], { env, encoding: 'utf8' }).trim();
  const data = execFileSync(
    'docker',
    ['inspect', '--format', '{{.GraphDriver.Data.LowerDir}} {{.GraphDriver.Data.UpperDir}} {{.GraphDriver.Data.WorkDir}}', id],
    { env, encoding: 'utf8' },
  );
  const [lower = '', upper = '', work = ''] = data.trim().split(' ');
  const merged = join(place, 'container');
  mkdirSync(merged);
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, merged], {
    env: CLEAN_ENV,
  });
  try {
    change({ merged }, false);
  } finally {
    execFileSync('umount', [merged], { env: CLEAN_ENV });
  }
  const told = execFileSync('docker', ['diff', id], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (told.split('\n').length < 1000) throw new Error('docker diff does not see the changes');
  return id;
}

/** What the collector of a run starts with, as on any machine that has seen one. */
function keepCode(): void {
  const [cli, program] = ['cli.js', 'collector.cjs'].map((file) => join(import.meta.dirname, '../dist', file)) as [string, string];
  for (let runs = 0; wantsCode(program); runs += 1) {
    if (runs === 3) throw new Error('no code of the collector is kept');
    execFileSync(process.execPath, [cli, 'run', '--backend', 'nspawn', '--', 'true'], { cwd: memory, env: CLEAN_ENV, stdio: 'ignore' });
  }
}

function waiting(name: string, layered: Layered): Contestant {
  const { upper, setup, base, merged } = layered;
  const script = join(import.meta.dirname, 'support/waiting.ts');
  return { ...collecting(name, layered), argv: [process.execPath, script, upper, setup, base, merged, out], tells: true };
}

function collect(name: string, layered: Layered, what: 'all' | 'manifest'): Contestant {
  const { upper, setup, base, merged } = layered;
  const argv = [process.execPath, ...COLLECTOR_FLAGS, collector, upper, setup, base, merged, out, what] as const;
  return { ...collecting(name, layered), argv };
}

function collecting(name: string, layered: Layered): Omit<Contestant, 'argv'> {
  return {
    name,
    cwd: place,
    env: CLEAN_ENV,
    code: 0,
    before: () => {
      rmSync(out, { recursive: true, force: true });
      mountAgain(layered);
    },
    after: () => {
      if (!readFileSync(join(out, 'changes.ndjson'), 'utf8').includes('"end":true')) throw new Error(`${name} wrote no manifest`);
    },
  };
}

function find(name: string, { upper }: Layered): Contestant {
  return other(name, ['find', upper, '-printf', '%y %m %U %G %s %T@ %i %P\\n'], 0);
}

/** `anew`: what is mounted again before it. */
function other(name: string, argv: readonly [string, ...string[]], code: number, anew?: Layered): Contestant {
  const env = { ...CLEAN_ENV, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  return { name, argv, cwd: place, env, code, ...(anew === undefined ? {} : { before: () => mountAgain(anew) }) };
}

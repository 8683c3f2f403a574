// An image of a gigabyte as the jail's root: the first use beside `docker export | tar x`, later ones beside the root `host`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOTS } from '../src/host/places.ts';
import { CLEAN_ENV } from '../src/system/exec.ts';
import { OwnEngine } from '../test/support/engine.ts';
import { report } from './support/report.ts';
import { alternate, type Contestant, median } from './support/rounds.ts';

const ROOT = join(import.meta.dirname, '..');
const NAME = 'agent-jail-bench:gigabyte';
/** Directories, and files in each: 30,000 files, 1 GB. */
const [DIRECTORIES, FILES] = [600, 50];
const OF_IMAGE = `jail: { root: { image: "${NAME}" } }\n`;
const SIZES = [200, 2000, 10_000, 30_000, 130_000];

const place = mkdtempSync(join(tmpdir(), 'agent-jail-bench-'));
const before = kept();
try {
  await using engine = await OwnEngine.start();
  const env = { ...CLEAN_ENV, HOME: place, DOCKER_HOST: engine.host };
  image(env);
  mkdirSync(join(place, 'work'));
  const contestants = [exported(env), first(env), run('image, later use', OF_IMAGE, env), run('root host', '', env)];
  const samples = alternate(contestants, 4); // a gigabyte, twice a round
  const middle = (name: string): number => median(samples[name] ?? []);
  report('images', {
    title: 'An image of 1 GB and 30,000 files as the jail’s root',
    about: 'From the start of the command to its end; what agent-jail does is a whole run of `true` each time, with its record.',
    unit: 'ms',
    samples,
    reference: 'docker export | tar x',
    notes: {
      'docker export | tar x': '`docker create`, `docker export`, GNU tar into a directory, `docker rm`',
      'image, first use': '`agent-jail run -- true`, the image not used before',
      'image, later use': 'the same again',
      'root host': '`agent-jail run -- true` without an image',
    },
    bars: [
      {
        says: 'the first use takes at most 1.3 of `docker export | tar x`',
        ratio: middle('image, first use') / middle('docker export | tar x'),
        most: 1.3,
      },
      {
        says: 'a later use takes at most 0.1 s more than the root `host`; in seconds',
        ratio: (middle('image, later use') - middle('root host')) / 1000,
        most: 0.1,
      },
    ],
  });
} finally {
  for (const name of kept()) if (!before.includes(name)) rmSync(join(ROOTS, name), { recursive: true });
  rmSync(place, { recursive: true, force: true });
}

function kept(): string[] {
  return existsSync(ROOTS) ? readdirSync(ROOTS).filter((name) => name.startsWith('image-')) : [];
}

function image(env: Record<string, string>): void {
  const tree = join(place, 'tree');
  for (let directory = 0; directory < DIRECTORIES; directory += 1) {
    const at = join(tree, `usr/lib/package${directory % 30}/module${directory}`);
    mkdirSync(at, { recursive: true });
    for (let file = 0; file < FILES; file += 1)
      writeFileSync(join(at, `file${file}`), Buffer.alloc(SIZES[(file + directory) % SIZES.length] ?? 0, `${directory} ${file} `));
  }
  for (const name of ['bin', 'etc', 'tmp']) mkdirSync(join(tree, name));
  for (const name of ['sh', 'true']) copyFileSync('/bin/busybox', join(tree, 'bin', name));
  execFileSync('tar', ['-cf', join(place, 'tree.tar'), '-C', tree, '.'], { env });
  rmSync(tree, { recursive: true });
  execFileSync('docker', ['import', join(place, 'tree.tar'), NAME], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(join(place, 'tree.tar'));
}

function exported(env: Record<string, string>): Contestant {
  const script = 'docker create --name bench "$1" /bin/sh && mkdir out && docker export bench | tar x -C out && docker rm bench';
  const gone = (): void => rmSync(join(place, 'out'), { recursive: true, force: true });
  return { name: 'docker export | tar x', argv: ['sh', '-ec', script, 'sh', NAME], cwd: place, env, code: 0, before: gone, after: gone };
}

function run(name: string, root: string, env: Record<string, string>): Contestant {
  const file = join(place, `${name}.yml`);
  writeFileSync(file, `workspace: none\nlimits: { disk: 256MiB, memory: 512MiB, time: 1m }\n${root}`);
  const argv = [process.execPath, join(ROOT, 'dist/cli.js'), 'run', '--policy', file, '--', 'true'] as const;
  return { name, argv, cwd: join(place, 'work'), env, code: 0 };
}
function first(env: Record<string, string>): Contestant {
  const forget = (): void => {
    for (const name of kept()) if (!before.includes(name)) rmSync(join(ROOTS, name), { recursive: true });
  };
  return { ...run('image, first use', OF_IMAGE, env), before: forget };
}

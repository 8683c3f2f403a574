import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imported, testEngine } from '../support/engine-image.ts';
import { cli, jailed, NODE, type Ran } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { Registry } from '../support/registry.ts';
import { keptRoots, refusal, RootGround, ROOTS } from '../support/root.ts';
import { tar } from '../support/tar.ts';

const NAME = 'agent-jail-test:roots';
const ground = new RootGround();
let image: AsyncDisposable;
beforeAll(async () => {
  image = await imported(NAME, readFileSync(ground.archive), [
    'ENV A=of-the-image',
    'ENV B=of-the-image',
    'ENV HOME=/nowhere',
    'ENV LANG=de_DE.UTF-8',
    'ENV PATH=/own/bin:/bin',
    'WORKDIR /srv',
  ]);
});
afterAll(async () => {
  await image[Symbol.asyncDispose]();
  ground[Symbol.dispose]();
});
const small = (more: string): string => `limits: { disk: 64MiB, memory: 256MiB, time: 20s }\n${more}\n`;
/** The directory that is kept of what a run was on. */
const keptOf = (ran: Ran): string => join(ROOTS, `${ran.run.root.kind}-${ran.run.root.sha256}`);
const made = (ran: Ran): number => statSync(join(keptOf(ran), 'root.json')).mtimeMs;

describe('an image', () => {
  const SHOW = 'cat /etc/release; pwd; echo "$A $B $HOME $LANG $PATH"; test -e /.dockerenv || echo no container';
  const SAID = (cwd: string, rest: string): string => `a root of its own\n${cwd}\n${rest}\nno container\n`;

  test('is the jail’s root: what it says of its environment holds where the policy is silent', async () => {
    const silent = await ground.safely(`image: "${NAME}"`, SHOW);
    expect(silent.transcript, silent.stderr).toBe(SAID(ground.work, 'of-the-image of-the-image /home/agent de_DE.UTF-8 /own/bin:/bin'));
    expect(silent.run.root).toEqual({ kind: 'image', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(silent.ndjson('changes.ndjson')).toEqual([]);
    const env = 'env: { B: of the policy, LANG: C.UTF-8, PATH: /bin }\nworkspace: none';
    const policy = small(`jail: { root: { image: "${NAME}" } }\n${env}`);
    const spoken = await jailed(ground.path, SHOW, { policy });
    expect(spoken.transcript, spoken.stderr).toBe(SAID('/srv', 'of-the-image of the policy /home/agent C.UTF-8 /bin'));
    expect(made(spoken)).toBe(made(silent));
  });

  test('by id; and by one that nobody has', async () => {
    const engine = await testEngine();
    const { Id } = (await engine.ask('GET', `/images/${NAME}/json`)).body as { Id: string };
    const ran = await ground.safely(`image: "${Id}"`, 'cat /etc/release');
    expect(ran.transcript, ran.stderr).toBe('a root of its own\n');
    expect(refusal(await ground.safely(`image: "sha256:${'0'.repeat(64)}"`, 'echo ran'))).toBe(
      `the image sha256:${'0'.repeat(64)} is not there: the engine has none of this id`,
    );
  });

  test('is pulled where it is not there, by tag and by digest; what is not to be had is named', async () => {
    await using registry = await Registry.start();
    const engine = await testEngine();
    const digest = registry.publish('own/image', 'one', [readFileSync(ground.archive)], { Env: ['A=pulled'] });
    const names = [`${registry.host}/own/image:one`, `${registry.host}/own/image@${digest}`];
    const absent = `${registry.host}/own/image@sha256:${'a'.repeat(64)}`;
    try {
      const ran = await jailed(ground.path, 'echo $A', { policy: small(`jail: { root: { image: "${names[1]}" } }`) });
      expect(ran.transcript, ran.stderr).toBe('pulled\n');
      const again = await jailed(ground.path, 'echo $A', { policy: small(`jail: { root: { image: "${names[0]}" } }`) });
      expect(again.transcript, again.stderr).toBe('pulled\n');
      expect([keptOf(again), made(again)]).toEqual([keptOf(ran), made(ran)]);
      for (const [name, why] of [
        [`${registry.host}/own/image:two`, /manifest unknown|not found/],
        [absent, /manifest unknown|not found/],
        ['127.0.0.1:1/none', /refused/],
      ] as const) {
        const refused = await ground.safely(`image: "${name}"`, 'echo ran');
        expect(refusal(refused)).toMatch(new RegExp(`^the image ${name} could not be pulled: .*(${why.source})`));
        expect(refused.stderr).toContain('`docker login` and `docker pull` in an earlier step');
      }
    } finally {
      for (const name of names) await engine.ask('DELETE', `/images/${name}?force=1`);
    }
  });

  test('of another machine, without a shell, of no engine: nothing is started, nothing kept', async () => {
    await using registry = await Registry.start();
    const engine = await testEngine();
    const layer = readFileSync(ground.archive);
    const other = process.arch === 'arm64' ? 'amd64' : 'arm64';
    registry.publish('own/other', 'one', [layer], {}, { architecture: other });
    registry.publish('own/bare', 'one', [tar([{ name: 'bin/true', content: 'x', mode: 0o755 }])]);
    const before = keptRoots();
    const names = [`${registry.host}/own/other:one`, `${registry.host}/own/bare:one`];
    const refused = async (name: string, env = {}) => {
      const { code, transcript, verdict } = await jailed(ground.path, 'echo ran', {
        policy: small(`jail: { root: { image: "${name}" } }`),
        env,
      });
      return [code, transcript, verdict.because];
    };
    try {
      const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
      expect(await refused(names[0] ?? '')).toEqual([70, '', `the image ${names[0]} is for linux/${other}, this machine is linux/${own}`]);
      expect(await refused(names[1] ?? '')).toEqual([
        70,
        '',
        `the image ${names[1]} holds no root file system: there is no \`/bin/sh\` in it`,
      ]);
      expect(await refused(NAME, { DOCKER_HOST: 'unix:///nonexistent.sock' })).toEqual([
        70,
        '',
        `the image ${NAME} is not to be had: there is no Docker engine: /nonexistent.sock is not there`,
      ]);
      expect(await refused(NAME, { DOCKER_HOST: 'tcp://127.0.0.1:1' })).toEqual([
        70,
        '',
        expect.stringContaining('has to be on this machine'),
      ]);
      expect(keptRoots()).toEqual(before);
    } finally {
      for (const name of names) await engine.ask('DELETE', `/images/${name}?force=1`);
    }
  });
});

describe('what is kept', () => {
  const on = async (script = 'cat /etc/release'): Promise<Ran> =>
    jailed(ground.path, script, { policy: small(`jail: { root: { image: "${NAME}" } }`) });
  const DAMAGE = /^the directory kept of the image \S+ is not as it was made: it is made anew$/;

  test.each<[string, (tree: string) => void]>([
    ['a file that is gone', (tree) => rmSync(join(tree, 'etc/release'))],
    ['one that is cut off', (tree) => truncateSync(join(tree, 'etc/release'), 3)],
    [
      'one of other content, size and time',
      (tree) => {
        const file = join(tree, 'etc/release');
        const { atime, mtime } = statSync(file);
        writeFileSync(file, 'A ROOT OF ITS OWN\n');
        utimesSync(file, atime, mtime);
      },
    ],
    ['another mode', (tree) => chmodSync(join(tree, 'etc/release'), 0o600)],
    ['one more file', (tree) => writeFileSync(join(tree, 'srv/more'), '')],
    [
      'another file in its place',
      (tree) => {
        writeFileSync(join(tree, '../other'), 'a root of mine!!!\n');
        renameSync(join(tree, '../other'), join(tree, 'etc/release'));
      },
    ],
    ['no word of what it was', (tree) => rmSync(join(tree, '../root.json'))],
    ['a broken word of what it was', (tree) => appendFileSync(join(tree, '../root.json'), '}')],
    ['no tree', (tree) => rmSync(tree, { recursive: true })],
    ['no lock', (tree) => rmSync(join(tree, '../lock'))],
  ])('is made anew where there is %s', async (_, damage) => {
    const whole = await on();
    expect(whole.run.notices).toEqual([]);
    damage(join(keptOf(whole), 'tree'));
    const machine = snapshot();
    const ran = await on();
    expect(ran.transcript, ran.stderr).toBe('a root of its own\n');
    expect(ran.run.notices).toEqual([expect.stringMatching(DAMAGE)]);
    expect(await settled(machine)).toEqual([]);
  });

  test('is made once for twenty runs at a time', async () => {
    const kept = keptOf(await on());
    rmSync(kept, { recursive: true });
    const machine = snapshot();
    const runs = await Promise.all(Array.from({ length: 20 }, async () => on()));
    expect(runs.map(({ transcript, stderr }) => transcript || stderr)).toEqual(runs.map(() => 'a root of its own\n'));
    expect(new Set(runs.map(({ run }) => run.root.sha256)).size).toBe(1);
    expect(runs.flatMap(({ run }) => run.notices)).toEqual([]);
    expect(await settled(machine)).toEqual([]);
  });

  test('what a killed run left half made goes with the next run, and with `doctor --clean`', async () => {
    const kept = keptOf(await on());
    const part = `${kept}.00000000.part`;
    mkdirSync(join(part, 'tree'), { recursive: true });
    const clean = await cli(['doctor', '--clean'], { cwd: ground.work });
    expect(clean.stdout).toContain(`removed ${part}\n`);
    mkdirSync(join(part, 'tree'), { recursive: true });
    rmSync(kept, { recursive: true });
    await on();
    expect(keptRoots().filter((name) => name.includes('.'))).toEqual([]);
  });
});

test('a disk that is full of roots: the one not used for longest goes, one that is used stays, one that does not fit is named', async () => {
  const policy = (root: string): string => {
    const file = join(ground.path, `${Math.random().toString(36).slice(2)}.yml`);
    writeFileSync(file, small(`jail: { root: { ${root} } }`));
    return file;
  };
  const archives = ['one', 'two', 'three'].map((name) => {
    writeFileSync(join(ground.root, 'srv/fill'), name.padEnd(24 << 20, name));
    const file = join(ground.path, `${name}.tar`);
    ground.pack(file);
    return file;
  });
  writeFileSync(join(ground.root, 'srv/fill'), 'x'.repeat(90 << 20));
  const large = join(ground.path, 'large.tar.gz');
  ground.pack(large, '--gzip');
  rmSync(join(ground.root, 'srv/fill'));
  // Of 320 MiB, a quarter may be kept: two of the three.
  const [one, two, three] = archives.map((file) => policy(`archive: ${file}`));
  const run = (file: string | undefined, script: string): string =>
    `${NODE} ${join(import.meta.dirname, '../../dist/cli.js')} run --policy ${file} -- ${script}`;
  const script = `exec 3>/dev/null; mkdir -p ${ROOTS}; mount -t tmpfs -o size=320m t ${ROOTS}
    kept() { ls ${ROOTS} | grep -c ^archive-; }
    ${run(one, 'id')} >&3 2>&3; first=$(ls -d ${ROOTS}/archive-*); kept
    ${run(two, 'id')} >&3 2>&3; kept
    ${run(three, 'id')} >&3 2>&3; kept; ls -d $first
    ${run(two, "sh -c 'echo held; n=0; while [ $n -lt 3000000 ]; do n=$((n+1)); done'")} > ${ground.path}/held 2>&1 & until grep -q held ${ground.path}/held; do sleep 0.1; done
    ${run(one, 'id')} >&3 2>&3; kept
    ${run(policy(`archive: ${large}`), 'echo ran')} 2>&1; ls -d ${ROOTS}/*.part; wait`;
  const said = execFileSync('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
    cwd: ground.work,
    encoding: 'utf8',
    timeout: 100_000,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  });
  expect(said).toMatch(
    /^1\n2\n2\n2\nagent-jail: jail-error: the root archive \S+large\.tar\.gz does not fit: unpacked it is larger than the \d+ bytes/,
  );
  expect(said).not.toContain('ran\n');
  expect(readFileSync(join(ground.path, 'held'), 'utf8')).toMatch(/held\nagent-jail: succeeded/);
});

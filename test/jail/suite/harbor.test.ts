import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testEngine } from '../../support/engine-image.ts';
import { ENGINE, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { files, suite } from '../../support/suite.ts';

// A task directory as Harbor's users have it, its image built for real, of nothing but what lies beside the Dockerfile.

const TASK = {
  'task/task.toml': `version = "1.0"
[metadata]
difficulty = "easy"
tags = ["greeting"]
[agent]
timeout_sec = 60.0
[verifier]
timeout_sec = 30.0
env = { WANTED = "hello" }
[environment]
build_timeout_sec = 120.0
cpus = 1
memory = "256M"
`,
  'task/instruction.md': 'Write hello to /app/out.txt.\n',
  'task/environment/Dockerfile': 'FROM scratch\nADD rootfs.tar /\nENV PATH=/usr/bin:/bin GREETED=1\nWORKDIR /app\n',
  'task/tests/test.sh': `#!/bin/bash
cp /tests/expected /tmp/expected
read -r said < /app/out.txt
if [ "$said" = "$WANTED" ] && [ "$GREETED" = 1 ]; then echo 1 > /logs/verifier/reward.txt; else echo 0 > /logs/verifier/reward.txt; fi
`,
  'task/tests/expected': 'hello\n',
  'task/solution/solve.sh': '#!/bin/bash\necho hello > /app/out.txt\n',
};

/** bash and a few programs of this machine, with what they are linked against. */
function rootfs(at: string): void {
  const put = (path: string): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    copyFileSync(path, join(at, path));
  };
  const programs = ['bash', 'cat', 'cp', 'rm', 'mkdir', 'ln', 'ls', 'id', 'env'].map((name) => `/usr/bin/${name}`);
  const libraries = programs.flatMap((path) =>
    [...execFileSync('ldd', [path], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g)].map(([, library = '']) => library),
  );
  for (const path of new Set([...programs, ...libraries])) put(path);
  symlinkSync('bash', join(at, 'usr/bin/sh'));
  symlinkSync('usr/bin', join(at, 'bin'));
  for (const directory of ['app', 'etc', 'tmp', 'proc', 'sys', 'dev', 'run', 'var', 'root'])
    mkdirSync(join(at, directory), { recursive: true });
}

const place = temporary();
beforeAll(() => {
  files(place.path, { ...TASK, 'suite.yml': SUITE });
  rootfs(join(place.path, 'root'));
  execFileSync('tar', ['-cf', join(place.path, 'task/environment/rootfs.tar'), '-C', join(place.path, 'root'), '.']);
});
const built = new Set<string>();
afterAll(async () => {
  const engine = await testEngine();
  for (const id of built) await engine.ask('DELETE', `/images/${id}?force=1`);
  place[Symbol.dispose]();
});
const SUITE = `policy: { limits: { disk: 256MiB } }
agents:
  right: { run: 'echo hello > /app/out.txt' }
  cheats: { run: 'mkdir -p /logs/verifier && echo 1 > /logs/verifier/reward.txt; mkdir /tests && echo "echo 1 > /logs/verifier/reward.txt" > /tests/test.sh' }
  leads: { run: 'mkdir -p /tmp/x/verifier && ln -s /tmp/x /logs' }
  links: { run: 'mkdir -p /tmp/x/tools && ln -s /tmp/x /data' }
  moves: { run: 'mkdir /tmp/bin && cp -a /usr/bin/. /tmp/bin/ && rm /bin && ln -s /tmp/bin /bin' }
  replaces: { run: 'printf "#!/bin/bash\\nexit 0\\n" > /tmp/bash && cat /tmp/bash > /usr/bin/cat' }
tasks:
  - harbor: task
`;

describe.each(['nspawn', 'docker'])('%s: a task of Harbor', (backend) => {
  const run = async (agent: string, ...args: string[]) => {
    const out = join(place.path, `${backend}-${agent}`);
    return suite(['run', 'suite.yml', '--agent', agent, '--backend', backend, '--build', ...args], out, { cwd: place.path, env: ENGINE });
  };

  test('is built, solved, and judged in the root that the agent left', async () => {
    const before = snapshot();
    const oracle = await run('oracle');
    const trial = oracle.of('task');
    built.add(`sha256:${trial.root}`);
    expect([trial.outcome, trial.reward, trial.because, oracle.code]).toEqual(['pass', 1, 'reward 1', 0]);
    expect(trial.root).toMatch(/^[0-9a-f]{64}$/);
    expect(oracle.header.expected).toMatchObject([{ task: 'task', tags: ['greeting'] }]);
    const policy = JSON.parse(readFileSync(join(place.path, `${backend}-oracle`, trial.record ?? '', 'agent/run.json'), 'utf8')) as {
      policy: { agent: { limits: object; network: { allow: unknown[] } } };
    };
    expect(policy.policy.agent).toMatchObject({ limits: { time: 60_000, memory: 256 * 2 ** 20, cpus: 1 }, network: { allow: [] } });
    expect((await run('right')).of('task')).toMatchObject({ outcome: 'pass', reward: 1 });
    expect((await run('null')).of('task')).toMatchObject({ outcome: 'fail', reward: 0 });
    // What an engine builds it keeps, so that the next build is quick.
    expect((await settled(before)).filter((line) => !line.startsWith('images + '))).toEqual([]);
  });

  test('is not to be had by putting files where the verifier has its own, or by another program', async () => {
    const cheats = (await run('cheats')).of('task');
    // A container's own `/` is not the agent's, so there it cannot even try.
    const told =
      backend === 'docker'
        ? ['fail', expect.stringContaining('reward 0')]
        : ['tampered', expect.stringMatching(/^the agent put \/(logs|tests)/)];
    expect([cheats.outcome, cheats.because]).toEqual(told);
    // A link where something is mounted leads to the machine, were it followed.
    const leads = (await run('leads')).of('task');
    expect([leads.outcome, leads.verifier]).toEqual([
      backend === 'docker' ? 'fail' : 'tampered',
      backend === 'docker' ? expect.anything() : null,
    ]);
    const moves = (await run('moves')).of('task');
    expect([moves.outcome, moves.verifier !== null]).toEqual([backend === 'docker' ? 'fail' : 'tampered', backend === 'docker']);
    const replaces = (await run('replaces')).of('task');
    expect([replaces.outcome, replaces.because]).toEqual([
      'tampered',
      'the agent changed /usr/bin/cat, which is a program that the verifier may run',
    ]);
  });
});

test('a link that an agent left is not followed where a later judge has a mount', async () => {
  const out = join(place.path, 'links');
  const ran = await suite(['run', 'suite.yml', '--agent', 'links', '--backend', 'nspawn', '--build'], out, {
    cwd: place.path,
    env: ENGINE,
  });
  expect(ran.of('task')).toMatchObject({ outcome: 'fail', reward: 0 });
  files(place.path, {
    'later.yml': SUITE.replace('limits:', `mounts: [{ source: ${join(place.path, 'task')}, target: /data/tools }], limits:`),
  });
  const again = await suite(['regrade', 'links', '--suite', 'later.yml', '--build'], join(place.path, 'again'), {
    cwd: place.path,
    env: ENGINE,
  });
  expect(again.of('task')).toMatchObject({
    outcome: 'infra',
    what: 'verifier',
    because: expect.stringContaining('left data in the way of /data/tools'),
  });
});

test('whose image has to be built, and is not to be, is refused before anything runs', async () => {
  const out = join(place.path, 'refused');
  const refused = await suite(['run', 'suite.yml', '--agent', 'oracle'], out, { cwd: place.path, env: ENGINE }).catch((error: unknown) =>
    String(error),
  );
  expect(refused).toMatch(/images have to be built, outside of any jail, for: task/);
});

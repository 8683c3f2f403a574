import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helperContainer, removeForgotten } from '../../src/remote/helper.ts';
import { Engine } from '../../src/system/engine.ts';
import { LABEL } from '../support/engine-setup.ts';
import { certificates, changesIn, farEngine, freePort, intricate, leftAt } from '../support/elsewhere.ts';
import type { OwnEngine } from '../support/engine.ts';
import { smallRoot } from './conformance/bench.ts';
import { CLI, cli, ENGINE, jailed, NODE, type Options, type Ran, record, temporary } from '../support/jail.ts';

const place = temporary();
let far: { engine: OwnEngine; host: string };
beforeAll(async () => {
  intricate(place.path);
  far = await farEngine();
});
afterAll(async () => {
  await far.engine[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

const POLICY = 'jail: { backend: docker }\nlimits: { disk: 64MiB, memory: 512MiB, time: 1m }\n';
const at = (host: string, script: string, options: Options = {}): Promise<Ran> =>
  jailed(place.path, script, { policy: POLICY, ...options, env: { ...options.env, DOCKER_HOST: host } });
const here = ENGINE['DOCKER_HOST'] ?? '';

const EDITS = `set -e
ls -lan --time-style=+ . deep deep/er; cat theirs; git --no-optional-locks status --short; stat -c '%n %Y %h' bytes first
echo more >> a.txt; rm 'no newline'; mv crlf.txt deep/crlf.txt; chmod 755 private; ln -sf b.txt link
mkdir -p new/er; printf 'a\\r\\nb' > new/er/file; printf '\\000\\377' > new/er/bytes; rm -r deep/er; echo t2 >> second
mkfifo new/fifo; cp 'ü — "q".txt' "new/ä b"; rmdir empty; echo secret > build-me; mkdir build; echo x > build/out
echo home > ~/left; echo '{"answer": 42}' > "$AGENT_JAIL_RESULT"`;

describe('a run at an engine that is spoken to over TCP', () => {
  test('prints the same and leaves the same changes, to the byte, as one at an engine of this machine', async () => {
    const [near, elsewhere] = [await at(here, EDITS), await at(far.host, EDITS)];
    // The fifo breaks a guard.
    expect([near.code, elsewhere.code, elsewhere.verdict.because]).toEqual([3, 3, near.verdict.because]);
    expect(elsewhere.transcript).toBe(near.transcript);
    const [mine, theirs] = [changesIn(near), changesIn(elsewhere)];
    expect(theirs.lines).toEqual(mine.lines);
    expect(theirs.patch).toBe(mine.patch);
    expect(theirs.archive).toEqual(mine.archive);
    expect([mine.patch.length > 500, mine.archive.length > 20]).toEqual([true, true]);
    expect(elsewhere.run.backend).toMatchObject({
      name: 'nspawn',
      why: `docker, but the engine is at ${far.host}: nspawn in a helper container there`,
    });
    expect(elsewhere.run.notices.join()).toContain('the workspace was copied there');
    await until(async () => (await leftAt(far.host)).length === 0);
  });

  test('has mounts, hidden files, set-up, secrets and a network that is closed, as any other', async () => {
    const data = join(place.path, 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'd'), 'data\n');
    const policy = `jail: { backend: docker }
workspace: { access: copy-on-write, hide: [private] }
mounts: [{ source: ${data}, target: /data, access: copy-on-write }]
secrets: { TOKEN: expose }
limits: { disk: 64MiB, memory: 512MiB, time: 1m }
`;
    const script =
      'cat prepared /data/d; echo y > /data/new; ls private; echo "$TOKEN"; perl -MSocket -e \'socket(S,2,1,0); connect(S, sockaddr_in(80, inet_aton("198.51.100.7"))); print S "GET / HTTP/1.0\\r\\nHost: example.com\\r\\n\\r\\n"; S->flush; print <S>\'';
    const env = { TOKEN: 'correct-horse-battery' };
    const options = { policy, setup: 'echo prepared > prepared', env };
    const [near, elsewhere] = [await at(here, script, options), await at(far.host, script, options)];
    expect([near.code, elsewhere.code]).toEqual([0, 0]);
    expect(near.transcript).toContain('prepared\ndata\n');
    expect(near.transcript).not.toContain(env.TOKEN);
    expect(elsewhere.transcript).toBe(near.transcript);
    expect(changesIn(elsewhere)).toEqual(changesIn(near));
    expect(elsewhere.run.steps.length).toBe(2);
    const asked = (ran: Ran): unknown[] =>
      ran.ndjson('network.ndjson').map(({ kind, address, port, verdict, reason }) => [kind, address, port, verdict, reason]);
    expect(asked(near).length).toBeGreaterThan(0);
    expect(asked(elsewhere)).toEqual(asked(near));
  });

  test('has a root that is an archive of this machine', async () => {
    const archive = join(place.path, 'root.tar');
    execFileSync('tar', ['--create', '--file', archive, '--directory', smallRoot(place.path), '.']);
    const policy = `jail: { backend: docker, root: { archive: ${archive} } }\nlimits: { disk: 64MiB, memory: 512MiB }\n`;
    const script = 'cat /etc/small-root; ls /usr; echo x > new';
    const [near, elsewhere] = [await at(here, script, { policy }), await at(far.host, script, { policy })];
    expect([near.code, elsewhere.code, near.transcript]).toEqual([0, 0, 'a small root\nbin\n']);
    expect(elsewhere.transcript).toBe(near.transcript);
    expect(changesIn(elsewhere)).toEqual(changesIn(near));
    expect([elsewhere.run.root, elsewhere.run.policy]).toEqual([near.run.root, near.run.policy]);
  });

  test('has a root that is an image of that engine, with its variables and its directory', async () => {
    const files = execFileSync('tar', ['--create', '--directory', smallRoot(place.path), '.'], { maxBuffer: 64 << 20 });
    const said = encodeURIComponent('ENV WHO=image');
    const directory = encodeURIComponent('WORKDIR /usr');
    for (const host of [here, far.host]) {
      const engine = await Engine.connect(host);
      const query = `fromSrc=-&repo=agent-jail-test-far&changes=${said}&changes=${directory}&changes=${encodeURIComponent(`LABEL ${LABEL}=1`)}`;
      expect((await engine.ask('POST', `/images/create?${query}`, { body: Readable.from([files]) })).status).toBe(200);
    }
    const policy = 'jail: { backend: docker, root: { image: agent-jail-test-far } }\nlimits: { disk: 64MiB, memory: 512MiB }\n';
    const script = 'cat /etc/small-root; echo "$WHO"; ls -a /; ls /dev; echo x > a.txt';
    const [near, elsewhere] = [await at(here, script, { policy }), await at(far.host, script, { policy })];
    expect([near.code, elsewhere.code, near.transcript.startsWith('a small root\nimage\n')]).toEqual([0, 0, true]);
    // /dev, /.dockerenv and others are the backend's.
    const own = (text: string): string[] =>
      text.split('\n').filter((line) => !['.dockerenv', 'char', 'net', 'ptmx', 'console'].includes(line));
    expect(own(elsewhere.transcript)).toEqual(own(near.transcript));
    expect(changesIn(elsewhere)).toEqual(changesIn(near));
    expect(elsewhere.run.root).toMatchObject({ kind: 'image', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const missing = await at(far.host, 'echo never', { policy: policy.replace('agent-jail-test-far', `sha256:${'0'.repeat(64)}`) });
    expect([missing.code, missing.transcript]).toEqual([70, '']);
    expect(missing.stderr).toContain('the engine has none of this id');
    await until(async () => (await leftAt(far.host)).length === 0);
  });

  test('that is cancelled leaves a whole record, and nothing at the engine', async () => {
    const { child, out, ended, up } = running('echo up; sleep 300');
    await up;
    child.kill('SIGTERM');
    expect(await ended).toBe(130);
    const left = record(out);
    expect([left.verdict.outcome, left.transcript]).toEqual(['cancelled', 'up\n']);
    expect(left.manifest).not.toBeNull();
    await until(async () => (await leftAt(far.host)).length === 0);
  });

  test('whose client is killed ends, and leaves nothing at the engine', async () => {
    const { child, ended, up } = running('echo up; sleep 300');
    await up;
    expect(await leftAt(far.host)).not.toEqual([]);
    child.kill('SIGKILL');
    await ended;
    await until(async () => (await leftAt(far.host)).length === 0);
  });

  test('whose client was killed between its making and its start is removed by doctor --clean, and no other', async () => {
    const { child, ended, up } = running('echo up; sleep 300');
    await up;
    const live = await leftAt(far.host);
    const engine = await Engine.connect(far.host);
    const [image] = (await engine.ask('GET', '/images/json')).body as { RepoTags: string[] }[];
    const body = helperContainer('01JD000000000000000000ABCD', image?.RepoTags[0] ?? '', ['/w'], 'docker');
    expect((await engine.ask('POST', '/containers/create?name=forgotten', { body })).status).toBe(201);
    const clean = () => cli(['doctor', '--clean'], { cwd: place.path, env: { DOCKER_HOST: far.host } });
    expect((await clean()).stdout).not.toContain('the helper of'); // somebody may be about to start it
    expect(await removeForgotten(engine, Date.now() + 31_000)).toEqual([`the helper of 01JD000000000000000000ABCD at ${engine.where}`]);
    expect(await leftAt(far.host)).toEqual(live);
    child.kill('SIGKILL');
    await ended;
    await until(async () => (await leftAt(far.host)).length === 0);
    expect((await clean()).code).toBe(0);
  });

  /** A run that goes on until it is ended. */
  function running(script: string) {
    const out = mkdtempSync(join(place.path, 'record-'));
    const policy = join(place.path, 'running.yml');
    writeFileSync(policy, POLICY);
    const child = spawn(NODE, [CLI, 'run', '--policy', policy, '--out', out, '--', 'sh', '-c', script], {
      cwd: join(place.path, 'work'),
      env: { PATH: process.env['PATH'] ?? '', HOME: '/root', DOCKER_HOST: far.host },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const up = new Promise<void>((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')).includes('up\n') && resolve());
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, out, ended, up };
  }
});

async function until(is: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; !(await is()); await sleep(100)) if (Date.now() > end) throw new Error('it never came');
}

describe('over TLS', () => {
  let secure: { engine: OwnEngine; host: string };
  const certs = (name: string): string => join(place.path, name);
  beforeAll(async () => {
    certificates(certs('right'));
    certificates(certs('wrong'));
    const file = (name: string): string => join(certs('right'), name);
    mkdirSync(certs('nobody'));
    copyFileSync(file('ca.pem'), join(certs('nobody'), 'ca.pem'));
    const tls = ['--tlsverify', '--tlscacert', file('ca.pem'), '--tlscert', file('server-cert.pem'), '--tlskey', file('server-key.pem')];
    secure = await farEngine(tls);
  });
  afterAll(async () => secure.engine[Symbol.asyncDispose]());
  const host = (): string => secure.host.replace('127.0.0.1', 'localhost');

  test('a run goes to an engine that is certified', async () => {
    const ran = await at(host(), 'echo over TLS >> a.txt; cat a.txt', {
      env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs('right') },
    });
    expect([ran.code, ran.stderr, ran.transcript.endsWith('over TLS\n')]).toEqual([
      0,
      expect.stringContaining('agent-jail: succeeded'),
      true,
    ]);
    expect(changesIn(ran).patch).toContain('+over TLS');
  });

  test('one that does not know us says so', async () => {
    const ran = await at(host(), 'echo never', { env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs('nobody') } });
    expect([ran.code, ran.transcript]).toEqual([70, '']);
    expect(ran.stderr).toMatch(/does not know us: .*\. Give a certificate that it takes/);
  });

  test('one that is certified by somebody else is named, and nothing is sent there', async () => {
    const ran = await at(host(), 'echo never', { env: { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs('wrong') } });
    expect(ran.code).toBe(70);
    expect(ran.stderr).toMatch(/is not who it should be: .*\. Give the authority that certified it as `ca\.pem`/);
    expect(existsSync(join(ran.out, 'run.json'))).toBe(false);
  });
});

test('a step in a job’s container uses the engine that it reaches, whose mounts are others, also with auto', async () => {
  const policy = 'limits: { disk: 64MiB, memory: 512MiB }\n';
  const ran = await at(here, 'echo more >> a.txt; tail -n 1 a.txt', { policy, env: { GITHUB_WORKSPACE: '/__w/r/r' } });
  expect([ran.code, ran.transcript]).toEqual([0, 'more\n']);
  expect(ran.run.backend.why).toContain('this job runs in a container, and the engine is not: nspawn in a helper container');
});

test('doctor says of such an engine what a run there is', async () => {
  const said = await cli(['doctor', '--json'], { cwd: place.path, env: { DOCKER_HOST: far.host } });
  const { backends } = JSON.parse(said.stdout) as { backends: { name: string; usable: boolean; what: string }[] };
  const docker = backends.find(({ name }) => name === 'docker');
  expect(docker).toMatchObject({
    usable: true,
    what: expect.stringMatching(/^Docker \S+ at tcp:.*a run is made by a helper container there$/),
  });
});

describe('nothing is started', () => {
  test.each([
    ['services', 'network: { services: { db: 5432 } }\n', /network\.services are of this machine's loopback/],
    ['a runtime', 'jail: { backend: docker, docker: { runtime: runc } }\n', /jail\.docker\.runtime is for an engine of this machine/],
  ])('for what an engine elsewhere cannot have: %s', async (_, policy, why) => {
    const ran = await at(far.host, 'echo never', { policy, args: ['--backend', 'docker'] });
    expect([ran.code, ran.transcript]).toEqual([70, '']);
    expect(ran.stderr).toMatch(why);
    expect(ran.verdict.outcome).toBe('jail-error');
    await until(async () => (await leftAt(far.host)).length === 0);
  });

  test.each([
    [{ DOCKER_HOST: 'tcp://192.0.2.1:2375' }, /without TLS that is verified.*Set DOCKER_TLS_VERIFY=1/],
    [{ DOCKER_HOST: '', DOCKER_CONTEXT: 'gone' }, /the context "gone" does not exist.*See `docker context ls`/],
    [{ DOCKER_HOST: 'ssh://me@far' }, /SSH is not spoken here.*ssh -NL/],
  ])('where the engine is not to be trusted, or not to be found: %o', async (env, why) => {
    const ran = await jailed(place.path, 'echo never', { policy: POLICY, env });
    expect([ran.code, ran.transcript]).toEqual([70, '']);
    expect(ran.stderr).toMatch(why);
  });

  test('auto sends no workspace anywhere that was not asked for', async () => {
    const ran = await at(far.host, 'echo here', { policy: 'limits: { disk: 64MiB, memory: 512MiB }\n' });
    expect([ran.code, ran.run.backend.name, ran.run.notices.join()]).toEqual([0, 'nspawn', '']);
    expect(ran.run.backend.why).not.toContain('helper');
  });

  const info = { OSType: 'linux', Architecture: process.arch === 'arm64' ? 'aarch64' : 'x86_64', SecurityOptions: [] };
  test.each([
    ['an engine of Windows containers', { ...info, OSType: 'windows' }, /runs windows containers, and a jail needs Linux/],
    ['one of another processor', { ...info, Architecture: 'riscv64' }, /is a machine of riscv64/],
    ['a rootless one', { ...info, SecurityOptions: ['name=rootless'] }, /is rootless, and a helper needs to mount/],
    ['one that allows no such container', info, /does not make the helper container: authorization denied.*allow privileged containers/],
  ])('at %s', async (_, told, why) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url?.replace(/^\/v[\d.]+/, '').replace(/[?].*/, '')}`);
      response.setHeader('Api-Version', '1.41');
      response.setHeader('Server', 'Docker/20.10.24 (linux)');
      if (request.url?.includes('/containers/create')) response.statusCode = 403;
      response.end(JSON.stringify(request.url?.endsWith('/info') ? told : { message: 'authorization denied by plugin' }));
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const ran = await at(`tcp://127.0.0.1:${port}`, 'echo never');
    server.close();
    expect([ran.code, ran.transcript]).toEqual([70, '']);
    expect(ran.stderr).toMatch(why);
    expect(asked.filter((one) => /start|attach/.test(one))).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../../src/system/platform.ts';
import { Runner } from '../action/support/runner.ts';
import { giveBases } from '../support/debian-base.ts';
import { changesIn, farEngine, freePort, intricate, leftAt } from '../support/elsewhere.ts';
import type { OwnEngine } from '../support/engine.ts';
import { type Asked, mac, runFrom, takenFor, windows } from '../support/foreign.ts';
import { cli, ENGINE, git, jailed, record, REPOSITORY, temporary } from '../support/jail.ts';

const place = temporary();
let far: { engine: OwnEngine; host: string };
beforeAll(async () => {
  intricate(place.path);
  // It has no images, and reaches no registry: whatever it would send goes to a port of the loopback that nobody listens at.
  const nobody = `http://127.0.0.1:${await freePort()}`;
  far = await farEngine([], ['env', `HTTPS_PROXY=${nobody}`, `HTTP_PROXY=${nobody}`, 'NO_PROXY=']);
});
afterAll(async () => {
  await far.engine[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

const LIMITS = 'limits: { disk: 64MiB, memory: 512MiB, time: 1m }\n';
const POLICY = `jail: { backend: docker }\n${LIMITS}`;

const from = (here: Platform, run: string, { policy = POLICY, workspace = join(place.path, 'work'), env = {} }: Partial<Asked> = {}) =>
  runFrom(here, place.path, run, { policy, workspace, env: { ...env, DOCKER_HOST: far.host } });

test('an engine that has not what the image is built from, and cannot get it, is told of, with what to do', async () => {
  const { result, notices, transcript } = await from(mac, 'echo never');
  expect([result.outcome, transcript]).toEqual(['jail-error', '']);
  expect(result.because).toMatch(/^the engine at tcp:\S+ could not build the helper's image: .*(?:127\.0\.0\.1|registry)/);
  expect(result.end).toMatchObject({ remedy: expect.stringMatching(/reach the registry of \S*debian:\S+ and \S*node:\S+ .*docker load/) });
  expect(notices.join()).toMatch(
    /builds what a jail needs, once: agent-jail-helper-\w+; what it has not of \S*node:\S+ and \S*debian:\S+ it pulls/,
  );
  expect(await leftAt(far.host)).toEqual([]);
});

let given: Promise<void> | null = null;
const bases = async (): Promise<void> => (given ??= giveBases(far.host));

describe('at an engine that has it', () => {
  beforeAll(bases, 300_000);

  test('a run leaves the same changes, to the byte, as one of this machine; only the first one builds', async () => {
    const edits = `set -e
find . -mindepth 1 -path ./.git -prune -o -printf '%y %m %Ts %l %P\\n' | sed '/^d/s/ [0-9]* / /2' | sort; cat theirs
echo more >> a.txt; rm 'no newline'; mv crlf.txt deep/crlf.txt; chmod 755 private; ln -sf b.txt link
mkdir -p new/er; printf 'a\\r\\nb' > new/er/file; printf '\\000\\377' > new/er/bytes; rm -r deep/er; echo t2 >> second
cp 'ü — "q".txt' "new/ä b"; rmdir empty; mkdir build; echo x > build/out; echo '{"answer": 42}' > "$AGENT_JAIL_RESULT"`;
    const near = await jailed(place.path, edits, { policy: POLICY, env: ENGINE });
    const first = await from(mac, edits);
    expect([near.code, first.result.outcome, first.result.because]).toEqual([0, 'succeeded', near.verdict.because]);
    expect(first.transcript).toBe(near.transcript);
    const [mine, theirs] = [changesIn(near), changesIn({ ...near, ...first })];
    expect(theirs.lines).toEqual(mine.lines);
    expect(theirs.patch).toBe(mine.patch);
    expect(theirs.archive).toEqual(mine.archive);
    expect([mine.patch.length > 500, mine.archive.length > 20]).toEqual([true, true]);
    expect(first.run.backend).toMatchObject({
      name: 'nspawn',
      why: 'docker, but this machine is macOS: nspawn in a helper container there',
    });
    expect(first.notices.join()).toContain('builds what a jail needs, once');
    const second = await from(mac, 'echo again');
    expect([second.transcript, second.notices.join().includes('builds')]).toEqual(['again\n', false]);
  });

  test('a run from Windows sees its paths, its line ends, what git says can be executed, and nothing of its environment', async () => {
    const at = join(place.path, 'windows');
    mkdirSync(at);
    const workspace = intricate(at);
    for (const [name, lines] of [
      ['kept.txt', 40],
      ['edited.txt', 40],
    ] as const)
      writeFileSync(join(workspace, name), Array.from({ length: lines }, (_, n) => `line ${n}\n`).join(''));
    writeFileSync(join(workspace, 'tool'), '#!/bin/sh\necho a tool\n', { mode: 0o755 });
    git(workspace, 'add', '--all');
    git(workspace, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=more');
    // A checkout with `core.autocrlf=true`, on a disk without modes.
    for (const name of ['kept.txt', 'edited.txt']) execFileSync('rm', [join(workspace, name)]);
    git(workspace, '-c', 'core.autocrlf=true', 'checkout', '--', 'kept.txt', 'edited.txt');
    expect(readFileSync(join(workspace, 'edited.txt'), 'latin1')).toContain('line 1\r\n');
    for (const name of ['tool', 'deep/er/run.sh']) chmodSync(join(workspace, name), 0o644);
    mkdirSync(join(at, 'data'));
    writeFileSync(join(at, 'data/d'), 'data\n');
    writeFileSync(join(workspace, 'credentials.json'), 'secret');
    const policy = `jail: { backend: docker }
workspace: { access: copy-on-write, hide: ['*.key'] }
mounts: [{ source: /d${at}/data, target: /data, access: copy-on-write }]
env: { OWN: yes it is }
${LIMITS}`;
    writeFileSync(join(workspace, 'my.key'), 'key');
    const run = [
      'set -e',
      'pwd; cat /data/d; ./tool; ls my.key credentials.json 2>&1 || true',
      'env | sort',
      'git status --short -- kept.txt edited.txt',
      'file=edited.txt',
    ]
      .concat("sed -i 's/^line 20/changed/' $file; printf 'no end\\r' > new.txt; cat kept.txt > /tmp/same; cmp kept.txt /tmp/same")
      .join('\r\n');
    const env = {
      GOOGLE_APPLICATION_CREDENTIALS: join(workspace, 'credentials.json'),
      SystemRoot: 'C:\\Windows',
      Path: 'C:\\Windows\\system32',
      USERPROFILE: 'C:\\Users\\me',
    };
    const ran = await from(windows, run, { policy, workspace, env });
    expect([ran.result.outcome, ran.result.because]).toEqual(['succeeded', expect.any(String)]);
    const there = `/d${workspace}`;
    expect(ran.run.workspace).toBe(there);
    expect(ran.transcript.startsWith(`${there}\ndata\na tool\n`)).toBe(true);
    expect(ran.transcript).toMatch(/cannot access 'my\.key'[\s\S]*cannot access 'credentials\.json'/);
    expect(ran.transcript).toContain('OWN=yes it is\n');
    expect(ran.transcript).not.toMatch(/SystemRoot|USERPROFILE|C:\\/);

    const changes = ran.ndjson('changes.ndjson').filter(({ layer }) => layer === 'workspace');
    expect(changes.map(({ path }) => String(path)).filter((path) => !path.startsWith('.git/'))).toEqual(['edited.txt', 'new.txt']);
    // Both ways of taking the changes over give the bytes that the step left.
    const applied = join(at, 'applied');
    cpSync(workspace, applied, { recursive: true, verbatimSymlinks: true });
    git(applied, 'apply', '--whitespace=nowarn', join(ran.out, 'changes.patch'));
    const wanted = readFileSync(join(workspace, 'edited.txt'), 'latin1').replace('line 20\r\n', 'changed\r\n');
    expect(readFileSync(join(applied, 'edited.txt'), 'latin1')).toBe(wanted);
    expect(readFileSync(join(applied, 'kept.txt'))).toEqual(readFileSync(join(workspace, 'kept.txt')));
    expect(readFileSync(join(applied, 'new.txt'), 'latin1')).toBe('no end\r');
  });

  describe('the programs, on a machine that they take for macOS', () => {
    const env = () => ({ ...takenFor('darwin'), DOCKER_HOST: far.host });
    test('run a command there', async () => {
      const ran = await jailed(place.path, 'tail -n 1 a.txt; echo more >> a.txt', { policy: POLICY, env: env() });
      expect([ran.code, ran.transcript]).toEqual([0, 'three\n']);
      expect(ran.stderr).toContain('agent-jail: succeeded');
      expect(ran.run.backend.why).toContain('this machine is macOS');
      expect(changesIn(ran).patch).toContain('+more');
      expect(readFileSync(join(place.path, 'work/a.txt'), 'utf8')).toBe('one\ntwo\nthree\n');
    });
    test('run nothing where no engine was asked for', async () => {
      const ran = await jailed(place.path, 'echo never', { policy: LIMITS, env: env() });
      expect([ran.code, ran.transcript]).toEqual([70, '']);
      expect(ran.stderr).toMatch(/a jail needs Linux, and this machine is macOS; the backend asked for is auto\. .*ask for `docker`/);
    });
    test('say what there is, and clean up nothing that is not theirs', async () => {
      const said = await cli(['doctor', '--json'], { cwd: place.path, env: env() });
      const { ok, backends } = JSON.parse(said.stdout) as { ok: boolean; backends: { name: string; usable: boolean; what: string }[] };
      expect([said.code, ok]).toEqual([0, true]);
      expect(backends.filter(({ usable }) => usable)).toMatchObject([
        { name: 'docker', what: expect.stringMatching(/this machine is macOS, so a run is made by a helper container there$/) },
      ]);
      const clean = await cli(['doctor', '--clean'], { cwd: place.path, env: env() });
      expect([clean.code, clean.stdout]).toEqual([0, 'nothing to remove\n']);
    });
    test('are an action', async () => {
      using runner = new Runner();
      writeFileSync(join(runner.workspace, 'a.txt'), 'one\n');
      const run = 'echo two >> a.txt; echo hello; echo 42 > "$AGENT_JAIL_RESULT"';
      const done = await runner.step({ with: { run, backend: 'docker', upload: 'never' }, env: env() });
      expect(done).toMatchObject({ code: 0, leaked: { env: '', path: '' }, tokenHolders: [] });
      expect(done.log).toContain('hello');
      expect(done.outputs).toMatchObject({ outcome: 'succeeded', 'exit-code': '0', backend: 'nspawn', 'changed-files': '1' });
      expect(readFileSync(done.outputs['result'] ?? '', 'utf8')).toBe('42\n');
      const refused = await runner.step({ with: { run, upload: 'never' }, env: env() });
      expect([refused.code, refused.outputs['outcome']]).toEqual([70, 'jail-error']);
      expect(refused.raw).toContain('a jail needs Linux, and this machine is macOS');
      for (const post of await runner.finish()) expect(post).toMatchObject({ code: 0, commands: [] });
    });
  });
});

describe('the programs, where a machine has the interface of Windows', () => {
  beforeAll(bases, 300_000);
  const disk = (path: string): string => `D:${path.replaceAll('/', '\\')}`;
  const world = () => ({
    NODE_OPTIONS: `--import=${join(REPOSITORY, 'test/support/windows.mjs')}`,
    WINDOWS_PIPE: far.engine.host.replace('unix://', ''),
    DOCKER_HOST: '',
    KUBECONFIG: `${disk('/nowhere')};${disk(join(place.path, 'work/kube.config'))}`,
  });
  async function run(script: string, policy: string, ...args: string[]) {
    const out = mkdtempSync(join(place.path, 'record-'));
    const file = join(place.path, 'windows.yml');
    writeFileSync(file, policy.replaceAll('\n', '\r\n'));
    const all = ['run', '--policy', disk(file), '--out', disk(out), ...args, '--', 'sh', '-c', script];
    return { ...(await cli(all, { cwd: join(place.path, 'work'), env: world() })), ...record(out) };
  }

  test('a run goes to the engine at the pipe of Docker, and its record comes back', async () => {
    mkdirSync(join(place.path, 'drive'));
    writeFileSync(join(place.path, 'drive/d'), 'data\n');
    writeFileSync(join(place.path, 'work/my.key'), 'key');
    writeFileSync(join(place.path, 'work/kube.config'), 'secret');
    writeFileSync(join(place.path, 'work/.git/credentials'), 'https://x:secret@example.com');
    git(join(place.path, 'work'), 'add', 'deep/er/run.sh');
    git(join(place.path, 'work'), 'config', 'http.extraheader', 'AUTHORIZATION: basic c2VjcmV0');
    const policy = `workspace: { access: copy-on-write, hide: ['*.key'] }
mounts: [{ source: /d${place.path}/drive, target: /data }]
${POLICY}`;
    const script =
      'pwd; cat /data/d crlf.txt; ls my.key .git/credentials kube.config; git config --list; ls -ln a.txt deep/er; echo more >> a.txt; rm crlf.txt';
    const ran = await run(script, policy);
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('agent-jail: record D:')]);
    expect(ran.transcript).toMatch(new RegExp(`^/d${place.path}/work\\ndata\\none\\r\\ntwo\\r\\n`));
    expect(ran.transcript).toMatch(/cannot access 'my\.key'[\s\S]*cannot access '\.git\/credentials'[\s\S]*cannot access 'kube\.config'/);
    expect(ran.transcript).not.toMatch(/extraheader|c2VjcmV0/);
    expect(ran.transcript).toMatch(/^-rw-r--r-- 1 61001 .* a\.txt$/m);
    expect(ran.transcript).toMatch(/^-rwxr-xr-x 1 61001 .* run\.sh$/m);
    const changes = ran.ndjson('changes.ndjson').filter(({ layer }) => layer === 'workspace');
    expect(changes.map(({ path, op }) => [path, op])).toEqual(
      expect.arrayContaining([
        ['a.txt', 'modified'],
        ['crlf.txt', 'deleted'],
      ]),
    );
    expect(readFileSync(join(ran.out, 'changes.patch'), 'utf8')).toContain('+more');
  });
  test.each([
    ['no engine asked for', LIMITS, /a jail needs Linux, and this machine is Windows; the backend asked for is auto/],
    ['a mount that is on no drive', `mounts: [/data]\n${POLICY}`, /"\/data" is not on this machine: on Windows a policy names/],
  ])('nothing is run: %s', async (_, policy, why) => {
    const ran = await run('echo never', policy);
    expect([ran.code === 0, ran.transcript]).toEqual([false, '']);
    expect(ran.stderr).toMatch(why);
  });
  test('doctor says what a run there is, and where it looked for an engine', async () => {
    const doctor = async (env: Record<string, string>) => cli(['doctor'], { cwd: place.path, env: { ...world(), ...env } });
    const said = await doctor({});
    expect([said.code, said.stdout]).toEqual([
      0,
      expect.stringMatching(/docker +yes .*pipe\\docker_engine: this machine is Windows, so a run is/),
    ]);
    const gone = await doctor({ WINDOWS_PIPE: '/nonexistent' });
    expect([gone.code, gone.stdout]).toEqual([
      70,
      expect.stringContaining('there is no Docker engine: \\\\.\\pipe\\docker_engine is not there'),
    ]);
  });

  test('the action runs there too, with a policy at its base', async () => {
    using runner = new Runner();
    writeFileSync(join(runner.workspace, 'a.txt'), 'one\r\n');
    mkdirSync(join(runner.workspace, '.github'));
    writeFileSync(join(runner.workspace, '.github/policy.yml'), `version: 1\r\n${POLICY.replaceAll('\n', '\r\n')}`);
    git(runner.workspace, 'init', '--quiet');
    git(runner.workspace, 'add', '--all');
    git(runner.workspace, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=base');
    runner.env['GITHUB_SHA'] = git(runner.workspace, 'rev-parse', 'HEAD').trim();
    runner.env['GITHUB_REF'] = 'refs/heads/main';
    const inputs = { run: 'printf "two\\r\\n" >> a.txt; pwd; echo 42 > "$AGENT_JAIL_RESULT"', 'policy-file': '.github\\policy.yml' };
    const done = await runner.step({ with: { ...inputs, upload: 'never' }, env: world() });
    expect(done).toMatchObject({ code: 0, leaked: { env: '', path: '' }, tokenHolders: [] });
    expect(done.log).toContain(`/d${runner.workspace}`);
    expect(done.outputs).toMatchObject({ outcome: 'succeeded', 'exit-code': '0', 'changed-files': '1' });
    const here = (name: string): string => (done.outputs[name] ?? '').replace(/^D:/, '');
    expect(readFileSync(here('patch'), 'latin1')).toContain('+two\r\n');
    expect(readFileSync(here('result'), 'utf8')).toBe('42\n');
    expect(done.summary).toContain('succeeded');
    expect(readFileSync(join(here('record'), 'run.json'), 'utf8')).toMatch(/"kind": "base",\s*"file": "\.github\/policy\.yml"/);
    for (const post of await runner.finish()) expect(post).toMatchObject({ code: 0, commands: [] });
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insideWorkspace } from '../../../src/action/source.ts';
import { JailError, UserError } from '../../../src/model/errors.ts';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { parseSteps } from '../../../src/policy/steps.ts';
import { findGitDirectories } from '../../../src/run/git-directories.ts';
import { prepare, type Wish } from '../../../src/run/prepare.ts';
import { cleanEnv } from '../../../src/system/exec.ts';
import { type Platform, platformOf } from '../../../src/system/platform.ts';
import { git, repository, temporary } from '../../support/jail.ts';

const windows = platformOf('win32') as Platform;
const mac = platformOf('darwin') as Platform;
const linux = platformOf('linux') as Platform;
/** A machine of Windows's kind, as far as one can be had here: `/x` is at `/d/x` in a jail. */
const drives: Platform = {
  ...windows,
  slashed: (path) => path,
  separator: ':',
  toJail: (path) => (path.startsWith('/') ? (`/d${path}` as JailPath) : null),
  toHost: (path) => (path.startsWith('/d/') ? (path.slice(2) as HostPath) : null),
  real: linux.real,
};

let place: ReturnType<typeof temporary>;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place[Symbol.dispose]());

const wish = (policy = 'version: 1', more: Partial<Wish> = {}): Wish => ({
  id: '01JD000000000000000000ABCD',
  version: '0',
  policy: parsePolicy(policy, 'p.yml'),
  source: { kind: 'inline' },
  backend: 'docker',
  steps: parseSteps('- run: echo', 'steps'),
  environment: {},
  mask: [],
  workspace: more.workspace ?? repository(place.path),
  record: join(place.path, 'record'),
  display: false,
  ...more,
});

describe('a run from a machine without jails', () => {
  test.each(['auto', 'nspawn', 'vm', 'chroot'] as const)('is not made where %s is asked for', async (backend) => {
    const error: unknown = await prepare(wish('version: 1', { backend }), mac).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(JailError);
    expect((error as JailError).message).toBe(`a jail needs Linux, and this machine is macOS; the backend asked for is ${backend}`);
    expect((error as JailError).remedy).toMatch(/runs-on: ubuntu-latest.*ask for `docker`.*an engine of Linux containers/);
  });

  test('has the paths of this machine until it is sent, and hides what the environment points to', async () => {
    const workspace = repository(place.path);
    mkdirSync(join(place.path, 'temp'));
    writeFileSync(join(workspace, 'credentials'), 'x');
    mkdirSync(join(place.path, 'data'));
    writeFileSync(join(workspace, '.git/credentials'), 'x');
    const environment = {
      RUNNER_TEMP: join(place.path, 'temp'),
      KUBECONFIG: `/nowhere:${join(workspace, 'credentials')}`,
      HOME: '/home/me',
    };
    const policy = `mounts: [{ source: /d${place.path}/data, target: /data }]`;
    const request = await prepare(wish(policy, { workspace, environment, record: join(workspace, 'out') }), drives);
    expect(request).toMatchObject({ workspace, record: join(workspace, 'out') });
    expect(request.surroundings).toMatchObject({ forbidden: [join(place.path, 'temp')], hidden: [join(workspace, 'credentials')] });
    const covered = request.covers.flatMap(({ path, content }) => (content === null ? [path] : []));
    expect(covered.toSorted()).toEqual(['.git/credentials', 'credentials', 'out'].map((name) => join(workspace, name)).toSorted());
    expect(request.covers.some(({ path }) => path === join(workspace, '.git/config'))).toBe(true);
  });

  test.each([
    ['a mount that no drive has', 'mounts: [/data]', {}, UserError, /"\/data" is not on this machine: on Windows a policy names/],
    ['a mount of what no jail sees', 'mounts: [/d/var/lib/agent-jail]', {}, UserError, /cannot be mounted: it is, or lies in/],
    ['a share', 'version: 1', { workspace: '\\\\server\\share' }, JailError, /"\\\\\\\\server\\\\share" has no place in a jail/],
    ['a relative workspace', 'version: 1', { workspace: 'work' }, JailError, /"work" has no place in a jail/],
    ['a workspace that is not there', 'version: 1', { workspace: '/nowhere' }, UserError, /cannot be the workspace: ENOENT/],
  ])('is not made of %s', async (_, policy, more, kind, why) => {
    const error: unknown = await prepare(wish(policy, more), drives).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(why);
  });

  test('is not made of a whole drive', async () => {
    const drive: Platform = { ...drives, toJail: () => '/d' as JailPath };
    await expect(prepare(wish(), drive)).rejects.toThrow(/it is a whole drive/);
  });
});

test('git directories are found without find(1) as with it', async () => {
  const root = repository(place.path) as HostPath;
  git(root, 'init', '--quiet', '--bare', 'a/bare.git');
  git(root, 'init', '--quiet', 'a/b/inner');
  git(root, 'init', '--quiet', 'a/.git/modules/never');
  symlinkSync('../a/b/inner/.git', join(root, 'src/.git'));
  mkdirSync(join(root, 'no/refs'), { recursive: true });
  writeFileSync(join(root, 'no/HEAD'), '');
  const by = async (here: Platform): Promise<unknown> =>
    (await findGitDirectories(root, here)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const found = await by(mac);
  expect(found).toEqual(await by(linux));
  expect(found).toHaveLength(4);
});

test.each([
  ['with', linux],
  ['without', mac],
])('a git directory whose place cannot be named is refused, %s find(1)', async (_, here) => {
  const odd = Buffer.concat([Buffer.from(`${place.path}/`), Buffer.from([0xff]), Buffer.from('/')]);
  mkdirSync(odd);
  mkdirSync(Buffer.concat([odd, Buffer.from('.git')]));
  writeFileSync(Buffer.concat([odd, Buffer.from('.git/HEAD')]), '');
  await expect(findGitDirectories(place.path as HostPath, here)).rejects.toThrow(/cannot be named: it is not UTF-8/);
});

test('a helper program has the caller’s PATH on Windows, and no other variable of it', () => {
  const env = { Path: 'C:\\Git\\cmd', SystemRoot: 'C:\\Windows', SECRET: 'x', TEMP: 'C:\\t' };
  expect(cleanEnv('win32', env)).toEqual({ PATH: 'C:\\Git\\cmd', SystemRoot: 'C:\\Windows', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' });
  expect(cleanEnv('darwin', { PATH: '/evil' })['PATH']).not.toContain('evil');
});

describe('line ends of Windows', () => {
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  test('change nothing of a policy', () => {
    const text = 'version: 1\nnetwork:\n  allow:\n    - example.com\nlimits: { time: 1m }\n';
    const [unix, dos] = [parsePolicy(text, 'p.yml'), parsePolicy(crlf(text), 'p.yml')];
    expect(dos).toEqual(unix);
    expect(dos.digest).toBe(unix.digest);
  });
  test('change nothing of steps, and their scripts have none', () => {
    const text = '- name: one\n  run: |\n    echo a\n    echo b\n- run: >\n    echo\n    c\n- run: "echo d\\r\\n"\n';
    const [unix, dos] = [parseSteps(text, 'steps'), parseSteps(crlf(text), 'steps')];
    expect(dos).toEqual(unix);
    expect(dos.map(({ run }) => run)).toEqual(['echo a\necho b\n', 'echo c\n', 'echo d\r\n']);
  });
});

test.each([
  ['.github\\policy.yml', '.github/policy.yml'],
  ['D:\\a\\r\\r\\p.yml', 'p.yml'],
  ['d:/a/r/r/x/../p.yml', 'p.yml'],
])('the policy %s of a workspace of Windows is %s', (input, file) => {
  expect(insideWorkspace(input, 'D:\\a\\r\\r', 'policy-file', windows)).toBe(file);
});
test.each(['D:\\a\\other\\p.yml', '..\\p.yml', 'C:\\p.yml'])('the policy %s is not in it', (input) => {
  expect(() => insideWorkspace(input, 'D:\\a\\r\\r', 'policy-file', windows)).toThrow(/is not a file of the workspace/);
});

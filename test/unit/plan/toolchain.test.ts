import { existsSync, realpathSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { JailError } from '../../../src/model/errors.ts';
import { toolchainOf, visiblePaths, type VisibleWish } from '../../../src/plan/toolchain.ts';

const SYSTEM = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const MERGED = { '/bin': '/usr/bin', '/sbin': '/usr/sbin', '/lib': '/usr/lib' };
const BASE = ['/usr', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/lib', '/opt', '/home/u'];

/** A machine of directories, files and links to directories. */
function machine(directories: readonly string[], files: readonly string[] = [], links: Record<string, string> = {}) {
  const all: Record<string, string> = { ...MERGED, ...links };
  const real = (path: string): string => {
    for (const [link, target] of Object.entries(all))
      if (path === link || path.startsWith(`${link}/`)) return real(target + path.slice(link.length));
    return path;
  };
  const there = [...BASE, ...directories].flatMap((path) => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/') || '/'));
  const exists = (path: string): boolean => {
    const plain = real(path.replace(/\/\.$/, ''));
    return there.includes(plain) || (files.includes(plain) && !path.endsWith('/.'));
  };
  return { exists, realpath: (path: string) => (exists(path) ? real(path) : null) };
}
function see(wish: Partial<VisibleWish>, ...parts: Parameters<typeof machine>) {
  return visiblePaths({
    path: [],
    toolchain: {},
    home: '/home/u',
    forbidden: ['/home/u/work/_temp'],
    workspace: '/home/u/work/r/r',
    ...machine(...parts),
    ...wish,
  });
}

test('nothing named: the system, and its PATH', () => {
  expect(see({}, [])).toEqual({ paths: ['/opt', '/usr'], env: {}, path: SYSTEM, notices: [] });
});

test('a system without merged /usr shows its /bin and /lib', () => {
  expect(see({ realpath: (path) => path }, ['/bin', '/lib']).paths).toEqual(['/bin', '/lib', '/opt', '/sbin', '/usr']);
});

describe('PATH', () => {
  test.each<[entry: string, why: string]>([
    ['/', 'the whole machine'],
    ['', 'not absolute'],
    ['.', 'not absolute'],
    ['node_modules/.bin', 'not absolute'],
    ['/home/u', 'a home directory'],
    ['/home/u/', 'a home directory'],
    ['/home/v', 'a home directory'],
    ['/home', 'its own'],
    ['/home/u/work', 'a home|contains or lies in'],
    ['/home/u/work/_temp', 'contains or lies in'],
    ['/home/u/work/_temp/bin', 'contains or lies in'],
    ['/home/u/x/../work/_temp/bin', 'contains or lies in'],
    ['/tmp', 'its own'],
    ['/etc/x', 'its own'],
    ['/run/x/bin', 'its own'],
    ['/proc/self', 'its own'],
    ['/home/u/to-home', 'a home directory'],
    ['/home/u/file', 'not a directory'],
  ])('%j is left out: %s', (entry, why) => {
    const there = ['/home/v', '/home/u/work/_temp/bin', '/tmp', '/etc/x', '/run/x/bin', '/proc/self'];
    const { path, paths, notices } = see({ path: [entry, '/usr/bin'] }, there, ['/home/u/file'], { '/home/u/to-home': '/home/u' });
    expect(notices).toEqual([
      expect.stringMatching(new RegExp(`^PATH: ${JSON.stringify(entry).replaceAll('.', '\\.')} is left out: .*(?:${why})`)),
    ]);
    expect(paths).toEqual(['/opt', '/usr']);
    expect(path[0]).toBe('/usr/bin');
  });

  test('a directory of its own is shown, what lies in a shown one is not mounted again, order is kept', () => {
    const { path, paths, notices } = see(
      { path: ['/home/u/tools/bin', '/usr/games', '/home/u/tools', '/bin', '/nowhere', '/home/u/tools/bin'] },
      ['/home/u/tools/bin', '/usr/games'],
    );
    expect(paths).toEqual(['/home/u/tools', '/opt', '/usr']);
    expect(path).toEqual(['/home/u/tools/bin', '/usr/games', '/home/u/tools', '/bin', ...SYSTEM.filter((one) => one !== '/bin')]);
    expect(notices).toEqual([]);
  });

  test('what lies in the workspace is the workspace’s, also where it is not there yet', () => {
    const { path, paths } = see({ path: ['/home/u/work/r/r/node_modules/.bin', '/home/u/link'] }, ['/home/u/work/r/r/bin'], [], {
      '/home/u/link': '/home/u/work/r/r/bin',
    });
    expect(path.slice(0, 2)).toEqual(['/home/u/work/r/r/node_modules/.bin', '/home/u/work/r/r/bin']);
    expect(paths).toEqual(['/opt', '/usr']);
  });

  test('a link that the jail does not have is written as what it leads to', () => {
    const links = { '/home/u/java/current': '/home/u/java/17', '/usr/alt': '/opt/alt' };
    const { path, paths } = see({ path: ['/home/u/java/current/bin', '/usr/alt/bin'] }, ['/home/u/java/17/bin', '/opt/alt/bin'], [], links);
    expect(path.slice(0, 2)).toEqual(['/home/u/java/17/bin', '/usr/alt/bin']);
    expect(paths).toEqual(['/home/u/java/17/bin', '/opt', '/usr']);
  });
});

describe('what programs on PATH need beside them', () => {
  test.each<[entry: string, there: string[], paths: string[], env: Record<string, string>]>([
    ['/home/u/.cargo/bin', ['/home/u/.rustup'], ['/home/u/.cargo/bin', '/home/u/.rustup'], { RUSTUP_HOME: '/home/u/.rustup' }],
    ['/home/u/.cargo/bin', [], ['/home/u/.cargo/bin'], {}],
    ['/home/u/.pyenv/shims', ['/home/u/.pyenv/bin'], ['/home/u/.pyenv'], { PYENV_ROOT: '/home/u/.pyenv' }],
    ['/home/u/.nvm/versions/node/v24/bin', [], ['/home/u/.nvm'], { NVM_DIR: '/home/u/.nvm' }],
    [
      '/home/u/.local/bin',
      ['/home/u/.local/share/uv/tools', '/home/u/.local/share/keyrings'],
      ['/home/u/.local/bin', '/home/u/.local/share/uv/tools'],
      {},
    ],
    ['/home/u/setup-pnpm/node_modules/.bin', [], ['/home/u/setup-pnpm/node_modules'], {}],
    ['/home/u/venv/bin', ['/home/u/venv/pyvenv.cfg'], ['/home/u/venv'], {}],
    ['/home/u/npm/bin', ['/home/u/npm/lib/node_modules'], ['/home/u/npm/bin', '/home/u/npm/lib/node_modules'], {}],
  ])('%s', (entry, there, paths, env) => {
    const seen = see({ path: [entry] }, [entry, ...there]);
    expect(seen).toMatchObject({ paths: [...paths, '/opt', '/usr'].sort(), env, notices: [] });
    expect(seen.path[0]).toBe(entry);
  });

  test('a home that looks like an installation is not shown', () => {
    expect(see({ path: ['/home/u/bin'] }, ['/home/u/bin', '/home/u/conda-meta']).paths).toEqual(['/home/u/bin', '/opt', '/usr']);
  });
});

describe('toolchain variables', () => {
  test('are taken from the environment by name', () => {
    const env = {
      JAVA_HOME: '/a',
      JAVA_HOME_21_X64: '/b',
      JAVA_HOMEBREW: '/c',
      GOROOT_1_22_X64: '/d',
      LD_LIBRARY_PATH: '/e',
      TOKEN: 'x',
      CONDA: '',
      CARGO_HOME: '/f',
    };
    expect(toolchainOf(env)).toEqual({ JAVA_HOME: '/a', JAVA_HOME_21_X64: '/b', GOROOT_1_22_X64: '/d', LD_LIBRARY_PATH: '/e' });
  });

  test.each<[name: string, value: string, env: Record<string, string>, paths: string[], notices: number]>([
    ['JAVA_HOME', '/home/u/jdk', { JAVA_HOME: '/home/u/jdk' }, ['/home/u/jdk'], 0],
    ['JAVA_HOME', '/usr/lib/jvm', { JAVA_HOME: '/usr/lib/jvm' }, [], 0],
    ['JAVA_HOME', '/home/u/current', { JAVA_HOME: '/home/u/jdk' }, ['/home/u/jdk'], 0],
    ['JAVA_HOME', '/home/u', {}, [], 1],
    ['JAVA_HOME', '/nowhere', {}, [], 1],
    ['JAVA_HOME', 'jdk', {}, [], 1],
    ['JAVA_HOME', '/home/u/work/_temp/jdk', {}, [], 1],
    ['RUNNER_TOOL_CACHE', '/home/u/work/_tool', {}, ['/home/u/work/_tool'], 0],
    ['LD_LIBRARY_PATH', '/usr/lib:/home/u/jdk', { LD_LIBRARY_PATH: '/usr/lib' }, [], 1],
    ['LD_LIBRARY_PATH', '/home/u/jdk', {}, [], 1],
    ['SSL_CERT_FILE', '/etc/ssl/certs/ca.crt', { SSL_CERT_FILE: '/etc/ssl/certs/ca.crt' }, [], 0],
    ['SSL_CERT_FILE', '/home/u/ca.crt', {}, [], 1],
    ['VIRTUAL_ENV', '/home/u/work/r/r/.venv', { VIRTUAL_ENV: '/home/u/work/r/r/.venv' }, [], 0],
  ])('%s=%s', (name, value, env, paths, notices) => {
    const there = ['/home/u/jdk', '/usr/lib/jvm', '/home/u/work/_tool', '/home/u/work/_temp/jdk'];
    const seen = see({ toolchain: { [name]: value } }, there, ['/etc/ssl/certs/ca.crt', '/home/u/ca.crt'], {
      '/home/u/current': '/home/u/jdk',
    });
    expect(seen.env).toEqual(env);
    expect(seen.paths).toEqual([...paths, '/opt', '/usr'].sort());
    expect(seen.notices).toHaveLength(notices);
  });
});

test('/opt with a home or the runner in it is shown only as far as PATH and the tool cache name it', () => {
  const wish = {
    home: '/opt/ci',
    forbidden: ['/opt/runner/_work/_temp'],
    path: ['/opt/node/bin'],
    toolchain: { RUNNER_TOOL_CACHE: '/opt/hostedtoolcache' },
  };
  const seen = see(wish, ['/opt/ci', '/opt/node/bin', '/opt/hostedtoolcache', '/opt/runner/_work/_temp']);
  expect(seen.paths).toEqual(['/opt/hostedtoolcache', '/opt/node/bin', '/usr']);
  expect(seen.notices).toEqual([expect.stringMatching(/^\/opt is left out/)]);
});

test('a home in /usr cannot be kept from the jail', () => {
  expect(() => see({ home: '/usr/share/ci' }, [])).toThrow(JailError);
});

test('on this machine every path is a directory, none lies in another, and PATH holds sh', () => {
  const realpath = (path: string) => (existsSync(path) ? realpathSync(path) : null);
  const { paths, path } = visiblePaths({
    path: (process.env['PATH'] ?? '').split(':'),
    toolchain: toolchainOf(process.env),
    home: '/root',
    forbidden: [],
    workspace: '/tmp/ws',
    exists: existsSync,
    realpath,
  });
  expect(paths.filter((one) => !existsSync(`${one}/.`) || paths.some((other) => one.startsWith(`${other}/`)))).toEqual([]);
  expect(path.some((one) => existsSync(`${one}/sh`))).toBe(true);
});

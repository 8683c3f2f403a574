import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asPath } from '../../../src/changes/bytes.ts';
import { escapes, flagsOf, isGitDir, isOddName, ORDINARY, runsLater, whyLater } from '../../../src/changes/flags.ts';
import { changeLine } from '../../../src/changes/manifest.ts';
import { RUNS_LATER } from '../../../src/changes/runs-later.ts';
import type { Entry } from '../../../src/model/changes.ts';
import { decodeChange } from '../../../src/record/change-line.ts';

const FILE: Entry = { type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, sha256: null, link: null };
const bytes = (text: string): Buffer => Buffer.from(text);
const plain = {
  layer: 'workspace',
  target: '/w',
  path: bytes('a'),
  before: null,
  after: FILE,
  binary: false,
  secret: false,
  unread: false,
  ignored: false,
  baseChanged: false,
  generated: false,
  filtered: false,
} as const;

describe('flagsOf', () => {
  test('nothing to say of a plain file', () => expect(flagsOf(plain)).toEqual([]));

  test('all at once, in the order of the model', () => {
    const after = { ...FILE, mode: 0o6755 };
    const facts = {
      ...plain,
      path: bytes('.git/hooks/-x'),
      after,
      binary: true,
      secret: true,
      unread: true,
      ignored: true,
      baseChanged: true,
      generated: true,
      filtered: true,
    };
    expect(flagsOf(facts)).toEqual([
      'runs-later',
      'secret',
      'setuid',
      'special',
      'binary',
      'ignored',
      'git-dir',
      'odd-name',
      'base-changed',
      'generated',
      'filtered',
    ]);
  });

  test('setuid and setgid count for files that are there, not for directories', () => {
    expect(flagsOf({ ...plain, after: { ...FILE, mode: 0o2755 } })).toEqual(['setuid']);
    expect(flagsOf({ ...plain, after: { ...FILE, type: 'directory', mode: 0o2755 } })).toEqual([]);
    expect(flagsOf({ ...plain, before: { ...FILE, mode: 0o4755 }, after: null })).toEqual([]);
  });

  test('only a workspace is run later', () => {
    expect(flagsOf({ ...plain, path: bytes('package.json') })).toEqual(['runs-later']);
    expect(flagsOf({ ...plain, layer: 'home', path: bytes('package.json') })).toEqual([]);
  });
});

describe('kinds of files', () => {
  const flags = (layer: 'workspace' | 'home' | 'root', path: string) => flagsOf({ ...plain, layer, path: bytes(path) });
  test.each(['sub/Cargo.lock', 'go.sum', 'uv.lock'])('lockfile: %s', (path) => {
    expect(flags('workspace', path)).toEqual(['lockfile']);
    expect(flags('home', path)).toEqual([]);
  });
  test('one that npm obeys runs later as well', () => expect(flags('workspace', 'yarn.lock')).toEqual(['runs-later', 'lockfile']));
  test.each(['dist/app.min.js', 'api/x.pb.go', '__generated__/x.ts'])('generated: %s', (path) => {
    expect(flags('workspace', path)).toEqual(['generated']);
    expect(flagsOf({ ...plain, generated: true })).toEqual(['generated']);
  });
  test.each(['var/lib/apt/lists/x', 'var/log/dpkg.log', 'usr/lib/python3/__pycache__/x.pyc'])('noise: %s', (path) => {
    expect(flags('root', path)).toEqual(['noise']);
    expect(flags('workspace', path)).toEqual([]);
  });
  test('a program is no noise', () => expect(flags('root', 'usr/bin/log')).toEqual([]));
});

describe('runsLater', () => {
  test.each([
    '.github/workflows/ci.yml',
    '.github/actions/x/action.yml',
    'sub/package.json',
    'Makefile',
    'sub/makefile',
    '.envrc',
    '.vscode/tasks.json',
    '.devcontainer/devcontainer.json',
    '.mcp.json',
    '.claude/settings.json',
    'sub/CLAUDE.md',
    'AGENTS.md',
    'tests/conftest.py',
    'setup.py',
    '.npmrc',
    '.gitattributes',
    '.gitmodules',
    '.git/hooks/pre-commit',
    'sub/.git/config',
    '.husky/pre-commit',
    'BUILD',
    'claude.md',
    '.github/agent-jail.yml',
  ])('%s', (path) => {
    expect(runsLater(bytes(path), false)).toBe(true);
    expect(whyLater(bytes(path), false)).not.toBeNull();
  });

  test.each([
    ['.github/workflows/ci.yml', 'GitHub runs it'],
    ['sub/package.json', 'npm and its kin run scripts of it or obey it'],
    ['BUILD', 'a build tool runs it'],
    ['src/index.ts', null],
  ])('why: %s', (path, why) => expect(whyLater(bytes(path), false)).toBe(why));

  test.each(RUNS_LATER.map(({ why }) => why))('a record may say: %s', (why) => {
    const line = changeLine({ path: asPath(bytes('x')), layer: 'workspace', op: 'added', flags: ['runs-later'], why, after: FILE });
    expect(decodeChange(line, 1).why).toBe(why);
  });

  test.each(['src/index.ts', 'README.md', 'src/hooks/use-state.ts', 'build/out.js', 'workspace/x', 'docs/workflows/a.yml', '.git/index'])(
    'not %s',
    (path) => expect(runsLater(bytes(path), false)).toBe(false),
  );

  test('every group says why, and no pattern stands twice', () => {
    expect(RUNS_LATER.every(({ why }) => why !== '')).toBe(true);
    const patterns = RUNS_LATER.flatMap((group) => [...group.patterns, ...(group.exact ?? [])]);
    expect(new Set(patterns).size).toBe(patterns.length);
  });
});

describe('isGitDir', () => {
  test.each(['.git', '.git/config', 'a/.GIT/x', 'git~1', '.git. /x', '.git::$INDEX_ALLOCATION/x', 'a\\.git\\x'])('%s', (path) =>
    expect(isGitDir(bytes(path))).toBe(true),
  );
  test.each(['.github/x', '.gitignore', 'my.git/x', 'git'])('not %s', (path) => expect(isGitDir(bytes(path))).toBe(false));
});

describe('isOddName', () => {
  test.each(['-rf', '.wh.x', 'new\nline', '\x7f', '\u0085', '\u202etxt', '\u200b', '\u2028', '\ufeff'])('%j', (name) =>
    expect(isOddName(bytes(name))).toBe(true),
  );
  test('not UTF-8', () => expect(isOddName(Buffer.from([0x61, 0xff]))).toBe(true));
  test.each(['a', 'é', '日本', 'with space', 'a:b', '.hidden', 'x-y'])('not %j', (name) => expect(isOddName(bytes(name))).toBe(false));
});

describe('escapes', () => {
  const workspace = (path: string, link: string): boolean => escapes('workspace', '/w', bytes(path), bytes(link));
  test.each([
    ['a', '..'],
    ['a', '../x'],
    ['d/a', '../../x'],
    ['a', '/etc/passwd'],
    ['a', '/w/inside'],
    ['a', 'sub/../..'],
    ['d/a', '../b/../../x'],
    ['a', './../x'],
    ['d/e/a', '../../../x'],
  ])('%s -> %s', (path, link) => expect(workspace(path, link)).toBe(true));
  test.each([
    ['a', 'b'],
    ['d/a', '..'],
    ['d/a', '../b'],
    ['d/e/a', '../../b'],
    ['a', './b'],
    ['a', '...'],
    ['a', 'b/..c'],
  ])('not %s -> %s', (path, link) => expect(workspace(path, link)).toBe(false));

  test('a home may point into itself, the root layer anywhere', () => {
    expect(escapes('home', '/home/agent', bytes('a'), bytes('/home/agent/x'))).toBe(false);
    expect(escapes('home', '/home/agent', bytes('a'), bytes('/home/agent/../x'))).toBe(true);
    expect(escapes('home', '/home/agent', bytes('a'), bytes('/home/agents/x'))).toBe(true);
    expect(escapes('root', '/usr', bytes('usr/a'), bytes('/etc'))).toBe(false);
  });
});

test('what is taken for ordinary at a glance is no odd name', () => {
  const words = fc.constantFrom(
    'a',
    '.',
    '..',
    '-',
    '.wh.',
    '.wh.x',
    'wh',
    ' ',
    '/',
    '//',
    '\u0000',
    '\u001b',
    '\u202e',
    '\n',
    '~',
    '@',
    'é',
    '\uffff',
    '+',
  );
  const path = fc.array(words, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(path, (text) => {
      if (ORDINARY.test(text)) expect([text, text.split('/').filter((name) => isOddName(Buffer.from(name)))]).toEqual([text, []]);
    }),
    { numRuns: 20_000 },
  );
  for (const text of ['src/a.ts', 'a b/c~', '.github/workflows/ci.yml', '@types/node']) expect(ORDINARY.test(text)).toBe(true);
  for (const text of ['.wh.a', 'a/.wh.b', '-x', 'a/-x', 'a\n', 'a\u0000']) expect(ORDINARY.test(text)).toBe(false);
});

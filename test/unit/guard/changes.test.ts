import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../../src/model/changes.ts';
import type { Change, Flag } from '../../../src/model/changes.ts';
import { Globs, touched } from '../../../src/guard/globs.ts';
import { added, bytesOf, deleted, entry, modified, PLACE, renamed } from '../record/fixture.ts';
import { allow, broken, deny, findings, forbid, require, review, rule } from './support.ts';

describe('allow, review, deny', () => {
  test('a finding names rule, place and paths', async () => {
    const [found] = await findings([deny('secrets/**')], { changes: [added('secrets/a'), added('src/b')] });
    expect(found).toEqual({
      at: [{ path: 'secrets/a', line: null }],
      rule: 'guards.changes.deny',
      place: PLACE,
      action: 'fail',
      message: '1 changed path denied',
      what: ['secrets/a'],
      more: 0,
    });
  });

  test.each<[string, Parameters<typeof broken>[0], readonly Change[], readonly string[]]>([
    ['no rules', [], [added('anything')], []],
    ['what nothing matches is allowed', [deny('a'), review('b')], [added('c')], []],
    ['unless allow is given', [allow('src/**')], [added('c'), added('src/d')], ['allow: c']],
    [
      'deny over review over allow',
      [allow('**'), review('x*'), deny('xy')],
      [added('x'), added('xy'), added('z')],
      ['deny: xy', 'review: x'],
    ],
    ['review needs no allow', [allow('src/**'), review('package.json')], [modified('package.json')], ['review: package.json']],
    [
      'deny: no way back below a denied directory, as in git',
      [deny('secrets/**', '!secrets/public/**')],
      [added('secrets/public/a')],
      ['deny: secrets/public/a'],
    ],
    ['deny: a way back for a file', [deny('*.pem', '!test.pem')], [added('test.pem'), added('x.pem')], ['deny: x.pem']],
    ['the last glob decides', [allow('src/**', '!src/gen/**')], [added('src/a'), added('src/gen/b')], ['allow: src/gen/b']],
    ['a name without a slash matches anywhere', [deny('*.pem')], [added('deep/down/key.pem')], ['deny: deep/down/key.pem']],
    ['below a denied directory', [deny('secrets/')], [added('secrets/a/b')], ['deny: secrets/a/b']],
    ['a directory itself', [deny('secrets/')], [added('secrets', {}, { type: 'directory' })], ['deny: secrets']],
    ['a link is not a directory', [deny('secrets/')], [added('secrets', {}, { type: 'symlink' })], []],
    ['case counts', [deny('README')], [added('readme')], []],
    ['both ends of a rename', [allow('src/**')], [renamed('src/a', 'b'), renamed('c', 'src/d')], ['allow: b, c']],
    ['a rename out of a denied place', [deny('keep/**')], [renamed('keep/a', 'b')], ['deny: keep/a']],
    ['a deletion', [allow('src/**')], [deleted('docs/a')], ['allow: docs/a']],
    ['allow: git tracks no directories', [allow('src/**')], [added('src', {}, { type: 'directory' }), added('src/a')], []],
    [
      'allow: a directory that became a file',
      [allow('src/**')],
      [{ ...added('docs'), op: 'retyped', before: entry({ type: 'directory' }), after: entry() }],
      ['allow: docs'],
    ],
    [
      'allow: what git ignores does not leave',
      [allow('src/**')],
      [added('node_modules/a', { flags: ['ignored'] }), added('.git/index', { flags: ['git-dir'] })],
      [],
    ],
    [
      'deny and review: what git ignores counts',
      [deny('.env'), review('dist/')],
      [added('.env', { flags: ['ignored'] }), added('dist/a', { flags: ['ignored'] })],
      ['deny: .env', 'review: dist/a'],
    ],
    [
      'other layers have no such paths',
      [allow('src/**'), deny('**')],
      [added('x', { layer: 'home' }), added('etc/y', { layer: 'root' })],
      [],
    ],
    ['line breaks in a name', [deny('keys/**')], [added('keys/\nx')], ['deny: keys/\\x0ax']],
    ['a name like an option or a rule', [allow('src/**')], [added('!src/a'), added('#b')], ['allow: !src/a, #b']],
    ['the root of the workspace', [allow('src/**'), deny('**')], [added('', {}, { type: 'directory' })], []],
  ])('%s', async (_, rules, changes, wanted) => {
    expect(await broken(rules, { changes })).toEqual(wanted);
  });

  test('a path that is not UTF-8 never matches allow, and does match deny', async () => {
    const changes = [added(Buffer.from('src/\xff', 'latin1'))];
    expect(await broken([allow('**')], { changes })).toEqual(['allow: src/\\xff']);
    expect(await broken([deny('src/*')], { changes })).toEqual(['deny: src/\\xff']);
    expect(await broken([require('src/*')], { changes })).toEqual(['require: src/*']);
  });

  test('a path made to be deep fails closed', async () => {
    const changes = [added(Array(8000).fill('a').join('/'))];
    expect(await broken([allow('**')], { changes })).toHaveLength(1);
    expect(await broken([deny('nothing')], { changes })).toHaveLength(1);
  });

  test('20 paths are named, the rest counted', async () => {
    const changes = Array.from({ length: 50 }, (_, index) => added(`f${String(index).padStart(2, '0')}`));
    const [found] = await findings([deny('f*')], { changes });
    expect([found?.what.length, found?.what.at(-1), found?.more, found?.message]).toEqual([20, 'f19', 30, '50 changed paths denied']);
  });

  test.each<[string, readonly string[]]>([
    ['*.pem', ['deny: node_modules']],
    ['node_modules/x/y', ['deny: node_modules']],
    ['/*/x/y', ['deny: node_modules']],
    ['src/**', []],
    ['/src', []],
    ['!*.pem', []],
  ])('what may lie in a directory of which not all is listed is denied: %s', async (glob, wanted) => {
    const gone = { ...deleted('node_modules', { flags: ['ignored'] }, { type: 'directory' }), more: 3 };
    expect(await broken([deny(glob)], { changes: [gone] })).toEqual(wanted);
  });

  test('globs take any path, and the same one twice', () => {
    const globs = new Globs(['src/**', '*.md', '!src/x*', 'a[b-d]?']);
    const name = fc
      .uint8Array({ min: 1, minLength: 1, maxLength: 12 })
      .filter((bytes) => !/^\.{0,2}$|\//.test(Buffer.from(bytes).toString('latin1')));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const [path] = touched(added(Buffer.from(names.map((bytes) => Buffer.from(bytes).toString('latin1')).join('/'), 'latin1')));
        expect(path).toBeDefined();
        if (path === undefined) return;
        expect(globs.surely(path)).toBe(globs.surely(path));
        if (globs.surely(path)) expect(globs.perhaps(path)).toBe(true);
      }),
    );
  });
});

describe('require', () => {
  test.each<[string, readonly string[], readonly Change[], readonly string[]]>([
    ['met', ['src/**'], [modified('src/a')], []],
    ['not met', ['src/**'], [modified('docs/a')], ['require: src/**']],
    ['nothing changed', ['src/**'], [], ['require: src/**']],
    ['each glob', ['src/**', 'test/**'], [modified('src/a')], ['require: test/**']],
    ['a directory alone is nothing', ['src/**'], [added('src/new', {}, { type: 'directory' })], ['require: src/**']],
    ['negated', ['src/**', '!src/gen/**'], [modified('src/gen/a')], ['require: src/**']],
    ['another layer', ['src/**'], [added('src/a', { layer: 'home' })], ['require: src/**']],
  ])('%s', async (_, globs, changes, wanted) => {
    expect(await broken([require(...globs)], { changes })).toEqual(wanted);
  });
});

describe('forbid', () => {
  const everywhere: readonly Flag[] = ['secret', 'setuid', 'noise'];
  const ofWorkspace: readonly Flag[] = ['special', 'ignored', 'git-dir', 'base-changed'];
  test.each(FLAGS)('%s', async (flag) => {
    const counts = async (flags: readonly Flag[], layer: 'workspace' | 'home' | 'root') =>
      (await broken([forbid(flag)], { changes: [added('f', { layer, flags })] })).length === 1;
    expect(await counts([flag], 'workspace')).toBe(true);
    expect(await counts([flag, 'ignored'], 'workspace')).toBe(everywhere.includes(flag) || ofWorkspace.includes(flag));
    expect(await counts([flag], 'home')).toBe(everywhere.includes(flag));
    expect(await counts([flag], 'root')).toBe(everywhere.includes(flag));
    expect(
      await counts(
        FLAGS.filter((other) => other !== flag),
        'workspace',
      ),
    ).toBe(false);
  });

  test('names layer, path and flags', async () => {
    const changes = [added('a', { flags: ['runs-later', 'setuid'] }), added('b', { layer: 'home', flags: ['secret'] })];
    expect(await broken([forbid('secret', 'setuid')], { changes })).toEqual(['forbid: a (setuid), home: b (secret)']);
  });

  test('says why a path runs later', async () => {
    const changes = [{ ...added('.npmrc', { flags: ['runs-later'] }), why: 'npm obeys it' }];
    expect(await broken([forbid('runs-later')], { changes })).toEqual(['forbid: .npmrc (runs-later: npm obeys it)']);
  });
});

describe('totals', () => {
  const changes = [
    added('a', {}, { size: 100 }),
    modified('b', {}, { size: 50 }),
    deleted('c', {}, { size: 1000 }),
    renamed('d', 'e'),
    added('dir', {}, { type: 'directory', size: 4096 }),
    added('ignored', { flags: ['ignored'] }, { size: 9999 }),
    added('.git/x', { flags: ['git-dir'] }, { size: 9999 }),
    added('home', { layer: 'home' }, { size: 9999 }),
  ];
  test.each([
    ['max-files', 4, []],
    ['max-files', 3, ['4 files changed, the most allowed is 3']],
    ['max-bytes', 150, []],
    ['max-bytes', 149, ['150 bytes changed, the most allowed is 149']],
  ] as const)('%s %d', async (kind, max, wanted) => {
    expect((await findings([rule({ kind, max })], { changes })).map(({ message }) => message)).toEqual(wanted);
  });

  test('root', async () => {
    const outside = [added('x', { layer: 'home' }), added('usr/bin/y', { layer: 'root' })];
    expect(await broken([rule({ kind: 'root', allowed: false })], { changes: outside })).toEqual(['root: /usr/bin/y']);
    expect(await broken([rule({ kind: 'root', allowed: true })], { changes: outside })).toEqual([]);
  });
});

describe('built-in.policy-or-workflow', () => {
  const ofType = (path: string, type: 'symlink' | 'directory'): Change => added(path, {}, { type });
  test.each<[readonly Change[], readonly string[]]>([
    [[added('.github/workflows/ci.yml')], ['.github/workflows/ci.yml']],
    [[added('.github/actions/x/action.yml')], ['.github/actions/x/action.yml']],
    [[modified('ci/jail.yml')], ['ci/jail.yml']],
    [[renamed('ci/jail.yml', 'x')], ['ci/jail.yml']],
    [[added('.GitHub/Workflows/ci.yml')], ['.GitHub/Workflows/ci.yml']],
    [[ofType('.github', 'symlink')], ['.github']],
    [[ofType('ci', 'symlink')], ['ci']],
    [[deleted('.github', {}, { type: 'directory' })], ['.github']],
    [[added(Buffer.from('.github/workflows/\xff', 'latin1'))], ['.github/workflows/\\xff']],
    [[added('.github/workflows/x', { flags: ['ignored'] })], ['.github/workflows/x']],
    [
      [
        ofType('.github', 'directory'),
        added('.github/CODEOWNERS'),
        added('workflows/a'),
        added('ci/jail.yml.bak'),
        added('x/.github/workflows/y'),
      ],
      [],
    ],
    [[added('.github/workflows/x', { layer: 'home' })], []],
  ])('%#', async (changes, wanted) => {
    const found = await findings([], { changes });
    expect(found.flatMap(({ what }) => what)).toEqual(wanted);
    for (const { rule: name, action, place } of found)
      expect([name, action, place]).toEqual(['built-in.policy-or-workflow', 'review', null]);
  });

  test.each([
    [{ kind: 'file', file: '/home/me/project/p.yml' }, ['p.yml']],
    [{ kind: 'workspace', file: './p.yml' }, ['p.yml']],
    [{ kind: 'file', file: '/elsewhere/p.yml' }, []],
    [{ kind: 'file', file: '../p.yml' }, []],
    [{ kind: 'inline' }, []],
  ] as const)('the policy from %j', async (source, wanted) => {
    const found = await findings([], { run: { source }, changes: [modified('p.yml')] });
    expect(found.flatMap(({ what }) => what)).toEqual(wanted);
  });

  test('an allowed workflow is still to be reviewed', async () => {
    expect(await broken([allow('**')], { changes: [added('.github/workflows/ci.yml')] })).toEqual([
      'policy-or-workflow: .github/workflows/ci.yml',
    ]);
  });
});

test('touched shows where a renamed file was', () => {
  expect(touched(renamed('a', 'b')).map(({ bytes }) => bytes)).toEqual([bytesOf('a'), bytesOf('b')]);
});

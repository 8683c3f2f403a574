import { describe, expect, it, test } from 'vitest';
import { MOST_BYTES, MOST_PLACES, planChanges } from '../../../src/apply/plan.ts';
import type { Wanted } from '../../../src/apply/plan.ts';
import type { Change } from '../../../src/model/changes.ts';
import { runsLater } from '../../../src/changes/flags.ts';
import { added, bytesOf, deleted, digestOf, entry, modified, renamed } from '../record/fixture.ts';
import { change } from './support.ts';

const ALL: Wanted = { only: () => true, runsLater: null };
const plan = (changes: readonly Change[], wanted = ALL) =>
  planChanges(
    (async function* () {
      yield* changes;
    })(),
    wanted,
  );
const refusal = async (changes: readonly Change[], wanted = ALL): Promise<string> => {
  const error = (await plan(changes, wanted).catch((thrown: unknown) => thrown)) as {
    name: string;
    message: string;
    what: string[];
    more: number;
  };
  expect(error.name).toBe('Refusal');
  return [error.message, ...error.what, ...(error.more > 0 ? [`+${error.more}`] : [])].join('\n');
};
const retyped = (path: string, before: object, after: object): Change => ({
  path: bytesOf(path),
  layer: 'workspace',
  flags: [],
  op: 'retyped',
  before: entry(before),
  after: entry(after),
});
const DIRECTORY = { type: 'directory', mode: 0o755, sha256: null, size: 0 } as const;

describe('left out and counted', () => {
  test('other layers, directories, what git does not keep', async () => {
    const { places, leftOut } = await plan([
      added('.bashrc', { layer: 'home' }),
      added('etc/passwd', { layer: 'root' }),
      added('dir', {}, DIRECTORY),
      deleted('gone', {}, DIRECTORY),
      { ...modified('mode', {}, { mode: 0o600 }), op: 'metadata' } as Change,
      { ...modified('owner', {}, { uid: 0 }), op: 'metadata' } as Change,
    ]);
    expect([places, leftOut]).toEqual([[], { ignored: 0, gitDir: 0, unasked: 0 }]);
  });

  test('ignored, git’s own, not asked for', async () => {
    const changes = [
      added('build/x', { flags: ['ignored'] }),
      change('.git/index', 'a', 'b', ['git-dir']),
      added('sub/.git/config'),
      added('x'),
      added('y'),
    ];
    const { places, leftOut } = await plan(changes, { ...ALL, only: (path) => Buffer.from(path).toString() === 'x' });
    expect(places.map(({ path }) => path)).toEqual(['x']);
    expect(leftOut).toEqual({ ignored: 1, gitDir: 2, unasked: 1 });
  });

  test('half of a rename, where only that is asked for', async () => {
    const rename = renamed('lib/a', 'src/a');
    expect((await plan([rename])).places.map(({ path, before, after }) => [path, before !== null, after !== null])).toEqual([
      ['lib/a', true, false],
      ['src/a', false, true],
    ]);
    const { places, leftOut } = await plan([rename], { ...ALL, only: (path) => path[0] === 0x73 });
    expect([places.map(({ path }) => path), leftOut.unasked]).toEqual([['src/a'], 1]);
  });
});

describe('refused', () => {
  it.each<[string, Change, string]>([
    ['a fifo', added('x', {}, { type: 'fifo', sha256: null }), 'x: it is, or was, a fifo'],
    ['a socket', added('x', {}, { type: 'socket', sha256: null }), 'x: it is, or was, a socket'],
    ['a device', added('x', {}, { type: 'device', sha256: null }), 'x: it is, or was, a device'],
    ['a fifo that goes', retyped('x', { type: 'fifo', sha256: null }, {}), 'x: it is, or was, a fifo'],
    ['a file without a hash', added('x', {}, { sha256: null }), 'x: its content is not known'],
    ['a file that was without a hash', { ...modified('x'), before: entry({ sha256: null }) } as Change, 'x: its content is not known'],
    ['a link without a target', added('x', {}, { type: 'symlink', sha256: null }), 'x: its content is not known'],
    ['a link to the machine', change('x', null, { link: '/etc/passwd' }), 'x: it is a link to an absolute path'],
    ['a link out', change('src/x', null, { link: '../../y' }), 'src/x: it is a link that may lead out of the checkout'],
    ['a link to git’s own', change('x', null, { link: '.git/hooks' }), 'x: it is a link into git’s own directory'],
    ['git’s own in another spelling', added('src/.GIT/hooks/pre-commit'), 'src/.GIT/hooks/pre-commit: git may take a part of it'],
    ['the same to go', deleted('git~1/x'), 'git~1/x: git may take a part of it'],
    ['a way up', added('src/../x'), 'src/../x: it is not a path below the checkout'],
    ['an absolute path', added('/etc/passwd'), '/etc/passwd: it is not a path below the checkout'],
  ])('%s, with everything else', async (_, bad, expected) => {
    const said = await refusal([added('good'), bad]);
    expect(said).toContain('never applied');
    expect(said).toContain(expected);
  });

  test('whatever the flags say: they are not believed', async () => {
    expect(await refusal([added('x', { flags: [] }, { type: 'fifo' }), change('y', null, { link: '/' }, [])])).toMatch(/x: .*\ny: /);
  });

  test('a path twice, and a path below a file or a link', async () => {
    expect(await refusal([added('x'), change('x', 'a', 'b')])).toContain('x: it is named twice');
    expect(await refusal([change('x', null, { link: 'src' }), added('x/y')])).toContain(
      'x/y: it lies below what is to be a file or a link',
    );
    expect(await refusal([added('x'), added('x/y/z')])).toContain('x/y/z: it lies below');
    expect((await plan([retyped('x', {}, DIRECTORY), added('x/y')])).places.map(({ path, after }) => [path, after === null])).toEqual([
      ['x', true],
      ['x/y', false],
    ]);
  });

  test('files that tools run by themselves, unless that is allowed; not their removal', async () => {
    const wanted = { ...ALL, runsLater: (path: Uint8Array) => runsLater(path, false) };
    const changes = [
      change('package.json', 'a', 'b'),
      added('src/.npmrc'),
      added('.husky/pre-commit'),
      added('.gitattributes'),
      added('.github/workflows/x.yml'),
      deleted('Makefile'),
      added('src/a.ts'),
    ];
    const said = await refusal(changes, wanted);
    expect(said.split('\n')).toEqual([
      'the record changes files that tools run or obey by themselves',
      ...changes.slice(0, 5).map(({ path }) => Buffer.from(path).toString()),
    ]);
    expect((await plan(changes)).places).toHaveLength(7);
  });

  test('many: a few are named, in a form that can be shown', async () => {
    const said = await refusal(Array.from({ length: 30 }, (_, index) => added(`\u001b[31m${index}`, {}, { type: 'fifo' })));
    expect(said).toContain('\\x1b[31m0: it is');
    expect(said).toMatch(/\+10$/);
  });

  test('more than can be applied at once', async () => {
    expect(await refusal([added('x', {}, { size: MOST_BYTES }), added('y', {}, { size: 1 })])).toContain('at most');
    const many = function* (): Generator<Change> {
      for (let index = 0; index <= MOST_PLACES; index++) yield added(`f${index}`);
    };
    expect(await refusal([...many()])).toContain(`more than ${MOST_PLACES} changes`);
  });
});

test('a place is what git keeps: content and one bit of the mode', async () => {
  const { places } = await plan([added('x', {}, { mode: 0o4711, size: 3, sha256: digestOf('abc') }), change('l', { link: 'a' }, 'abc')]);
  expect(places).toEqual([
    { path: 'l', before: { kind: 'link', target: 'a' }, after: { kind: 'file', sha256: digestOf('abc'), size: 3, executable: false } },
    { path: 'x', before: null, after: { kind: 'file', sha256: digestOf('abc'), size: 3, executable: true } },
  ]);
});

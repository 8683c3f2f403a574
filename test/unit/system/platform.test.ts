import { describe, expect, test } from 'vitest';
import { JailError } from '../../../src/model/errors.ts';
import { hostPathOf, inJailForm, jailPathOf, type Platform, platformOf } from '../../../src/system/platform.ts';

const windows = platformOf('win32') as Platform;
const mac = platformOf('darwin') as Platform;
const linux = platformOf('linux') as Platform;

describe('a path of Windows', () => {
  test.each([
    ['D:\\a\\repo\\repo', '/d/a/repo/repo'],
    ['D:/a/repo', '/d/a/repo'],
    ['c:\\Users\\Ünï cödé\\x', '/c/Users/Ünï cödé/x'],
    ['D:\\a\\repo\\', '/d/a/repo'],
    ['D:\\a\\.\\b\\..\\c', '/d/a/c'],
    ['\\\\?\\D:\\a', '/d/a'],
    ['D:\\', '/d'],
  ])('%s is at %s in the jail', (path, there) => {
    expect(jailPathOf(path, windows)).toBe(there);
  });
  test.each([
    '\\\\server\\share\\x',
    '\\\\?\\UNC\\server\\share',
    '\\\\.\\pipe\\docker_engine',
    'a\\b',
    'D:a',
    'D:',
    '\\a',
    '/d/a',
    'D:\\a:stream',
    'D:\\a\0',
    '',
  ])('%j has no place there', (path) => {
    expect(windows.toJail(path)).toBeNull();
    expect(() => jailPathOf(path, windows)).toThrow(JailError);
    expect(() => jailPathOf(path, windows)).toThrow(/has no place in a jail/);
  });
  test.each([
    ['/d/data', 'D:/data'],
    ['/c', 'C:/'],
  ])('is what a policy names by %s', (written, path) => {
    expect(hostPathOf(written, windows)).toBe(path);
    expect(jailPathOf(path, windows)).toBe(written);
  });
  test.each(['/data/x', '/D/x', 'D:/x', '/'])('is not %s', (written) => {
    expect(() => hostPathOf(written, windows)).toThrow(/is not on this machine: on Windows/);
  });
});

test.each([
  ['macOS', mac, false],
  ['Linux', linux, true],
] as const)('paths of %s are as they are', (called, platform, jails) => {
  expect([platform.called, platform.jails]).toEqual([called, jails]);
  for (const path of ['/Users/me/repo', '/tmp/a\\b'])
    expect([jailPathOf(path, platform), hostPathOf(path, platform), platform.slashed(path)]).toEqual([path, path, path]);
  expect(() => jailPathOf('a/b', platform)).toThrow(/has no place/);
});

test('of other machines nothing is known', () => {
  expect(platformOf('freebsd')).toBeNull();
});

test('paths of the environment have the form of a jail, and nothing else changes', () => {
  const env = {
    RUNNER_TEMP: 'D:\\a\\_temp',
    KUBECONFIG: 'C:\\k\\one;D:\\two',
    URL: 'https://example.com/;x',
    EMPTY: '',
    TEXT: 'see D:\\a; or not',
    GONE: undefined,
  };
  expect(inJailForm(env, windows)).toEqual({ ...env, RUNNER_TEMP: '/d/a/_temp', KUBECONFIG: '/c/k/one:/d/two' });
  expect(inJailForm({ PATH: '/a:/b', X: 'y:z' }, mac)).toEqual({ PATH: '/a:/b', X: 'y:z' });
});

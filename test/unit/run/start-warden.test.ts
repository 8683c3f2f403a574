import { describe, expect, test } from 'vitest';
import { explain, wardenArgv } from '../../../src/run/start-warden.ts';

describe('wardenArgv', () => {
  test('root: own namespaces that die with it', () => {
    const argv = wardenArgv(true, '/n/node', '/d/warden.cjs', 'run', 'docker');
    expect(argv[0]).toBe('unshare');
    expect(argv).toContain('--kill-child');
    expect(argv.slice(-8)).toEqual([
      '/n/node',
      '--single-threaded-gc',
      '--no-concurrent-recompilation',
      '--no-concurrent-sparkplug',
      '--max-semi-space-size=2',
      '/d/warden.cjs',
      'run',
      'docker',
    ]);
  });
  test('others: by sudo that never asks, with an empty environment', () => {
    const argv = wardenArgv(false, '/n/node', '/d/warden.cjs', 'sweep');
    expect(argv.slice(0, 5)).toEqual(['sudo', '-n', '--', '/usr/bin/env', '-i']);
    const at = argv.indexOf('/bin/sh');
    expect(argv.slice(5, at).map((word) => word.split('=')[0])).toEqual(['PATH', 'LANG', 'LC_ALL']);
    expect(argv.slice(at, at + 5)).toEqual(['/bin/sh', '-c', 'exec "$@" 3</proc/self/ns/mnt 4</proc', 'sh', 'unshare']);
  });
});

describe('explain', () => {
  test.each([
    ['sudo: a password is required\n', '1', 'sudo asks for a password'],
    ['sudo: a terminal is required to read the password', '1', 'sudo asks for a password'],
    ['x is not in the sudoers file.', '1', 'may not use sudo'],
    ['/usr/bin/env: ‘unshare’: No such file or directory\n', '127', 'unshare is missing on this machine'],
    ['sh: 1: exec: unshare: not found\n', '127', 'unshare is missing on this machine'],
    ['sh: line 1: exec: unshare: not found\n', '127', 'unshare is missing on this machine'],
    ['', 'SIGKILL', 'the warden ended with SIGKILL'],
    ['warden: boom\n', '70', 'the warden ended with 70: warden: boom'],
  ])('%j %s', (errors, end, wanted) => {
    expect(explain(errors, end)).toContain(wanted);
  });
});

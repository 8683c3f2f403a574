import { describe, expect, test } from 'vitest';
import { surroundingsOf } from '../../../src/plan/surroundings.ts';

const HOSTED = {
  PATH: '/snap/bin:/usr/bin:/bin',
  RUNNER_TEMP: '/home/runner/work/_temp',
  RUNNER_TOOL_CACHE: '/opt/hostedtoolcache',
  GITHUB_ENV: '/home/runner/work/_temp/_runner_file_commands/set_env_1',
  GITHUB_EVENT_PATH: '/home/runner/work/_temp/_github_workflow/event.json',
  GITHUB_ACTION_PATH: '/home/runner/work/_actions/o/agent-jail/v1',
  JAVA_HOME_17_X64: '/usr/lib/jvm/17',
  SECRET: 'x',
};

test('a hosted runner', () => {
  const found = surroundingsOf(HOSTED, '/home/runner', '/home/runner/actions-runner/cached/externals/node24/bin/node');
  expect(found).toEqual({
    path: ['/snap/bin', '/usr/bin', '/bin'],
    home: '/home/runner',
    toolchain: { RUNNER_TOOL_CACHE: '/opt/hostedtoolcache', JAVA_HOME_17_X64: '/usr/lib/jvm/17' },
    forbidden: [
      '/home/runner/work/_temp',
      '/home/runner/work/_actions',
      '/home/runner/work/_PipelineMapping',
      '/home/runner/actions-runner/cached',
    ],
    hidden: [HOSTED.GITHUB_ENV, HOSTED.GITHUB_EVENT_PATH],
  });
});

test('a runner whose work folder lies in its own directory: the parts are forbidden, not the checkout', () => {
  const { forbidden } = surroundingsOf({ RUNNER_TEMP: '/data/runner/_work/_temp' }, '/home/ci', '/data/runner/externals/node24/bin/node');
  expect(forbidden).toEqual(
    expect.arrayContaining([
      '/data/runner/_work/_temp',
      '/data/runner/.credentials',
      '/data/runner/.runner',
      '/data/runner/externals',
      '/data/runner/_diag',
    ]),
  );
  expect(forbidden).not.toContain('/data/runner');
});

test('the command line: nothing is forbidden', () => {
  expect(surroundingsOf({}, '/home/u', '/usr/bin/node')).toEqual({ path: [''], home: '/home/u', toolchain: {}, forbidden: [], hidden: [] });
  expect(surroundingsOf({ GITHUB_ACTION_PATH: '/w/repo' }, '/home/u', '/opt/externals/bin/node').forbidden).toEqual([]);
});

describe('files that variables point to', () => {
  test.each([
    ['GITHUB_STATE', '/t/s', ['/t/s']],
    ['NETRC', '/w/.netrc', ['/w/.netrc']],
    ['GOOGLE_GHA_CREDS_PATH', '/w/gha-creds-1.json', ['/w/gha-creds-1.json']],
    ['KUBECONFIG', '/w/a:/w/b', ['/w/a', '/w/b']],
    ['MY_TOKEN_FILE', '/w/token', ['/w/token']],
    ['DB_PASSWORD_FILE', '/w/./x/../pw/', ['/w/pw']],
    ['SSL_CERT_FILE', '/etc/ssl/certs/ca.crt', []],
    ['NETRC', 'relative/.netrc', []],
    ['NETRC', '', []],
    ['NETRC', '/', []],
    ['ENV_FILE', '/w/.env', []],
  ])('%s=%s', (name, value, hidden) => {
    expect(surroundingsOf({ [name]: value }, '/home/u', '/usr/bin/node').hidden).toEqual(hidden);
  });
});

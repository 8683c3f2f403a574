import { expect, test } from 'vitest';
import { imageEnvironment, stepEnvironment } from '../../../src/plan/environment.ts';

const place = { file: 'policy.yml', line: 4, column: 3 };
const BASE = { TERM: 'dumb', CI: 'true', AGENT_JAIL: '1' };
const caller = {
  TASK: 'do it',
  API_KEY: 'value-of-key',
  GITHUB_TOKEN: 'ghs_x',
  GITHUB_REPOSITORY: 'o/r',
  ACTIONS_RUNTIME_TOKEN: 'rt',
  'INPUT_GITHUB-TOKEN': 'it',
  HOME: '/root',
};

function environment(
  rules: Partial<Parameters<typeof stepEnvironment>[0]['rules']>,
  env: Record<string, string> = {},
  tty: object | null = null,
) {
  return stepEnvironment({ id: 'RUN', rules: { env: {}, passEnv: [], secrets: [], ...rules }, step: { env, tty, place: null }, caller });
}

test('nothing of the caller comes by itself', () => {
  expect(environment({})).toEqual({ env: BASE, problems: [] });
});

test('policy, pass-env, exposed secrets, step: the later wins', () => {
  const rules = {
    env: { A: 'policy', B: 'policy', TASK: 'policy' },
    passEnv: ['TASK', 'NOT_SET', 'GITHUB_REPOSITORY'],
    secrets: [{ name: 'API_KEY', use: 'env' as const, place }],
  };
  expect(environment(rules, { B: 'step', LANG: 'de_DE.UTF-8' })).toEqual({
    env: { ...BASE, A: 'policy', B: 'step', TASK: 'do it', GITHUB_REPOSITORY: 'o/r', API_KEY: 'value-of-key', LANG: 'de_DE.UTF-8' },
    problems: [],
  });
});

test('of a secret that is injected there is a placeholder in the environment', () => {
  const secret = { name: 'API_KEY', use: 'inject' as const, hosts: ['api.test'], methods: [], paths: [], place };
  expect(environment({ secrets: [secret] }).env).toEqual({ ...BASE, API_KEY: 'agent-jail-placeholder-API_KEY-RUN' });
});

test('a terminal has a name', () => {
  expect(environment({}, {}, { cols: 80, rows: 24 }).env['TERM']).toBe('xterm-256color');
});

test.each([
  ['ACTIONS_RUNTIME_TOKEN', "runner's own"],
  ['ACTIONS_ID_TOKEN_REQUEST_URL', "runner's own"],
  ['GITHUB_ENV', 'later steps'],
  ['GITHUB_STEP_SUMMARY', 'later steps'],
  ['GITHUB_EVENT_PATH', 'does not see'],
  ['RUNNER_TEMP', 'does not see'],
  ['RUNNER_TRACKING_ID', 'does not see'],
  ['INPUT_GITHUB-TOKEN', 'input'],
  ['STATE_x', 'state'],
  ['SSH_AUTH_SOCK', 'socket'],
  ['GITHUB_TOKEN', 'token'],
  ['GH_TOKEN', 'token'],
  ['PATH', 'its own'],
  ['HOME', 'its own'],
])('pass-env: %s is refused: %s', (name, why) => {
  const { env, problems } = environment({ passEnv: [name] });
  expect(problems).toEqual([
    { message: expect.stringMatching(new RegExp(`^pass-env: ${name} .*${why}`)), place: null, remedy: expect.stringMatching(/./) },
  ]);
  expect(env).toEqual(BASE);
});

test.each(['RUNNER_OS', 'RUNNER_ARCH', 'GITHUB_SHA', 'GITHUB_ACTOR', 'TZ', 'http_proxy'])('pass-env: %s is allowed', (name) => {
  expect(environment({ passEnv: [name] }).problems).toEqual([]);
});

test('a token may be exposed as a secret, what is the runner’s may not', () => {
  const secret = (name: string) => ({ secrets: [{ name, use: 'env' as const, place }] });
  expect(environment(secret('GITHUB_TOKEN'))).toEqual({ env: { ...BASE, GITHUB_TOKEN: 'ghs_x' }, problems: [] });
  expect(environment(secret('ACTIONS_RUNTIME_TOKEN')).problems).toMatchObject([
    { message: expect.stringContaining('secrets: ACTIONS_RUNTIME_TOKEN'), place },
  ]);
  expect(environment(secret('HOME')).problems).toMatchObject([{ message: expect.stringContaining('secrets: HOME'), place }]);
});

test.each(['HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'AGENT_JAIL', 'AGENT_JAIL_RESULT'])('env: %s is the jail’s', (name) => {
  expect(environment({ env: { [name]: 'x' } }).problems).toMatchObject([
    { message: `env: ${name} cannot be used: the jail sets it itself` },
  ]);
  expect(environment({}, { [name]: 'x' }).problems).toMatchObject([
    { message: `env of the step: ${name} cannot be used: the jail sets it itself` },
  ]);
});

test.each([
  ['', 'x'],
  ['A=B', 'x'],
  ['A\0', 'x'],
  ['A', 'x\0y'],
])('env: %j=%j is impossible', (name, value) => {
  expect(environment({}, { [name]: value }).problems).toMatchObject([{ message: expect.stringContaining('no process can have') }]);
});

test('PATH may be set', () => {
  expect(environment({ env: { PATH: '/w/bin:/usr/bin' } })).toMatchObject({ env: { PATH: '/w/bin:/usr/bin' }, problems: [] });
});

test('an image’s variables: what no process can have is left out, and an empty PATH is none', () => {
  const lines = ['A=1', 'B=', 'C=a=b', 'LD_PRELOAD=/x.so', 'PATH=', 'NONE', '=x', 'A-B=1', '1A=1', 'Z=\0'];
  expect(imageEnvironment(lines)).toEqual({
    env: { A: '1', B: '', C: 'a=b', LD_PRELOAD: '/x.so' },
    left: ['"NONE"', '""', '"A-B"', '"1A"', '"Z"'],
  });
});

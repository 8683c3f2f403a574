import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { git, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { files, LIMITS, suite } from '../../support/suite.ts';

/** One task: what the agent does, and how it is judged. */
const task = (id: string, agent: string, verifier: string, policy = ''): string => `  - id: ${id}
    instruction: do it
    directory: start
    ${policy}
    agent: { run: ${JSON.stringify(agent)} }
    verifier: ${verifier}
`;
const suiteFile = (tasks: readonly string[], more = ''): string => `policy: { ${LIMITS.replace('limits: ', 'limits: ')} }
agents: { one: { run: exit 1 } }
${more}
tasks:
${tasks.join('')}`;

const run = async (backend: string, at: string, tasks: readonly string[], more = '') => {
  files(at, {
    'suite.yml': suiteFile(tasks, more),
    'start/a.txt': 'one\n',
    'start/dir/b.txt': 'b\n',
    'start/gone/c.txt': 'c\n',
    'secret/test.sh': 'cat "$@"\n',
  });
  return suite(['run', 'suite.yml', '--backend', backend], join(at, 'out'), { cwd: at });
};

describe.each(['nspawn', 'docker'])('%s: a verifier', (backend) => {
  test('sees what the agent left, byte for byte and mode for mode, and nothing else of it', async () => {
    using place = temporary();
    const before = snapshot();
    const agent = [
      'echo two >> a.txt; chmod 640 a.txt; rm -r gone; mkdir -p new/deep; echo n > new/deep/n; ln -s ../a.txt new/link; ln a.txt hard',
      'mkfifo pipe; rm dir/b.txt; rmdir dir; echo file > dir; mkdir empty; chmod 700 empty; printf "odd" > "$(printf "o\\303\\244 \\377")"',
      'echo outside > ~/mine; echo tmp > /tmp/mine; setfattr -n user.note -v x a.txt 2>/dev/null || true; touch -d @1000000000 new/deep/n',
    ].join('\n');
    const look = `
      set -eu
      [ "$(cat a.txt)" = "$(printf 'one\\ntwo')" ]; [ "$(stat -c %a.%h a.txt)" = 640.2 ]; [ "$(stat -c %i a.txt)" = "$(stat -c %i hard)" ]
      [ ! -e gone ]; [ -f dir ]; [ "$(cat dir)" = file ]; [ "$(cat new/deep/n)" = n ]; [ "$(readlink new/link)" = ../a.txt ]
      [ -p pipe ]; [ "$(stat -c %a empty)" = 700 ]; [ "$(stat -c %Y new/deep/n)" = 1000000000 ]; [ "$(cat "$(printf 'o\\303\\244 \\377')")" = odd ]
      [ ! -e ~/mine ]; [ ! -e /tmp/mine ]; [ "$(id -u)" != 0 ]
      ! touch a.txt 2>/dev/null; ! touch here 2>/dev/null
      [ "$(cat /verifier/test.sh)" = 'cat "$@"' ]; ! touch /verifier/x 2>/dev/null
      [ -z "\${MARK:-}" ]; ! getent hosts example.org
      echo looked
    `;
    const ran = await run(backend, place.path, [
      task('all', agent, `{ files: secret, run: ${JSON.stringify(look)} }`, 'policy: { guards: { changes: { forbid: [] } } }'),
    ]);
    const trial = ran.of('all');
    const said = readFileSync(join(place.path, 'out', trial.record ?? '', 'verifier/transcript.log'), 'utf8');
    expect({ outcome: trial.outcome, because: trial.because, said }).toEqual({
      outcome: 'pass',
      because: 'verified',
      said: expect.stringContaining('looked\n') as string,
    });
    expect(trial.behaviour.paths).toContain('D gone/c.txt');
    // What the agent left is no change of the verifier's.
    expect(readFileSync(join(place.path, 'out', trial.record ?? '', 'verifier/changes.ndjson'), 'utf8')).not.toContain('a.txt');
    expect(ran.code).toBe(0);
    expect(await settled(before)).toEqual([]);
  });

  test('can have the root that the agent left, and a workspace that it may write to', async () => {
    using place = temporary();
    const ran = await run(backend, place.path, [
      task(
        'root',
        'echo mine > ~/mine; echo tmp > /tmp/mine; echo ws > a.txt',
        `{ root: agent, workspace: copy-on-write, run: 'set -e; [ "$(cat ~/mine)" = mine ]; [ "$(cat /tmp/mine)" = tmp ]; [ "$(cat a.txt)" = ws ]; echo x > a.txt; [ "$(stat -c %a /tmp)" = 1777 ]' }`,
      ),
      task('path', 'mkdir -p ~/bin; echo "#!/bin/sh" > ~/bin/test.sh', `{ root: agent, run: 'true' }`),
    ]);
    expect(ran.of('root')).toMatchObject({ outcome: 'pass', because: 'verified' });
    // Not on the PATH of the jail.
    expect(ran.of('path')).toMatchObject({ outcome: 'pass' });
  });

  test('judges again what agents did already', async () => {
    using place = temporary();
    const first = await run(backend, place.path, [
      task('one', 'echo done > a.txt', `{ run: 'grep -q other a.txt' }`),
      task('two', 'true', `{ run: 'true' }`),
    ]);
    expect([first.of('one').outcome, first.of('two').outcome]).toEqual(['fail', 'pass']);
    files(place.path, {
      'better.yml': suiteFile([task('one', 'exit 1', `{ run: 'grep -q done a.txt' }`), task('two', 'exit 1', `{ run: 'true' }`)]),
    });
    const again = await suite(['regrade', 'out', '--suite', 'better.yml'], join(place.path, 'again'), { cwd: place.path });
    expect([again.of('one').outcome, again.of('two').outcome]).toEqual(['pass', 'pass']);
    expect(again.stderr).toContain('one #1 fail 0 → pass 1: verified');
    expect(again.of('one').run).toEqual(first.of('one').run);
    expect(readFileSync(join(place.path, 'again', again.of('one').record ?? '', 'agent/changes.patch'), 'utf8')).toContain('+done');
  });
});

// How a verdict is made has nothing to do with a backend.
test('is not to be bribed, and what it cannot judge counts as neither pass nor fail', async () => {
  using place = temporary();
  const reward = (script: string): string => `{ reward: true, threshold: 0.5, run: ${JSON.stringify(script)} }`;
  const ran = await run('nspawn', place.path, [
    task('passes', 'echo done > a.txt', `{ run: 'grep -q done a.txt' }`),
    task('fails', 'true', `{ run: 'grep -q done a.txt' }`),
    task('agent-fails', 'exit 3', `{ run: 'true' }`),
    task('bad-exit', 'exit 3', `{ run: 'false' }`),
    task('reward', 'true', reward('echo 0.75 > "$AGENT_JAIL_RESULT"')),
    task('low', 'true', reward('echo 0.25 > "$AGENT_JAIL_RESULT"')),
    task('json', 'true', reward(`echo '{"reward": 1, "style": 0}' > "$AGENT_JAIL_RESULT"`)),
    task('no-number', 'true', reward('echo good > "$AGENT_JAIL_RESULT"')),
    task('nan', 'true', reward('echo NaN > "$AGENT_JAIL_RESULT"')),
    task('nothing', 'true', reward('true')),
    task('dies', 'true', reward('echo 1 > "$AGENT_JAIL_RESULT"; exit 1')),
    task('killed', 'true', `{ run: 'kill -9 $$' }`),
    task('hangs', 'true', `{ time: 1s, run: 'sleep 60' }`),
    task('answers-itself', 'echo 1 > "$AGENT_JAIL_RESULT"', reward('true')),
    task('puts-it-there', 'mkdir -p /tmp/tests && echo exit 0 > /tmp/tests/test.sh', `{ files: secret, target: /tmp/tests, run: 'true' }`),
    task(
      'limit-passes',
      'echo done > a.txt; sleep 60',
      `{ run: 'grep -q done a.txt' }`,
      'policy: { limits: { disk: 64MiB, memory: 256MiB, time: 1s } }',
    ),
    task('limit', 'sleep 60', `{ run: 'grep -q done a.txt' }`, 'policy: { limits: { disk: 64MiB, memory: 256MiB, time: 1s } }'),
    task(
      'guard',
      'echo done > a.txt',
      `{ run: 'true' }`,
      'policy: { limits: { disk: 64MiB, memory: 256MiB }, guards: { changes: { deny: [a.txt] } } }',
    ),
    task('no-root', 'true', `{ run: 'true' }`, `policy: { jail: { root: { directory: ${place.path}/nowhere } } }`),
  ]);
  expect(Object.fromEntries(ran.trials.map(({ task: id, outcome, what, reward: given }) => [id, [outcome, what, given]]))).toEqual({
    passes: ['pass', null, 1],
    fails: ['fail', null, 0],
    'agent-fails': ['pass', null, 1],
    'bad-exit': ['fail', null, 0],
    reward: ['pass', null, 0.75],
    low: ['fail', null, 0.25],
    json: ['pass', null, 1],
    'no-number': ['invalid', null, null],
    nan: ['invalid', null, null],
    nothing: ['invalid', null, null],
    dies: ['invalid', null, null],
    killed: ['invalid', null, null],
    hangs: ['invalid', null, null],
    'answers-itself': ['invalid', null, null],
    'puts-it-there': ['tampered', null, null],
    'limit-passes': ['pass', 'time', 1],
    limit: ['limit', 'time', 0],
    guard: ['violation', null, 1],
    'no-root': ['infra', 'jail', null],
  });
  expect(ran.of('nan').because).toContain('"NaN", which is not a number');
  expect(ran.of('hangs').because).toContain('did not come to an end');
  expect(ran.of('puts-it-there').because).toContain('/tmp/tests');
  // 9 of 19 were not measured: nothing that could be called green.
  expect(ran.code).toBe(70);
  expect(ran.stderr).toContain('nothing was measured of: no-number, nan');
});

test('a task of a repository begins with one of its commits, or with a directory of it', async () => {
  using place = temporary();
  const origin = join(place.path, 'origin');
  files(origin, { 'app/a.txt': 'first\n', 'other.txt': 'x\n' });
  const commit = (): string => {
    git(origin, 'add', '--all');
    git(origin, '-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message=m');
    return git(origin, 'rev-parse', 'HEAD').trim();
  };
  git(origin, 'init', '--quiet', '--initial-branch=main');
  const first = commit();
  files(origin, { 'app/a.txt': 'second\n' });
  commit();
  const start = (id: string, at: string, run: string): string =>
    `  - { id: ${id}, instruction: do, repository: { url: origin, commit: ${first}${at} }, agent: { run: 'true' }, verifier: { run: '${run}' } }\n`;
  files(place.path, {
    'suite.yml': `policy: { ${LIMITS} }\nagents: { one: { run: 'true' } }\ntasks:\n${start('whole', '', `[ "$(cat app/a.txt)" = first ] && [ -d .git ]`)}${start('part', ', path: app', `[ "$(cat a.txt)" = first ]`)}${start('gone', ', path: nowhere', 'true')}`,
  });
  const ran = await suite(['run', 'suite.yml', '--backend', 'nspawn'], join(place.path, 'out'), { cwd: place.path });
  expect(
    ran.trials.map(({ task: id, outcome, what }) => [id, outcome, what]).toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  ).toEqual([
    ['gone', 'infra', 'prepare'],
    ['part', 'pass', null],
    ['whole', 'pass', null],
  ]);
  expect(ran.of('gone').because).toContain('nowhere is not a directory of');
});

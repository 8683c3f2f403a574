import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jailed, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { codes, SMALL, stepped } from '../support/steps.ts';

describe('the end of a step', () => {
  test.each([
    ['exit 0', 0, 'succeeded', 0],
    ['exit 1', 1, 'step-failed', 1],
    ['exit 77', 77, 'step-failed', 1],
    ['exit 255', 255, 'step-failed', 1],
    ['no-such-program-anywhere', 127, 'step-failed', 1],
    // A shell says of a child that a signal ended: 128 and the signal's number.
    ["sh -c 'kill -KILL $$'; exit $?", 137, 'step-failed', 1],
    // So does the jail of the step's own program.
    ['kill -SEGV $$', 139, 'step-failed', 1],
  ])('%s: code %i, %s', async (script, code, outcome, exit) => {
    using place = temporary();
    repository(place.path);
    const ran = await jailed(place.path, `echo it runs; ${script}`, { policy: SMALL });
    expect(ran.transcript).toContain('it runs');
    expect({ exit: ran.code, outcome: ran.verdict.outcome, step: ran.run.steps[0]?.exit }).toMatchObject({
      exit,
      outcome,
      step: { code, signal: null, hit: [] },
    });
    const why = code === 0 ? 'no guard found anything' : ` exit code ${code}`;
    expect(ran.verdict.because.endsWith(why)).toBe(true);
  });

  test('--exit-code step gives the last step’s own; --json says both, and nothing else is printed', async () => {
    using place = temporary();
    const ran = await stepped(place.path, '- run: echo noise\n- run: exit 77\n', { args: ['--exit-code', 'step', '--json'] });
    expect(ran.code).toBe(77);
    expect(ran.stderr).toBe('');
    expect(JSON.parse(ran.stdout)).toMatchObject({ outcome: 'step-failed', stepExit: 77, exit: 77, end: { how: 'steps-done', failed: 1 } });
    expect(ran.transcript).toBe('noise\n');
  });

  test('a failed step is the last: the others never start', async () => {
    using place = temporary();
    const ran = await stepped(
      place.path,
      '- { name: prepare, setup: true, run: echo 1 }\n- { name: first, run: echo 2 }\n- { name: second, run: "echo 3; false; echo no" }\n- { name: third, run: echo never }\n',
    );
    expect(codes(ran)).toEqual(['prepare 0', 'first 0', 'second 1', 'third -']);
    expect(ran.run.steps.map(({ setup, started }) => [setup, started !== null])).toEqual([
      [true, true],
      [false, true],
      [false, true],
      [false, false],
    ]);
    expect(ran.run.end).toEqual({ how: 'steps-done', failed: 2 });
    expect(ran.transcript).toBe('1\n2\n3\n');
    expect(ran.verdict.because).toBe('step 3 (second) ended with exit code 1');
  });

  test('a process that keeps the output open does not hold it up, and is dead in the next step', async () => {
    using place = temporary();
    const before = snapshot();
    const ran = await stepped(
      place.path,
      `- run: |
    (trap '' HUP TERM; setsid sleep 4711 & setsid sh -c 'while :; do sleep 1; done' &)
    for i in 1 2 3 4 5 6 7 8 9; do grep -qa 4711 /proc/[0-9]*/cmdline && break; sleep 0.1; done
    cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -ao 'sleep 4711' | head -n 1
- run: |
    cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -ao 'sleep 47[1]1' || echo dead
`,
    );
    expect(ran.transcript).toBe('sleep 4711\ndead\n');
    // Held up, the first step would have gone over its 20 s.
    expect(ran.verdict.outcome).toBe('succeeded');
    expect(await settled(before)).toEqual([]);
  });
});

describe('a setup step', () => {
  const SETUP = `pass-env: [SEEN, ABSENT]
env: { BY_POLICY: agent }
secrets: { API_KEY: expose }
limits: { disk: 64MiB, memory: 512MiB, processes: 200, time: 20s }
setup: { env: { BY_POLICY: setup }, pass-env: [OTHER], limits: { processes: 100, memory: 256MiB } }
`;
  const SHOW = 'echo "[$SEEN][$OTHER][$ABSENT][$BY_POLICY][$API_KEY]"';
  test('has the environment and limits of `setup`, no secrets, and its files are the agent’s', async () => {
    using place = temporary();
    const ran = await stepped(
      place.path,
      `- { name: prepare, setup: true, run: '${SHOW}; echo made > by-setup' }\n- { name: agent, run: '${SHOW}; cat by-setup' }\n`,
      { policy: SETUP, env: { SEEN: 'seen', OTHER: 'other', API_KEY: 'a-key-of-this-test', NOT_PASSED: 'x' } },
    );
    expect(codes(ran)).toEqual(['prepare 0', 'agent 0']);
    expect(ran.transcript).toBe('[][other][][setup][]\n[seen][][][agent][[redacted API_KEY]]\nmade\n');
    expect(ran.ndjson('changes.ndjson').map(({ path }) => path)).toContain('by-setup');
  });

  test('is held to its own limits; the agent’s steps are not', async () => {
    using place = temporary();
    const policy = `limits: { disk: 64MiB, memory: 512MiB, time: 20s }\nsetup: { limits: { time: 1s } }\n`;
    const wait = 'echo it waits; sleep 2';
    const ran = await stepped(place.path, `- { run: '${wait}', setup: true }\n- { run: 'echo never' }\n`, { policy });
    expect(ran.run.end).toEqual({ how: 'limit', limit: 'time', step: 0 });
    expect({ outcome: ran.verdict.outcome, code: ran.code, transcript: ran.transcript }).toEqual({
      outcome: 'timed-out',
      code: 124,
      transcript: 'it waits\n',
    });
    const agent = await stepped(place.path, `- { run: '${wait}' }\n`, { policy });
    expect(agent.verdict.outcome).toBe('succeeded');
  });

  test('--setup runs before the command, with bash', async () => {
    using place = temporary();
    repository(place.path);
    const ran = await jailed(place.path, 'cat by-setup', { policy: SMALL, setup: 'set -o pipefail; echo "from ${BASH##*/}" > by-setup' });
    expect(codes(ran)).toEqual(['setup 0', 'sh 0']);
    expect(ran.transcript).toBe('from bash\n');
  });
});

describe('the shell', () => {
  test('is what GitHub’s runner starts for the name, or the template’s program', async () => {
    using place = temporary();
    const bin = join(place.path, 'bin');
    mkdirSync(bin);
    // Whatever PATH has by these names is what runs.
    for (const name of ['python', 'pwsh']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $#: $*"\ncat /run/agent-jail/step-*$EXTENSION\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const ran = await stepped(
      place.path,
      `- run: 'echo "\${BASH##*/} $-"; set -o | grep pipefail; false | true; echo goes on'
- { shell: bash, run: 'set -o | grep pipefail' }
- { shell: sh, run: 'echo "$0 $-"; echo "\${BASH:-no bash}"' }
- { shell: 'perl -w {0}', run: 'print "$0 $^W\\n";' }
- { shell: 'sh -c "exec cat {0}"', run: 'it is a {file} with "quotes" and $dollars' }
- { shell: python, env: { EXTENSION: .py }, run: 'print("python")' }
- { shell: pwsh, env: { EXTENSION: .ps1 }, run: 'Write-Output "x"' }
- { shell: bash, run: 'false | true; echo never' }
`,
      { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } },
    );
    expect(ran.transcript.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(/^bash \w*e/),
      expect.stringMatching(/^pipefail\s+off$/),
      'goes on',
      expect.stringMatching(/^pipefail\s+on$/),
      expect.stringMatching(/^\/run\/agent-jail\/step-2\.sh \w*e/),
      'no bash',
      '/run/agent-jail/step-3 1',
      'it is a {file} with "quotes" and $dollars',
      'python 1: /run/agent-jail/step-5.py',
      'print("python")',
      "pwsh 2: -command . '/run/agent-jail/step-6.ps1'",
      "$ErrorActionPreference = 'stop'",
      'Write-Output "x"',
      expect.stringContaining('LASTEXITCODE'),
    ]);
    expect(codes(ran).at(-1)).toBe('step 8 1');
  });

  test('that is not in the jail fails the step, and says so', async () => {
    using place = temporary();
    const ran = await stepped(place.path, '- { shell: "no-such-shell {0}", run: "true" }\n');
    expect(ran.transcript).toMatch(/no-such-shell: not found/);
    expect({ code: ran.code, outcome: ran.verdict.outcome, exit: ran.run.steps[0]?.exit?.code }).toEqual({
      code: 1,
      outcome: 'step-failed',
      exit: 127,
    });
  });
});

describe('the working directory', () => {
  test('is the workspace, one below it, or one that an earlier step made', async () => {
    using place = temporary();
    const work = repository(place.path);
    const ran = await stepped(
      place.path,
      `- { run: pwd; mkdir made, working-directory: . }\n- { run: pwd, working-directory: src }\n- { run: pwd, working-directory: "${work}/made" }\n`,
    );
    expect(ran.transcript).toBe(`${work}\n${work}/src\n${work}/made\n`);
    expect(existsSync(join(work, 'made'))).toBe(false);
  });

  test.each([
    ['is gone', 'rm -r src'],
    ['has become a file', 'rm -r src; echo > src'],
    ['may not be entered', 'chmod 0 src'],
  ])('that %s: the step fails, which is not the jail’s error', async (_, spoil) => {
    using place = temporary();
    const ran = await stepped(place.path, `- run: ${spoil}\n- { run: echo never, working-directory: src }\n`);
    expect(ran.transcript).toBe(`agent-jail: the working-directory ${join(place.path, 'work/src')} is not a directory in the jail\n`);
    expect({ code: ran.code, outcome: ran.verdict.outcome, steps: codes(ran) }).toEqual({
      code: 1,
      outcome: 'step-failed',
      steps: ['step 1 0', 'step 2 1'],
    });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporary } from '../support/jail.ts';
import { codes, SMALL, stepped } from '../support/steps.ts';

describe('the environment of a step', () => {
  test('is made from nothing: what every step has, what the policy names, and the step’s own', async () => {
    using place = temporary();
    // What PATH brings with it is the toolchain's own matter.
    const policy = `${SMALL}jail: { toolchain: none }\nenv: { LITERAL: "as it is: $HOME" }\npass-env: [PASSED, ABSENT]\nsecrets: { API_KEY: expose }\n`;
    // Perl adds no variable of its own, as a shell would.
    const show = `{ shell: "perl {0}", env: { OWN: "it's" }, run: 'print map { "$_=$ENV{$_}\\n" } sort keys %ENV; print "uid $<\\n"' }`;
    const ran = await stepped(place.path, `- ${show}\n`, {
      policy,
      env: {
        PASSED: 'on',
        API_KEY: 'a-key-of-this-test',
        NOT_NAMED: 'x',
        USER: 'somebody',
        HOME: place.path,
        TMPDIR: '/nonexistent',
        LD_PRELOAD: '',
        GITHUB_TOKEN: 'ghs_0123456789abcdef',
      },
    });
    const [uid = '', ...env] = ran.transcript.trim().split('\n').toReversed();
    expect(env.toReversed().filter((line) => !line.startsWith('PATH='))).toEqual([
      'AGENT_JAIL=1',
      'AGENT_JAIL_RESULT=/run/agent-jail/result',
      'API_KEY=[redacted API_KEY]',
      'APT_CONFIG=/run/agent-jail/apt.conf',
      'CI=true',
      'HOME=/home/agent',
      'LANG=C.UTF-8',
      'LITERAL=as it is: $HOME',
      'LOGNAME=agent',
      "OWN=it's",
      'PASSED=on',
      'PIP_RETRIES=1',
      'SHELL=/bin/sh',
      'TERM=dumb',
      'TMPDIR=/tmp',
      'USER=agent',
      'npm_config_fetch_retry_maxtimeout=1000',
      'npm_config_fetch_retry_mintimeout=100',
    ]);
    // Neither root's nor the caller's.
    expect(Number(uid.slice('uid '.length))).toBeGreaterThanOrEqual(61_001);
  });

  test('HOME and TMPDIR can be written, belong to the agent, and what is in them is seen in the next step', async () => {
    using place = temporary();
    const ran = await stepped(
      place.path,
      `- run: |
    whoami; id -un "$(stat -c %u "$HOME")"; stat -c %a "$HOME"; [ ~ = "$HOME" ] && echo home
    echo in home > "$HOME/kept"; echo in tmp > "$(mktemp -d)/kept"; echo in run > /dev/shm/gone
- run: cat "$HOME/kept" "$TMPDIR"/*/kept; cat /dev/shm/gone 2>/dev/null || echo a fresh /dev/shm
`,
    );
    expect(ran.transcript.split('\n')).toEqual(['agent', 'agent', '750', 'home', 'in home', 'in tmp', 'a fresh /dev/shm', '']);
    expect(codes(ran)).toEqual(['step 1 0', 'step 2 0']);
  });
});

describe('the streams of a step', () => {
  test('stdin is empty; there is no terminal; output leaves by all its names, in the order it was written', async () => {
    using place = temporary();
    const ran = await stepped(
      place.path,
      `- run: |
    readlink /proc/self/fd/0; wc -c
    tty || true; ( : < /dev/tty ) 2>/dev/null && echo a terminal || echo no terminal
    [ -t 1 ] || [ -t 2 ] || echo neither is one
    echo 1 > /dev/stdout; echo 2 > /dev/stderr; echo 3 >> /dev/fd/1; echo 4 > /proc/self/fd/2; echo 5 | tee /dev/stderr > /dev/null
    ( cat < /dev/stdout ) 2>/dev/null || echo cannot be read back
- shell: perl {0}
  run: |
    $| = 1; select STDERR; $| = 1;
    for my $i (1 .. 2000) { print { $i % 2 ? STDOUT : STDERR } "$i\\n" }
`,
    );
    expect(codes(ran)).toEqual(['step 1 0', 'step 2 0']);
    const lines = ran.transcript.trim().split('\n');
    expect(lines.slice(0, 11)).toEqual([
      '/dev/null',
      '0',
      'not a tty',
      'no terminal',
      'neither is one',
      '1',
      '2',
      '3',
      '4',
      '5',
      'cannot be read back',
    ]);
    expect(lines.slice(11)).toEqual(Array.from({ length: 2000 }, (_, i) => String(i + 1)));
    expect(ran.stdout).toBe(ran.transcript);
  });

  test('bytes that are no text arrive as they are, also without a last line end', async () => {
    using place = temporary();
    const ran = await stepped(place.path, `- run: printf '\\377\\000\\r\\033[31m\\201'\n`);
    expect(readFileSync(join(ran.out, 'transcript.log')).toString('hex')).toBe('ff000d1b5b33316d81');
    expect(ran.run.steps[0]?.exit?.bytes).toBe(9);
  });
});

describe('$AGENT_JAIL_RESULT', () => {
  const SCHEMA = `${SMALL}result: { schema: { type: object, required: [answer], properties: { answer: { type: integer } } } }\n`;
  const result = (ran: { out: string }): string => readFileSync(join(ran.out, 'result.txt'), 'utf8');

  test('is the agent’s answer as text, at most 64 KiB; the last step that writes it has the word', async () => {
    using place = temporary();
    const ran = await stepped(place.path, `- run: echo first > $AGENT_JAIL_RESULT\n- run: echo second >> $AGENT_JAIL_RESULT\n`);
    expect(result(ran)).toBe('first\nsecond\n');
    expect(ran.verdict.outcome).toBe('succeeded');
    const long = await stepped(place.path, `- run: head -c 100000 /dev/zero | tr '\\0' x > $AGENT_JAIL_RESULT\n`);
    expect(result(long)).toBe('x'.repeat(64 * 1024));
  });

  test.each([
    ['fits', '{"answer": 42}', 'succeeded', null],
    ['does not fit', '{"answer": "many"}', 'guard-failed', /the result does not fit the schema/],
    ['is no JSON', 'forty-two', 'guard-failed', /the result is not JSON/],
    ['is not there', '', 'guard-failed', /the agent wrote no result/],
  ])('with `result.schema`: an answer that %s', async (_, answer, outcome, why) => {
    using place = temporary();
    const ran = await stepped(place.path, `- run: |\n    printf '%s' '${answer}' > $AGENT_JAIL_RESULT\n`, { policy: SCHEMA });
    expect(result(ran)).toBe(answer);
    expect({ outcome: ran.verdict.outcome, code: ran.code }).toEqual({ outcome, code: outcome === 'succeeded' ? 0 : 3 });
    if (why !== null) expect(ran.verdict.because).toMatch(why);
    expect(ran.verdict.findings.map(({ rule }) => rule)).toEqual(why === null ? [] : ['result.schema']);
  });
});

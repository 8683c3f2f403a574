import { describe, expect, test } from 'vitest';
import { temporary } from '../support/jail.ts';
import { hits, limitOf, limits, scripts, stepHits, verified } from '../support/limits.ts';
import { settled, snapshot } from '../support/machine.ts';
import { PACE } from '../support/pace.ts';
import { stepped } from '../support/steps.ts';

/** How long a run may go on after a breach, ms. */
const SOON = 5000 * PACE;
/** What the limits of time are set to, ms. */
const TIME = 1000;
/** Ignores what can be ignored, and has children that left their session and their parent. */
const STUBBORN = `trap '' HUP INT QUIT TERM USR1 USR2 PIPE
(setsid sh -c 'trap "" HUP INT TERM; while :; do sleep 60; done' &)
perl -e 'use POSIX; exit if fork; setsid; exit if fork; $SIG{$_} = "IGNORE" for qw(HUP INT TERM); sleep 60 while 1'
`;
/** Perl makes a constant of a literal size, before the program starts. */
const eat = (bytes: number): string => `perl -e '$x = "a" x shift; sleep 60' ${bytes}`;

/** Limits that end the run, the step's way to break them, and what it does so that it may go on. Every step says `on` first. */
const BROKEN: [limit: string, how: string, value: string, script: string][] = [
  ['memory', 'the step’s own program', '64MiB', `exec ${eat(2e9)}`],
  ['memory', 'a shell that doubles a word', '64MiB', 'x=aaaaaaaa; while :; do x=$x$x; done'],
  ['memory', 'a child, and the step goes on', '64MiB', `${STUBBORN}${eat(2e9)} || :; sleep 60`],
  ['memory', 'many children, none of them large', '64MiB', `for i in $(seq 16); do ${eat(6e6)} & done; wait; sleep 60`],
  ['memory', 'files in /dev/shm', '64MiB', 'head -c 200M /dev/zero > /dev/shm/f; sleep 60'],
  ['time', 'a loop that ignores signals', `${TIME}ms`, `${STUBBORN}while :; do :; done`],
  ['time', 'lines without end', `${TIME}ms`, 'while :; do echo x; done'],
  ['time', 'everything stopped', `${TIME}ms`, 'sleep 60 & kill -STOP $! $$'],
  ['idle', 'busy, without a word', `${TIME}ms`, `${STUBBORN}while :; do :; done`],
  ['idle', 'its output closed', `${TIME}ms`, 'exec >/dev/null 2>&1; while :; do echo x; sleep 0.1; done'],
  ['output', 'a flood', '64KiB', `${STUBBORN}yes || :; sleep 60`],
  ['output', 'from many at once', '4KiB', 'for i in 1 2 3 4; do (head -c 1024 /dev/zero; exec sleep 60) & done; wait'],
];
const BECAUSE: Readonly<Record<string, string>> = {
  memory: 'went over limits.memory',
  time: 'ran out of limits.time',
  idle: 'printed nothing for longer than limits.idle',
  output: 'went over limits.output',
};

describe('ends the run within 5 s, whatever the step does against it', () => {
  test.each(BROKEN)('%s: %s', async (name, _, value, script) => {
    using place = temporary();
    const before = snapshot();
    const ran = await stepped(place.path, scripts({ broken: `echo on\n${script}`, after: 'echo never' }), {
      policy: limits({ [name]: value }),
    });
    expect(ran.transcript).toMatch(/^on\n/);
    const timed = name === 'time' || name === 'idle';
    expect({ outcome: ran.verdict.outcome, because: ran.verdict.because, code: ran.code, end: ran.run.end }).toEqual({
      outcome: timed ? 'timed-out' : 'limit-exceeded',
      because: `step 1 (broken) ${BECAUSE[name]}`,
      code: timed ? 124 : 5,
      end: { how: 'limit', limit: name, step: 0 },
    });
    expect(ran.stderr).toContain(ran.verdict.because);
    // No other limit is blamed, and the next step never starts.
    expect({ run: hits(ran), steps: stepHits(ran) }).toEqual({ run: [name], steps: [[name], null] });
    expect(ran.run.steps[1]?.started).toBe(null);

    // From the breach, or from the word before it, until nothing of the jail lives any more.
    const started = ran.run.steps[0]?.started ?? Number.NaN;
    const word = Number(ran.ndjson('transcript.ndjson').find(({ kind }) => kind === 'output')?.['t']);
    const breach = name === 'time' ? started + TIME : name === 'idle' ? word + TIME : word;
    expect((ran.run.phases.collect ?? Number.NaN) - breach).toBeLessThan(SOON);

    const { limit, peak } = limitOf(ran, name);
    if (name === 'output') expect([peak, ran.transcript.length]).toEqual([limit, limit]);
    if (name === 'memory') expect(peak).toBe(limit);
    if (name === 'time') expect(peak).toBeGreaterThanOrEqual(limit);
    // What a limit cut short is evidence all the same.
    expect(await verified(ran)).toBe('intact');
    expect(await settled(before)).toEqual([]);
  });

  test('a fork bomb: refused by one limit, ended by another, and the outcome is the one that ended it', async () => {
    using place = temporary();
    const before = snapshot();
    // A shell that cannot fork ends: the step's own does that once, before there is a bomb.
    const bomb = 'bomb() { bomb | bomb & }; (while :; do bomb; done) 2>/dev/null & while :; do :; done';
    const ran = await stepped(place.path, scripts({ bomb: `echo on; ${bomb}` }), {
      policy: limits({ time: '2s', processes: 60 }),
    });
    expect(ran.transcript).toMatch(/^on\n/);
    expect({ outcome: ran.verdict.outcome, because: ran.verdict.because, code: ran.code, hits: hits(ran) }).toEqual({
      outcome: 'timed-out',
      because: 'step 1 (bomb) ran out of limits.time',
      code: 124,
      hits: ['processes', 'time'],
    });
    const { limit, peak } = limitOf(ran, 'processes');
    expect(peak).toBe(limit);
    expect((ran.run.phases.collect ?? Number.NaN) - (ran.run.steps[0]?.started ?? Number.NaN)).toBeLessThan(2000 + SOON);
    expect(await settled(before)).toEqual([]);
  });
});

test('the time is that of all steps together, and a step cannot give itself more', async () => {
  using place = temporary();
  const all = { first: 'sleep 1.5; echo first', second: 'echo second; sleep 30' };
  const ran = await stepped(place.path, scripts(all, { second: { time: '50s' } }), { policy: limits({ time: '2s' }) });
  expect(ran.transcript).toBe('first\nsecond\n');
  expect({ because: ran.verdict.because, steps: stepHits(ran) }).toEqual({
    because: 'step 2 (second) ran out of limits.time',
    steps: [[], ['time']],
  });
  expect(ran.run.steps[1]?.exit?.ms).toBeLessThan(1500);
});

describe('a step’s own', () => {
  test.each([
    ['time', 'while :; do echo x; sleep 0.1; done'],
    ['idle', 'sleep 60'],
  ])('%s holds for it alone', async (name, script) => {
    using place = temporary();
    const all = { free: `sleep 1.5; echo free`, held: `echo on; ${script}` };
    const ran = await stepped(place.path, scripts(all, { held: { [name]: '1s' } }), { policy: limits({ idle: '50s' }) });
    expect(ran.transcript).toMatch(/^free\non\n/);
    expect({ because: ran.verdict.because, code: ran.code, steps: stepHits(ran) }).toEqual({
      because: `step 2 (held) ${BECAUSE[name]}`,
      code: 124,
      steps: [[], [name]],
    });
  });
});

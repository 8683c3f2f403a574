import { describe, expect, test } from 'vitest';
import { temporary } from '../support/jail.ts';
import { hits, limitOf, limits, scripts, stepHits, verified } from '../support/limits.ts';
import { settled, snapshot } from '../support/machine.ts';
import { stepped } from '../support/steps.ts';

const perl = (body: string, ...flags: string[]): string => ['perl', ...flags, '-e', `'for (1 .. 99) { ${body} }'`].join(' ');
/** Limits at which the kernel refuses: a command that fails at the refusal, and one that makes room again. */
const REFUSED: [limit: string, how: string, value: string | number, breaks: string, undo: string][] = [
  ['processes', 'forks', 40, perl('my $pid = fork; exit 1 unless defined $pid; if (!$pid) { sleep 60; exit }'), ':'],
  // A thread that is left ends with its process, which has to stay until the refusal.
  ['processes', 'threads', 40, perl('threads->create(sub { sleep 60 }) or kill KILL => $$', '-Mthreads'), ':'],
  ['disk', 'one large file', '16MiB', 'head -c 40M /dev/zero > f', 'rm f'],
  ['disk', 'asked for at once, in /tmp', '16MiB', 'fallocate -l 40M /tmp/f', 'rm /tmp/f'],
  ['disk', 'many files, in the home', '16MiB', '(set -e; for i in $(seq 99); do head -c 1M /dev/zero > ~/f$i; done)', 'rm ~/f*'],
  ['files', 'empty files, in /var/tmp', 300, '(for i in $(seq 999); do true > /var/tmp/f$i || exit 1; done)', 'rm /var/tmp/f*'],
  [
    'files',
    'directories, links and pipes',
    300,
    '(for i in $(seq 999); do mkdir d$i && ln -s x l$i && mkfifo p$i || exit 1; done)',
    'rm -r d* l* p*',
  ],
];

/** Notices the refusal, makes room and goes on. The disk is looked at ten times a second: room that is made at once was never missed. */
const coping = (breaks: string, undo: string): string => `echo on; ${breaks} || { echo refused; sleep 0.3; ${undo}; exit 0; }; exit 9`;

describe('is refused by the kernel, and the step decides what comes of it', () => {
  test.each(REFUSED)('%s: %s', async (name, _, value, breaks, undo) => {
    using place = temporary();
    const before = snapshot();
    const all = {
      copes: coping(breaks, undo),
      keeps: 'echo kept > kept',
      fails: `${breaks} || { echo refused again; sleep 0.3; exit 7; }`,
      after: 'echo never',
    };
    const ran = await stepped(place.path, scripts(all), { policy: limits({ [name]: value }) });
    expect(ran.transcript).toMatch(/^on\n[^]*refused\n[^]*refused again\n$/);
    expect({ outcome: ran.verdict.outcome, because: ran.verdict.because, code: ran.code, end: ran.run.end }).toEqual({
      outcome: 'limit-exceeded',
      because: `step 3 (fails) failed after it had reached limits.${name}`,
      code: 5,
      end: { how: 'steps-done', failed: 2 },
    });
    expect(ran.run.steps.map(({ exit }) => exit?.code ?? null)).toEqual([0, 0, 7, null]);
    expect({ run: hits(ran), steps: stepHits(ran) }).toEqual({ run: [name], steps: [[name], [], [name], null] });
    const { limit, peak } = limitOf(ran, name);
    // mkfs fills the last block of each table of inodes.
    expect(peak).toBeLessThanOrEqual(name === 'files' ? Math.ceil(limit / 16) * 16 : limit);
    // The tables are a part of the disk.
    expect(peak).toBeGreaterThanOrEqual(name === 'disk' ? limit * 0.75 : limit);
    // Evidence needs no room in the jail.
    expect(await verified(ran)).toBe('intact');
    expect(ran.ndjson('changes.ndjson').map(({ path }) => path)).toContain('kept');
    expect(await settled(before)).toEqual([]);
  });

  test('a run whose steps all coped succeeded, and says what they reached', async () => {
    using place = temporary();
    const one = (name: string): string => {
      const [, , , breaks, undo] = REFUSED.find(([limit]) => limit === name) ?? REFUSED[0]!;
      return coping(breaks, undo);
    };
    const ran = await stepped(place.path, scripts({ one: one('processes'), two: one('disk'), three: one('files') }), {
      policy: limits({ processes: 40, disk: '16MiB', files: 300 }),
    });
    expect(ran.transcript.match(/^refused$/gm)).toHaveLength(3);
    expect({ outcome: ran.verdict.outcome, code: ran.code, hits: hits(ran), steps: stepHits(ran) }).toEqual({
      outcome: 'succeeded',
      code: 0,
      hits: ['processes', 'disk', 'files'],
      steps: [['processes'], ['disk'], ['files']],
    });
  });

  test('the disk is the run’s: what one step fills is full for the next', async () => {
    using place = temporary();
    const ran = await stepped(place.path, scripts({ fills: 'head -c 40M /dev/zero > f || :', next: 'head -c 1M /dev/zero > g' }), {
      policy: limits({ disk: '16MiB' }),
    });
    expect(ran.transcript).toMatch(/No space left on device\n[^]*No space left on device\n$/);
    expect({ because: ran.verdict.because, code: ran.code, steps: stepHits(ran) }).toEqual({
      because: 'step 2 (next) failed after it had reached limits.disk',
      code: 5,
      steps: [['disk'], ['disk']],
    });
  });
});

describe('what is kept', () => {
  test('is not hit, up to the last byte; run.json says how near it came', async () => {
    using place = temporary();
    // Something of everything, for longer than it may be silent, with a word at least each second.
    const uses = `perl -e '$x = "a" x shift; sleep 1; print "ate\\n"' 100000000
for i in $(seq 20); do sleep 1 & done; echo forked; wait
head -c 20M /dev/zero > f; for i in $(seq 300); do true > f$i; done; sleep 0.3; rm f*
for i in 1 2 3 4 5; do echo word; sleep 0.5; done; head -c 9964 /dev/zero`;
    const given = { memory: '256MiB', processes: 60, disk: '64MiB', files: 2000, time: '50s', idle: '3s', output: 10_000 };
    const ran = await stepped(place.path, scripts({ uses, little: 'echo little' }), { policy: limits(given) });
    expect(ran.transcript.length).toBe(10_000 + 'little\n'.length);
    expect({ outcome: ran.verdict.outcome, code: ran.code, hits: hits(ran), steps: stepHits(ran) }).toEqual({
      outcome: 'succeeded',
      code: 0,
      hits: [],
      steps: [[], []],
    });
    const MIB = 1 << 20;
    for (const [name, limit, least] of [
      ['memory', 256 * MIB, 100_000_000],
      ['processes', 60, 21],
      ['disk', 64 * MIB, 20 * MIB],
      ['files', 2000, 301],
      ['time', 50_000, 4800],
      ['output', 10_000, 10_000],
    ] as const) {
      const seen = limitOf(ran, name);
      expect(seen.limit, name).toBe(limit);
      expect(seen.peak, name).toBeGreaterThanOrEqual(least);
      expect(seen.peak, name).toBeLessThanOrEqual(limit);
    }
    expect(limitOf(ran, 'idle').limit).toBe(3000);
  });
});

/** Seconds of processor time in a second, between the first and the last sample of a step. */
function busy(ran: Awaited<ReturnType<typeof stepped>>, index: number): number {
  const step = ran.run.steps[index];
  const [from, to] = [step?.started ?? Number.NaN, (step?.started ?? Number.NaN) + (step?.exit?.ms ?? Number.NaN)];
  const samples = ran
    .ndjson('usage.ndjson')
    .map(({ t, cpu }) => ({ t: Number(t), cpu: Number(cpu) / 1000 }))
    .filter(({ t }) => t > from && t < to);
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || first === last) throw new Error(`${samples.length} samples of step ${index}`);
  return (last.cpu - first.cpu) / (last.t - first.t);
}

test('cpus: two busy loops get half a processor where that is the limit, and more where it is not', async () => {
  using place = temporary();
  const loops = 'echo on; timeout 2.4 sh -c "while :; do :; done" & timeout 2.4 sh -c "while :; do :; done" & wait';
  const ran = await stepped(place.path, scripts({ held: loops, free: loops }, { held: { setup: true } }), {
    policy: limits({ cpus: 2 }, { cpus: 0.5 }),
  });
  expect({ transcript: ran.transcript, code: ran.code, hits: hits(ran) }).toEqual({ transcript: 'on\non\n', code: 0, hits: [] });
  const [held, free] = [busy(ran, 0), busy(ran, 1)];
  // The kernel hands it out in slices of a tenth of a second; the machine may be busy with something else.
  expect(held).toBeGreaterThan(0.2);
  expect(held).toBeLessThan(0.65);
  expect(free).toBeGreaterThan(0.7);
});

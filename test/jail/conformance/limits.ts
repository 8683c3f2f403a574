import { expect } from 'vitest';
import type { Ran } from '../../support/jail.ts';
import { type Bench, type Case, shows } from './bench.ts';

/** A limit that a small script breaks, and one that it keeps. `limits.test.ts` goes into each of them. */
interface Broken {
  readonly name: string;
  readonly small: string;
  readonly large: string;
  readonly script: string;
  readonly because: RegExp;
}
const EATS = 'perl -e \'$x = "a" x 200_000_000; print "ate\\n"\'';
export const BROKEN: readonly Broken[] = [
  { name: 'memory', small: '64MiB', large: '512MiB', script: EATS, because: /^limit-exceeded: .* went over limits\.memory$/ },
  {
    name: 'processes',
    small: '20',
    large: '200',
    script: `perl -e 'for (1 .. 40) { my $pid = fork; exit 7 unless defined $pid; if (!$pid) { sleep 2; exit } }'`,
    because: /^limit-exceeded: .* failed after it had reached limits\.processes$/,
  },
  { name: 'time', small: '1s', large: '30s', script: 'sleep 1.5', because: /^timed-out: .* ran out of limits\.time$/ },
  { name: 'idle', small: '1s', large: '30s', script: 'sleep 1.5', because: /^timed-out: .* printed nothing for longer than limits\.idle$/ },
  { name: 'output', small: '1KiB', large: '1MiB', script: 'seq 1000', because: /^limit-exceeded: .* went over limits\.output$/ },
];
/** Of the run, not of a step. */
const OF_RUN: readonly Broken[] = [
  {
    name: 'disk',
    small: '16MiB',
    large: '128MiB',
    script: 'head -c 40M /dev/zero > f',
    because: /^limit-exceeded: .* reached limits\.disk$/,
  },
  {
    name: 'files',
    small: '200',
    large: '5000',
    script: 'set -e; for i in $(seq 400); do : > f$i; done',
    because: /^limit-exceeded: .* reached limits\.files$/,
  },
];

const limitOf = (ran: Ran, name: string): number | null | undefined => ran.run.limits.find((one) => one.name === name)?.limit;

/** Processor time that a step used in a second of busy work; that of perl's own start, which takes long where a processor is emulated, is none of it. */
const BUSY = `perl -MTime::HiRes=time -e 'sub used { my @t = times; $t[0] + $t[1] } my ($began, $end) = (used(), time + 1); 1 while time < $end; printf "%d\\n", 1000 * (used() - $began)'`;
/** What the first step had of processors, by the machine's own count: `usage.ndjson` has microseconds, its times are milliseconds. */
function processors(ran: Ran): number {
  const { started, exit } = ran.run.steps[0] ?? {};
  if (typeof started !== 'number' || exit === null || exit === undefined) throw new Error('the first step did not run');
  const samples = (ran.ndjson('usage.ndjson') as { readonly t: number; readonly cpu: number }[]).filter(
    ({ t }) => t >= started && t <= started + exit.ms,
  );
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.t === first.t) throw new Error('too few samples of the usage');
  return (last.cpu - first.cpu) / 1000 / (last.t - first.t);
}
export async function slowedDown(on: Bench, policy: string, options: { setup?: string } = {}): Promise<void> {
  const ran = await on.run(policy, options.setup === undefined ? BUSY : 'true', options.setup === undefined ? {} : { setup: BUSY });
  expect(ran.code, ran.stderr).toBe(0);
  // A kernel of its own is not told how much of that second it did not have: the machine's is asked.
  if (on.backend === 'vm') return expect(processors(ran)).toBeLessThan(0.3);
  // A fifth of a processor, for a second: the kernel hands it out in slices of a tenth of a second.
  expect(Number(ran.transcript)).toBeLessThan(450);
  expect(Number(ran.transcript)).toBeGreaterThan(0);
}

export const LIMITS: readonly Case[] = [
  ...[...BROKEN, ...OF_RUN].map(({ name, small, large, script, because }) =>
    shows(`limits.${name}`, async (on) => {
      const policy = (value: string): string =>
        `limits: { ${name === 'disk' ? '' : 'disk: 128MiB, '}${name === 'time' ? '' : 'time: 1m, '}${name}: ${value} }`;
      const within = await on.run(policy(large), script);
      expect(`${within.code} ${within.stderr}`).toMatch(/^0 /);
      const over = await on.run(policy(small), script);
      expect(`${over.verdict.outcome}: ${over.verdict.because}`).toMatch(because);
      expect(over.code).toBe(over.verdict.outcome === 'timed-out' ? 124 : 5);
      expect(limitOf(over, name)).toBeLessThan(limitOf(within, name) ?? 0);
    }),
  ),
  shows('limits.cpus', async (on) => {
    await slowedDown(on, 'limits: { disk: 128MiB, cpus: 0.2 }');
    const ran = await on.run('', 'true');
    expect(limitOf(ran, 'cpus')).toBe(ran.run.host.cpus);
  }),
];

import { expect } from 'vitest';
import { check, fact, type Topic } from './topic.ts';

/** Limits that the kernel refuses at; those that end the run are the cases of `limits.ts`. */
export const REFUSED: readonly Topic[] = [
  {
    name: 'limits that are refused at',
    policy: { limits: { disk: '24MiB', files: 300, processes: 40 } },
    steps: [
      {
        name: 'checks',
        checks: [
          check('disk', 'head -c 100M /dev/zero 2>/dev/null > f || echo refused; sleep 0.3; rm f', 'refused\n'),
          check(
            'disk, in /tmp',
            'dd if=/dev/zero of=/tmp/f bs=1M count=100 2>&1 | grep -o "No space left on device"; rm /tmp/f',
            'No space left on device\n',
          ),
          check(
            'disk, in HOME',
            'dd if=/dev/zero of=$HOME/f bs=1M count=100 2>&1 | grep -o "No space left on device"; rm $HOME/f',
            'No space left on device\n',
          ),
          check(
            'files',
            'i=0; while : > n$i; do i=$((i + 1)); done 2>&1 | grep -o "[^:]*$" | head -n 1; sleep 0.3; rm n*; true',
            / No space left on device\n$/,
          ),
          check(
            'processes',
            `perl -e '$| = 1; my @p; for (1 .. 60) { my $p = fork; if (!defined $p) { print "refused: $!\\n"; last } if (!$p) { sleep 60; exit } push @p, $p } kill KILL => @p'`,
            'refused: Resource temporarily unavailable\n',
          ),
          check('room again', 'echo x > f && sh -c "echo on"', 'on\n'),
          check('open files', 'ulimit -n; ulimit -Hn', /^1024\n\d+\n$/),
          check('of the shell', 'ulimit -c; ulimit -s; ulimit -f', '0\n8192\nunlimited\n'),
        ],
      },
    ],
    record: [
      fact('are recorded as hit', (ran) => {
        expect(ran.run.steps.map(({ exit }) => exit?.hit.toSorted())).toEqual([['disk', 'files', 'processes']]);
        expect(ran.verdict.outcome).toBe('succeeded');
      }),
    ],
  },
  {
    name: 'memory that a child used up',
    policy: { limits: { memory: '64MiB' } },
    steps: [{ name: 's', run: `perl -e '$x = "a" x 200_000_000'; sleep 5; echo goes on` }],
    record: [
      fact('ends the run', (ran) => {
        expect(ran.verdict).toMatchObject({ outcome: 'limit-exceeded', because: 'step 1 (s) went over limits.memory' });
        expect(ran.code).toBe(5);
      }),
    ],
  },
];

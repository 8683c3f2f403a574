import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { codes, stepped, type StepsOptions } from '../../support/steps.ts';

/** What a terminal has to do beside what a step sees of it (`behaviours/terminal.ts`). In a virtual machine, which may be emulated, it has more time. */
export function terminals(backend: string): void {
  const vm = backend === 'vm';
  const more = vm ? 'jail: { vm: { emulation: allow } }\n' : '';
  const [minute, second] = vm ? ['10m', '5s'] : ['60s', '1s'];
  const usual = `limits: { disk: 64MiB, memory: 512MiB, time: ${minute} }\n`;
  const run = async (at: string, steps: string, { policy = usual, ...options }: StepsOptions = {}) =>
    stepped(at, steps, { policy: more + policy, ...options, args: ['--backend', backend] });

  test('loses no byte of a flood, nor of what stands at its end, however it ends', async () => {
    using place = temporary();
    const before = snapshot();
    const ran = await run(
      place.path,
      `- tty: true
  run: stty -opost; perl -e 'print "x" x 1023, "\\n" for 1 .. 20480'
- tty: true
  run: (perl -e '$| = 1; print "y" x 30000; kill KILL => $$' || echo) 2> /dev/null
- tty: true
  run: stty -opost; perl -e 'print "z" x 30000'; exit 3
`,
    );
    expect(codes(ran)).toEqual(['step 1 0', 'step 2 0', 'step 3 3']);
    const log = readFileSync(join(ran.out, 'transcript.log'));
    const flood = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(20_480));
    expect(createHash('sha256').update(log.subarray(0, flood.length)).digest('hex')).toBe(createHash('sha256').update(flood).digest('hex'));
    expect(log.subarray(flood.length).toString()).toBe(`${'y'.repeat(30_000)}\r\n${'z'.repeat(30_000)}`);
    expect(
      ran
        .ndjson('transcript.ndjson')
        .filter(({ kind }) => kind === 'output')
        .every(({ stream }) => stream === 'tty'),
    ).toBe(true);
    expect(await settled(before)).toEqual([]);
  });

  test('a process that keeps it, and prints to it, does not hold up the end', async () => {
    using place = temporary();
    const ran = await run(
      place.path,
      `- { tty: true, run: "(trap '' HUP TERM; setsid sh -c 'while :; do echo more; done' &) ; (trap '' HUP; sleep 4711 &); sleep 0.2; echo ends" }
- { tty: true, run: "tty; cat /proc/[0-9]*/cmdline | tr '\\\\0' ' ' | grep -ao 'sleep 47[1]1' || echo dead" }
`,
      { policy: 'limits: { disk: 64MiB, memory: 512MiB, time: 60s, output: 1GiB }\n' },
    );
    expect(ran.verdict.outcome, ran.verdict.because).toBe('succeeded');
    expect(ran.transcript).toMatch(/^more\r\n[^]*ends\r\n[^]*\/dev\/pts\/0\r\ndead\r\n$/);
  });

  test('limits hold: output, time, and idle for who waits for a key', async () => {
    using place = temporary();
    const flood = await run(place.path, '- { tty: true, run: "yes" }\n', {
      policy: `limits: { disk: 64MiB, output: 1MiB, time: ${minute} }\n`,
    });
    expect(flood.verdict).toMatchObject({ outcome: 'limit-exceeded', because: expect.stringContaining('output') });
    expect(readFileSync(join(flood.out, 'transcript.log')).length).toBe(1 << 20);
    const time = await run(place.path, '- { tty: true, run: "echo begins; sleep 4711" }\n', {
      policy: `limits: { disk: 64MiB, time: ${second} }\n`,
    });
    expect(time.verdict).toMatchObject({ outcome: 'timed-out', because: expect.stringContaining('time') });
    expect(time.transcript).toBe('begins\r\n');
    const key = `- { tty: true, idle: ${second}, run: "stty raw -echo; dd bs=1 count=2 status=none | od -c" }\n`;
    const idle = await run(place.path, key);
    expect(idle.verdict).toMatchObject({ outcome: 'timed-out', because: expect.stringContaining('idle') });
    expect(idle.transcript).toBe('');
  });

  test('secrets are redacted in what comes off it, also where lines end otherwise', async () => {
    using place = temporary();
    const ran = await run(place.path, '- { tty: true, run: "echo \\"$KEY\\"" }\n', {
      policy: `secrets: { KEY: expose }\n${usual}`,
      env: { KEY: 'first-line-of-it\nsecond-line-of-it' },
    });
    expect(ran.transcript).toBe('[redacted KEY]\r\n');
  });

  test('what it types to its own terminal reaches nothing else', async () => {
    using place = temporary();
    const ran = await run(
      place.path,
      `- tty: true
  shell: perl {0}
  run: |
    $| = 1;
    print ioctl(STDIN, 0x5412, my $c = $_) ? "typed\\n" : "refused: $!\\n" for 'i', "\\n";
- run: echo here
`,
    );
    expect(codes(ran)).toEqual(['step 1 0', 'step 2 0']);
    // TIOCSTI: most kernels refuse it by now; where it works, what reads from this terminal is the agent's own.
    expect(ran.transcript).toMatch(/(typed|refused: .*)\r\n[^]*(typed|refused: .*)\r\n[^]*here\n$/);
  });
}

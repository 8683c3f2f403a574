import { expect, test } from 'vitest';
import type { ProgramLine } from '../../../src/model/programs.ts';
import { temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { codes, stepped } from '../../support/steps.ts';

/** Which programs ran. In a virtual machine, which may be emulated, they have more time. */
export function programs(backend: string): void {
  const vm = backend === 'vm';
  const more = vm ? 'jail: { vm: { emulation: allow } }\n' : '';
  const usual = `limits: { disk: 64MiB, memory: 512MiB, time: ${vm ? '10m' : '60s'} }\n`;
  const run = async (at: string, steps: string, policy = usual, env: Record<string, string> = {}) => {
    const ran = await stepped(at, steps, { policy: more + policy, env, args: ['--backend', backend] });
    const lines = ran.ndjson('programs.ndjson') as unknown as ProgramLine[];
    const of = (program: string): ProgramLine => {
      const found = lines.filter((line) => line.program === program);
      if (found.length !== 1) throw new Error(`${found.length} lines of ${program}: ${lines.map((line) => line.program).join(' ')}`);
      return found[0] as ProgramLine;
    };
    return { ...ran, lines, of };
  };

  test('has a tree: who started what, with which arguments, how long it took, and how it ended', async () => {
    using place = temporary();
    const before = snapshot();
    const ran = await run(
      place.path,
      `- name: first
  shell: bash {0}
  run: |
    sh -c 'perl -e "sleep 0.1; system q(/usr/bin/true); select undef, undef, undef, 0.1; exit 3"; sleep 0.1; exit 4'
    env MARK=1 nice sleep 0.1
    ( exec sleep 0.1 ) ; ( : )
    perl -e 'select undef, undef, undef, 0.05; kill TERM => $$'
    exit 0
- name: second
  run: /usr/bin/id -u
`,
    );
    expect(codes(ran)).toEqual(['first 0', 'second 0']);
    const [shell] = ran.lines.filter(({ step, program }) => step === 0 && program === '/usr/bin/bash');
    expect(shell).toMatchObject({
      step: 0,
      parent: null,
      argv: ['bash', expect.stringContaining('/run/agent-jail/step-0')],
      how: 'exit',
      code: 0,
    });
    expect(shell?.ms).toBeGreaterThan(300);
    const [inner] = ran.lines.filter(({ program, argv }) => program === '/usr/bin/sh' && argv?.[1] === '-c');
    expect(inner).toMatchObject({ step: 0, parent: shell?.process, how: 'exit', code: 4 });
    const [perl, killed] = ran.lines.filter(({ program }) => program === '/usr/bin/perl').sort((a, b) => a.t - b.t);
    expect(perl).toMatchObject({
      parent: inner?.process,
      argv: ['perl', '-e', expect.stringContaining('system q(')],
      how: 'exit',
      code: 3,
    });
    expect(ran.of('/usr/bin/true')).toMatchObject({ parent: perl?.process, how: 'exit', code: 0 });
    expect(killed).toMatchObject({ parent: shell?.process, how: 'signal', code: null, signal: 'SIGTERM' });
    // One process, three programs.
    const [env, nice] = [ran.of('/usr/bin/env'), ran.of('/usr/bin/nice')];
    const sleeps = ran.lines.filter(({ program }) => program === '/usr/bin/sleep');
    expect([env.how, nice.how, env.process === nice.process]).toEqual(['exec', 'exec', true]);
    expect(sleeps.map(({ parent }) => parent)).toContain(inner?.process);
    expect(sleeps).toContainEqual(expect.objectContaining({ process: env.process, argv: ['sleep', '0.1'], how: 'exit', code: 0 }));
    expect(ran.lines.filter(({ program }) => program === null)).toContainEqual(
      expect.objectContaining({ parent: shell?.process, code: 0 }),
    );
    expect(ran.of('/usr/bin/id')).toMatchObject({ step: 1, how: 'exit', code: 0 });
    // Nothing of the machine, and nothing of what made the jail.
    const known = /^\/usr\/bin\/(bash|sh|perl|true|sleep|env|nice|id)$/;
    expect(ran.lines.flatMap(({ program }) => (program === null || known.test(program) ? [] : [program]))).toEqual([]);
    const programs = ran.lines.filter(({ program }) => program !== null).length;
    const processes = new Set(ran.lines.map(({ process }) => process)).size;
    expect(ran.run.programs).toEqual({ source: vm ? 'guest' : 'tracefs', processes, programs, omitted: 0, lost: 0 });
    expect(await settled(before)).toEqual([]);
  });

  test('names and arguments are text, whatever is in them, and hold no secret', async () => {
    using place = temporary();
    const ran = await run(
      place.path,
      `- shell: bash {0}
  run: |
    odd=$'/tmp/a\\n b=1 \\e[31m"\\\\\\xff pid=1'
    cp /usr/bin/perl "$odd"
    "$odd" -e 'select undef, undef, undef, 0.1' $'\\x01' 'é'
    cp /usr/bin/sleep "/tmp/$KEY"
    "/tmp/$KEY" 0.1
    perl -e 'sleep 1' "$KEY" &
    sleep 0.1
    (exec -a 'another name' sleep 0.1)
    perl -e 'sleep 1' $(head -c 4000 /dev/zero | tr '\\0' x) & sleep 0.1
`,
      `secrets: { KEY: expose }\n${usual}`,
      { KEY: 'the-value-of-the-key' },
    );
    expect(codes(ran)).toEqual(['step 1 0']);
    expect(ran.lines).toContainEqual(
      expect.objectContaining({
        program: '/tmp/a\n b=1 \u001b[31m"\\\ufffd pid=1',
        argv: ['/tmp/a\n b=1 \u001b[31m"\\\ufffd pid=1', '-e', 'select undef, undef, undef, 0.1', '\u0001', 'é'],
      }),
    );
    expect(ran.of('/tmp/[redacted KEY]')).toMatchObject({ argv: ['/tmp/[redacted KEY]', '0.1'] });
    expect(ran.lines).toContainEqual(
      expect.objectContaining({ argv: ['perl', '-e', 'sleep 1', '[redacted KEY]'], how: 'signal', signal: 'SIGKILL' }),
    );
    expect(ran.lines).toContainEqual(expect.objectContaining({ argv: ['another name', '0.1'] }));
    const [long] = ran.lines.filter(({ cut }) => cut === true);
    expect(long?.argv?.slice(0, 3)).toEqual(['perl', '-e', 'sleep 1']);
    expect(long?.argv?.join('').length).toBeLessThanOrEqual(2048);
  });

  test('2,000 short programs: none is missing', async () => {
    using place = temporary();
    const ran = await run(
      place.path,
      `- { shell: bash {0}, run: "for i in {1..2000}; do /usr/bin/true; done" }\n`.replace('bash {0}', '"bash {0}"'),
    );
    const of = ran.lines.filter(({ program }) => program === '/usr/bin/true');
    expect(of.length).toBe(2000);
    expect(new Set(of.map(({ process }) => process)).size).toBe(2000);
    expect(of.every(({ how, code }) => how === 'exit' && code === 0)).toBe(true);
    expect(ran.run.programs).toMatchObject({ lost: 0, omitted: 0 });
    const known = of.filter(({ argv }) => argv !== null);
    console.log(`${backend}: arguments of ${known.length} of 2000 programs that live for a millisecond`);
    expect(known.every(({ argv }) => argv?.join() === '/usr/bin/true')).toBe(true);
  });

  test('threads are no processes, and a thread that becomes another program is its process', async () => {
    using place = temporary();
    const threads = `import threading, time, sys, os
for n in range(20): threading.Thread(target=time.sleep, args=(0.1,)).start()
time.sleep(0.2)
threading.Thread(target=lambda: os.execv("/usr/bin/env", ["env", "sh", "-c", "sleep 0.1; exit 5"])).start()
time.sleep(5)`;
    const ran = await run(place.path, `- { shell: "sh {0}", run: ${JSON.stringify(`python3 - <<'E'\n${threads}\nE\necho $?`)} }\n`);
    expect(ran.transcript).toBe('5\n');
    // What lies behind the name may start others first.
    const python = ran.lines.findLast(({ program }) => program !== null && /\/python3/.test(program));
    const own = ran.lines.filter(({ process }) => process === python?.process).slice(-3);
    expect(own.map(({ program, how, code }) => [program, how, code])).toEqual([
      [python?.program, 'exec', null],
      ['/usr/bin/env', 'exec', null],
      ['/usr/bin/sh', 'exit', 5],
    ]);
    expect(ran.run.programs).toMatchObject({ processes: ran.lines.filter(({ how }) => how !== 'exec').length });
  });

  test('a bomb of forks fills no disk: the rest is counted', async () => {
    using place = temporary();
    const ran = await run(
      place.path,
      `- { shell: "perl {0}", run: "for (1 .. 25000) { my $p = fork; exit 0 if defined $p && !$p; wait }" }\n`,
      // A slow machine forks 25,000 times in more than a minute.
      usual.replace('60s', '4m'),
    );
    expect(codes(ran)).toEqual(['step 1 0']);
    const { programs } = ran.run;
    if (programs === undefined || programs.source === 'none') throw new Error('no log');
    expect(ran.lines.length).toBe(20_000);
    // Perl and its copies; what the kernel had to drop is counted as well.
    expect(ran.lines.length + programs.omitted).toBeGreaterThanOrEqual(25_001 - programs.lost);
    expect(programs.lost === 0 ? programs.omitted : 5001).toBe(5001);
  }, 300_000);
}

import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VM_ARCHITECTURES } from '../../src/backend/vm-architecture.ts';
import { requireArchitecture } from '../../src/run/architecture.ts';
import { CLI, jailed, NODE, type Ran, record, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { ground, refused } from '../support/refused.ts';
import { emptied, spoiled, without } from '../support/spoiled.ts';
import { stepped } from '../support/steps.ts';

const { qemu, packages } = VM_ARCHITECTURES[requireArchitecture(process.arch)];
/** Emulated where there is no KVM; small, and with time for a busy machine. */
const VM = 'version: 1\njail: { backend: vm, vm: { emulation: allow } }\nlimits: { disk: 128MiB, memory: 256MiB, time: 5m }\n';
const OTHER = VM.replace('backend: vm', 'backend: nspawn');
/** ms from the start of the machine to the first step, emulated: what docs/vm.md says, and what a busy machine may take. */
const MOST = 8000;

/** A device that is no use, for this command alone. */
const NO_KVM = '[ ! -e /dev/kvm ] || mount --bind /dev/null /dev/kvm';

/** All that may differ: times, the run's id. */
const changes = (ran: Ran): string =>
  readFileSync(join(ran.out, 'changes.ndjson'), 'utf8')
    .replace(/"mtime":\d+/g, '"mtime":0')
    .replaceAll(ran.run.id, 'id');

describe('a virtual machine', () => {
  test('has a kernel of its own, proved before the step, and leaves what nspawn leaves', async () => {
    using place = temporary();
    const work = repository(place.path);
    const before = snapshot();
    const script = `uname -r; id; echo 1 > new; ln -s new link; mkfifo pipe; chmod 640 a.txt; mv src other; rm .gitignore
echo 2 > "$HOME/kept"; perl -e 'open F, "+>", "gone"; unlink "gone"; syswrite F, "x" x 9; print +(stat F)[7], "\\n"'; echo so > $AGENT_JAIL_RESULT; exit 7`;
    const ran = await jailed(place.path, script, { policy: VM, cwd: work });
    expect(ran.run.steps[0]?.exit, ran.stderr).toMatchObject({ code: 7, signal: null, hit: [] });
    const [kernel, ids, rest] = ran.transcript.split('\n');
    expect(kernel).not.toBe(release());
    expect([ids, rest]).toEqual(['uid=61001(agent) gid=61001(agent) groups=61001(agent)', '9']);
    expect(ran.run.backend).toMatchObject({
      name: 'vm',
      why: 'asked for',
      version: expect.stringMatching(`^QEMU .*, Linux ${kernel}; systemd-nspawn `),
    });
    expect(ran.run.programs).toMatchObject({ source: 'guest', omitted: 0, lost: 0 });
    expect(ran.ndjson('programs.ndjson')).toContainEqual(
      expect.objectContaining({ program: '/usr/bin/uname', argv: ['uname', '-r'], code: 0 }),
    );
    const proof = new Map(ran.run.proof?.map(({ property, seen }) => [property, seen]));
    expect(proof.get('kernel release')).toBe(kernel);
    expect(proof.get('machine: command line')).toMatch(new RegExp(`^${qemu} -nodefaults `));
    for (const one of ['uid', 'machine: uid', 'file server: uid'])
      expect([one, proof.get(one)]).toEqual([one, '61001\t61001\t61001\t61001']);
    for (const one of ['machine: capabilities CapPrm', 'file server: capabilities CapPrm']) expect(proof.get(one)).toBe('0000000000000000');
    const { selftest = 0, steps = 0 } = ran.run.phases;
    process.stdout.write(
      `\nvm: ${ran.run.backend.version}: ${steps - selftest} ms to the first step (docs: ${MOST} at the most, on a machine that does nothing else)\n`,
    );

    const same = await jailed(place.path, script, { policy: OTHER, cwd: work });
    expect(changes(ran)).toBe(changes(same));
    expect(readFileSync(join(ran.out, 'changes.patch'))).toEqual(readFileSync(join(same.out, 'changes.patch')));
    expect(readFileSync(join(ran.out, 'result.txt'), 'utf8')).toBe('so\n');
    expect(await settled(before)).toEqual([]);
  });

  test('keeps memory and processes by its own kernel, for each step', async () => {
    using place = temporary();
    const eats = `perl -e '$x = "a" x 400_000_000; print "ate\\n"'`;
    const forks = `perl -e 'for (1 .. 90) { my $pid = fork; exit 7 unless defined $pid; if (!$pid) { sleep 60; exit } }'`;
    const policy = VM.replace('time: 5m', 'processes: 40, time: 5m');
    const some = await stepped(place.path, `- run: '( ${forks.replaceAll("'", "''")} ) || echo "forked: $?"; false'\n`, { policy });
    expect(some.transcript, some.stderr).toContain('forked: 7');
    expect(some.verdict.because).toMatch(/failed after it had reached limits\.processes$/);
    const much = await jailed(place.path, `${eats} || sleep 60`, { policy });
    expect(much.verdict.because).toMatch(/went over limits\.memory$/);
    expect(much.transcript).not.toContain('ate');
  });

  test('that is killed under a step is an error of the jail, and named', async () => {
    using place = temporary();
    repository(place.path);
    const before = snapshot();
    // Whoever kills it is outside: the machine of this run has its name in its command line.
    const killer = `for n in $(seq 3000); do pid=$(pgrep --full --newest '^${qemu} .*/vm/step-0/files' || true)
[ -n "$pid" ] && grep -q running "$1/transcript.log" 2>/dev/null && kill -9 "$pid" && break; sleep 0.1; done &
shift; "$@"; code=$?; wait; exit $code`;
    writeFileSync(join(place.path, 'p.yml'), VM);
    const out = join(place.path, 'rec');
    const argv = [
      'bash',
      '-c',
      killer,
      'bash',
      out,
      NODE,
      CLI,
      'run',
      '--policy',
      '../p.yml',
      '--out',
      out,
      '--',
      'sh',
      '-c',
      'echo running; sleep 100',
    ] as const;
    const ran = await spoiled('', argv, join(place.path, 'work'));
    expect(ran.code, ran.stderr).toBe(70);
    const { run, verdict, transcript } = record(out);
    expect(transcript).toBe('running\n');
    expect(verdict.because).toContain('the virtual machine ended before its step did');
    // What ran then was not told.
    expect(run.programs).toMatchObject({ source: 'guest', lost: 1 });
    expect(await settled(before)).toEqual([]);
  });
});

describe('a virtual machine is refused, and nothing started', () => {
  test.each([
    ['without QEMU', without(basename(qemu)), new RegExp(`${qemu} is not there.*apt-get install ${packages.qemu} ${packages.debian}`)],
    [
      'without the server of files',
      emptied('/usr/lib/qemu', '/usr/libexec'),
      /virtiofsd, which shows the run's files to the guest, is not there.*apt-get install virtiofsd/,
    ],
    [
      'without a kernel',
      emptied('/boot'),
      /there is no kernel for a virtual machine: no kernel with its modules is in \/boot.*apt-get install/,
    ],
  ])('%s', async (_name, how, message) => {
    using place = ground(VM);
    expect(await refused(async () => spoiled(how, [NODE, CLI, ...place.args], place.work), place.out, 70, message)).toEqual([]);
  });
  test('without KVM, unless the policy says that it may be emulated', async () => {
    using place = ground(VM.replace('emulation: allow', 'emulation: refuse'));
    const message = /a virtual machine would be emulated, which is slow: \/dev\/kvm is .*jail\.vm\.emulation: allow/;
    expect(await refused(async () => spoiled(NO_KVM, [NODE, CLI, ...place.args], place.work), place.out, 70, message)).toEqual([]);
  });
});

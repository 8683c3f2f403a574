import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { jailed, type Ran, REPOSITORY, repository, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { inTree, tree } from './tree.ts';

// On the machine itself there is one QEMU, one virtiofsd and one kernel. Here the newest Debian is around the run: a machine of that kind but
// for the kernel that everything runs on.

const minute = 60_000;
const policy = (backend: string, more = ''): string =>
  `version: 1\njail: { backend: ${backend}, vm: { emulation: allow } }\nlimits: { disk: 128MiB, memory: 256MiB, ${more}time: 5m }\nnetwork: [allowed.example]\n`;
/** Of the server of the files. */
// biome-ignore format: a list
const PROVED = [
  'uid', 'capabilities CapPrm', 'capabilities CapEff', 'no new privileges', 'seccomp', 'seccomp filters', 'root', 'namespace mnt',
  'namespace pid', 'namespace net',
];
/** All that may differ: times, the run's id. */
const changes = (ran: Ran): string =>
  readFileSync(join(ran.out, 'changes.ndjson'), 'utf8')
    .replace(/"mtime":\d+/g, '"mtime":0')
    .replaceAll(ran.run.id, 'id');
const log = ({ out }: Ran): string => readFileSync(join(out, 'backend.log'), 'utf8');

let files = '';
beforeAll(() => {
  execFileSync(process.execPath, [join(REPOSITORY, 'scripts/setup.mjs'), '--for', 'vm'], { stdio: 'inherit' });
  files = tree();
}, 15 * minute);

describe('a virtual machine of the newest Debian', () => {
  test('is what it is here, and leaves what nspawn leaves', async () => {
    using place = temporary();
    const cwd = repository(place.path);
    const before = snapshot();
    const script = `uname -r; id; stat -c '%u:%g %a %n' /etc/passwd a.txt; echo 1 > new; ln -s new link; mkfifo pipe; chmod 640 a.txt
mv src other; rm .gitignore; mkdir -p deep/er; cp -a other deep/er; chmod 2755 deep; : > deep/set; chmod 4755 deep/set; echo x >> deep/set
echo 2 > "$HOME/kept"; perl -e 'open F, "+>", "gone"; unlink "gone"; syswrite F, "x" x 9; print +(stat F)[7], "\\n"'
perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(PeerAddr => "denied.example", PeerPort => 80) ? "reached" : "refused", "\\n"'
echo so > $AGENT_JAIL_RESULT; exit 7`;
    const run = async (backend: string): Promise<Ran> =>
      jailed(place.path, script, { policy: policy(backend), cwd, enter: inTree(files, place.path) });
    const ran = await run('vm');
    expect(ran.run.steps[0]?.exit, `${ran.stderr}${log(ran)}`).toMatchObject({ code: 7, signal: null, hit: [] });
    const [kernel, ...said] = ran.transcript.split('\n');
    expect(said).toEqual([
      'uid=61001(agent) gid=61001(agent) groups=61001(agent)',
      '0:0 644 /etc/passwd',
      '61001:61001 644 a.txt',
      '9',
      'refused',
      '',
    ]);
    expect(ran.run.backend.version).toMatch(
      new RegExp(`^QEMU 10\\..*, virtiofsd 1\\.13\\..*, Linux ${kernel?.replaceAll(/[.+]/g, '\\$&')}; systemd-nspawn 257`),
    );
    expect(kernel).toMatch(/^6\.12\..*-cloud-(amd|arm)64$/);
    const proof = new Map(ran.run.proof?.map(({ property, seen }) => [property, seen]));
    expect(proof.get('file server: uid')).toBe('61001\t61001\t61001\t61001');
    expect(proof.get('file server: capabilities CapPrm')).toBe('0000000000000000');
    const server = [...proof.keys()].filter((name) => name.startsWith('file server: ')).map((name) => name.slice(13));
    expect(server).toEqual(PROVED);
    const denied = ran.ndjson('network.ndjson').filter((line) => JSON.stringify(line).includes('denied.example'));
    expect(denied.length).toBeGreaterThan(0);

    const same = await run('nspawn');
    expect(same.transcript.split('\n').slice(1)).toEqual(said);
    expect(changes(ran)).toBe(changes(same));
    expect(readFileSync(join(ran.out, 'changes.patch'))).toEqual(readFileSync(join(same.out, 'changes.patch')));
    expect(readFileSync(join(ran.out, 'result.txt'), 'utf8')).toBe('so\n');
    expect(await settled(before)).toEqual([]);
  });

  test('keeps memory and processes', async () => {
    using place = temporary();
    const cwd = repository(place.path);
    const run = async (script: string): Promise<Ran> =>
      jailed(place.path, script, { policy: policy('vm', 'processes: 40, '), cwd, enter: inTree(files, place.path) });
    const forks = await run(
      `perl -e 'for (1 .. 90) { my $pid = fork; exit 7 unless defined $pid; if (!$pid) { sleep 60; exit } }' || echo "forked: $?"; false`,
    );
    expect(forks.transcript, forks.stderr).toContain('forked: 7');
    expect(forks.verdict.because).toMatch(/failed after it had reached limits\.processes$/);
    const eats = await run(`perl -e '$x = "a" x 400_000_000; print "ate\\n"' || sleep 60`);
    expect(eats.verdict.because).toMatch(/went over limits\.memory$/);
    expect(eats.transcript).not.toContain('ate');
  });
});

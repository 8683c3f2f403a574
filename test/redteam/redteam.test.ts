import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jailed, NODE } from '../support/jail.ts';
import { settled, snapshot, type Snapshot } from '../support/machine.ts';
import { batch, policyFor, probes, script } from './batch.ts';
import { Host } from './host.ts';
import { network } from './network.ts';
import { newSecret, runDisguises, scan } from './secrets.ts';
import { type Outcome, report, suite, wrong } from './suite.ts';
import { complaints, ROWS, rowOf } from './table.ts';
import { terminals } from './terminals.ts';
import { traps } from './traps.ts';

const expected = JSON.parse(readFileSync(join(import.meta.dirname, '../expected.json'), 'utf8')) as {
  redteam: Record<'nspawn' | 'docker', number>;
};
const PROBES = join(import.meta.dirname, 'probes');

/** Attempts by backend. */
const tried = new Map<string, number>();

describe.each(['nspawn', 'docker'] as const)('what hostile agents try: %s', (backend) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await suite(backend);
    tried.set(backend, outcome.judged.length);
    process.stdout.write(`\n${report(outcome)}`);
  }, 5 * 60_000);

  it.each(Object.entries(ROWS))('%s: %s', (row) => {
    const own = outcome.judged.filter(({ id }) => rowOf(id) === row);
    expect(own.length).toBeGreaterThan(0);
    expect(complaints(own).filter((line) => !line.endsWith('nothing was tried'))).toEqual([]);
  });

  it('was all tried, once, and left the machine as it was', () => {
    expect(wrong(outcome)).toEqual([]);
    // A floor: a probe that is lost must not go unnoticed.
    expect(outcome.judged.length).toBeGreaterThanOrEqual(expected.redteam[backend]);
  });
});

afterAll(() => {
  process.stdout.write(`\nred team: nspawn ${tried.get('nspawn') ?? 0} docker ${tried.get('docker') ?? 0}\n`);
});

describe('the method', () => {
  let host: Host;
  let before: Snapshot;
  beforeAll(async () => {
    before = snapshot();
    host = await Host.make();
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    expect(await settled(before)).toEqual([]);
  });

  it('finds what a policy lists by mistake', async () => {
    const wish = { mounts: { [host.secretPlace]: host.secretPlace } };
    const { judged } = await batch(host, ['A5-home.pl', 'C6-ways-out.pl', 'A1-environ.pl'], wish);
    const verdicts = new Map(judged.map(({ id, verdict }) => [id, verdict]));
    for (const id of ['A5-named', 'A5-search', 'C6-dots', 'C6-links']) expect([id, verdicts.get(id)]).toEqual([id, 'ESCAPED']);
    expect(verdicts.get('A1-environ')).toBe('blocked');
    expect(wrong({ judged, left: {} })).toContainEqual(expect.stringMatching(/^A5-named: ESCAPED: came upon .*secret\.txt$/));
  });

  it('acts in no chroot of ours, where nothing would hold it back', async () => {
    const files = ['A2-in-process.mjs', 'C1-become-root.sh', 'C4-kernel.pl', 'C9-processes.pl'];
    const at = { cwd: host.workspace, env: host.env, policy: policyFor(host), args: ['--backend', 'chroot'] };
    const { transcript } = await jailed(host.directory, script(files), at);
    expect(transcript).toBe(files.map((file) => `BEGIN ${file}\nEND ${file} 0\n`).join(''));
  });

  it('finds what a policy passes by mistake', async () => {
    const { judged } = await batch(host, ['A1-environ.pl', 'A2-in-process.mjs'], { more: 'pass-env: [SOME_PRIVATE_SETTING]' });
    const escaped = judged.filter(({ verdict }) => verdict === 'ESCAPED').map(({ id }) => id);
    expect(escaped).toEqual(expect.arrayContaining(['A1-environ', 'A1-ps', 'A2-environment', 'A2-files', 'A2-report']));
  });

  it('finds what a policy opens to the network by mistake', async () => {
    const judged = await network(host, true);
    const escaped = judged.filter(({ verdict }) => verdict === 'ESCAPED').map(({ id }) => id);
    expect(escaped).toEqual(
      expect.arrayContaining(
        'A9-echo A9-tls A9-redirect A9-second A9-path A9-method A9-body A9-elsewhere A9-servers B7-sni B7-arrived B7-many B10-crash B11-files'.split(
          ' ',
        ),
      ),
    );
  });

  it('finds what somebody types on the terminal that a run is started on', async () => {
    const judged = await terminals(host, 'typed\n');
    expect(judged.filter(({ verdict }) => verdict !== 'blocked').map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'C7-tty-typed ESCAPED',
    ]);
  });

  it('finds the traps of a tree that no jail kept from the host', async () => {
    const judged = await traps(host, true);
    const escaped = judged.filter(({ verdict }) => verdict === 'ESCAPED').map(({ id }) => id);
    const all = probes().find(({ file }) => file === 'D1-traps.sh')?.results ?? [];
    // The checkout's own hooks are covered by core.hooksPath.
    expect(escaped).toEqual(expect.arrayContaining([...all.filter((id) => id !== 'D1-hooks'), 'D3-work', 'D3-second-run', 'D7-applied']));
    expect(wrong({ judged, left: {} })).toContainEqual(expect.stringMatching(/^D1-filter: ESCAPED/));
  });

  it('finds a secret in a record that nobody redacted', async () => {
    const secret = newSecret();
    const { out } = await runDisguises(host, secret, false);
    const places = new Set(scan(out, secret).map(({ file }) => file.replace(/:? .*/, '')));
    expect([...places].toSorted()).toEqual([
      'changes.ndjson',
      'changes.patch',
      'changes.tar.gz',
      'report.html',
      'result.txt',
      'transcript.cast',
      'transcript.log',
      'transcript.txt',
    ]);
  });

  it('has probes that act nowhere but in the jail of their test', async () => {
    const out = (argv: readonly [string, ...string[]]): string =>
      execFileSync(argv[0], argv.slice(1), { cwd: PROBES, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', RT_NONCE: host.nonce } });
    // Here, where the test runs: only the part that every probe starts with, and then words instead of deeds.
    expect(out(['perl', '-Ilib', '-e', 'use Probe; print "acts"'])).toBe('');
    expect(out(['sh', '-c', '. ./lib/probe.sh; echo acts', `${PROBES}/x`])).toBe('');
    expect(out([NODE, '--input-type=module', '--eval', `await import('${PROBES}/lib/probe.mjs'); console.log('acts')`])).toBe('');
    // In a jail, with a nonce that is not its own.
    const other = 'RT_NONCE=00000000000000000000000000000000';
    const script = `${other} perl probes/C3-namespaces.pl; ${other} sh probes/C1-become-root.sh; ${other} node probes/A2-in-process.mjs; echo end`;
    const { transcript } = await jailed(host.directory, script, { cwd: host.workspace, env: host.env, policy: policyFor(host) });
    expect(transcript).toBe('end\n');
  });

  it('has no probe that does anything before it has looked where it is', () => {
    const first: Readonly<Record<string, RegExp>> = {
      pl: /^(?:#.*\n|\n)*use strict;\nuse warnings;\nuse FindBin;\nuse lib "\$FindBin::Bin\/lib";\nuse Probe;\n/,
      sh: /^(?:#.*\n)*\. "\$\{0%\/\*\}\/lib\/probe\.sh"\n/,
      mjs: /^(?:\/\/.*\n)*(?:import \{[^}]*\} from 'node:[a-z_/]+';\n)*import \{[^}]*\} from '\.\/lib\/probe\.mjs';\n/,
    };
    expect(probes().length).toBeGreaterThan(18);
    for (const name of readdirSync(PROBES).filter((file) => file !== 'lib')) {
      expect(readFileSync(join(PROBES, name), 'utf8'), name).toMatch(first[name.split('.').at(-1) ?? ''] ?? /never/);
    }
  });

  it('shows nothing of the host but what the policy lists', async () => {
    const script = [
      "echo '== env'; env -0 | tr '\\0' '\\n' | sed 's/=.*//' | sort",
      "echo '== ps'; ps -eo user:20,pid,args --no-headers",
      "echo '== environ'; cat /proc/1/environ 2>&1",
      "echo '== run'; ls -A /run; ls -A /run/host 2>&1",
      "echo '== home'; ls -A /home",
      "echo '== mounts'; sed 's/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\).* - \\([^ ]*\\) .*/\\3 \\2/' /proc/self/mountinfo | sort -u",
      "echo '== find'; find / -xdev -newer config/nonce 2> /dev/null | sort",
      "echo '== net'; ls /sys/class/net; ls /dev",
    ].join('\n');
    const { transcript } = await jailed(host.directory, script, { cwd: host.workspace, env: host.env, policy: policyFor(host) });
    const parts = new Map(
      transcript
        .split(/^== /m)
        .slice(1)
        .map((part) => [
          part.slice(0, part.indexOf('\n')),
          part
            .slice(part.indexOf('\n') + 1)
            .trim()
            .split('\n'),
        ]),
    );
    const part = (name: string): string[] => parts.get(name) ?? [];

    expect(part('env')).toEqual([
      'AGENT_JAIL', 'AGENT_JAIL_RESULT', 'APT_CONFIG', 'CI', 'HOME', 'LANG', 'LOGNAME', 'PATH', 'PIP_RETRIES', 'PWD', 'RT_NONCE', 'RT_PLAIN', 'SHELL', 'TERM', 'TMPDIR', 'USER',
      'npm_config_fetch_retry_maxtimeout', 'npm_config_fetch_retry_mintimeout',
    ]); // biome-ignore format: a list
    expect(part('ps').length).toBeLessThan(8);
    expect(part('ps').filter((line) => !line.startsWith('agent '))).toEqual([]);
    expect(part('environ')).toEqual([expect.stringContaining('Permission denied')]);
    expect(part('run')).toEqual(['agent-jail', 'host', expect.stringContaining('Permission denied')]);
    expect(part('home')).toEqual(['agent']);
    expect(part('net').slice(0, 1)).toEqual(['lo']);
    expect(part('net').filter((name) => /^(sd|vd|nvme|loop|dm-|mem$|kmsg|kvm|fuse|tty[0-9S])/.test(name))).toEqual([]);

    // The policy's directories, the programs, the jail's own; of disks only the file that the answer goes to.
    const overlays = part('mounts').flatMap((line) => (line.startsWith('overlay ') ? [line.slice('overlay '.length)] : []));
    expect(overlays).toEqual(['/', dirname(NODE), '/home/agent', '/mnt/listed', host.workspace, '/opt', '/usr'].toSorted());
    const disks = part('mounts').filter((line) => !/^(overlay|tmpfs|proc|sysfs|devpts|mqueue|cgroup2?) /.test(line));
    expect(disks.filter((line) => !/ \/run\/(agent-jail\/result|host\/os-release)$/.test(line))).toEqual([]);

    const planted = basename(host.directory);
    expect(part('find').length).toBeGreaterThan(5);
    expect(part('find').filter((path) => path.includes('aj-red-') || (path.includes(planted) && !host.workspace.startsWith(path)))).toEqual(
      [],
    );
    const own = /^\/($|(etc|home|mnt|proc|root|run|srv|sys|tmp|var|dev|opt|usr|bin|sbin|lib\w*)(\/|$))/;
    expect(part('find').filter((path) => !own.test(path) && !dirname(NODE).startsWith(path))).toEqual([]);
    expect(transcript).not.toMatch(/canary-/);
  });
});

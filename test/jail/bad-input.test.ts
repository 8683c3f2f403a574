import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLI, NODE, record, repository } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { ground, refused } from '../support/refused.ts';
import { emptied, spoiled, without } from '../support/spoiled.ts';
import { SMALL } from '../support/steps.ts';
import { User } from '../support/user.ts';

describe('a machine that lacks something', () => {
  test('the same way of spoiling it, with nothing taken away, does not keep a run from succeeding', async () => {
    using place = ground();
    const ran = await spoiled(without(), [NODE, CLI, ...place.args], place.work);
    expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code: 0, stdout: 'the agent was here\n' });
  });

  const NO_NSPAWN = `${without('systemd-nspawn')}\n${emptied('/var/lib/agent-jail/tools')}`;
  test.each([
    [
      'nspawn, and no apt to fetch it',
      `${NO_NSPAWN}\nrm /usr/bin/apt-get`,
      /jail-error: systemd-nspawn is not here and cannot be fetched: apt-get is not there\. Install the package systemd-container/,
    ],
    [
      'nspawn, and no package source that has it',
      `${NO_NSPAWN}\n${emptied('/etc/apt', '/var/lib/apt/lists')}`,
      /jail-error: systemd-nspawn could not be fetched: apt-get ended with 100: .*Install the package systemd-container/,
    ],
    [
      'an nspawn that runs',
      `${without()}\n${emptied('/var/lib/agent-jail/tools')}\nprintf '#!/bin/sh\\nexit 1\\n' > /usr/bin/systemd-nspawn\nchmod 755 /usr/bin/systemd-nspawn`,
      /jail-error: systemd-nspawn does not run: .*Reinstall systemd-container/,
    ],
    ['perl', without('perl'), /jail-error: missing on this machine: perl\. Install what is missing: `apt-get install perl-base`/],
    // These two are needed only when the agent is done: too late to find out.
    ['git, setpriv', without('git', 'setpriv'), /missing on this machine: git, setpriv\. .*`apt-get install git util-linux`/],
    ['ip', without('ip'), /missing on this machine: ip\. .*iproute2/],
    ['unshare', without('unshare'), /jail-error: unshare is missing on this machine\. `agent-jail doctor` tells/],
    // Reserved in full before anything starts, so that no agent finds it out.
    [
      'disk',
      'mkdir -p /var/lib/agent-jail/tools; mount --bind /var/lib/agent-jail/tools /mnt; mount -t tmpfs -o size=100m t /var/lib/agent-jail; mkdir /var/lib/agent-jail/tools; mount --move /mnt /var/lib/agent-jail/tools',
      /jail-error: the disk is too full: \d+ bytes are free, 67108864 are wanted for `limits.disk`.*Free some space, or lower `limits.disk`/,
    ],
  ])('%s', async (_, script, message) => {
    using place = ground();
    // By name: `auto` would go on to look for a Docker engine.
    const argv = [NODE, CLI, 'run', '--backend', 'nspawn', ...place.args.slice(1)];
    expect(await refused(async () => spoiled(script, argv, place.work), place.out, 70, message)).toEqual([]);
  });

  test('room for the record', async () => {
    using place = ground();
    const print = ['run', '--policy', '../policy.yml', '--out', place.out, '--', 'sh', '-c', 'head -c 3000000 /dev/zero'];
    const before = snapshot();
    const script = `mkdir -m 700 ${place.out}; mount -t tmpfs -o size=1m,mode=700 t ${place.out}`;
    const ran = await spoiled(script, [NODE, CLI, ...print], place.work);
    expect({ code: ran.code, said: ran.stderr }).toEqual({ code: 70, said: expect.stringMatching(/jail-error: .*(ENOSPC|no space)/i) });
    expect(await settled(before)).toEqual([]);
  });

  test('id-mapped mounts: a workspace of root’s is refused, anybody else’s is run with its own id, which the record says', async () => {
    const old = ['setarch', '--uname-2.6', NODE, CLI];
    using place = ground();
    expect(
      await refused(
        async () => spoiled(':', [...old, ...place.args], place.work),
        place.out,
        70,
        /jail-error: this kernel \(2\.6\.\S+\) cannot map ids, and the workspace is root's\. Use Linux 5\.12 or later/,
      ),
    ).toEqual([]);

    using other = ground();
    execFileSync('chown', ['-R', '12345:12345', other.work]);
    const args = ['run', '--policy', '../policy.yml', '--out', other.out, '--', 'sh', '-c', 'id -u'];
    expect(await spoiled(':', [...old, ...args], other.work)).toMatchObject({ code: 0, stdout: '12345\n' });
    expect(record(other.out).run.notices.join('\n')).toContain("the id of the workspace's owner (12345)");
  });
});

describe('sudo', () => {
  test.each(['not in sudoers', 'with a password'] as const)('a user %s', async (sudo) => {
    using user = new User(sudo);
    repository(user.home);
    writeFileSync(join(user.home, 'policy.yml'), SMALL);
    execFileSync('chown', ['-R', `${user.name}:`, user.home]);
    expect(
      await refused(
        async () => user.run(`run --policy ../policy.yml --out ../rec -- sh -c 'echo the agent was here'`),
        join(user.home, 'rec'),
        70,
        /jail-error: (sudo asks for a password|this user may not use sudo): agent-jail needs root, or passwordless sudo/,
      ),
    ).toEqual([]);
  });

  test('that is not installed', async () => {
    using user = new User('passwordless');
    repository(user.home);
    execFileSync('chown', ['-R', `${user.name}:`, user.home]);
    const run = `cd work && exec ${user.node} ${user.cli} run --out ../rec -- sh -c 'echo the agent was here'`;
    expect(
      await refused(
        async () => spoiled(without('sudo'), ['su', '-', user.name, '-c', run], '/'),
        join(user.home, 'rec'),
        70,
        /jail-error: sudo is not there: agent-jail needs root, or passwordless sudo/,
      ),
    ).toEqual([]);
  });
});

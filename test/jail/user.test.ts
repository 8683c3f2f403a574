import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record, repository } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';
import { User } from '../support/user.ts';

const CANARY = 'canary-of-the-home';
let user: User;
beforeAll(() => {
  user = new User('passwordless');
  repository(user.home);
  writeFileSync(join(user.home, 'canary'), CANARY);
  chmodSync(join(user.home, 'canary'), 0o444);
  execFileSync('chown', ['-R', `${user.name}:`, user.home]);
});
afterAll(() => user[Symbol.dispose]());

/** Writes a policy as the user, and returns the options for it and for a new record. */
const given = (policy: string, out: string): string => {
  writeFileSync(join(user.home, `${out}.yml`), policy);
  return `--policy ../${out}.yml --out ../${out}`;
};
const owners = (path: string): number[] => [
  ...new Set([path, ...readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))].map((name) => lstatSync(name).uid)),
];

describe('an ordinary user with passwordless sudo', () => {
  test('runs from a login shell: the agent works with an id of its own, and sees nothing of the home but the workspace', async () => {
    const before = snapshot();
    const script = `'id -u; stat -c %u a.txt; echo new > new.txt; echo more >> a.txt; stat -c %u new.txt a.txt; ls -A ${user.home}; cat ${user.home}/canary; sudo -n true 2>/dev/null || echo no sudo'`;
    const ran = await user.run(`run ${given('limits: { disk: 64MiB, memory: 512MiB, time: 20s }\n', 'one')} -- sh -c ${script}`);
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: expect.stringContaining('agent-jail: succeeded') });
    const { transcript, run, verdict } = record(join(user.home, 'one'));
    const lines = transcript.trim().split('\n');
    const [agent = '', ...files] = lines.slice(0, 4);
    expect(Number(agent)).toBeGreaterThan(0);
    expect(Number(agent)).not.toBe(user.uid);
    expect(files).toEqual([agent, agent, agent]);
    expect(lines.slice(4)).toEqual(['work', expect.stringMatching(/canary: No such file/), 'no sudo']);
    expect(transcript).not.toContain(CANARY);
    expect(execFileSync('cat', [join(user.home, 'canary')], { encoding: 'utf8' })).toBe(CANARY);
    expect(verdict.outcome).toBe('succeeded');
    expect(run.proof?.find(({ property }) => property === 'uid')?.seen).toBe([agent, agent, agent, agent].join('\t'));
    expect(await settled(before)).toEqual([]);
  });

  test('has the record: 0600 in 0700, intact; the workspace is untouched, and the patch applies as the user', async () => {
    const out = join(user.home, 'one');
    expect(owners(out)).toEqual([user.uid]);
    expect((lstatSync(out).mode & 0o7777).toString(8)).toBe('700');
    for (const name of readdirSync(out)) expect(`${name} ${(lstatSync(join(out, name)).mode & 0o7777).toString(8)}`).toBe(`${name} 600`);
    expect(owners(join(user.home, 'work'))).toEqual([user.uid]);

    const verified = await user.run('verify ../one');
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^intact, manifest sha256 [0-9a-f]{64}\n$/) });
    const applied = await user.login(
      'set -e; git -C work status --porcelain; git clone --quiet work clone; cd clone; git apply --index ../one/changes.patch; git status --porcelain; cat new.txt; tail -n 1 a.txt',
    );
    expect(applied).toEqual({ code: 0, stdout: 'M  a.txt\nA  new.txt\nnew\nmore\n', stderr: '' });
    expect(owners(join(user.home, 'clone'))).toEqual([user.uid]);
  });

  test('limits hold', async () => {
    const eat = `'echo it eats; exec perl -e "\\$x = chr(65) x (300 << 20); sleep 5"'`;
    const ran = await user.run(`run ${given('limits: { disk: 64MiB, memory: 128MiB, time: 20s }\n', 'two')} -- sh -c ${eat}`);
    const { transcript, run, verdict } = record(join(user.home, 'two'));
    expect({ code: ran.code, outcome: verdict.outcome, transcript }).toEqual({
      code: 5,
      outcome: 'limit-exceeded',
      transcript: 'it eats\n',
    });
    expect(run.end).toEqual({ how: 'limit', limit: 'memory', step: 0 });
  });

  test('SIGINT to main alone ends the run: a root process does the rest', async () => {
    const before = snapshot();
    const wait = `'echo here; sleep 60'`;
    let sent: number[] = [];
    const ran = await user.run(
      `run ${given('limits: { disk: 64MiB, memory: 512MiB, time: 50s }\n', 'three')} -- sh -c ${wait}`,
      (stdout) => {
        if (sent.length > 0 || !stdout.includes('here')) return;
        sent = user.mains();
        for (const pid of sent) process.kill(pid, 'SIGINT');
      },
    );
    expect(sent).toHaveLength(1);
    expect(ran).toMatchObject({ code: 130, stderr: expect.stringContaining('agent-jail: cancelled: ') });
    expect(await user.run('verify ../three')).toMatchObject({ code: 0 });
    expect(owners(join(user.home, 'three'))).toEqual([user.uid]);
    expect(await settled(before)).toEqual([]);
  });

  test('doctor finds the machine fit', async () => {
    const { code, stdout } = await user.run('doctor');
    expect(stdout).toMatch(/^ok\s+root\s+sudo without a password$/m);
    expect(code).toBe(0);
  });
});

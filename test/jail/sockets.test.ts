import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostPath } from '../../src/model/names.ts';
import { CLEAN_ENV, exec } from '../../src/system/exec.ts';
import { ownNetns } from '../support/hands.ts';

const LAUNCHER = join(import.meta.dirname, '../../src/host/sockets.pl');
let directory: string;
let netns: HostPath;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'agent-jail-sockets-'));
  netns = join(directory, 'net') as HostPath;
  await ownNetns(netns);
});
afterAll(async () => {
  await exec(['umount', netns]);
  rmSync(directory, { recursive: true });
});

describe('sockets.pl', () => {
  const launch = (...args: string[]) => exec(['perl', LAUNCHER, ...args]);
  it('starts nothing where it cannot do what was asked', async () => {
    writeFileSync(join(directory, 'file'), '');
    const said = async (...args: string[]) => {
      const { code, stdout, stderr } = await launch(...args);
      return `${code} ${stdout}${stderr.trim()}`;
    };
    expect(await said(netns, '100', 'udp:127.0.0.1:53')).toBe(
      '71 sockets: usage: NETNS_FILE NOFILE SPEC [--route] [--wait] -- CMD ARGS...',
    );
    expect(await said(netns, 'x', 'udp:127.0.0.1:53', '--', 'true')).toContain('71 sockets: usage');
    for (const spec of ['', 'tcp', 'tcp:1.2.3.4:99999', 'tcp:1.2.3.4:80,', 'sctp:1.2.3.4:80', 'tcp:1.2.3.444:80'])
      expect(await said(netns, '100', spec, '--', 'true')).toContain('71 sockets: no');
    expect(await said('/nonexistent', '100', 'tcp:127.0.0.1:80', '--', 'echo', 'ran')).toBe(
      '71 sockets: /nonexistent: No such file or directory',
    );
    expect(await said(join(directory, 'file'), '100', 'tcp:127.0.0.1:80', '--', 'echo', 'ran')).toContain('71 sockets:');
    expect(await said(netns, '100', 'tcp:127.0.0.1:80,tcp:127.0.0.1:80', '--', 'echo', 'ran')).toBe(
      '71 sockets: tcp:127.0.0.1:80: Address already in use',
    );
    expect(await said(netns, '100', 'tcp:127.0.0.1:80', '--', '/nonexistent')).toBe('71 sockets: /nonexistent: No such file or directory');
  });
  it('leaves the network alone that it is in itself, as it would be that of a container without one', async () => {
    // In a namespace that stands for the machine's: without the refusal it would lose its routes.
    const script =
      'ip link set lo up; perl "$0" /proc/self/ns/net 100 tcp:127.0.0.1:80 --route -- echo ran; echo $?; ip route show table local; ip -4 -o address';
    const { stdout, stderr } = await exec(['unshare', '--net', '--', 'sh', '-c', script, LAUNCHER]);
    expect(stderr).toBe('sockets: /proc/self/ns/net: that is the network namespace of this machine, not of a jail');
    expect(stdout).toMatch(/^71\nlocal 127\.0\.0\.0\/8 dev lo/);
    expect(stdout).not.toMatch(/default|198\.19/);
  });
  it('hands over the sockets, and no other descriptor above them', async () => {
    const more = ['bash', '-c', 'exec 8</dev/null 11</dev/null 20</dev/null; exec "$@"', 'bash'] as const;
    const { stdout } = await exec([
      ...more,
      'perl',
      LAUNCHER,
      netns,
      '100',
      'udp:127.0.0.1:53,tcp:127.0.0.1:80',
      '--',
      'ls',
      '/proc/self/fd',
    ]);
    expect(
      stdout
        .trim()
        .split('\n')
        .sort((a, b) => Number(a) - Number(b)),
    ).toEqual(['0', '1', '2', '3', '8', '10', '11']); // 3: the directory that ls reads
  });
  describe('of a namespace that is named later', () => {
    const named = async (input: string, ...more: string[]) => {
      const { code, stdout, stderr } = await exec(['perl', LAUNCHER, '-', '100', 'tcp:127.0.0.1:80', ...more, '--', 'cat'], { input });
      return `${code} ${stdout}${stderr}`;
    };
    it('takes the name from its input, and leaves the rest of that to the program', async () => {
      expect(await named(`${netns}\nfor the program\nto the last\n`)).toBe('0 for the program\nto the last');
      expect(await named('/nonexistent\nnever\n')).toBe('71 sockets: /nonexistent: No such file or directory');
    });
    it('starts nothing where none is named', async () => {
      expect([await named(''), await named('/cut/o')]).toEqual(['0 ', '0 ']);
    });
  });
  it('with --route brings up a loopback that is down, and starts nothing where there can be no route', async () => {
    const bare = join(directory, 'bare');
    writeFileSync(bare, '');
    await exec(['unshare', `--net=${bare}`, '--', 'true']);
    const route = () => launch(bare, '100', 'tcp:0.0.0.0:80', '--route', '--', 'echo', 'ran');
    try {
      expect(await route()).toMatchObject({ code: 0, stdout: 'ran' });
      const { stdout } = await exec(['nsenter', `--net=${bare}`, '--', 'ip', '-o', 'address', 'show', 'up']);
      expect(stdout).toContain('198.19.255.255/32');
      const { stderr, ...again } = await route();
      expect(again).toMatchObject({ code: 71, stdout: '' });
      expect(stderr).toContain('sockets: no route to the sockets');
    } finally {
      await exec(['umount', bare]);
    }
  });
  describe('with --wait', () => {
    const SPEC = 'udp:127.0.0.1:53,tcp:127.0.0.1:80';
    const waiting = () => {
      const argv = [LAUNCHER, netns, '100', SPEC, '--wait', '--', 'sh', '-c', 'echo started; cat'];
      const child = spawn('perl', argv, { env: CLEAN_ENV, stdio: ['pipe', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const ended = new Promise<string>((resolve) => child.once('close', (code, signal) => resolve(`${signal ?? code} ${said}`)));
      const listening = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
      return { child, ended, listening, said: () => said };
    };
    const inside = (script: string) => exec(['nsenter', `--net=${netns}`, '--', 'bash', '-c', script]);
    const LISTENING = '{"kind":"listening"}\n';

    it('starts nothing where nobody comes, and says so', async () => {
      const { child, ended, listening, said } = waiting();
      await listening;
      child.stdin.write('not for the launcher\n');
      expect((await inside('echo >/dev/udp/127.0.0.1/54; exec 3<>/dev/tcp/127.0.0.1/81')).code).not.toBe(0);
      expect(said()).toBe(LISTENING);
      child.stdin.end();
      expect(await ended).toBe(`0 ${LISTENING}{"kind":"done","denied":0,"allowed":0,"lines":0}\n`);
    });
    it.each(['echo hello >/dev/udp/127.0.0.1/53', 'exec 3<>/dev/tcp/127.0.0.1/80'])(
      'is woken by %s, and its input is left to the program',
      async (come) => {
        const { child, ended, listening } = waiting();
        await listening;
        child.stdin.write('for the program\n');
        expect((await inside(come)).code).toBe(0);
        child.stdin.end();
        expect(await ended).toBe(`0 ${LISTENING}started\nfor the program\n`);
      },
    );
  });
});

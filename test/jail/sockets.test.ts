import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetns } from '../../src/host/netns.ts';
import type { HostPath } from '../../src/model/names.ts';
import { exec } from '../../src/system/exec.ts';

const LAUNCHER = join(import.meta.dirname, '../../src/host/sockets.pl');
let directory: string;
let netns: HostPath;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'agent-jail-sockets-'));
  netns = join(directory, 'net') as HostPath;
  await createNetns(netns);
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
    expect(await said(netns, '100', 'udp:127.0.0.1:53')).toBe('71 sockets: usage: NETNS_FILE NOFILE SPEC -- CMD ARGS...');
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
});

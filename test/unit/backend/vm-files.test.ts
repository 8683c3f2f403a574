import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildServerRoot, type FileServer, filesArgv, findFileServer, serverIn } from '../../../src/backend/vm-files.ts';
import { librariesIn, linkedLibraries } from '../../../src/backend/vm-libraries.ts';
import type { HostPath } from '../../../src/model/names.ts';

const C: FileServer = { path: '/usr/lib/qemu/virtiofsd' as HostPath, kind: 'c', version: '7.2.22' };
const RUST: FileServer = { path: '/usr/libexec/virtiofsd' as HostPath, kind: 'rust', version: '1.13.2' };

describe('the server of files', () => {
  it.each([
    ['virtiofsd version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright (c) 2003-2022\n', { kind: 'c', version: '7.2.22' }],
    ['virtiofsd version 6.2.0 (Debian 1:6.2+dfsg-2ubuntu6)\n', { kind: 'c', version: '6.2.0' }],
    ['virtiofsd 1.13.2\n', { kind: 'rust', version: '1.13.2' }],
    ['virtiofsd backend 1.4.0\n', { kind: 'rust', version: '1.4.0' }],
    ['virtiofsd: no such option\n', null],
    ['', null],
  ])('is known by what it says: %j', (said, found) => {
    expect(serverIn(said)).toEqual(found);
  });
  it('is refused by name where it is not there, or says nothing', async () => {
    const remedy = expect.stringMatching(/`apt-get install virtiofsd` \(Debian 13.*`apt-get install qemu-system-common` \(Debian 12/);
    await expect(findFileServer(() => false)).rejects.toMatchObject({
      message: expect.stringMatching(/^virtiofsd, which shows .* is not there: not in \/usr\/libexec, \/usr\/lib, \/usr\/lib\/qemu$/),
      remedy,
    });
    await expect(findFileServer((path) => path === '/usr/lib/virtiofsd')).rejects.toMatchObject({
      message: '/usr/lib/virtiofsd does not tell its version',
      remedy,
    });
  });
  it('shuts itself in where it can: the one in C', () => {
    expect(filesArgv(C, '/shown').join(' ')).toBe(
      '/usr/lib/qemu/virtiofsd --fd={socket} --rlimit-nofile=0 --thread-pool-size=0 -o source=/shown -o sandbox=namespace -o announce_submounts -o cache=always -o xattr -o modcaps=-chown:-dac_override:-fowner:-fsetid:-setgid:-setuid:-mknod:-setfcap -f',
    );
  });
  it('is shut in where it cannot, and has its own filter all the same: the one in Rust', () => {
    expect(filesArgv(RUST, '/state/server/files').join(' ')).toBe(
      '/usr/libexec/virtiofsd --fd={socket} --rlimit-nofile=0 --thread-pool-size=0 --shared-dir=/files --sandbox=none --seccomp=kill --announce-submounts --inode-file-handles=never --cache=always --xattr --log-level=warn',
    );
  });
});

describe('the root of a server', () => {
  it('is its own business where it makes one', async () => {
    expect(await buildServerRoot(C, '/nowhere' as HostPath)).toBeNull();
  });
  it('has the program, what it loads, and places for mounts', async () => {
    const state = mkdtempSync(join(tmpdir(), 'aj-vm-'));
    try {
      const perl = '/usr/bin/perl' as HostPath;
      const made = await buildServerRoot({ ...RUST, path: perl }, state as HostPath);
      expect(made).toEqual({ root: `${state}/server`, shown: `${state}/server/files` });
      for (const path of [perl, ...(await linkedLibraries(perl))]) {
        expect([path, readFileSync(`${state}/server${path}`).equals(readFileSync(path))]).toEqual([path, true]);
        expect(statSync(`${state}/server${path}`).mode & 0o7777).toBe(0o755);
      }
      for (const path of ['files', 'proc/self/fd']) expect(statSync(`${state}/server/${path}`).isDirectory()).toBe(true);
      expect(readFileSync(`${state}/server/proc/sys/fs/nr_open`, 'utf8')).toMatch(/^\d+\n$/);
    } finally {
      rmSync(state, { recursive: true });
    }
  });
});

describe('libraries of a program', () => {
  it('are those that the loader names, and the loader', () => {
    const said =
      '\tlinux-vdso.so.1 (0x1)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x2)\n\tlibx.so => not found\n\t/lib64/ld.so.2 (0x3)\n';
    expect(librariesIn(said)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld.so.2']);
  });
  it('are an error where the program is none', async () => {
    await expect(linkedLibraries('/etc/passwd')).rejects.toMatchObject({
      message: expect.stringMatching(/^the libraries of \/etc\/passwd are not known: ldd ended with 1/),
      remedy: 'see `agent-jail doctor`',
    });
  });
});

import { PassThrough } from 'node:stream';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { JailError } from '../../../src/model/errors.ts';
import type { HostPath } from '../../../src/model/names.ts';
import { readFrames } from '../../../src/remote/frames.ts';
import { helperContainer, isForgotten, noHelper } from '../../../src/remote/helper.ts';
import { FAR_NODE } from '../../../src/remote/helper-name.ts';
import { closure, isNeeded, librariesIn } from '../../../src/remote/packages.ts';
import { sendTree } from '../../../src/remote/trees.ts';
import { SINGLE_THREADED } from '../../../src/system/exec.ts';
import { type Platform, platformOf } from '../../../src/system/platform.ts';

describe('the packages of a helper', () => {
  const told = [
    'a\t1\tb (>= 2), c | d, gone | e:any',
    'b\t2\ta',
    'd\t3\t',
    'e\t4:5-6\t , perl',
    'perl\t5\tx',
    'other\t6\t',
    'no-version\t\t',
  ].join('\n');
  test('are those that are wanted and what they need, as far as it is here', () => {
    expect([...closure(told, ['a']).found]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['d', '3'],
      ['e', '4:5-6'],
    ]);
  });
  test('that are not here are named', () => {
    expect(closure(told, ['b', 'z', 'y']).missing).toEqual(['z', 'y']);
  });
  test.each([
    ['/usr/bin/perl', true],
    ['/usr/share/perl/5', true],
    ['/usr/share/doc/git/README', false],
    ['/usr/share/doc', false],
    ['/usr/share/documents', true],
    ['/var/cache/x', false],
  ])('%s is needed: %s', (path, is) => {
    expect(isNeeded(path)).toBe(is);
  });
  test('bring libraries, which ldd lists', () => {
    const listed =
      '\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n\tlibx.so => not found\n';
    expect(librariesIn(listed)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
  });
});

describe('the container of a helper', () => {
  const body = (product: 'docker' | 'podman') =>
    helperContainer('01JD', 'image', ['/w', '/d'], product) as { HostConfig: Record<string, unknown> } & Record<string, unknown>;
  test('ends with its client, leaves nothing, and sees nothing of its machine', () => {
    expect(body('docker')).toMatchObject({
      StdinOnce: true,
      Labels: { 'agent-jail.run': '01JD' },
      Volumes: { '/var/lib/agent-jail': {}, '/w': {}, '/d': {} },
      HostConfig: { AutoRemove: true, LogConfig: { Type: 'none' } },
    });
    for (const product of ['docker', 'podman'] as const)
      for (const shared of ['Binds', 'Mounts', 'PidMode', 'NetworkMode', 'IpcMode'])
        expect(body(product).HostConfig).not.toHaveProperty(shared);
  });
  test('has a Node that `process.exit` cannot hang in: none of V8’s threads can wait for the main one', () => {
    const { Cmd } = body('docker') as { Cmd?: string[] };
    expect(Cmd?.slice(Cmd.indexOf(FAR_NODE) + 1, -1)).toEqual(expect.arrayContaining([...SINGLE_THREADED]));
  });
  test('has the rights that a warden uses and no others, where the engine can say which', () => {
    const { HostConfig } = body('docker');
    expect(HostConfig).not.toHaveProperty('Privileged');
    expect(HostConfig['CapDrop']).toEqual(['ALL']);
    for (const never of ['SYS_MODULE', 'SYS_RAWIO', 'SYS_BOOT', 'SYS_TIME', 'ALL']) expect(HostConfig['CapAdd']).not.toContain(never);
    expect(body('podman').HostConfig['Privileged']).toBe(true);
  });
});

const info = { OSType: 'linux', Architecture: 'x86_64', SecurityOptions: ['name=seccomp'] };
test.each([
  [info, null],
  [{ ...info, Architecture: 'amd64', SecurityOptions: null }, null],
  [{ ...info, Architecture: 'aarch64' }, null],
  [{ ...info, Architecture: 'riscv64' }, /is a machine of riscv64, and jails are made on x64 or arm64/],
  [{ ...info, OSType: 'windows' }, /runs windows containers/],
  [{ ...info, SecurityOptions: ['name=rootless'] }, /is rootless/],
])('a helper in an engine of which %o is told: %s', (told, why) => {
  if (why === null) expect(noHelper(told)).toBeNull();
  else expect(noHelper(told)).toMatch(why);
});

describe('a tree', () => {
  const mac = platformOf('darwin') as Platform;
  const frames = async (
    of: { from: string; only: string | null; to: string },
    here = platformOf('linux') as Platform,
  ): Promise<string[]> => {
    const to = new PassThrough({ highWaterMark: 1 << 24 });
    await sendTree({ ...of, from: of.from as HostPath }, to, here);
    to.end();
    const kinds: string[] = [];
    for await (const { kind } of readFrames(to as AsyncIterable<Buffer>)) kinds.push(kind);
    return kinds;
  };
  test('is sent whole, or one file of it', async () => {
    const place = mkdtempSync(join(tmpdir(), 'agent-jail-tree-'));
    try {
      writeFileSync(join(place, 'large'), Buffer.alloc(3 << 20, 'x'));
      writeFileSync(join(place, '-small'), 'y');
      expect((await frames({ from: place, only: null, to: '/x' })).filter((kind) => kind === 'tree').length).toBeGreaterThan(2);
      expect(await frames({ from: place, only: '-small', to: '/x' })).toEqual(['tree', 'treeEnd']);
      const kinds = await frames({ from: place, only: null, to: '/x' }, mac);
      expect([kinds.filter((kind) => kind === 'tree').length > 2, kinds.at(-1)]).toEqual([true, 'treeEnd']);
    } finally {
      rmSync(place, { recursive: true });
    }
  });
  test('that cannot be read is named, with what to do', async () => {
    const error: unknown = await frames({ from: '/nonexistent', only: null, to: '/x' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(JailError);
    expect((error as JailError).message).toMatch(/^\/nonexistent could not be sent to the engine: tar: .*No such file/);
    expect((error as JailError).remedy).toContain('readable for this user');
    await expect(frames({ from: '/nonexistent', only: null, to: '/x' }, mac)).rejects.toThrow(
      /^\/nonexistent could not be sent to the engine: ENOENT/,
    );
  });
});

test.each([
  ['created', 31, true],
  ['created', 29, false],
  ['running', 3600, false],
  ['exited', 3600, false],
  ['removing', 3600, false],
])('a helper that is %s since %i s is forgotten: %s', (State, age, forgotten) => {
  expect(isForgotten({ Id: 'x', State, Created: 1_000_000 - age }, 1_000_000_000)).toBe(forgotten);
});

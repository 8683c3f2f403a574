import { Readable } from 'node:stream';
import tarStream from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/backend/docker.ts';
import { cgroupOf, lacksRuntime, runtimesOf, unusable } from '../../../src/backend/docker-engine.ts';
import { linkImage } from '../../../src/backend/docker-image.ts';

const OPTIONS = ['name=apparmor', 'name=seccomp,profile=default'];
const info = { OSType: 'linux', CgroupDriver: 'cgroupfs', SecurityOptions: OPTIONS };

test.each([
  [info, null],
  [{ ...info, SecurityOptions: [...OPTIONS, 'name=userns'] }, null],
  [{ ...info, OSType: 'windows' }, 'runs windows containers'],
  [{ ...info, SecurityOptions: [...OPTIONS, 'name=rootless'] }, "is rootless: it cannot see the layers, which are root's"],
  [{ ...info, SecurityOptions: ['name=apparmor'] }, 'has no seccomp'],
])('an engine of which %o is told: %s', (told, why) => {
  expect(unusable(told)).toBe(why);
});

test('a runtime is there by its name, also by that of its shim; what is not there is told with what is', () => {
  const told = { Runtimes: { runsc: {}, 'io.containerd.runc.v2': {}, runc: {} } };
  expect(runtimesOf(told)).toEqual(['runc', 'runsc']);
  expect(['runsc', 'io.containerd.runc.v2'].map((name) => lacksRuntime(told, name))).toEqual([null, null]);
  expect(lacksRuntime(told, 'kata')).toBe('has no runtime "kata"; it has runc, runsc');
  expect(lacksRuntime({ Runtimes: { runc: {} } }, 'toString')).toContain('has no runtime');
  expect(runtimesOf({ Runtimes: null })).toEqual([]);
});

test('the cgroup has a name that the engine’s driver takes: a slice without dashes, which systemd reads as a path', () => {
  expect(cgroupOf('cgroupfs', '01JD')).toBe('agent-jail-01JD');
  expect(cgroupOf('systemd', '01JD')).toBe('agent_jail_01JD.slice');
});

test.each([
  [200, { StatusCode: 0 }, { code: 0, signal: null }],
  [200, { StatusCode: 137, Error: null }, { code: 137, signal: null }],
  [500, { message: 'x' }, 'backend'],
  [404, { message: 'no such container' }, 'backend'],
  [200, null, 'backend'],
  [200, { StatusCode: '0' }, 'backend'],
])('the answer %i %o is %o', (status, body, exit) => {
  expect(exitOf(status, body)).toEqual(exit);
});

describe('linkImage', () => {
  const entries = [
    { name: 'bin', kind: 'link', target: 'usr/bin' },
    { name: 'etc', kind: 'directory' },
    { name: 'odd', kind: 'link', target: '../../..' },
  ] as const;
  const unpack = async (archive: Buffer): Promise<Record<string, { type: string; link: string; content: Buffer }>> => {
    const found: Record<string, { type: string; link: string; content: Buffer }> = {};
    const extract = tarStream.extract();
    Readable.from([archive]).pipe(extract);
    for await (const entry of extract) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      found[entry.header.name] = { type: entry.header.type ?? '', link: entry.header.linkname ?? '', content: Buffer.concat(chunks) };
    }
    return found;
  };
  test('holds the links and nothing else', async () => {
    const { name, archive } = linkImage(entries, 'x64');
    const files = await unpack(archive);
    const [manifest] = JSON.parse(files['manifest.json']?.content.toString() ?? '') as {
      Config: string;
      RepoTags: string[];
      Layers: string[];
    }[];
    expect(manifest?.RepoTags).toEqual([name]);
    expect(JSON.parse(files[manifest?.Config ?? '']?.content.toString() ?? '')).toMatchObject({ architecture: 'amd64', os: 'linux' });
    const layer = await unpack(files[manifest?.Layers[0] ?? '']?.content ?? Buffer.alloc(0));
    expect(Object.entries(layer).map(([path, { type, link }]) => `${path} ${type} ${link}`)).toEqual([
      'bin symlink usr/bin',
      'odd symlink ../../..',
    ]);
  });
  test('is the same for the same links, and another one for others', () => {
    expect(linkImage(entries, 'x64')).toEqual(linkImage([...entries], 'x64'));
    const others = [linkImage(entries, 'arm64'), linkImage(entries.slice(1), 'x64')].map(({ name }) => name);
    expect(new Set([...others, linkImage(entries, 'x64').name]).size).toBe(3);
  });
});

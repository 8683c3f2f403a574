import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HostPath, JailPath } from '../../../src/model/names.ts';
import { packed } from '../../../src/remote/pack.ts';
import { unpacking } from '../../../src/remote/trees.ts';
import { type Platform, platformOf } from '../../../src/system/platform.ts';
import { intricate } from '../../support/elsewhere.ts';
import { git, temporary } from '../../support/jail.ts';

const mac = platformOf('darwin') as Platform;
/** One whose disks have no modes, with paths as here, and in a jail below `/d`. */
const modeless: Platform = { ...mac, modes: false, toJail: (path) => (path.startsWith('/') ? (`/d${path}` as JailPath) : null) };

let place: ReturnType<typeof temporary>;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place[Symbol.dispose]());

async function bytesOf(from: string, only: string | null, here: Platform): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of packed(from as HostPath, only, here)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
/** The tree as it is after the helper's own tar(1) took it up. */
async function there(from: string, only: string | null, here: Platform): Promise<string> {
  const to = join(place.path, `to-${Math.random().toString(36).slice(2)}`);
  mkdirSync(to);
  const [file, ...args] = unpacking(to, []);
  execFileSync(file, args, { input: await bytesOf(from, only, here), maxBuffer: 1 << 28 });
  return to;
}
/** Type, mode, names of a file, owner, whole seconds, target and path of all that is in a tree. */
const listed = (at: string): string[] =>
  execFileSync('find', [at, '-printf', '%y %m %n %U:%G %Ts %l %P\\n'], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .split('\n')
    .map((line) => line.replace(/^d (\S+) \d+/, 'd $1')) // as many names as a directory has directories
    .toSorted();

describe('a tree that is packed without tar(1)', () => {
  test('comes as it is, but that everything is root’s', async () => {
    const from = intricate(place.path);
    const long = join(from, 'a'.repeat(120), 'b'.repeat(120));
    mkdirSync(long, { recursive: true });
    writeFileSync(join(long, 'ü'.repeat(100)), 'long\n');
    symlinkSync('x'.repeat(150), join(from, 'long link'));
    writeFileSync(join(from, 'empty file'), '');
    writeFileSync(join(from, 'large'), Buffer.alloc((2 << 20) + 17, 'large'));
    writeFileSync(join(from, 'exact'), Buffer.alloc(1 << 20, 'e'));
    writeFileSync(Buffer.concat([Buffer.from(`${from}/`), Buffer.from([0x6c, 0xff])]), 'no UTF-8\n');
    execFileSync('mkfifo', [join(from, 'fifo')]);
    const to = await there(from, null, mac);
    const rooted = listed(from)
      .map((line) => line.replace(/ \d+:\d+ /, ' 0:0 '))
      .toSorted();
    expect(listed(to)).toEqual(rooted);
    expect(rooted.length).toBeGreaterThan(50);
    execFileSync('rm', [join(from, 'fifo'), join(to, 'fifo')]); // diff would wait for them
    execFileSync('diff', ['--recursive', '--no-dereference', from, to]);
  });

  test('may be one file of a directory', async () => {
    writeFileSync(join(place.path, 'one'), '1');
    writeFileSync(join(place.path, 'two'), '2');
    expect(listed(await there(place.path, 'two', mac)).map((line) => line.split(' ').at(-1))).toEqual(['', '', 'two']);
  });

  test('is as Windows has it: what can be executed is what git says, also of a repository in it', async () => {
    const from = intricate(place.path);
    const nested = join(from, 'deep/inner');
    mkdirSync(nested, { recursive: true });
    writeFileSync(join(nested, 'tool ü'), 'x');
    git(nested, 'init', '--quiet');
    git(from, 'add', '--all', '--', ':!deep/inner');
    git(nested, 'add', '--all');
    git(nested, 'update-index', '--chmod=+x', 'tool ü');
    symlinkSync(join(from, 'a.txt'), join(from, 'absolute'));
    for (const name of ['a.txt', 'private', 'theirs']) chmodSync(join(from, name), 0o777);
    chmodSync(join(from, 'deep/er/run.sh'), 0o600);
    const to = await there(from, null, modeless);
    const modes = Object.fromEntries(
      listed(to)
        .flatMap((line) => (line.match(/^[fd] (\d+) .* {2}(.*)$/) ?? []).slice(1).reverse().join('\0') || [])
        .map((pair) => pair.split('\0')),
    );
    expect(modes).toMatchObject({ 'a.txt': '644', private: '644', deep: '755', 'deep/er/run.sh': '755', 'deep/inner/tool ü': '755' });
    expect(execFileSync('readlink', [join(to, 'absolute')], { encoding: 'utf8' }).trim()).toBe(`/d${from}/a.txt`);
    expect(execFileSync('readlink', [join(to, 'link')], { encoding: 'utf8' }).trim()).toBe('deep/er/run.sh');
  });

  test('needs git where the disk has no modes, and says so', async () => {
    vi.resetModules();
    vi.doMock('../../../src/system/git.ts', () => ({ git: async () => ({ stdout: Buffer.alloc(0), missing: true }) }));
    const { packed: without } = await import('../../../src/remote/pack.ts');
    vi.doUnmock('../../../src/system/git.ts');
    const from = intricate(place.path) as HostPath;
    const all = async () => {
      for await (const chunk of without(from, null, modeless)) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(all()).rejects.toThrow(/git is not there, which says what files of the workspace are executable/);
  });

  test('is not taken where a file changes meanwhile', async () => {
    const file = join(place.path, 'growing');
    writeFileSync(file, Buffer.alloc(3 << 20));
    const all = async () => {
      for await (const chunk of packed(place.path as HostPath, null, mac)) if (chunk.length > 4096) appendFileSync(file, 'more');
    };
    await expect(all()).rejects.toThrow(/growing became longer while it was read/);
    const shrinking = async () => {
      for await (const chunk of packed(place.path as HostPath, null, mac)) if (chunk.length > 4096) writeFileSync(file, '');
    };
    await expect(shrinking()).rejects.toThrow(/growing became shorter while it was read/);
  });

  test('has the bytes of its files, line ends among them', async () => {
    const from = intricate(place.path);
    const to = await there(from, null, modeless);
    for (const name of ['crlf.txt', 'bytes', 'no newline']) expect(readFileSync(join(to, name))).toEqual(readFileSync(join(from, name)));
    expect(readFileSync(join(to, 'crlf.txt'), 'latin1')).toBe('one\r\ntwo\r\n');
  });
});

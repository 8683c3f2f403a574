import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { backendTable, doctorCommand } from '../../../src/cli/doctor.ts';
import type { Io } from '../../../src/cli/io.ts';
import { examine } from '../../../src/run/doctor.ts';
import type { Check } from '../../../src/run/doctor.ts';
import { examineBackends, ofRuntime, type BackendRow } from '../../../src/run/doctor-backends.ts';
import { engineOf } from '../../../src/system/docker-context.ts';
import { type Platform, platformOf } from '../../../src/system/platform.ts';

async function call(...argv: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const io: Io = { out: (text) => void (out += text), err: () => {}, env: {}, cwd: '/', terminal: false, live: false, colours: false };
  return { code: await doctorCommand(argv, io), out };
}

describe('doctor', () => {
  it('looks at everything a jail needs, once, and has a remedy for what is missing', async () => {
    const checks = await examine();
    const names = checks.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const name of [
      'linux',
      'kernel',
      'root',
      'perl',
      'git',
      'mkfs.ext4',
      'setpriv',
      'ip',
      'loop devices',
      'overlay',
      'cgroups',
      'disk',
    ]) {
      expect(names).toContain(name);
    }
    for (const { ok, what, remedy } of checks) {
      expect(what).not.toBe('');
      expect(remedy === '').toBe(ok);
    }
  });

  it('has a row for each backend: what isolates, and what to do where it cannot be used', async () => {
    const rows = await examineBackends(engineOf({ DOCKER_HOST: 'unix:///nonexistent' }, '/', () => null));
    expect(rows.map(({ name }) => name)).toEqual(['nspawn', 'docker', 'vm', 'chroot']);
    for (const { usable, what, remedy, strength } of rows) {
      expect([what, strength]).not.toContain('');
      expect(remedy === '').toBe(usable);
    }
    expect(rows[1]).toMatchObject({ usable: false, what: 'there is no Docker engine: /nonexistent is not there' });
  });

  it.each([
    ['darwin', 'macOS'],
    ['win32', 'Windows'],
  ])('says on %s that an engine is what it takes', async (name, called) => {
    const here = platformOf(name) as Platform;
    expect(await examine(here)).toEqual([
      {
        name: 'linux',
        ok: true,
        what: `${called}: a run is made at an engine of Linux containers, with \`jail.backend: docker\``,
        remedy: '',
      },
    ]);
    const rows = await examineBackends(
      engineOf({ DOCKER_HOST: 'unix:///nonexistent' }, '/', () => null),
      here,
    );
    expect(rows.map(({ name: row, usable }) => [row, usable])).toEqual([
      ['nspawn', false],
      ['docker', false],
      ['vm', false],
    ]);
    expect(rows[0]).toMatchObject({
      what: `needs Linux, and this is ${called}`,
      remedy: expect.stringContaining('`docker` with an engine'),
    });
    expect(rows[1]).toMatchObject({ what: 'there is no Docker engine: /nonexistent is not there' });
  });

  it.each([
    [{ DOCKER_CONTEXT: 'gone' }, /^the context "gone" does not exist/],
    [{ DOCKER_HOST: 'tcp://far:2375' }, /without TLS that is verified/],
  ])('says what is wrong with the engine that %o names', async (env, what) => {
    const rows = await examineBackends(engineOf(env, '/', () => null));
    expect(rows[1]).toMatchObject({ name: 'docker', usable: false, what: expect.stringMatching(what) });
  });

  it('lists an engine’s runtimes, and says of those with a kernel of their own that nothing starts', () => {
    expect(ofRuntime('runc', true)).toMatchObject({ runtime: 'runc', usable: true, what: 'the engine has it: its default', remedy: '' });
    expect(ofRuntime('runsc', false)).toMatchObject({ usable: false, strength: 'a kernel of its own', remedy: 'use runc' });
    expect(ofRuntime('kata-qemu', false).usable).toBe(false);
  });

  it('draws the table with what was measured', () => {
    const docker = { name: 'docker', runtime: null, usable: true, what: 'Docker 1', remedy: '', strength: 'namespaces' };
    const rows = [
      { ...docker, speed: { ms: 1234 } },
      { ...docker, runtime: 'odd', speed: { why: 'it broke' } },
      { ...docker, name: 'vm', usable: false, remedy: 'get it', speed: null },
    ];
    expect(backendTable(rows)).toEqual([
      'backend        usable  how strong  how fast      what is there',
      'docker         yes     namespaces  1.23 s a run  Docker 1',
      '  runtime odd  yes     namespaces  failed        Docker 1',
      'vm             no      namespaces  -             Docker 1',
      '                                                 get it',
      'docker with odd could not run: it broke',
    ]);
    expect(backendTable([{ ...docker, speed: null }]).at(-1)).toContain('doctor --measure');
  });

  it('prints a table, or JSON, and exits by the verdict', async () => {
    const { code, out } = await call('--json');
    const { ok, checks, backends } = JSON.parse(out) as { ok: boolean; checks: Check[]; backends: BackendRow[] };
    expect(ok).toBe(checks.every((check) => check.ok) && backends.some(({ usable }) => usable));
    expect(code).toBe(ok ? 0 : 70);
    const table = await call();
    expect(table.code).toBe(code);
    for (const { name } of checks) expect(table.out).toMatch(new RegExp(`^(ok|missing) +${name.replace('.', '\\.')} +.*`, 'm'));
    for (const { name, usable } of backends.filter(({ runtime }) => runtime === null))
      expect(table.out).toMatch(new RegExp(`^${name} +${usable ? 'yes' : 'no'} +.*`, 'm'));
    expect(table.out).toContain(ok ? 'A jail can be built here.' : 'A jail cannot be built here yet.');
    expect(checks.length).toBeGreaterThan(15);
  });

  it('takes one of --measure and --clean', async () => {
    await expect(call('--clean', '--measure')).rejects.toThrow('--clean and --measure are two things');
  });

  it('sees that programs are missing', async () => {
    // In a mount namespace of its own an empty /usr/sbin hides mkfs.ext4, losetup and ip.
    const module = new URL('../../../src/run/doctor.ts', import.meta.url).href;
    const script = `import { examine } from '${module}'; console.log(JSON.stringify(await examine()));`;
    const run = [
      '--mount',
      'sh',
      '-c',
      'mount -t tmpfs none /usr/sbin && exec "$0" --input-type=module --eval "$1"',
      process.execPath,
      script,
    ];
    const { stdout } = await promisify(execFile)('unshare', process.getuid?.() === 0 ? run : ['--user', '--map-root-user', ...run]);
    const checks = JSON.parse(stdout) as Check[];
    expect(checks.find(({ name }) => name === 'mkfs.ext4')).toEqual({
      name: 'mkfs.ext4',
      ok: false,
      what: 'not there',
      remedy: 'apt-get install e2fsprogs',
    });
  });
});

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import type { Io } from '../../../src/cli/io.ts';
import { examine } from '../../../src/run/doctor.ts';
import type { Check } from '../../../src/run/doctor.ts';

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
      'systemd-nspawn',
      'docker',
      'chroot',
      'disk',
    ]) {
      expect(names).toContain(name);
    }
    for (const { ok, what, remedy } of checks) {
      expect(what).not.toBe('');
      expect(remedy === '').toBe(ok);
    }
  });

  it('needs one backend, and tells of the other', async () => {
    const found = await examine('unix:///nonexistent');
    const nspawn = found.find(({ name }) => name === 'systemd-nspawn');
    const docker = found.find(({ name }) => name === 'docker');
    const why = 'there is no Docker engine: /nonexistent is not there';
    // What this machine has of the first decides what is said of the second.
    expect(docker).toMatchObject(nspawn?.ok === true ? { ok: true, what: `not usable, and not needed: ${why}` } : { ok: false, what: why });
  });

  it('prints a table, or JSON, and exits by the verdict', async () => {
    const { code, out } = await call('--json');
    const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: Check[] };
    expect(ok).toBe(checks.every((check) => check.ok));
    expect(code).toBe(ok ? 0 : 70);
    const table = await call();
    expect(table.code).toBe(code);
    for (const { name } of checks) expect(table.out).toMatch(new RegExp(`^(ok|missing) +${name.replace('.', '\\.')} +.*`, 'm'));
    expect(table.out).toContain(ok ? 'A jail can be built here.' : 'A jail cannot be built here yet.');
    expect(checks.length).toBeGreaterThan(15);
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

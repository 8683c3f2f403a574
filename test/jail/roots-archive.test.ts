import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Ran } from '../support/jail.ts';
import { refusal, RootGround } from '../support/root.ts';
import { type Entry, tar } from '../support/tar.ts';

const ground = new RootGround();
const { root, outside } = ground;
afterAll(() => ground[Symbol.dispose]());

describe('a hostile archive', () => {
  const hostile = async (entries: readonly Entry[], script: string): Promise<Ran> => {
    const file = join(ground.path, 'hostile.tar');
    writeFileSync(file, ground.extended(entries));
    return ground.safely(`archive: ${file}`, script);
  };

  test('names that go up', async () => {
    for (const name of ['../../outside/evil', 'usr/../../outside/evil', 'usr/../../../../../../../../../../tmp/aj-evil'])
      expect(refusal(await hostile([{ name, content: 'evil' }], 'echo ran'))).toMatch(/could not be unpacked: .*'\.\.'/);
    expect(existsSync('/tmp/aj-evil')).toBe(false);
  });

  test('absolute names are names in the root', async () => {
    const entries = [
      { name: `${outside}/evil`, content: 'evil\n' },
      { name: '/etc/shadow', content: 'its own\n' },
    ];
    const ran = await hostile(entries, `cat ${outside}/evil /etc/shadow`);
    expect(ran.transcript, ran.stderr).toBe('evil\nits own\n');
  });

  test.each([
    ['absolute', () => outside],
    ['upwards', () => `../../../../../../..${outside}`],
    ['by the kernel', () => '/proc/self/cwd'],
    ['by way of another', () => 'first'],
  ])('a link out, %s, then a file through it', async (_, target) => {
    const entries: Entry[] = [
      { name: 'first', type: 'link', link: outside },
      { name: 'out', type: 'link', link: target() },
      { name: 'out/evil', content: 'evil' },
      { name: 'out/secret', content: 'evil' },
    ];
    expect(refusal(await hostile(entries, 'echo ran'))).toMatch(/could not be unpacked: .*(out|first)\/evil/);
  });

  test('a link out that a directory takes the place of', async () => {
    const entries: Entry[] = [
      { name: 'out', type: 'link', link: outside },
      { name: 'out', type: 'directory', mode: 0o777 },
      { name: 'out/evil', content: 'evil' },
    ];
    const ran = await hostile(entries, 'stat -c %F /out; cat /out/evil');
    expect(ran.code === 70 ? refusal(ran) : ran.transcript, ran.stderr).toMatch(/could not be unpacked|^directory\nevil$/);
  });

  test('hard links out', async () => {
    for (const link of [`${outside}/secret`, '../../outside/secret'])
      expect(refusal(await hostile([{ name: 'hard', type: 'hard link', link }], 'cat /hard'))).toMatch(/could not be unpacked: .*hard/);
    const own = await hostile([{ name: 'hard', type: 'hard link', link: '/etc/release' }], 'cat /hard');
    expect(own.transcript, own.stderr).toBe('a root of its own\n');
  });

  test('links out that stay lead to what is there in the jail', async () => {
    const entries: Entry[] = [
      { name: 'out', type: 'link', link: outside },
      { name: 'usr/bin/passwd', type: 'link', link: '/etc/passwd' },
    ];
    const ran = await hostile(entries, 'cat /out/secret || true; cat /usr/bin/passwd');
    expect(ran.transcript, ran.stderr).toMatch(/^cat: .*No such file or directory\nroot:x:/);
  });

  test('devices are no devices, setuid files give no other id', async () => {
    const entries: Entry[] = [
      { name: 'disk', type: 'block device', device: [254, 0], mode: 0o666 },
      { name: 'memory', type: 'character device', device: [1, 1], mode: 0o666 },
      { name: 'null', type: 'character device', device: [1, 3], mode: 0o666 },
      { name: 'dev/disk', type: 'block device', device: [254, 0], mode: 0o666 },
      { name: 'fifo', type: 'fifo', mode: 0o666 },
    ];
    execFileSync('chmod', ['6755', join(root, 'bin/id')]);
    ground.pack();
    const ran = await hostile(
      entries,
      `for device in disk memory null; do stat -c "%n %F" /$device; cat /$device; echo x > /$device; done
       ls /dev/disk; stat -c "%n %F" /fifo; stat -c "%n %a" /bin/id; id -u; id -g; id -ru`,
    );
    const said = ran.transcript;
    expect(said.match(/^\/(disk|memory|null) (block|character) special file$/gm), said).toHaveLength(3);
    expect(said.match(/^cat: .*Permission denied$/gm)).toHaveLength(3);
    expect(said.match(/^sh: .*cannot create \/\w+: Permission denied$/gm)).toHaveLength(3);
    expect(said).toMatch(/\/dev\/disk.*: No such file or directory\n\/fifo fifo\n\/bin\/id 6755\n(\d{4,})\n\1\n\1\n$/);
  });

  test('one that is cut off, one that holds nothing, one with links in circles', async () => {
    const file = join(ground.path, 'hostile.tar');
    const whole = readFileSync(ground.archive);
    writeFileSync(file, whole.subarray(0, whole.length / 2));
    expect(refusal(await ground.safely(`archive: ${file}`, 'echo ran'))).toMatch(/could not be unpacked: .*Unexpected EOF/);
    writeFileSync(file, tar([]));
    expect(refusal(await ground.safely(`archive: ${file}`, 'echo ran'))).toMatch(/holds no root file system/);
    const circle = (i: number): Entry => ({ name: `l${i}`, type: 'link', link: `l${(i + 1) % 60}/l${(i + 1) % 60}` });
    const ran = await hostile(
      Array.from({ length: 60 }, (_, i) => circle(i)),
      'cat /l0 || echo no',
    );
    expect(ran.transcript, ran.stderr).toMatch(/^cat: .*\nno\n$/);
  });
});

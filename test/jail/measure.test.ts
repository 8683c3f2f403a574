import { expect, test } from 'vitest';
import { settled, snapshot } from '../support/machine.ts';
import { cli, temporary } from '../support/jail.ts';

test('`doctor --measure` runs every backend and every runtime that is there, and leaves nothing', async () => {
  using place = temporary();
  const before = snapshot();
  const { code, stdout, stderr } = await cli(['doctor', '--measure', '--json'], { cwd: place.path });
  expect(code, stderr).toBe(0);
  const { backends } = JSON.parse(stdout) as {
    backends: { name: string; runtime: string | null; usable: boolean; speed: object | null }[];
  };
  const measured = backends.filter(({ usable }) => usable);
  expect(new Set(measured.map(({ name }) => name))).toEqual(new Set(['nspawn', 'docker', 'vm', 'chroot']));
  expect(measured.filter(({ speed }) => !(speed !== null && 'ms' in speed))).toEqual([]);
  expect(await settled(before)).toEqual([]);
});

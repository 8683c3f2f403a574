import { describe, expect, it } from 'vitest';
import { qemu } from '../../machine/boot.ts';
import { accelerator, machinesAt } from '../../machine/image.ts';
import { tally } from '../../machine/machine.ts';
import { digestOf, recipe } from '../../machine/recipe.ts';
import { paceOf } from '../../support/pace.ts';

describe('a machine', () => {
  it('is another one when anything of its recipe is', () => {
    const one = recipe('bookworm');
    const all = [one, recipe('trixie'), { ...one, packages: [...one.packages, 'x'] }, { ...one, offered: [] }].map(digestOf);
    expect(new Set(all).size).toBe(4);
    expect(digestOf(recipe('bookworm'))).toBe(all[0]);
  });

  it('has no systemd-nspawn, which the product fetches', () => {
    const { packages, offered } = recipe('trixie');
    expect(packages).not.toContain('systemd-container');
    expect(offered).toContain('systemd-container');
  });

  it('is kept outside of the checkout', () => {
    expect(machinesAt({ XDG_CACHE_HOME: '/c' })).toBe('/c/agent-jail/machines');
    expect(machinesAt({})).toMatch(/^\/.+\/\.cache\/agent-jail\/machines$/);
  });

  it('is emulated where the processor cannot do better, whatever /dev/kvm says', () => {
    expect(accelerator('flags\t\t: fpu vme de\n')).toBe('tcg');
  });

  it('has two disks, whose changes are forgotten, and no network', () => {
    const argv = qemu({ kernel: '/k', initrd: '/i', disk: '/d' }, '/w', '/c', 'tcg');
    expect(argv.filter((_, at) => argv[at - 1] === '-drive')).toEqual(
      ['/d', '/w'].map((f) => `file=${f},format=raw,if=virtio,snapshot=on`),
    );
    expect(argv[argv.indexOf('-nic') + 1]).toBe('none');
    expect(argv).toContain('file:/c');
  });

  it('that is emulated has more time for its tests', () => {
    const setting = (accel: 'kvm' | 'tcg'): string => qemu({ kernel: '', initrd: '', disk: '' }, '', '', accel).join(' ');
    expect(setting('tcg')).toContain('systemd.setenv=AGENT_JAIL_TEST_PACE=10');
    expect(setting('kvm')).toContain('systemd.setenv=AGENT_JAIL_TEST_PACE=1');
  });
});

describe('the result of a job', () => {
  const said = 'failed: a > b\n1 passed, 1 failed, 0 skipped\nfailed: a > b\n4 passed, 1 failed, 2 skipped\n';
  it('is its last closing line, with the names of what failed', () => {
    expect(tally(`${said}job: exited 1\n`)).toEqual({ passed: 4, failed: 1, skipped: 2, names: ['failed: a > b'] });
  });

  it.each([
    ['was cut off', said],
    ['was killed', `${said}job: killed TERM\n`],
    ['ended without a sum', 'ok\njob: exited 0\n'],
  ])('is none where it %s', (_, text) => {
    expect(tally(text)).toBe(null);
  });
});

describe('the pace of a machine', () => {
  it('is 1 where nothing is said, and what is said where something is', () => {
    expect([paceOf({}), paceOf({ AGENT_JAIL_TEST_PACE: '10' })]).toEqual([1, 10]);
  });

  it.each(['0', 'fast', '1000', ''])('is refused: %j', (set) => {
    expect(() => paceOf({ AGENT_JAIL_TEST_PACE: set })).toThrow('it is a number from 1 to 100');
  });
});

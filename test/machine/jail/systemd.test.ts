import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { jailed, repository, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { stepped } from '../../support/steps.ts';
import { until } from '../../support/waiting.ts';

const ROOT = '/sys/fs/cgroup';
const say = (file: string, ...args: string[]): string => execFileSync(file, args, { encoding: 'utf8' }).trim();
const place = temporary();
beforeAll(() => void repository(place.path));
afterAll(() => place[Symbol.dispose]());
// systemd keeps the slices of runs on an engine that it drives, and makes their groups again when it reloads.
afterEach(() => void say('systemctl', 'stop', 'agent_jail_*.slice'));

test('the machine is what a hosted runner is, as far as a run can tell', () => {
  const seen = {
    first: readFileSync('/proc/1/comm', 'utf8').trim(),
    controllers: ['memory', 'pids', 'cpu'].filter((c) => readFileSync(`${ROOT}/cgroup.controllers`, 'utf8').split(/\s+/).includes(c)),
    engine: say('docker', 'info', '--format', '{{.CgroupDriver}} {{.CgroupVersion}}'),
    runner: say('id', 'runner').replaceAll(/\(\w+\)/g, ''),
    sudo: say('sudo', '-u', 'runner', 'sudo', '-n', 'id', '-u'),
    failed: say('systemctl', '--failed', '--plain', '--no-legend'),
  };
  expect(seen).toMatchObject({ first: 'systemd', controllers: ['memory', 'pids', 'cpu'], engine: 'systemd 2', sudo: '0', failed: '' });
  expect(seen.runner).toMatch(/^uid=1001 gid=1001 groups=1001,/);
  expect(say('id', '-nG', 'runner').split(' ')).toContain('docker');
});

test.each(['nspawn', 'docker'])('%s: one step after another in the run’s group', async (backend) => {
  const before = snapshot();
  const steps = JSON.stringify(['one', 'two', 'three'].map((name) => ({ name, run: `echo ${name}`, shell: 'sh' })));
  const ran = await stepped(place.path, steps, {
    policy: 'limits: { disk: 64MiB, memory: 512MiB, time: 20m }\n',
    args: ['--backend', backend, '--setup', 'echo setup'],
  });
  expect({ code: ran.code, because: ran.verdict.because, transcript: ran.transcript }).toEqual({
    code: 0,
    because: 'every step ended with 0 and no guard found anything',
    transcript: 'setup\none\ntwo\nthree\n',
  });
  expect(await settled(before)).toEqual([]);
  rmSync(ran.out, { recursive: true });
});

// Whatever systemd does meanwhile for units of its own, which is to write to the same files: any package with a service has it reload.
describe.each(['nspawn', 'docker'] as const)('limits of a run on %s', (backend) => {
  test('stay in force while systemd starts units and reloads', async () => {
    const before = snapshot();
    const flag = join(place.path, 'work/src/b.txt');
    writeFileSync(flag, 'b\n');
    const policy = 'limits: { disk: 64MiB, memory: 200MiB, processes: 77, cpus: 0.5, time: 20m }\n';
    const running = jailed(place.path, 'echo on; until grep -q go src/b.txt; do sleep 0.2; done', { policy, args: ['--backend', backend] });
    await until(() => readdirSync(place.path).some((name) => transcript(name).endsWith('on\n')), 600_000);
    const [group = ''] = readdirSync(ROOT).filter((name) => /^agent[-_]jail[-_]/.test(name));
    const wanted = { memory: 200 << 20, swap: 0, processes: 77, cpu: 50_000 };
    const seen = { before: held(group), afterUnits: {}, afterReload: {} };
    say('systemd-run', '--wait', '--quiet', '--property=CPUWeight=50', 'true');
    say('systemd-run', '--wait', '--quiet', 'true');
    seen.afterUnits = held(group);
    say('systemctl', 'daemon-reload');
    await sleep(3000);
    seen.afterReload = held(group);
    writeFileSync(flag, 'go\n');
    const ran = await running;
    expect(seen).toEqual({ before: wanted, afterUnits: wanted, afterReload: wanted });
    expect({ code: ran.code, outcome: ran.verdict.outcome, cgroups: ran.run.host.cgroups }).toEqual({
      code: 0,
      outcome: 'succeeded',
      cgroups: 'v2',
    });
    expect(await settled(before)).toEqual([]);
    rmSync(ran.out, { recursive: true });
  });
});

const transcript = (name: string): string => read(join(place.path, name, 'transcript.log'));
/** What holds a process of the run: the least of what its group and the groups above, up to the run's, say. */
function held(group: string): Readonly<Record<string, number>> {
  const all = readdirSync(join(ROOT, group), { recursive: true }).map(String);
  const [leaf = ''] = all.filter((path) => path.endsWith('/cgroup.procs') && read(join(ROOT, group, path)) !== '').map(dirname);
  const groups = leaf.split('/').reduce((paths, name) => [...paths, join(paths.at(-1) ?? '', name)], [join(ROOT, group)]);
  const least = (file: string): number =>
    Math.min(...groups.map((path) => parseInt(read(join(path, file)), 10)).filter((n) => !Number.isNaN(n)));
  return { memory: least('memory.max'), swap: least('memory.swap.max'), processes: least('pids.max'), cpu: least('cpu.max') };
}
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

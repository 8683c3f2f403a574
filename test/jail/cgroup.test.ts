import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cgroup } from '../../src/host/cgroup.ts';
import { cgroupLayout, type CgroupLayout } from '../../src/host/cgroup-layout.ts';
import { JailError } from '../../src/model/errors.ts';
import { parseMountinfo, readProc } from '../../src/system/proc.ts';
import { REPOSITORY } from '../support/jail.ts';

const here = cgroupLayout(parseMountinfo(readProc('self', 'mountinfo') ?? ''));
/** As in a container that sees no unified hierarchy, and as on a kernel that has nothing else. */
const LAYOUTS: [string, CgroupLayout][] = [
  ['as it is here', here],
  ...(here.kind === 'v2' ? [] : [['v1 alone', { ...here, kind: 'v1', unified: null }] as [string, CgroupLayout]]),
];
/** It forks as fast as it can, and would not end. */
const FORKS =
  'for my $file (@ARGV) { open(my $door, ">", $file) or die "$file: $!"; syswrite $door, "0" or die "$file: $!" } print "in\\n"; close STDOUT; while (1) { my $pid = fork; select undef, undef, undef, 0.001 }';
const name = `agent-jail-test-${process.pid}`;

describe.each(LAYOUTS)('a group of processes that fork, %s', (_, layout) => {
  const group = new Cgroup(layout, name);
  afterEach(async () => {
    await group.remove();
  });
  async function filled(): Promise<void> {
    group.make();
    group.limit({ memory: 512 << 20, cpus: 1, processes: 60 });
    const child = spawn('perl', ['-e', FORKS, ...group.doors], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await sleep(200);
    expect(group.members().length).toBeGreaterThan(10);
  }

  test('is killed as a whole', async () => {
    await filled();
    expect(await group.kill()).toBe(true);
    expect(group.members()).toEqual([]);
  });

  test('is removed with all that is in it, in every hierarchy', async () => {
    await filled();
    await group.remove();
    expect(group.directories.filter((directory) => existsSync(directory))).toEqual([]);
  });

  test('is not removed while something of it cannot be killed, and who waits is told', async () => {
    await filled();
    group.kill = async () => false;
    await expect(group.remove(100)).rejects.toThrow(JailError);
    await expect(group.remove(100)).rejects.toThrow(`the cgroup ${name} could not be removed: EBUSY`);
    Reflect.deleteProperty(group, 'kill');
  });

  test('can be killed by anybody after whoever was killing it was killed', async () => {
    await filled();
    // It dies with its first signal.
    const killer = `import { Cgroup } from '${join(REPOSITORY, 'src/host/cgroup.ts')}';
      const { kill } = process;
      process.kill = () => kill.call(process, process.pid, 'SIGKILL');
      await new Cgroup({ ...${JSON.stringify({ ...layout, controllers: undefined })}, controllers: new Map(${JSON.stringify([...layout.controllers])}) }, '${name}').kill();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', killer], { stdio: 'inherit' });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect([code, signal]).toEqual(layout.unified === null ? [null, 'SIGKILL'] : [0, null]);
    for (const end = Date.now() + 20_000; group.members().length > 0 && Date.now() < end; await sleep(20))
      execFileSync('sh', ['-c', 'kill -9 "$@" 2>/dev/null; true', 'sh', ...group.members().map(String)]);
    expect(group.members()).toEqual([]);
  });
});

/** Joins; then does what it is told. */
const JOINS = 'while (@ARGV) { my $file = shift; open(my $door, ">", $file) or die "$file: $!"; syswrite $door, "0" or die "$file: $!" }';
const forks = (often: number): string =>
  `my @pids; for (1 .. ${often}) { my $pid = fork // last; if ($pid == 0) { sleep 60; exit } push @pids, $pid } kill KILL => @pids; waitpid $_, 0 for @pids; print scalar @pids`;
const takes = (bytes: number): string => `my $taken = "x" x ${bytes}; print length $taken`;

describe.each(LAYOUTS)('what a group of an engine counted that is removed with it, %s', (_, layout) => {
  let group: Cgroup;
  beforeEach(() => {
    group = new Cgroup(layout, name);
    group.make();
    group.limit({ memory: 64 << 20, cpus: 1, processes: 10 });
  });
  afterEach(async () => {
    group.unfollow();
    await group.remove();
  });
  /** One step; `stalled`: whoever counts does nothing from before it until the group is gone. `beside`: what happens elsewhere meanwhile. */
  async function step(does: string, stalled: boolean, beside: () => void = () => {}): Promise<string> {
    const container = group.directories.map((directory) => `${directory}/container`);
    for (const directory of container) mkdirSync(directory);
    const doors = container.map((directory) => `${directory}/cgroup.procs`);
    const waits = spawn('perl', ['-e', `${JOINS} print "in"; close STDOUT; sleep 60`, ...doors], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(waits.stdout, 'data');
    void group.follow();
    const { stdout } = spawnSync('perl', ['-e', `${JOINS} ${does}`, ...doors], { encoding: 'utf8' });
    process.kill(waits.pid as number, 'SIGKILL');
    beside();
    if (!stalled) await sleep(100);
    for (const directory of container)
      for (const end = Date.now() + 5000; existsSync(directory) && Date.now() < end; ) tryToRemove(directory);
    await sleep(20);
    group.unfollow();
    return stdout;
  }
  function tryToRemove(directory: string): void {
    try {
      rmdirSync(directory);
    } catch {
      // What was killed is not gone yet.
    }
  }
  const refused = (): [number, number] => [group.usage().forksRefused, group.usage().oomKills];

  test.each([false, true])('is known of forks; stalled: %s', async (stalled) => {
    expect(await step(forks(5), stalled)).toBe('5');
    expect(refused()).toEqual([0, 0]);
    expect(await step(forks(20), stalled)).toBe('8');
    expect(refused()).toEqual([expect.toSatisfy((count) => count > 0), 0]);
  });

  test.each([false, true])('is known of memory; stalled: %s', async (stalled) => {
    const elsewhere = new Cgroup(layout, `${name}-elsewhere`);
    elsewhere.make();
    elsewhere.limit({ memory: 16 << 20, cpus: 1, processes: 10 });
    const killed: (string | null)[] = [];
    const kill = (): void => void killed.push(spawnSync('perl', ['-e', `${JOINS} ${takes(99 << 20)}`, ...elsewhere.doors]).signal);
    expect(await step(takes(4 << 20), stalled, kill)).toBe(String(4 << 20));
    await elsewhere.remove();
    expect([killed, refused()]).toEqual([['SIGKILL'], [0, 0]]);
    expect(await step(takes(99 << 20), stalled)).toBe('');
    expect(refused()).toEqual([0, expect.toSatisfy((count) => count > 0)]);
  });
});

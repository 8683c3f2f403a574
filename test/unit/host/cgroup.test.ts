import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Cgroup, limitWrites } from '../../../src/host/cgroup.ts';
import { cgroupLayout, cgroupRefusal } from '../../../src/host/cgroup-layout.ts';
import { parseMountinfo } from '../../../src/system/proc.ts';

const line = (target: string, type: string, options: string) => `30 20 0:26 / ${target} rw,nosuid - ${type} ${type} rw,${options}`;
const HYBRID = [
  line('/sys/fs/cgroup/memory', 'cgroup', 'memory'),
  line('/sys/fs/cgroup/pids', 'cgroup', 'pids'),
  line('/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
  line('/sys/fs/cgroup/systemd', 'cgroup', 'xattr,name=systemd'),
  line('/sys/fs/cgroup/unified', 'cgroup2', 'nsdelegate'),
].join('\n');
const limits = { memory: 268435456, cpus: 0.5, processes: 100 };

describe('cgroupLayout', () => {
  test('hybrid: controllers where they are mounted, the unified tree beside them, named hierarchies apart', () => {
    const layout = cgroupLayout(parseMountinfo(HYBRID));
    expect(layout.kind).toBe('hybrid');
    expect(layout.unified).toBe('/sys/fs/cgroup/unified');
    expect(layout.controllers.get('cpu')).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(layout.named).toEqual(['/sys/fs/cgroup/systemd']);
    expect(cgroupRefusal(layout)).toBeNull();
  });
  test('v2 alone', () => {
    expect(cgroupLayout(parseMountinfo(line('/sys/fs/cgroup', 'cgroup2', 'nsdelegate'))).kind).toBe('v2');
  });
  test('v1 without what is needed is refused by name', () => {
    const layout = cgroupLayout(parseMountinfo(line('/sys/fs/cgroup/memory', 'cgroup', 'memory')));
    expect(cgroupRefusal(layout)).toBe('cgroup v1 without the controller pids, cpu');
  });
  test('nothing mounted is refused', () => {
    expect(cgroupRefusal(cgroupLayout([]))).toBe('no cgroup file system is mounted');
  });
});

describe('limitWrites', () => {
  test('v1: memory and swap together, lifted before they are set', () => {
    expect(limitWrites(cgroupLayout(parseMountinfo(HYBRID)), 'g', limits)).toEqual([
      ['/sys/fs/cgroup/memory/g/memory.memsw.limit_in_bytes', '-1'],
      ['/sys/fs/cgroup/memory/g/memory.limit_in_bytes', '268435456'],
      ['/sys/fs/cgroup/memory/g/memory.memsw.limit_in_bytes', '268435456'],
      ['/sys/fs/cgroup/pids/g/pids.max', '100'],
      ['/sys/fs/cgroup/cpu,cpuacct/g/cpu.cfs_period_us', '100000'],
      ['/sys/fs/cgroup/cpu,cpuacct/g/cpu.cfs_quota_us', '50000'],
    ]);
  });
  test('v2: swap off', () => {
    const layout = cgroupLayout(parseMountinfo(line('/sys/fs/cgroup', 'cgroup2', 'nsdelegate')));
    expect(Object.fromEntries(limitWrites(layout, 'g', limits))).toMatchObject({
      '/sys/fs/cgroup/g/memory.max': '268435456',
      '/sys/fs/cgroup/g/memory.swap.max': '0',
      '/sys/fs/cgroup/g/cpu.max': '50000 100000',
    });
  });
});

describe('what v2 counts', () => {
  test('forks refused below the group count too, as kernels before 6.11 leave it, also after that group is gone', () => {
    const root = mkdtempSync(join(tmpdir(), 'agent-jail-cgroup-'));
    const layout = cgroupLayout(parseMountinfo(line(root, 'cgroup2', 'nsdelegate')));
    const group = new Cgroup(layout, 'g');
    mkdirSync(join(root, 'g/payload'), { recursive: true });
    writeFileSync(join(root, 'g/pids.events'), 'max 0\n');
    writeFileSync(join(root, 'g/memory.events'), 'oom 2\noom_kill 1\noom_group_kill 0\n');
    expect(group.usage()).toMatchObject({ forksRefused: 0, oomKills: 1 });
    writeFileSync(join(root, 'g/payload/pids.events'), 'max 7\n');
    expect(group.usage().forksRefused).toBe(7);
    rmSync(join(root, 'g/payload'), { recursive: true });
    expect(group.usage().forksRefused).toBe(7);
    rmSync(root, { recursive: true });
  });
});

test('on v2 a group is made free for the next step: what a backend made in it goes, and its controllers are taken back', () => {
  const root = mkdtempSync(join(tmpdir(), 'agent-jail-cgroup-'));
  const group = new Cgroup(cgroupLayout(parseMountinfo(line(root, 'cgroup2', 'nsdelegate'))), 'g');
  for (const name of ['payload/deeper', 'supervisor']) mkdirSync(join(root, 'g', name), { recursive: true });
  writeFileSync(join(root, 'g/cgroup.subtree_control'), 'cpu memory pids\n');
  group.vacate();
  expect(readdirSync(join(root, 'g'))).toEqual(['cgroup.subtree_control']);
  expect(readFileSync(join(root, 'g/cgroup.subtree_control'), 'utf8')).toBe('-cpu -memory -pids');
  rmSync(root, { recursive: true });
});

describe('a group that is followed', () => {
  const layouts = [
    ['v2', (root: string) => line(root, 'cgroup2', 'nsdelegate')],
    ['v1', (root: string) => ['memory', 'pids', 'cpu'].map((name) => line(root, 'cgroup', name)).join('\n')],
  ] as const;
  const state = async (emptied: Promise<void>) => Promise.race([emptied.then(() => 'empty'), sleep(50, 'not known to be')]);

  test.each(layouts)('%s: is empty once the kernel counts none where it counted some', async (_, mounts) => {
    const root = mkdtempSync(join(tmpdir(), 'agent-jail-cgroup-'));
    const group = new Cgroup(cgroupLayout(parseMountinfo(mounts(root))), 'g');
    mkdirSync(join(root, 'g'));
    writeFileSync(join(root, 'g/pids.current'), '2\n');
    const emptied = group.follow();
    expect(await state(emptied)).toBe('not known to be');
    writeFileSync(join(root, 'g/pids.current'), '0\n');
    expect(await state(emptied)).toBe('empty');
    // What is not counted there is never taken for gone.
    const other = group.follow();
    expect(await state(other)).toBe('not known to be');
    group.unfollow();
    rmSync(root, { recursive: true });
  });

  test('is not taken for empty where the count cannot be read any more', async () => {
    const root = mkdtempSync(join(tmpdir(), 'agent-jail-cgroup-'));
    const group = new Cgroup(cgroupLayout(parseMountinfo(line(root, 'cgroup2', 'nsdelegate'))), 'g');
    mkdirSync(join(root, 'g'));
    writeFileSync(join(root, 'g/pids.current'), '1\n');
    const emptied = group.follow();
    rmSync(root, { recursive: true });
    expect(await state(emptied)).toBe('not known to be');
    group.unfollow();
  });
});

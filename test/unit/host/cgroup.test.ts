import { describe, expect, test } from 'vitest';
import { cgroupLayout, cgroupRefusal, limitWrites } from '../../../src/host/cgroup.ts';
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
    expect(cgroupRefusal(layout)).toBe('cgroup v1 without the controller pids, cpu, freezer');
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

import { describe, expect, it } from 'vitest';
import { MASKED_DIRECTORIES, MASKED_FILES, masksOf } from '../../../src/backend/proc-masks.ts';
import { MOBY_MASKED } from '../../support/moby.ts';

const CPUS = ['cpu0', 'cpu17', 'cpufreq', 'online', 'cpuidle'];

describe('masksOf', () => {
  const all = masksOf(CPUS, () => true);

  it('hides what the engine hides by itself', () => {
    const hidden = [...all.files, ...all.directories];
    expect(MOBY_MASKED.filter((path) => !hidden.includes(path))).toEqual([]);
  });

  it('has the counters of every processor, and of nothing else', () => {
    expect(all.directories).toEqual([
      ...MASKED_DIRECTORIES,
      '/sys/devices/system/cpu/cpu0/thermal_throttle',
      '/sys/devices/system/cpu/cpu17/thermal_throttle',
    ]);
  });

  it('leaves out what is not there: a mask would have to make it', () => {
    expect(masksOf(CPUS, (path) => path === '/proc/keys' || path === '/proc/acpi')).toEqual({
      files: ['/proc/keys'],
      directories: ['/proc/acpi'],
    });
    expect(masksOf(CPUS, () => false)).toEqual({ files: [], directories: [] });
  });

  it('names each once', () => {
    expect(new Set([...MASKED_FILES, ...MASKED_DIRECTORIES]).size).toBe(MASKED_FILES.length + MASKED_DIRECTORIES.length);
  });
});

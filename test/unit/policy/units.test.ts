import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSize, formatTime, parseSize, parseTime } from '../../../src/policy/units.ts';

describe('sizes', () => {
  it.each([
    ['512MiB', 536_870_912],
    ['2GB', 2_000_000_000],
    ['100KiB', 102_400],
    ['1TiB', 1_099_511_627_776],
    ['7B', 7],
    ['12 MB', 12_000_000],
    ['1048576', 1_048_576],
    ['0', 0],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
  it.each(['', 'MiB', '1.5GiB', '-1', '1e3', '0x10', '512mib', '512M', '5 parsecs', ' 1MiB', '1MiB ', '9999999999TiB', '٣MiB', '1\nMiB'])(
    'refuses %j',
    (text) => {
      expect(() => parseSize(text)).toThrow(/is not a size: .* such as 512MiB/);
    },
  );
  it('are read as they were written', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (bytes) => parseSize(formatSize(bytes)) === bytes));
  });
});

describe('times', () => {
  it.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1h1ms', 3_600_001],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => {
    expect(parseTime(text)).toBe(ms);
  });
  it.each(['', '30', '1.5h', '30m1h', '1h 30m', '-1s', '1d', '1H', 's', '5 parsecs', '30s\n'])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(/is not a time: .* such as 30s/);
  });
  it('are read as they were written', () => {
    fc.assert(fc.property(fc.nat(), (ms) => parseTime(formatTime(ms)) === ms));
  });
});

import { describe, expect, it } from 'vitest';
import { duration, ending, size } from '../../../src/cli/format.ts';
import { problemLine, withRemedy } from '../../../src/cli/problem.ts';

describe('duration', () => {
  it.each([
    [0, '0 ms'],
    [949.6, '950 ms'],
    [1000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 m 00 s'],
    [3_599_499, '59 m 59 s'],
    [3_600_000, '1 h 00 m'],
    [90_061_000, '25 h 01 m'],
  ])('%d ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

describe('size', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
    [5000 * 1024 ** 4, '5000.0 TiB'],
  ])('%d is %s', (bytes, text) => {
    expect(size(bytes)).toBe(text);
  });
});

describe('ending', () => {
  it('names the code, the signal, or neither', () => {
    expect([ending({ code: 3, signal: null }), ending({ code: null, signal: 'SIGKILL' }), ending({ code: null, signal: null })]).toEqual([
      'exit 3',
      'killed by SIGKILL',
      'ended',
    ]);
  });
});

describe('problems', () => {
  it('are one line with place, message and remedy', () => {
    const problem = { message: 'unknown key', remedy: 'did you mean `env`?', place: { file: 'p.yml', line: 3, column: 5 } };
    expect(problemLine(problem)).toBe('p.yml:3:5: unknown key. Did you mean `env`?');
    expect(problemLine({ ...problem, remedy: '', place: null })).toBe('agent-jail: unknown key');
    expect(withRemedy('ends with a period.', 'So')).toBe('ends with a period. So');
  });
});

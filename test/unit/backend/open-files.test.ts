import { expect, it } from 'vitest';
import { openFiles, openFilesWithin } from '../../../src/backend/open-files.ts';

const limits = (hard: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax processes             1  2  processes\nMax open files            1024                 ${hard}                files\n`;

it.each([
  ['unlimited', { soft: 1024, hard: 524_288 }],
  ['1048576', { soft: 1024, hard: 524_288 }],
  ['20000', { soft: 1024, hard: 20_000 }],
  ['512', { soft: 512, hard: 512 }],
])('a jail may have as many files open as a service, within what its maker may: %s', (hard, wanted) => {
  expect(openFilesWithin(limits(hard))).toEqual(wanted);
});

it('reads what this process may', () => {
  expect(openFilesWithin('')).toEqual({ soft: 1024, hard: 524_288 });
  expect(openFiles().hard).toBeGreaterThanOrEqual(openFiles().soft);
});

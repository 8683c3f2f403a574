import { expect, it } from 'vitest';
import { type Data, page } from '../../redteam/page.ts';
import { ROWS, rowOf } from '../../redteam/table.ts';
import { read } from '../../support/sources.ts';

const data = JSON.parse(read('docs/red-team.json')) as Data;

it('the page says what the data say', () => {
  expect(read('docs/red-team.md')).toBe(page(data));
});

it('the data have every row on both backends, nothing escaped there, and the harmless part of it at five other levels', () => {
  expect(data.backends.map(({ name }) => name)).toEqual(['nspawn', 'docker']);
  for (const { results } of data.backends) {
    expect(new Set(results.map(({ id }) => rowOf(id)))).toEqual(new Set(Object.keys(ROWS)));
    expect(results.filter(({ verdict }) => verdict === 'ESCAPED' || verdict === 'did not run')).toEqual([]);
  }
  expect(data.levels.map(({ name }) => name)).toEqual(['a bare step', 'chroot', 'docker run', 'systemd-nspawn', 'sandbox-runtime']);
  for (const { results } of data.levels) expect(results.length).toBeGreaterThan(30);
});

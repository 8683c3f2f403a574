import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, jailed, repository, temporary } from '../support/jail.ts';
import { settled, snapshot } from '../support/machine.ts';

test('ten runs in a row, one like the other: the machine is as it was, and so is the repository', async () => {
  using place = temporary();
  const work = repository(place.path);
  const before = snapshot();
  const patches = new Set<string>();
  for (let n = 0; n < 10; n += 1) {
    const script = 'echo more >> a.txt; rm src/b.txt; echo new > new; sleep 60 & echo done';
    const ran = await jailed(place.path, script, { policy: 'limits: { disk: 64MiB, memory: 256MiB }\n' });
    expect(`${ran.code} ${ran.transcript}`).toBe('0 done\n');
    patches.add(readFileSync(join(ran.out, 'changes.patch'), 'utf8'));
  }
  // The same policy and the same work: the same bytes.
  expect(patches.size).toBe(1);
  expect(git(work, 'status', '--porcelain')).toBe('');
  expect(await settled(before, 10_000)).toEqual([]);
});

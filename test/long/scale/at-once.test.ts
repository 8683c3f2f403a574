import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { git, jailed, repository, temporary } from '../../support/jail.ts';
import { settled, snapshot } from '../../support/machine.ts';
import { SOON, tellAll, WAIT } from '../../support/waiting.ts';

const MANY = 20;
const BACKENDS = ['nspawn', 'docker'] as const;
const policy = 'limits: { disk: 64MiB, memory: 256MiB, time: 3m }\n';

test('twenty runs at once on both backends, most in one repository: each has its own changes, the host has none', async () => {
  using place = temporary();
  using elsewhere = temporary();
  const work = repository(place.path);
  repository(elsewhere.path);
  const before = snapshot();
  const script = (n: number): string => `echo run ${n} here; echo ${n} >> a.txt; echo ${n} > own-${n}; echo ${n} > /tmp/mine; ${WAIT}
    ls own-*; cat /tmp/mine; ls -p /tmp | grep -v /; ls -d /proc/[0-9]* | wc -l`;
  const backendOf = (n: number) => BACKENDS[n % BACKENDS.length] ?? 'nspawn';
  const [runs] = await Promise.all([
    Promise.all(
      Array.from({ length: MANY }, async (_, n) =>
        jailed(n < MANY - 1 ? place.path : elsewhere.path, script(n), { policy, args: ['--backend', backendOf(n)] }),
      ),
    ),
    tellAll(place.path, MANY - 1),
    tellAll(elsewhere.path, 1),
  ]);
  for (const [n, ran] of runs.entries()) {
    expect(`${ran.code} ${ran.stderr}`).toMatch(/^0 /);
    expect(ran.run.backend.name).toBe(backendOf(n));
    // No other run's file, in the workspace or in /tmp, and of the processes its own handful.
    expect(ran.transcript).toMatch(new RegExp(`^run ${n} here\\nown-${n}\\n${n}\\nmine\\n[1-9]\\n$`));
    const paths = ran.ndjson('changes.ndjson').map(({ op, path }) => `${String(op)} ${String(path)}`);
    expect(paths.sort()).toEqual([`added own-${n}`, 'added tmp/mine', 'modified a.txt']);
    expect(readFileSync(join(ran.out, 'changes.patch'), 'utf8')).toContain(`\n+${n}\n`);
  }
  expect(new Set(runs.map(({ run }) => run.id)).size).toBe(MANY);
  expect(git(work, 'status', '--porcelain')).toBe(' M src/b.txt\n');
  expect(await settled(before, SOON)).toEqual([]);
});

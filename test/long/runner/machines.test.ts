import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import expected from '../../expected.json' with { type: 'json' };
import { SUITES, testOn } from '../../machine/machine.ts';

const minute = 60_000;
beforeAll(() => {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../../scripts/setup.mjs'), '--for', 'runner'], { stdio: 'inherit' });
}, 10 * minute);

test.each(SUITES)(
  'tests pass on a machine like the hosted runner: Debian %s, emulated, as its user',
  async (suite) => {
    const { passed, failed, skipped, names } = await testOn(suite, (text) => process.stdout.write(text));
    expect(names).toEqual([]);
    expect({ failed, skipped }).toEqual({ failed: 0, skipped: 0 });
    expect(passed).toBeGreaterThanOrEqual(expected.runner[suite]);
  },
  60 * minute,
);

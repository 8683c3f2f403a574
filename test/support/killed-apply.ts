// Applies a record, and dies by SIGKILL at the nth call that changes a file system: argv is RECORD EXPECT TOP COMMIT N. Exits 0 if it got to the end.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import type { HostPath, Sha256 } from '../../src/model/names.ts';

const [record = '', expect = '', top = '', commit = '', last = ''] = process.argv.slice(2);
const CALLS = [
  'mkdirSync',
  'renameSync',
  'linkSync',
  'unlinkSync',
  'rmdirSync',
  'rmSync',
  'symlinkSync',
  'copyFileSync',
  'chmodSync',
  'writeFileSync',
] as const;
let calls = 0;
for (const name of CALLS) {
  const real = fs[name] as (...args: unknown[]) => unknown;
  (fs as Record<string, unknown>)[name] = (...args: unknown[]): unknown => {
    calls += 1;
    if (calls === Number(last)) process.kill(process.pid, 'SIGKILL');
    return real(...args);
  };
}
syncBuiltinESMExports();

const { applyPlaces } = await import('../../src/apply/apply.ts');
const { planChanges } = await import('../../src/apply/plan.ts');
const { findTarget } = await import('../../src/apply/target.ts');
const { openExpected } = await import('../../src/apply/trust.ts');
const opened = openExpected(record as HostPath, expect as Sha256);
const { places } = await planChanges(opened.lines('changes.ndjson'), { only: () => true, runsLater: null });
const wish = { message: 'm', name: 'n', email: 'e@example.com' };
await applyPlaces(opened, await findTarget(top as HostPath), places, { wish, head: commit });
process.stdout.write(String(calls));

import { beforeAll, describe, expect, it } from 'vitest';
import expected from '../../expected.json' with { type: 'json' };
import { contained, type Outcome, report, wrong } from '../../redteam/suite.ts';
import { complaints, ROWS, rowOf } from '../../redteam/table.ts';

/** What `contained` tries; the rest is about what becomes of a record, which is made as with other backends. */
const TRIED = Object.entries(ROWS).filter(([row]) => /^[ABC]/.test(row));

describe('what hostile agents try from within a virtual machine', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await contained('vm');
    process.stdout.write(`\n${report(outcome)}`);
  }, 25 * 60_000);

  it.each(TRIED)('%s: %s', (row) => {
    const own = outcome.judged.filter(({ id }) => rowOf(id) === row);
    expect(own.length).toBeGreaterThan(0);
    expect(complaints(own).filter((line) => !line.endsWith('nothing was tried'))).toEqual([]);
  });
  it('was all tried, once, and left the machine as it was', () => {
    expect(wrong(outcome).filter((line) => !line.endsWith('nothing was tried'))).toEqual([]);
    // A probe that is lost must not go unnoticed.
    expect(outcome.judged.length).toBeGreaterThanOrEqual(expected.vm.redteam);
  });
});

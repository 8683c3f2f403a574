import { beforeAll, describe, expect, it } from 'vitest';
import { contained, type Outcome, report, wrong } from '../../redteam/suite.ts';
import { complaints, ROWS, rowOf } from '../../redteam/table.ts';

/** Attempts: a probe that is lost must not go unnoticed. */
const LEAST = 80;
/** What `contained` tries: nothing of the gateway's own rows. */
const TRIED = Object.entries(ROWS).filter(([row]) => /^(A[1-7]|B[1-4689]|C\d+)$/.test(row));

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
    expect(outcome.judged.length).toBeGreaterThanOrEqual(LEAST);
  });
});
